/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every option at level IPPROTO_TLS:
 *
 *	SSA_OPTION_RW(NAME, handler, KIND, min, max, set_at, get_at, summary)
 *	SSA_OPTION_RO(NAME, handler, KIND, get_at, summary)
 *	SSA_OPTION_WO(NAME, handler, KIND, min, max, set_at, summary)
 *
 * NAME without TLS_. KIND: how the value is written; min and max: bytes of a value
 * that is set, without a final NUL that texts may have. set_at, get_at: where it is
 * allowed, of the letters below; elsewhere: EOPNOTSUPP. The dispatch of sockopt.c,
 * the tests of each option and the table of tls_ssa(7) are made from this list.
 * Included more than once, hence without a guard.
 *
 *	SETUP	after socket(), before connect(), listen() or TLS_HANDSHAKE
 *	LISTEN	a listener
 *	BUSY	a connection on its way: name lookup, TCP, handshake
 *	CLIENT	an established connection, as the client
 *	SERVER	the same, as the server
 *	FAILED	a connection that did not come about
 */

/* Names */
SSA_OPTION_RW(REMOTE_HOSTNAME, remote_hostname, TEXT, 1, SSA_NAME_MAX,
	      SETUP, SETUP | BUSY | CLIENT | FAILED,
	      "host name or numeric address of the server, to be looked up and verified")
SSA_OPTION_RW(HOSTNAME, hostname, TEXT, 1, SSA_NAME_MAX,
	      SETUP | LISTEN, SETUP | LISTEN | SERVER,
	      "name for the next certificate; accepted: the name that the client asked for")

/* Credentials and trust */
SSA_OPTION_RW(TRUSTED_PEER_CERTIFICATES, trusted, PEM, 1, SSA_PEM_MAX,
	      SETUP, SETUP | LISTEN,
	      "authorities, or the peer's own certificate, that are trusted besides the system's")
SSA_OPTION_RW(TRUSTED_ONLY, trusted_only, INT, 4, 4,
	      SETUP, SETUP | LISTEN,
	      "do those count alone? Never less strict, so no policy forbids it")
SSA_OPTION_WO(CERTIFICATE_CHAIN, certificate_chain, PEM, 1, SSA_CHAIN_PEM_MAX,
	      SETUP | LISTEN,
	      "certificate, then its issuers; one for each name and type of key")
SSA_OPTION_WO(PRIVATE_KEY, private_key, PEM, 1, SSA_KEY_PEM_MAX,
	      SETUP | LISTEN,
	      "key of the certificate: path, PEM text, or key:NAME of the kernel's keyrings")
SSA_OPTION_RW(REQUEST_PEER_AUTH, request_peer_auth, INT, 4, 4,
	      SETUP, SETUP | LISTEN,
	      "server: does it ask for the client's certificate?")
SSA_OPTION_RO(PEER_IDENTITY, peer_identity, TEXT, CLIENT | SERVER,
	      "subject and names of the peer's certificate")
SSA_OPTION_RO(PEER_CERTIFICATE_CHAIN, peer_certificate_chain, PEM, CLIENT | SERVER,
	      "certificates as the peer has sent them")
SSA_OPTION_RO(PEER_VERIFIED_CHAIN, peer_verified_chain, PEM, CLIENT | SERVER,
	      "certificates as they were verified, up to the trusted one")

/* What is negotiated */
SSA_OPTION_RW(ALPN, alpn, ALPN, 1, SSA_ALPN_MAX,
	      SETUP, SETUP | LISTEN | CLIENT | SERVER,
	      "application protocols in order of preference; established: the one that was chosen")
SSA_OPTION_RW(TRUSTED_CIPHERS, trusted_ciphers, LIST, 1, SSA_CIPHER_LIST_MAX,
	      SETUP, SETUP | LISTEN,
	      "cipher suites in use, in order of preference")
SSA_OPTION_WO(DISABLE_CIPHER, disable_cipher, TEXT, 1, SSA_CIPHER_NAME_MAX,
	      SETUP, "cipher suite that is not to be used")
SSA_OPTION_WO(ENABLE_CIPHER, enable_cipher, TEXT, 1, SSA_CIPHER_NAME_MAX,
	      SETUP, "cipher suite that is to be used again, if the policy has it")
SSA_OPTION_RO(CHOSEN_CIPHER, chosen_cipher, TEXT, CLIENT | SERVER,
	      "cipher suite of the connection")
