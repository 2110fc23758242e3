/* SPDX-License-Identifier: GPL-2.0 */
/* BearSSL includes <stdlib.h> but the compiled objects take nothing from it. */
