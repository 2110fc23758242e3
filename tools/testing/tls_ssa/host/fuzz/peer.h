/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The other end of a fuzzed handshake. It holds the keys, so that what the
 * fuzzer invents gets past record protection, and it can put in valid messages
 * (with true signatures and MACs) wherever the fuzzer asks for them. The input
 * is a program of one-letter operations:
 *
 *	H len16 bytes	handshake message(s), counted in the transcript
 *	R type len16 bytes	one record of this type, protected if keys are in use
 *	W len16 bytes	bytes on the wire as they are, header included
 *	/ len16		split what is pending into records of this length
 *	X		change_cipher_spec
 *	K		switch to the next keys without a message
 *	as a server:	S, Q group8: ServerHello, HelloRetryRequest
 *			E EncryptedExtensions, C Certificate, V CertificateVerify,
 *			v the same with a wrong signature
 *	as a client:	c flags8: ClientHello
 *	both:		F Finished, f the same with a wrong MAC
 *
 * Anything else is skipped.
 */
#ifndef _HOST_FUZZ_PEER_H
#define _HOST_FUZZ_PEER_H

#include "fuzz.h"

/* true: the handshake was completed, and lawfully */
bool peer_run(bool engine_is_server, const u8 *data, size_t size);

#endif
