/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_CRYPTO_ALGAPI_H
#define _SHIM_CRYPTO_ALGAPI_H

#include <crypto/utils.h>

#endif
