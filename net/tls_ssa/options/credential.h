/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What credential.c, draft.c and keyring.c share.
 */
#ifndef _TLS_SSA_CREDENTIAL_H
#define _TLS_SSA_CREDENTIAL_H

#include <linux/types.h>

#define SSA_KEYRING_PREFIX	"key:"

/**
 * struct ssa_text - certificates or a key, on their way to the certificate code
 * @text: PEM, or a key in DER; kvmalloc'ed, not always NUL-terminated; or NULL
 * @len: bytes
 */
struct ssa_text {
	char	*text;
	size_t	len;
};

struct ssa_sock;

/* credential.c */
bool ssa_is_server_name(const char *name);
void ssa_text_free(struct ssa_text *t);

/* draft.c */
int ssa_draft_half(struct ssa_sock *s, bool key, struct ssa_text *text, int err);
int ssa_draft_for_name(struct ssa_sock *s, char *name);

/* keyring.c */
int ssa_keyring_read(const char *name, struct ssa_text *out);

#endif /* _TLS_SSA_CREDENTIAL_H */
