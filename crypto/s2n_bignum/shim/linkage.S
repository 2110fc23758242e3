/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How s2n-bignum's assembly begins and ends a function in a kernel. The frames are described
 * by objtool, so that the macros with CFI in their names are plain instructions; and a return
 * is the kernel's, with whatever protects it.
 */
#ifdef __KERNEL__
#include <linux/linkage.h>
#include <linux/objtool.h>
#endif

/* User Mode Linux and the host build have the architecture's headers in part, or not. */
#ifndef ENDBR
#define ENDBR	endbr64
#endif
#ifndef RET
#define RET	ret
#endif

#define WINDOWS_ABI	0

#define S2N_BN_SYMBOL(name)	name
#define S2N_BN_SYM_VISIBILITY_DIRECTIVE(name)	.globl name
#define S2N_BN_SYM_PRIVACY_DIRECTIVE(name)

/* What some functions do with the stack, objtool takes for something else. */
#if defined(S2N_FRAME_NON_STANDARD) && defined(__KERNEL__)
#define S2N_BN_FUNCTION_TYPE_DIRECTIVE(name) \
	.type name, @function; STACK_FRAME_NON_STANDARD name
#else
#define S2N_BN_FUNCTION_TYPE_DIRECTIVE(name)	.type name, @function
#endif

/* Behind a function with a second name there are tables, which are no code. */
#ifdef S2N_TABLES_FOLLOW
#define S2N_BN_SIZE_DIRECTIVE(name) \
	.size name, . - name; .size S2N_TABLES_FOLLOW, . - S2N_TABLES_FOLLOW; .section .rodata
#else
#define S2N_BN_SIZE_DIRECTIVE(name)	.size name, . - name
#endif

#define _CET_ENDBR			ENDBR
#define CFI_START
#define CFI_RET				RET
#define CFI_CALL(target)		call	target
#define CFI_PUSH(reg)			push	reg
#define CFI_POP(reg)			pop	reg
#define CFI_INC_RSP(bytes)		addq	$bytes, %rsp
#define CFI_DEC_RSP(bytes)		subq	$bytes, %rsp
#define CFI_STACKSAVE(reg, at)		movq	reg, at(%rsp)
#define CFI_STACKLOAD(reg, at)		movq	at(%rsp), reg
