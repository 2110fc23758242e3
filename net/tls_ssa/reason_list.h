/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SSA_REASON(name, alert, errno, counter, text): see reason.h. Included more
 * than once, hence without a guard.
 */

/* What we found wrong in the peer's records and messages */
SSA_REASON(RECORD_TYPE, UNEXPECTED_MESSAGE, EPROTO, "RecordType",
	   "record of a type that is not allowed here")
SSA_REASON(RECORD_VERSION, PROTOCOL_VERSION, EPROTO, "RecordVersion",
	   "not a TLS record: wrong version number in its header")
SSA_REASON(RECORD_OVERFLOW, RECORD_OVERFLOW, EPROTO, "RecordOverflow",
	   "record longer than TLS allows")
SSA_REASON(RECORD_EMPTY, UNEXPECTED_MESSAGE, EPROTO, "RecordEmpty",
	   "empty record where TLS does not allow one")
SSA_REASON(BAD_RECORD_MAC, BAD_RECORD_MAC, EPROTO, "BadRecordMac",
	   "record failed authentication")
SSA_REASON(BAD_CCS, UNEXPECTED_MESSAGE, EPROTO, "BadChangeCipherSpec",
	   "malformed or misplaced change_cipher_spec")
SSA_REASON(DECODE, DECODE_ERROR, EPROTO, "Decode",
	   "malformed handshake message")
SSA_REASON(MESSAGE_TOO_LONG, ILLEGAL_PARAMETER, EPROTO, "MessageTooLong",
	   "handshake message longer than the limit")
SSA_REASON(UNEXPECTED_MESSAGE, UNEXPECTED_MESSAGE, EPROTO, "UnexpectedMessage",
	   "handshake message out of order")
SSA_REASON(EXCESS_DATA, UNEXPECTED_MESSAGE, EPROTO, "ExcessData",
	   "handshake data continues across a change of keys")
SSA_REASON(ILLEGAL_PARAMETER, ILLEGAL_PARAMETER, EPROTO, "IllegalParameter",
	   "handshake field with a value that is not allowed")
SSA_REASON(DUPLICATE_EXTENSION, ILLEGAL_PARAMETER, EPROTO, "DuplicateExtension",
	   "extension present twice")
SSA_REASON(UNSOLICITED_EXTENSION, UNSUPPORTED_EXTENSION, EPROTO, "UnsolicitedExtension",
	   "extension that was not asked for")
SSA_REASON(MISPLACED_EXTENSION, ILLEGAL_PARAMETER, EPROTO, "MisplacedExtension",
	   "extension in a message where it does not belong")
SSA_REASON(MISSING_EXTENSION, MISSING_EXTENSION, EPROTO, "MissingExtension",
	   "mandatory extension is missing")
SSA_REASON(BAD_KEY_SHARE, ILLEGAL_PARAMETER, EPROTO, "BadKeyShare",
	   "invalid key share")
SSA_REASON(BAD_HELLO_RETRY, ILLEGAL_PARAMETER, EPROTO, "BadHelloRetry",
	   "HelloRetryRequest that changes nothing, or its answer does not match")
SSA_REASON(SECOND_HELLO_RETRY, UNEXPECTED_MESSAGE, EPROTO, "SecondHelloRetry",
	   "second HelloRetryRequest")
SSA_REASON(BAD_CERTIFICATE_VERIFY, DECRYPT_ERROR, EPROTO, "BadCertificateVerify",
	   "peer does not hold the private key of its certificate")
SSA_REASON(BAD_FINISHED, DECRYPT_ERROR, EPROTO, "BadFinished",
	   "handshake was tampered with: Finished does not match")
SSA_REASON(RENEGOTIATION, UNEXPECTED_MESSAGE, EPROTO, "Renegotiation",
	   "renegotiation is refused")
SSA_REASON(KEY_UPDATE_FLOOD, UNEXPECTED_MESSAGE, EPROTO, "KeyUpdateFlood",
	   "too many KeyUpdate messages without data")
