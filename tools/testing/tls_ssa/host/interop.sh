#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The engine, over tlsio, against OpenSSL and GnuTLS in both roles: every suite,
# group and type of key, HelloRetryRequest, KeyUpdate, and what has to be
# refused. Prints TAP.
#
#	interop.sh TLSIO PKI	PKI: directory that gen-certs --pki has written
# The status of a command is judged together with what it printed.
# shellcheck disable=SC2181,SC2119,SC2120
set -u
tlsio=$1
pki=$2
dir=$(mktemp -d)
peer=
n=0 bad=0
echo 'TAP version 13'

# What runs in the background is only ever ended by its number.
stop_peer() {
	[ -z "$peer" ] || kill "$peer" 2> /dev/null
	[ -z "$peer" ] || wait "$peer" 2> /dev/null
	peer=
}
trap 'stop_peer; rm -rf "$dir"' EXIT

result() {	# STATUS NAME [FILE...]: files are shown if it failed
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n $2"
	else
		echo "not ok $n $2"
		bad=$((bad + 1))
		shift 2
		tail -n 8 "$@" 2> /dev/null | sed 's/^/# /'
	fi
}

# Waits for a line in a file and prints the number after the last match.
port_from() {	# FILE PATTERN
	for _ in $(seq 200); do
		sed -n "s/.*$2\([0-9][0-9]*\).*/\1/p" "$1" 2> /dev/null | head -n 1 | grep . && return
		sleep 0.05
	done
	return 1
}

free_port() {	# for servers that cannot choose one
	local p
	while p=$((20000 + RANDOM % 20000)); do
		(: < "/dev/tcp/127.0.0.1/$p") 2> /dev/null || break
	done
	echo $p
}

suites='TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256'
groups='x25519 secp256r1 secp384r1'
keys='p256 p384 rsa'

gnutls_priority() {	# SUITE GROUP
	local c g
	case $1 in
	*AES_128*)	c=AES-128-GCM ;;
	*AES_256*)	c=AES-256-GCM ;;
	*)		c=CHACHA20-POLY1305 ;;
	esac
	g=$(echo "$2" | tr "[:lower:]" "[:upper:]")
	echo "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+$c:-GROUP-ALL:+GROUP-$g"
}

# ------------------------------------------------- our client, their server

s_server() {	# CHAIN_NAME [OPTIONS...]; sets port
	local chain=$1
	shift
	rm -f "$dir/server"
	# s_server wants the issuers without the leaf
	awk '/BEGIN/ { n++ } n > 1' "$pki/$chain.chain.pem" > "$dir/issuers.pem"
	[ ! -s "$dir/issuers.pem" ] || set -- "$@" -cert_chain "$dir/issuers.pem"
	openssl s_server -accept 127.0.0.1:0 -cert "$pki/$chain.pem" -key "$pki/$chain.key.pem" \
		"$@" > "$dir/server" 2>&1 &
	peer=$!
	port=$(port_from "$dir/server" 'ACCEPT .*:')
}

gnutls_serv() {	# CHAIN_NAME [OPTIONS...]
	local chain=$1
	shift
	rm -f "$dir/server"
	port=$(free_port)
	gnutls-serv -p "$port" --echo --x509certfile "$pki/$chain.chain.pem" \
		--x509keyfile "$pki/$chain.key.pem" "$@" > "$dir/server" 2>&1 &
	peer=$!
	port=$(port_from "$dir/server" 'IPv4.*port ')
}

client() {	# [OPTIONS...]
	timeout 5 "$tlsio" client --close --trust "$pki/root.pem" --name server.test "$@" \
		127.0.0.1 "$port" > "$dir/out" 2> "$dir/err"
}

client_matrix() {	# NAME REPLY
	local s g
	for s in $suites; do
		for g in $groups; do
			echo hello | client --suite "$s" --group "$g"
			[ $? = 0 ] && grep -q "handshake ok: $s $g" -i "$dir/err" && grep -q "$2" "$dir/out"
			result $? "client $1 $s $g" "$dir/err" "$dir/server"
		done
	done
}

for k in $keys; do
	s_server "$k" -rev -tls1_3
	client_matrix "openssl $k" olleh
	stop_peer
	gnutls_serv "$k" --priority NORMAL:-VERS-ALL:+VERS-TLS1.3
	client_matrix "gnutls $k" hello
	stop_peer
done

s_server p256 -rev -tls1_3 -groups P-384
echo hello | client --group x25519 --group secp384r1
[ $? = 0 ] && grep -qi 'secp384r1.*hello_retry' "$dir/err" && grep -q olleh "$dir/out"
result $? 'client openssl hello_retry' "$dir/err" "$dir/server"
echo hello | client --group x25519
[ $? = 1 ] && grep -q PeerHandshakeFailure "$dir/err"
result $? 'client openssl no group in common is refused' "$dir/err"
stop_peer

