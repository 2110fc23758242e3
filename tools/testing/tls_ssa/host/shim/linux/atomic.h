/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHIM_LINUX_ATOMIC_H
#define _SHIM_LINUX_ATOMIC_H

#include <linux/types.h>

#define ATOMIC_INIT(v)			{ (v) }
#define atomic_set(a, v)		__atomic_store_n(&(a)->counter, v, __ATOMIC_RELAXED)
#define atomic_read(a)			__atomic_load_n(&(a)->counter, __ATOMIC_RELAXED)
#define atomic_add(v, a)		((void)__atomic_add_fetch(&(a)->counter, v, __ATOMIC_RELAXED))
#define atomic_inc(a)			atomic_add(1, a)
#define atomic_dec(a)			atomic_add(-1, a)
#define atomic_inc_return(a)		__atomic_add_fetch(&(a)->counter, 1, __ATOMIC_SEQ_CST)
#define atomic_dec_return(a)		__atomic_sub_fetch(&(a)->counter, 1, __ATOMIC_SEQ_CST)
#define atomic_dec_and_test(a)		(!atomic_dec_return(a))
#define atomic64_set(a, v)		atomic_set(a, v)
#define atomic64_read(a)		atomic_read(a)
#define atomic64_add(v, a)		atomic_add(v, a)
#define atomic64_inc(a)			atomic_inc(a)
#define atomic64_inc_return(a)		atomic_inc_return(a)

#endif