SSA_REASON(TICKET_FLOOD, UNEXPECTED_MESSAGE, EPROTO, "TicketFlood",
	   "too many session tickets")
SSA_REASON(WARNING_FLOOD, UNEXPECTED_MESSAGE, EPROTO, "WarningFlood",
	   "too many warnings or empty records")
SSA_REASON(TRUNCATED, NONE, EPROTO, "Truncated",
	   "connection ended without close_notify: data may be missing")
SSA_REASON(PEER_CLOSED, NONE, ECONNRESET, "PeerClosed",
	   "peer closed the connection during the handshake")
SSA_REASON(UNUSED, NONE, ECONNRESET, "ConnectionsUnused",
	   "client closed the connection before its first byte, as a check of health does")

SSA_REASON(SHUTDOWN, USER_CANCELED, ECONNABORTED, "Shutdown",
	   "the program itself has shut the socket down during the handshake")

/* What we have in common with the peer */
SSA_REASON(VERSION, PROTOCOL_VERSION, EPROTO, "Version",
	   "no TLS version in common")
SSA_REASON(DOWNGRADE, ILLEGAL_PARAMETER, EPROTO, "Downgrade",
	   "downgrade of the TLS version detected")
SSA_REASON(FALLBACK, INAPPROPRIATE_FALLBACK, EPROTO, "Fallback",
	   "client fell back to an older TLS version without need")
SSA_REASON(NO_EXTENDED_MASTER_SECRET, HANDSHAKE_FAILURE, EPROTO, "NoExtendedMasterSecret",
	   "peer does not support extended_master_secret, which TLS 1.2 needs to be safe")
SSA_REASON(RENEGOTIATION_INFO, HANDSHAKE_FAILURE, EPROTO, "RenegotiationInfo",
	   "renegotiation_info is missing or wrong")
SSA_REASON(NO_SUITE, HANDSHAKE_FAILURE, EPROTO, "NoSuite",
	   "no cipher suite in common")
SSA_REASON(NO_GROUP, HANDSHAKE_FAILURE, EPROTO, "NoGroup",
	   "no key exchange group in common")
SSA_REASON(NO_SIGALG, HANDSHAKE_FAILURE, EPROTO, "NoSignatureAlgorithm",
	   "no signature algorithm in common that fits the certificate")
SSA_REASON(NO_ALPN, NO_APPLICATION_PROTOCOL, EPROTO, "NoAlpn",
	   "no application protocol in common")
SSA_REASON(BAD_SIGALG, ILLEGAL_PARAMETER, EPROTO, "BadSignatureAlgorithm",
	   "peer signed with an algorithm that was not offered")

/* Certificates */
SSA_REASON(CERT_MALFORMED, BAD_CERTIFICATE, EKEYREJECTED, "CertMalformed",
	   "malformed certificate")
SSA_REASON(CERT_MISSING, DECODE_ERROR, EKEYREJECTED, "CertMissing",
	   "peer sent no certificate")
SSA_REASON(CLIENT_CERT_WANTED, CERTIFICATE_REQUIRED, EKEYREJECTED, "ClientCertWanted",
	   "client sent no certificate, and this server requires one")
SSA_REASON(CLIENT_CERT_WANTED_TLS12, HANDSHAKE_FAILURE, EKEYREJECTED, "ClientCertWanted12",
	   "client sent no certificate in TLS 1.2, and this server requires one")
SSA_REASON(CERT_CHAIN_TOO_LONG, BAD_CERTIFICATE, EKEYREJECTED, "CertChainTooLong",
	   "certificate chain longer than the limit")
SSA_REASON(CERT_UNKNOWN_CA, UNKNOWN_CA, ENOKEY, "CertUnknownCa",
	   "certificate is not signed by a trusted authority")
