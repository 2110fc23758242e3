#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The policies that ssactl comes with, in force: what each of them promises, with servers
# and clients of OpenSSL on either side of it.

cd "$(dirname "$0")" || exit 1
top=$(cd ../../../../.. && pwd)
out=${TLS_SSA_OUT:-$top/build/selftests}
. ./tap.sh
. ./pki.sh
. ./names.sh

pki=$TLS_SSA_PKI
ssactl=$out/ssactl/ssactl
shipped=$top/tools/net/ssa/policies
work=$(mktemp -d)
servers=()
[ -x "$ssactl" ] || { echo "Bail out! $ssactl is missing: make"; exit 1; }

modprobe tls_ssa 2>/dev/null
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config

cleanup() {
	kill "${servers[@]}" 2>/dev/null
	policy_reset > /dev/null 2>&1
	rm -rf "$work"
}
trap cleanup EXIT

says() {	# TEXT COMMAND...: it succeeds, and says that
	local text=$1

	shift
	"$@" > "$work/said" 2>&1 < /dev/null || { cat "$work/said"; return 1; }
	grep -aqE -- "$text" "$work/said" || { cat "$work/said"; return 1; }
}
fails() {	# TEXT COMMAND...: it fails, and says that
	local text=$1

	shift
	! "$@" > "$work/said" 2>&1 < /dev/null || { cat "$work/said"; return 1; }
	grep -aqE -- "$text" "$work/said" || { cat "$work/said"; return 1; }
}

# in_force NAME: that policy, with the authorities of these tests
echo "default { trust_store $pki/root.pem }" > "$work/authorities.conf"
in_force() { policy_reset; says '# loaded' "$ssactl" load "$shipped/$1.conf" "$work/authorities.conf"; }

# Not in a subshell, which would know alone what is to be killed at the end
peer() {	# NAME PORT CERTIFICATE OPTION...
	openssl s_server -quiet -www -cert_chain "$pki/$3.chain.pem" -cert "$pki/$3.pem" \
		-key "$pki/$3.key.pem" -accept "$2" "${@:4}" > /dev/null 2>&1 < /dev/null & servers+=($!)
	check "a server with $1" listening "$2"
}
peer 'TLS 1.2 only' 9781 rsa -tls1_2
peer 'TLS 1.3 and X25519 only' 9782 rsa -tls1_3 -groups X25519
peer 'TLS 1.3 and P-256 only' 9783 p256 -tls1_3 -groups P-256
peer 'CBC only' 9784 rsa -tls1_2 -cipher ECDHE-RSA-AES128-SHA
peer 'no forward secrecy' 9785 rsa -tls1_2 -cipher AES128-GCM-SHA256
peer 'ChaCha20 only' 9786 rsa -tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256
peer 'Ed25519' 9787 ed25519 -tls1_3
peer 'an authority of Ed25519' 9788 p256-by-ed25519 -tls1_3 -groups P-256

explain() { "$ssactl" explain "server.test:$1"; }

# --------------------------------------------------------------------- modern

policy_reset
values() { "$ssactl" show default | sed 's/\t# .*//' | grep -v trust_store; }
values > "$work/built-in"
check "modern: it loads" in_force modern
same_as_built_in() { diff "$work/built-in" <(values); }
check "modern: it is what the kernel does without a policy" same_as_built_in
check "modern: TLS 1.2" says '^version +TLSv1.2$' explain 9781
check "modern: TLS 1.3" says '^version +TLSv1.3$' explain 9782
check "modern: authorities that sign with Ed25519" says '^version +TLSv1.3$' explain 9788
check "modern: no CBC" fails 'EPROTO' explain 9784
check "modern: nothing without forward secrecy" fails 'EPROTO' explain 9785

# --------------------------------------------------------------------- strict

check "strict: it loads" in_force strict
check "strict: no TLS 1.2" fails '^policy +min_version TLSv1.3$' explain 9781
check "strict: TLS 1.3" says '^version +TLSv1.3$' explain 9782
check "strict: no address instead of a name" fails '^policy +require_host_name 1$' \
	"$ssactl" explain 127.0.0.1:9782
check "strict: no authorities of a program's own" fails 'trust_mode' \
	"$out/https_client" -a "$pki/root.pem" server.test 9782
check "strict: those of the machine do" says 'HTTP/1' "$out/https_client" server.test 9782

# ----------------------------------------------------------------------- fips

check "fips: it loads" in_force fips
check "fips: TLS 1.2 with AES-GCM" says '^cipher suite +TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384$' \
	explain 9781
check "fips: P-256" says '^group +secp256r1$' explain 9783
check "fips: no X25519" fails '^policy +groups secp256r1 secp384r1$' explain 9782
check "fips: no ChaCha20" fails '^policy +ciphersuites TLS_AES_256_GCM_SHA384' explain 9786
check "fips: no Ed25519" fails '^policy +signature_algorithms ecdsa' explain 9787
check "fips: nor in a certificate of the chain" fails '^policy +signature_algorithms ecdsa' \
	explain 9788
check "fips: it is the certificate" grep -qE '^counter +CertSignatureAlgorithm$' "$work/said"

# -------------------------------------------------------------------- example

policy_reset
check "example: its authorities are not there" \
	fails 'example.conf:[0-9]+: (client_trust_store|trust_store): /etc/ssl/company' \
	"$ssactl" load "$shipped/example.conf"
check "example: nothing of it is left behind" [ -z "$(ls $policy/profiles)" ]
mkdir -p /etc/ssl/company
cp "$pki/root.pem" /etc/ssl/company/clients.pem
cp "$pki/rsa.pem" /etc/ssl/company/backup-server.pem
cp "$pki/root.pem" /etc/ssl/company/servers.pem
check "example: with them it loads" in_force example
as() {	# UID GID PROGRAM: it is started, and asked for
	local pid status

	setpriv --reuid "$1" --regid "$2" --clear-groups "$3" -f /dev/null > /dev/null & pid=$!
	for _ in $(seq 100); do
		[ "$(readlink "/proc/$pid/exe")" = "$(readlink -f "$3")" ] && break
		sleep 0.1
	done
	"$ssactl" match "$pid"
	status=$?
	kill "$pid"
	return $status
}
tail=$(command -v tail)
check "example: backups" says '	backup$' as 34 34 "$tail"
check "example: developers" says '	developers$' as 1000 1000 "$tail"
check "example: everybody else" says '	default$' as 4000 4000 "$tail"
check "example: what is kept for later is not in force" says '	default$' as 2000 2000 "$tail"
check "example: backups go to the server that is known" says "^version +TLSv1.3$" \
	setpriv --reuid 34 --clear-groups "$ssactl" explain server.test:9782
check "example: and to no other" fails '^policy +groups X25519$' \
	setpriv --reuid 34 --clear-groups "$ssactl" explain server.test:9783
check "example: not with another certificate" fails '^policy +trust_mode pinned$' \
	setpriv --reuid 34 --clear-groups "$ssactl" explain server.test:9787
check "example: default has TLS 1.3 only" fails '^policy +min_version TLSv1.3$' explain 9781
check "example: developers have TLS 1.2" says '^version +TLSv1.2$' \
	setpriv --reuid 1000 --regid 1000 --clear-groups "$ssactl" explain server.test:9781
rm -r /etc/ssl/company

tap_end