s_server p256 -rev -tls1_3
echo hello | client --key-update
[ $? = 0 ] && grep -q '1/1 key updates received/sent' "$dir/err" && grep -q olleh "$dir/out"
result $? 'client openssl key_update' "$dir/err" "$dir/server"
echo hello | client --name other.test
[ $? = 1 ] && grep -q EKEYREJECTED "$dir/err"
result $? 'client openssl other name is refused' "$dir/err"
echo hello | client --trust "$pki/unknown-root.pem"
[ $? = 1 ] && grep -q ENOKEY "$dir/err"
result $? 'client openssl unknown authority is refused' "$dir/err"
stop_peer

refused() {	# CHAIN_NAME ERRNO
	s_server "$1" -rev -tls1_3
	echo hello | client
	[ $? = 1 ] && grep -q "handshake failed.*$2" "$dir/err"
	result $? "client openssl $1 is refused" "$dir/err" "$dir/server"
	stop_peer
}
refused expired EKEYEXPIRED
refused not-yet EKEYEXPIRED
refused wrong-name EKEYREJECTED
refused wrong-eku EKEYREJECTED
refused name-constraints EKEYREJECTED
refused self-signed ENOKEY
refused bad-signature EKEYREJECTED

s_server p256 -rev -tls1_2
echo hello | client
[ $? = 1 ] && grep -q 'handshake failed.*EPROTO' "$dir/err"
result $? 'client openssl TLS 1.2 only is refused' "$dir/err" "$dir/server"
stop_peer

# ------------------------------------------------- our server, their client

server() {	# CHAIN_NAME [OPTIONS...]
	local chain=$1
	shift
	rm -f "$dir/out"
	"$tlsio" server --cert "$pki/$chain.chain.pem" --key "$pki/$chain.key.pem" --close "$@" 0 \
		> "$dir/out" 2> "$dir/err" &
	peer=$!
	port=$(port_from "$dir/out" 'port ')
}

say_hello() { echo hello; }

s_client() {	# [OPTIONS...]
	say_hello | timeout 5 openssl s_client -connect "127.0.0.1:$port" -servername server.test \
		-verify_hostname server.test -verify_return_error -CAfile "$pki/root.pem" \
		-tls1_3 -ign_eof "$@" > "$dir/client" 2>&1
}

for k in $keys; do
	server "$k"
	for s in $suites; do
		for g in $groups; do
			s_client -ciphersuites "$s" -groups "$(echo "$g" |
				sed 's/x25519/X25519/; s/secp\(...\)r1/P-\1/')"
			[ $? = 0 ] && grep -q '^hello' "$dir/client" &&
				tail -n 2 "$dir/err" | grep -qi "handshake ok: $s $g.*name=server.test"
			result $? "server openssl $k $s $g" "$dir/err" "$dir/client"

			echo hello | timeout 5 gnutls-cli --x509cafile "$pki/root.pem" \
				--sni-hostname server.test --verify-hostname server.test \
				--priority "$(gnutls_priority "$s" "$g")" -p "$port" 127.0.0.1 \
				> "$dir/client" 2>&1
			grep -q '^hello' "$dir/client" &&
				tail -n 2 "$dir/err" | grep -qi "handshake ok: $s $g"
			result $? "server gnutls $k $s $g" "$dir/err" "$dir/client"
		done
	done
	stop_peer
done

server p256 --group secp384r1
s_client -groups X25519:P-384
[ $? = 0 ] && grep -q '^hello' "$dir/client" && grep -qi 'secp384r1.*hello_retry' "$dir/err"
result $? 'server openssl hello_retry' "$dir/err" "$dir/client"
s_client -groups X25519
[ $? != 0 ] && grep -qi 'handshake failed.*EPROTO' "$dir/err" && grep -q 'alert handshake failure' "$dir/client"
result $? 'server openssl no group in common is refused' "$dir/err" "$dir/client"
stop_peer

# OpenSSL answers with its next data, so there must be more of it.
say_hello() { echo hello; sleep 0.5; echo again; }
server p256 --key-update
s_client
[ $? = 0 ] && grep -q '^hello' "$dir/client" && grep -q '1/1 key updates received/sent' "$dir/err"
result $? 'server openssl key_update' "$dir/err" "$dir/client"
stop_peer
say_hello() { echo hello; }

server unknown-ca
s_client
[ $? != 0 ] && grep -q 'PeerUnknownCa' "$dir/err"
result $? "server openssl the client's alert is reported" "$dir/err" "$dir/client"
stop_peer

server p256
timeout 5 openssl s_client -connect "127.0.0.1:$port" -tls1_2 < /dev/null > "$dir/client" 2>&1
[ $? != 0 ] && grep -q 'alert protocol version' "$dir/client"
result $? 'server openssl TLS 1.2 only is refused' "$dir/err" "$dir/client"
stop_peer

echo "1..$n"
[ $bad = 0 ]