SSA_REASON(CERT_SIGNATURE, BAD_CERTIFICATE, EKEYREJECTED, "CertSignature",
	   "signature of a certificate does not verify")
SSA_REASON(CERT_EXPIRED, CERTIFICATE_EXPIRED, EKEYEXPIRED, "CertExpired",
	   "certificate has expired")
SSA_REASON(CERT_NOT_YET_VALID, CERTIFICATE_EXPIRED, EKEYEXPIRED, "CertNotYetValid",
	   "certificate is not yet valid")
SSA_REASON(CERT_NAME, CERTIFICATE_UNKNOWN, EKEYREJECTED, "CertName",
	   "certificate is for another host name")
SSA_REASON(CERT_NOT_CA, BAD_CERTIFICATE, EKEYREJECTED, "CertNotCa",
	   "intermediate certificate is not a certificate authority")
SSA_REASON(CERT_PATH_LENGTH, BAD_CERTIFICATE, EKEYREJECTED, "CertPathLength",
	   "more intermediate authorities than pathLenConstraint allows")
SSA_REASON(CERT_KEY_USAGE, UNSUPPORTED_CERTIFICATE, EKEYREJECTED, "CertKeyUsage",
	   "keyUsage of a certificate forbids this use")
SSA_REASON(CERT_EXT_KEY_USAGE, UNSUPPORTED_CERTIFICATE, EKEYREJECTED, "CertExtKeyUsage",
	   "extendedKeyUsage of a certificate forbids this use")
SSA_REASON(CERT_NAME_CONSTRAINTS, BAD_CERTIFICATE, EKEYREJECTED, "CertNameConstraints",
	   "name violates nameConstraints of an authority")
SSA_REASON(CERT_CRITICAL_EXTENSION, UNSUPPORTED_CERTIFICATE, EKEYREJECTED, "CertCriticalExtension",
	   "critical extension that is not supported")
SSA_REASON(CERT_POLICY, BAD_CERTIFICATE, EKEYREJECTED, "CertPolicy",
	   "an authority requires a certificate policy, and the path has none (policyConstraints)")
SSA_REASON(CERT_VERSION, UNSUPPORTED_CERTIFICATE, EKEYREJECTED, "CertVersion",
	   "certificate is of X.509 version 1 or 2: TLS needs version 3")
SSA_REASON(CERT_WEAK_KEY, BAD_CERTIFICATE, EKEYREJECTED, "CertWeakKey",
	   "key of a certificate is too small")
SSA_REASON(CERT_WEAK_HASH, BAD_CERTIFICATE, EKEYREJECTED, "CertWeakHash",
	   "certificate is signed with a broken hash")
SSA_REASON(CERT_SIGALG, UNSUPPORTED_CERTIFICATE, EKEYREJECTED, "CertSignatureAlgorithm",
	   "certificate is signed with an algorithm that the policy forbids (signature_algorithms)")
SSA_REASON(CERT_BLOCKED, CERTIFICATE_REVOKED, EKEYREVOKED, "CertBlocked",
	   "certificate or key is on the administrator's or the kernel's blocklist")
SSA_REASON(CERT_NOT_PINNED, CERTIFICATE_UNKNOWN, EKEYREJECTED, "CertNotPinned",
	   "certificate is not one of those that the policy has pinned (trust_mode)")
SSA_REASON(CERT_ALGORITHM, UNSUPPORTED_CERTIFICATE, EKEYREJECTED, "CertAlgorithm",
	   "certificate with an algorithm that is not supported")

/* Our own side */
SSA_REASON(NO_HOST_NAME, NONE, EDESTADDRREQ, "NoHostName",
	   "no host name to verify the server against: set TLS_REMOTE_HOSTNAME or use AF_HOSTNAME")
SSA_REASON(NO_CREDENTIAL, INTERNAL_ERROR, EBADFD, "NoCredential",
	   "server has no certificate and key: set TLS_CERTIFICATE_CHAIN and TLS_PRIVATE_KEY")
