# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced with $out and $top: the test certificates, as a copy in /tmp: those of
# the build directory may be replaced at any time, as one becomes valid after a
# day. Made here if there are none, which takes minutes in the emulator.
#
#	root.pem unknown-root.pem	trust anchors
#	K.pem K.chain.pem K.key.pem	end entity, with its issuers, its key; for server.test,
#					localhost, *.wild.test, 127.0.0.1, ::1
#
# K is, for what has to work: p256 p384 p521 ed25519 rsa (2048 bits) rsa3072 rsa4096,
# rsapss and rsapss-sha256 (keys for PSS only; the second bound to SHA-256); p521-all,
# ed25519-all and rsapss-all (an intermediate with that kind of key, too);
# rsa-signed-pss (an RSA key, signed by an RSA key with PSS). The rest is refused:
# expired not-yet wrong-name cn-only wrong-eku name-constraints
# name-constraints-critical unknown-ca self-signed bad-signature.
#
# Those of clients, which are for client@example.test and for no host: client-rsa,
# client-rsa3072, client-rsapss, client-p256, client-p384, client-p521, client-ed25519;
# refused: client-expired client-wrong-eku client-unknown-ca client-self-signed.

: "${out:?}" "${top:?}"
if [ -z "${TLS_SSA_PKI-}" ]; then
	export TLS_SSA_PKI=/tmp/tls_ssa-pki
	if [ ! -e $TLS_SSA_PKI/root.pem ]; then
		if [ -n "$(find "$out/pki/root.pem" -mmin -1200 2>/dev/null)" ]; then
			cp -r "$out/pki" $TLS_SSA_PKI
		else
			echo "# making certificates in $TLS_SSA_PKI"
			"$top/tools/testing/tls_ssa/gen-certs" --pki $TLS_SSA_PKI
		fi || exit 1
	fi
fi
