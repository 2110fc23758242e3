/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every attribute of a profile, in the order in which they are shown:
 *
 *	SSA_ATTRIBUTE(name, KIND, summary)	what sockets may do
 *	SSA_MATCH(name, KIND, summary)		which sockets a profile is for; not in default/
 *
 * KIND: how the value is written, see attribute.c. configfs, the parser, the fuzzers
 * and the tables of the documentation are made from this list. Included more than
 * once, hence without a guard.
 */

/* What is negotiated */
SSA_ATTRIBUTE(min_version, VERSION, "oldest version of TLS")
SSA_ATTRIBUTE(max_version, VERSION, "newest version of TLS")
SSA_ATTRIBUTE(ciphersuites, SUITES, "cipher suites in order of preference")
SSA_ATTRIBUTE(groups, GROUPS, "groups of the key exchange in order of preference")
SSA_ATTRIBUTE(signature_algorithms, SIGALGS, "signature algorithms in order of preference")
SSA_ATTRIBUTE(require_extended_master_secret, BOOL, "TLS 1.2 needs extended_master_secret")
SSA_ATTRIBUTE(extensions, EXTENSIONS, "optional extensions that are honoured")
SSA_ATTRIBUTE(alpn, ALPN, "application protocols that may be agreed on")

/* Who is trusted */
SSA_ATTRIBUTE(trust_mode, TRUST_MODE, "whose trust anchors count")
SSA_ATTRIBUTE(trust_store, PATH, "authorities that servers are verified with")
SSA_ATTRIBUTE(client_trust_store, PATH_OR_NONE, "authorities that clients are verified with")
SSA_ATTRIBUTE(min_rsa_bits, RSA_BITS, "smallest RSA key in a peer's chain")
SSA_ATTRIBUTE(verify_depth, DEPTH, "most intermediate certificates in a peer's chain")
SSA_ATTRIBUTE(require_host_name, BOOL, "clients verify a name, not an address")
SSA_ATTRIBUTE(require_peer_auth, PEER_AUTH, "servers ask for the client's certificate")

/* Sessions */
SSA_ATTRIBUTE(session_reuse, BOOL, "sessions may be resumed")
SSA_ATTRIBUTE(session_ttl, TTL, "longest life of a session, seconds")

/* Keys of this machine */
SSA_ATTRIBUTE(credential, CREDENTIALS, "what servers show that have set no certificate")
SSA_ATTRIBUTE(key_directories, PATHS, "where keys are that programs use but cannot read")

/* Programs */
SSA_ATTRIBUTE(app_may_set, OPTIONS, "socket options that programs may set")
SSA_ATTRIBUTE(host_names, BOOL, "programs may give names in place of addresses (AF_HOSTNAME)")
SSA_ATTRIBUTE(enabled, BOOL, "profile: in force; default: other programs may use TLS sockets")

/* For whom */
SSA_MATCH(match_executable, MATCH_PATHS, "program, by its file")
SSA_MATCH(match_cgroup, MATCH_PATHS, "cgroup v2 and those below it")
SSA_MATCH(match_uid, IDS, "effective user")
SSA_MATCH(match_gid, IDS, "effective group")
SSA_MATCH(match_netns, COOKIES, "network namespace, by its cookie")