SSA_REASON(NO_TRUST_STORE, INTERNAL_ERROR, ENOKEY, "NoTrustStore",
	   "no trusted authorities: the trust store is missing or empty")
SSA_REASON(PLAINTEXT, NONE, EPROTO, "Plaintext",
	   "unread plaintext at the upgrade to TLS: somebody may have injected it")
SSA_REASON(RESOLVE, NONE, EHOSTUNREACH, "Resolve",
	   "host name does not resolve")
SSA_REASON(NO_RESOLVER, NONE, EHOSTUNREACH, "NoResolver",
	   "the kernel cannot look names up: /sbin/request-key (package keyutils) is missing")
SSA_REASON(RESOLVE_TIMEOUT, NONE, ETIMEDOUT, "ResolveTimeout",
	   "the resolver did not answer in time")
SSA_REASON(RESOLVE_LIMIT, NONE, ENOBUFS, "ResolveLimit",
	   "too many names are being looked up (net.ssa.lookups_per_user, lookups_max)")
SSA_REASON(RESOLVE_NAMESPACE, NONE, EACCES, "ResolveNamespace",
	   "no name lookups in this network namespace: use an address and TLS_REMOTE_HOSTNAME")
SSA_REASON(TIMEOUT, USER_CANCELED, ETIMEDOUT, "Timeout",
	   "handshake timed out")
SSA_REASON(UNSEEDED, NONE, ETIMEDOUT, "Unseeded",
	   "the kernel's random number generator was not seeded in time")
SSA_REASON(NO_MEMORY, INTERNAL_ERROR, ENOMEM, "NoMemory",
	   "out of memory")
SSA_REASON(INTERNAL, INTERNAL_ERROR, EIO, "Internal",
	   "internal error")
SSA_REASON(KTLS, INTERNAL_ERROR, EIO, "Ktls",
	   "keys could not be handed to kTLS")

/* What a program has set, and was refused */
SSA_REASON(CRED_NOT_PEM, NONE, EINVAL, "CredNotPem",
	   "not PEM text: no -----BEGIN line (convert DER with openssl x509 or openssl pkey)")
SSA_REASON(CRED_NO_CERTIFICATE, NONE, EINVAL, "CredNoCertificate",
	   "no certificate in it")
SSA_REASON(CRED_REQUEST, NONE, EINVAL, "CredRequest",
	   "certificate request (CSR), not the certificate that was issued for it")
SSA_REASON(CRED_NO_KEY, NONE, EINVAL, "CredNoKey",
	   "no private key in it")
SSA_REASON(CRED_ENCRYPTED, NONE, EOPNOTSUPP, "CredEncrypted",
	   "private key is encrypted: decrypt it first (openssl pkey)")
SSA_REASON(CRED_ORDER, NONE, EINVAL, "CredOrder",
	   "certificates are out of order: the server's own comes first, then the issuer of each")
SSA_REASON(CRED_TWICE, NONE, EINVAL, "CredTwice",
	   "the same certificate is there twice")
SSA_REASON(CRED_MALFORMED, NONE, EINVAL, "CredMalformed",
	   "malformed certificate or private key")
SSA_REASON(CRED_WEAK_KEY, NONE, EOPNOTSUPP, "CredWeakKey",
	   "key is too small: RSA needs 2048 bits")
SSA_REASON(CRED_ALGORITHM, NONE, EOPNOTSUPP, "CredAlgorithm",
	   "key or signature of an algorithm that is not supported")
SSA_REASON(CRED_TOO_LONG, NONE, E2BIG, "CredTooLong",
	   "more bytes, names or certificates than the limit")
SSA_REASON(CRED_MISMATCH, NONE, EKEYREJECTED, "CredMismatch",
	   "private key is not that of the certificate")
SSA_REASON(CRED_NAME, NONE, EKEYREJECTED, "CredName",
	   "certificate is not for the name that TLS_HOSTNAME was set to")
