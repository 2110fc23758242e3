/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOST_FLIGHTS_H
#define _HOST_FLIGHTS_H

#include "drive.h"

/* Each handshake with either side under test; @name: "tls13-aes128 client" */
void flights_each(void (*fn)(const struct way *way, int tested, const char *name));

#endif