SSA_OPTION_RW(VERSION_MIN, version_min, VERSION, 1, 15,
	      SETUP, SETUP | LISTEN, "oldest version that may be agreed on")
SSA_OPTION_RW(VERSION_MAX, version_max, VERSION, 1, 15,
	      SETUP, SETUP | LISTEN, "newest version that may be agreed on")
SSA_OPTION_RO(VERSION_CONN, version_conn, TEXT, CLIENT | SERVER,
	      "version of the connection")
SSA_OPTION_RO(NEGOTIATED_GROUP, negotiated_group, TEXT, CLIENT | SERVER,
	      "group of the key exchange")
SSA_OPTION_RO(PEER_SIGALG, peer_sigalg, TEXT, CLIENT | SERVER,
	      "algorithm with which the peer has signed")

/* Sessions */
SSA_OPTION_RW(SESSION_TTL, session_ttl, INT, 4, 4,
	      SETUP, SETUP | LISTEN, "seconds for which a session may be resumed")
SSA_OPTION_RW(SESSION_REUSE, session_reuse, INT, 4, 4,
	      SETUP, SETUP | LISTEN, "may sessions be resumed?")
SSA_OPTION_RO(RESUMED_SESSION, resumed_session, INT, CLIENT | SERVER,
	      "was this one?")

/* Revocation: none of the checks can be turned on in this version */
SSA_OPTION_RW(REVOCATION_CHECKS, revocation_checks, INT, 4, 4,
	      SETUP, SETUP | LISTEN, "is revocation checked at all?")
SSA_OPTION_RW(OCSP_STAPLED_CHECKS, ocsp_stapled_checks, INT, 4, 4,
	      SETUP, SETUP | LISTEN, "by the OCSP response that the server brings along?")
SSA_OPTION_RW(OCSP_CHECKS, ocsp_checks, INT, 4, 4,
	      SETUP, SETUP | LISTEN, "by asking an OCSP responder?")
SSA_OPTION_RW(CRL_CHECKS, crl_checks, INT, 4, 4,
	      SETUP, SETUP | LISTEN, "by certificate revocation lists?")
SSA_OPTION_RW(CACHED_REV_CHECKS, cached_rev_checks, INT, 4, 4,
	      SETUP, SETUP | LISTEN, "by answers that are cached?")
SSA_OPTION_RW(SERVER_OCSP_STAPLING, server_ocsp_stapling, INT, 4, 4,
	      SETUP, SETUP | LISTEN, "does a server bring its OCSP response along?")

/* The connection itself */
SSA_OPTION_RO(ERROR, error, TEXT, SETUP | LISTEN | BUSY | CLIENT | SERVER | FAILED,
	      "why the connection has failed")
SSA_OPTION_RO(INFO, info, INFO, SETUP | LISTEN | BUSY | CLIENT | SERVER | FAILED,
	      "struct tls_ssa_info")
SSA_OPTION_RW(PROFILE, profile, TEXT, 1, SSA_PROFILE_NAME_MAX,
	      SETUP, SETUP | LISTEN | BUSY | CLIENT | SERVER | FAILED,
	      "profile of the administrator's policy that the socket has")
SSA_OPTION_RW(CONTEXT, context, TEXT, 32, 32,
	      SETUP, SETUP | LISTEN,
	      "handle to a copy of the settings, for other sockets of the same user")
SSA_OPTION_RW(EXPORTER, exporter, EXPORT, 1, SSA_EXPORT_INPUT_MAX,
	      CLIENT | SERVER, CLIENT | SERVER,
	      "keying material of the connection for the label that was set")
SSA_OPTION_RO(CHANNEL_BINDING, channel_binding, BYTES, CLIENT | SERVER,
	      "tls-exporter channel binding, 32 bytes")
SSA_OPTION_WO(KEY_UPDATE, key_update, INT, 4, 4,
	      CLIENT | SERVER, "change the keys now")
SSA_OPTION_RW(IGNORE_UNEXPECTED_EOF, ignore_unexpected_eof, INT, 4, 4,
	      SETUP | CLIENT | SERVER, SETUP | CLIENT | SERVER,
	      "is the end of TCP's stream without close_notify an end of file?")
SSA_OPTION_WO(HANDSHAKE, handshake, INT, 4, 4,
	      SETUP, "begin the handshake on an upgraded TCP socket")