SSA_REASON(BAD_HOST_NAME, NONE, EINVAL, "BadHostName",
	   "not a host name or numeric address: no brackets, port, scheme or path belong to it")

/* The administrator's policy; the attribute in brackets */
SSA_REASON(POLICY_DISABLED, NONE, EACCES, "PolicyDisabled",
	   "policy: this program may not use TLS sockets (enabled)")
SSA_REASON(POLICY_OPTION, NONE, EACCES, "PolicyOption",
	   "policy: programs may not set this option (app_may_set)")
SSA_REASON(POLICY_VERSION, NONE, EACCES, "PolicyVersion",
	   "policy: version of TLS not allowed (min_version, max_version)")
SSA_REASON(POLICY_SUITE, NONE, EACCES, "PolicySuite",
	   "policy: cipher suite not allowed (ciphersuites)")
SSA_REASON(POLICY_ALPN, NONE, EACCES, "PolicyAlpn",
	   "policy: application protocol not allowed (alpn)")
SSA_REASON(POLICY_TRUST, NONE, EACCES, "PolicyTrust",
	   "policy: programs do not choose whom to trust (trust_mode)")
SSA_REASON(POLICY_HOST_NAME, NONE, EACCES, "PolicyHostName",
	   "policy: the server's host name is required (require_host_name)")
SSA_REASON(POLICY_HOST_NAMES, NONE, EACCES, "PolicyHostNames",
	   "policy: addresses cannot be names (host_names)")
SSA_REASON(POLICY_PEER_AUTH, NONE, EACCES, "PolicyPeerAuth",
	   "policy: servers ask for the client's certificate (require_peer_auth)")
SSA_REASON(POLICY_SESSION, NONE, EACCES, "PolicySession",
	   "policy: session too long, or not to be resumed (session_ttl, session_reuse)")
SSA_REASON(POLICY_ENDED, ACCESS_DENIED, EACCES, "PolicyEnded",
	   "policy: it has changed, and the connection does not comply any more (end_connections)")

/* Fatal alerts of the peer: one reason each */
SSA_REASON(PEER_UNEXPECTED_MESSAGE, NONE, EPROTO, "PeerUnexpectedMessage",
	   "peer reports: unexpected_message")
SSA_REASON(PEER_BAD_RECORD_MAC, NONE, EPROTO, "PeerBadRecordMac",
	   "peer reports: bad_record_mac")
SSA_REASON(PEER_RECORD_OVERFLOW, NONE, EPROTO, "PeerRecordOverflow",
	   "peer reports: record_overflow")
SSA_REASON(PEER_HANDSHAKE_FAILURE, NONE, EPROTO, "PeerHandshakeFailure",
	   "peer reports: handshake_failure (nothing in common)")
SSA_REASON(PEER_BAD_CERTIFICATE, NONE, EPROTO, "PeerBadCertificate",
	   "peer reports: bad_certificate")
SSA_REASON(PEER_UNSUPPORTED_CERTIFICATE, NONE, EPROTO, "PeerUnsupportedCertificate",
	   "peer reports: unsupported_certificate")
SSA_REASON(PEER_CERTIFICATE_REVOKED, NONE, EPROTO, "PeerCertificateRevoked",
	   "peer reports: certificate_revoked")
SSA_REASON(PEER_CERTIFICATE_EXPIRED, NONE, EPROTO, "PeerCertificateExpired",
	   "peer reports: certificate_expired")
SSA_REASON(PEER_CERTIFICATE_UNKNOWN, NONE, EPROTO, "PeerCertificateUnknown",
	   "peer reports: certificate_unknown")
SSA_REASON(PEER_ILLEGAL_PARAMETER, NONE, EPROTO, "PeerIllegalParameter",
	   "peer reports: illegal_parameter")
SSA_REASON(PEER_UNKNOWN_CA, NONE, EPROTO, "PeerUnknownCa",
	   "peer reports: unknown_ca (it does not trust our certificate)")
