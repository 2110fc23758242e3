#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The two programs of the article in every language: each client against OpenSSL's
# server, the server in its own language and the one in the next; curl against each
# server; and what a client must refuse.

cd "$(dirname "$0")" || exit 1
top=$(cd ../../../../.. && pwd)
out=${TLS_SSA_OUT:-$top/build/selftests}
samples=$top/samples/tls_ssa
. ./tap.sh
. ./names.sh
. ./pki.sh
pki=$TLS_SSA_PKI
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT

languages=(c py pl php go rs)

# Those of the distribution, as the programs name them without a path.
client() {	# LANGUAGE HOST PORT AUTHORITIES
	local language=$1

	shift
	case $language in
	c) "$out/https_client" -a "$3" "$1" "$2" ;;
	py) python3 "$samples/https_client.py" "$@" ;;
	pl) perl "$samples/https_client.pl" "$@" ;;
	php) php "$samples/https_client.php" "$@" ;;
	*) "$out/https_client_$language" "$@" ;;
	esac
}
server() {	# LANGUAGE CHAIN KEY PORT
	local language=$1

	shift
	case $language in
	c) exec "$out/https_server" "$@" ;;
	py) exec python3 "$samples/https_server.py" "$@" ;;
	pl) exec perl "$samples/https_server.pl" "$@" ;;
	php) exec php "$samples/https_server.php" "$@" ;;
	*) exec "$out/https_server_$language" "$@" ;;
	esac
}
declare -A port=([c]=8601 [py]=8602 [pl]=8603 [php]=8604 [go]=8605 [rs]=8606)
declare -A hello=([c]='Hello from the' [py]='Hello from Python and the' [pl]='Hello from Perl and the'
	[php]='Hello from PHP and the' [go]='Hello from Go and the' [rs]='Hello from Rust and the')

# ------------------------------------------------------------- the sources

short() { [ "$(wc -l < "$1")" -lt 40 ] || { wc -l "$1"; return 1; }; }
# Only what the language has of its own; a comment may say so.
no_library() {
	! grep -vE '^ *(#|//)' "$1" | grep -nEi 'import ssl|IO::Socket::SSL|Net::SSLeay|openssl_|stream_socket_client|"crypto/tls"|extern crate|openssl::|rustls' 
}
for language in "${languages[@]}"; do
	for role in client server; do
		file=$samples/https_$role.$language
		[ "$language" = c ] || check "${file##*/} has less than 40 lines" short "$file"
		check "${file##*/} uses no library" no_library "$file"
	done
done
no_tls_linked() {
	! ldd "$out/https_client" "$out/https_server" "$out"/https_{client,server}_{go,rs} 2>/dev/null |
		grep -E 'libssl|libcrypto|libgnutls|libnss'
}
check "nothing that was built is linked with a TLS library" no_tls_linked

# ------------------------------------------------------------- it works

openssl s_server -quiet -www -accept 8600 -cert_chain "$pki/rsa.chain.pem" \
	-cert "$pki/rsa.pem" -key "$pki/rsa.key.pem" > /dev/null 2>&1 & servers+=($!)
openssl s_server -quiet -www -accept 8599 -cert_chain "$pki/expired.chain.pem" \
	-cert "$pki/expired.pem" -key "$pki/expired.key.pem" > /dev/null 2>&1 & servers+=($!)
for language in "${languages[@]}"; do
	server "$language" "$pki/p256.chain.pem" "$pki/p256.key.pem" "${port[$language]}" \
		2> "$work/server.$language" & servers+=($!)
done

says() {	# TEXT COMMAND...
	local text=$1

	shift
	"$@" > "$work/said" 2>&1 < /dev/null || { echo "status $?"; cat "$work/said"; return 1; }
	cat "$work/said"
	grep -q -- "$text" "$work/said" && ! grep -q 'Warning' "$work/said"
}
# It fails by itself, no byte of a page is seen, and the text of TLS_ERROR is.
refused() {	# TEXT COMMAND...
	local text=$1 status

	shift
	"$@" > "$work/said" 2>&1 < /dev/null
	status=$?
	cat "$work/said"
	[ $status != 0 ] || return 1
	grep -q -- "$text" "$work/said" && ! grep -qE 'HTTP/|Hello' "$work/said"
}
ready=0
for language in "${languages[@]}"; do
	listening "${port[$language]}" || ready=1
done
listening 8600 && listening 8599 || ready=1
result $ready "all servers listen"

previous=rs
for language in "${languages[@]}"; do
	check "client in $language gets a page from openssl s_server" \
		says 'TLS_AES_256_GCM_SHA384' client "$language" server.test 8600 "$pki/root.pem"
	check "client in $language refuses another name" \
		refused 'another host name' client "$language" other.test 8600 "$pki/root.pem"
	check "client in $language refuses an unknown authority" \
		refused 'not signed by a trusted authority' \
		client "$language" server.test 8600 "$pki/unknown-root.pem"
	check "client in $language refuses an expired certificate" \
		refused 'expired' client "$language" server.test 8599 "$pki/root.pem"
	check "curl gets a page from the server in $language" says "${hello[$language]}" \
		curl -sS --max-time 120 --cacert "$pki/root.pem" "https://server.test:${port[$language]}/"
	check "curl gets a page from the server in $language with TLS 1.2" says "${hello[$language]}" \
		curl -sS --max-time 120 --tls-max 1.2 --cacert "$pki/root.pem" \
		"https://server.test:${port[$language]}/"
	for other in "$language" "$previous"; do
		check "client in $other gets a page from the server in $language" \
			says "${hello[$language]}" \
			client "$other" server.test "${port[$language]}" "$pki/root.pem"
	done
	previous=$language
done

# Nor has a server said anything.
silent() { [ "$(cat "$work"/server.* | tee /dev/stderr | wc -c)" = 0 ]; }
check "no server complains" silent
alive() { local pid; for pid in "${servers[@]}"; do kill -0 "$pid" || return; done; }
check "all servers go on serving" alive

tap_end