SSA_REASON(PEER_ACCESS_DENIED, NONE, EPROTO, "PeerAccessDenied",
	   "peer reports: access_denied")
SSA_REASON(PEER_DECODE_ERROR, NONE, EPROTO, "PeerDecodeError",
	   "peer reports: decode_error")
SSA_REASON(PEER_DECRYPT_ERROR, NONE, EPROTO, "PeerDecryptError",
	   "peer reports: decrypt_error")
SSA_REASON(PEER_PROTOCOL_VERSION, NONE, EPROTO, "PeerProtocolVersion",
	   "peer reports: protocol_version")
SSA_REASON(PEER_INSUFFICIENT_SECURITY, NONE, EPROTO, "PeerInsufficientSecurity",
	   "peer reports: insufficient_security")
SSA_REASON(PEER_INTERNAL_ERROR, NONE, EPROTO, "PeerInternalError",
	   "peer reports: internal_error")
SSA_REASON(PEER_INAPPROPRIATE_FALLBACK, NONE, EPROTO, "PeerInappropriateFallback",
	   "peer reports: inappropriate_fallback")
SSA_REASON(PEER_USER_CANCELED, NONE, EPROTO, "PeerUserCanceled",
	   "peer reports: user_canceled")
SSA_REASON(PEER_MISSING_EXTENSION, NONE, EPROTO, "PeerMissingExtension",
	   "peer reports: missing_extension")
SSA_REASON(PEER_UNSUPPORTED_EXTENSION, NONE, EPROTO, "PeerUnsupportedExtension",
	   "peer reports: unsupported_extension")
SSA_REASON(PEER_UNRECOGNIZED_NAME, NONE, EPROTO, "PeerUnrecognizedName",
	   "peer reports: unrecognized_name (it does not serve this host name)")
SSA_REASON(PEER_CERTIFICATE_REQUIRED, NONE, EPROTO, "PeerCertificateRequired",
	   "peer reports: certificate_required")
SSA_REASON(PEER_NO_APPLICATION_PROTOCOL, NONE, EPROTO, "PeerNoApplicationProtocol",
	   "peer reports: no_application_protocol")
SSA_REASON(PEER_DECRYPTION_FAILED, NONE, EPROTO, "PeerDecryptionFailed",
	   "peer reports: decryption_failed")
SSA_REASON(PEER_DECOMPRESSION_FAILURE, NONE, EPROTO, "PeerDecompressionFailure",
	   "peer reports: decompression_failure")
SSA_REASON(PEER_NO_CERTIFICATE, NONE, EPROTO, "PeerNoCertificate",
	   "peer reports: no_certificate")
SSA_REASON(PEER_EXPORT_RESTRICTION, NONE, EPROTO, "PeerExportRestriction",
	   "peer reports: export_restriction")
SSA_REASON(PEER_NO_RENEGOTIATION, NONE, EPROTO, "PeerNoRenegotiation",
	   "peer reports: no_renegotiation")
SSA_REASON(PEER_CERTIFICATE_UNOBTAINABLE, NONE, EPROTO, "PeerCertificateUnobtainable",
	   "peer reports: certificate_unobtainable")
SSA_REASON(PEER_BAD_CERTIFICATE_STATUS_RESPONSE, NONE, EPROTO, "PeerBadCertificateStatus",
	   "peer reports: bad_certificate_status_response")
SSA_REASON(PEER_BAD_CERTIFICATE_HASH_VALUE, NONE, EPROTO, "PeerBadCertificateHash",
	   "peer reports: bad_certificate_hash_value")
SSA_REASON(PEER_UNKNOWN_PSK_IDENTITY, NONE, EPROTO, "PeerUnknownPskIdentity",
	   "peer reports: unknown_psk_identity")
SSA_REASON(PEER_ALERT, NONE, EPROTO, "PeerAlert",
	   "peer reports an alert that is not known")
