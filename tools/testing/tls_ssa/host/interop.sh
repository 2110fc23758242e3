#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The engine, over tlsio, against OpenSSL and GnuTLS in both roles and versions:
# every suite, group and type of key, HelloRetryRequest, KeyUpdate, extended
# master secret, small records, fallback and downgrade, client certificates, ALPN,
# exporters, and what has to be refused. Prints TAP.
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

suites13='TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256'
groups='x25519 secp256r1 secp384r1'
keys='p256 p384 p521 ed25519 rsa rsapss'

suites12() {	# KEY
	local a=ECDSA
	case $1 in rsa*) a=RSA ;; esac
	echo "TLS_ECDHE_${a}_WITH_AES_128_GCM_SHA256 TLS_ECDHE_${a}_WITH_AES_256_GCM_SHA384" \
		"TLS_ECDHE_${a}_WITH_CHACHA20_POLY1305_SHA256"
}

# All suites with all groups for two keys, one suite for each group for the others.
cells() {	# KEY SUITES: lines "SUITE GROUP"
	local s g i=0
	for g in $groups; do
		i=$((i + 1))
		for s in $2; do
			case $1 in
			p256 | rsa) ;;
			*) [ "$s" = "$(echo "$2" | cut -d' ' -f$i)" ] || continue ;;
			esac
			echo "$s $g"
		done
	done
}

# In TLS 1.2 the groups also say which curves a certificate may have (RFC 8422 5.1).
curve() {	# KEY
	case $1 in
	p256) echo secp256r1 ;;
	p384) echo secp384r1 ;;
	p521) echo secp521r1 ;;
	esac
}

openssl_groups() {	# GROUP...
	echo "$@" | tr ' ' '\n' | awk '!seen[$0]++' | paste -sd: |
		sed 's/x25519/X25519/g; s/secp\([0-9]*\)r1/P-\1/g'
}

openssl_suite() {	# SUITE of TLS 1.2
	echo "$1" | sed 's/^TLS_//; s/_WITH_/-/; s/_POLY1305_SHA256/-POLY1305/; s/AES_/AES/; s/_/-/g'
}

gnutls_priority() {	# VERSION SUITE GROUP...
	local v=$1 c g list="" kx=""
	case $2 in
	*AES_128*)	c=AES-128-GCM ;;
	*AES_256*)	c=AES-256-GCM ;;
	*)		c=CHACHA20-POLY1305 ;;
	esac
	case $2 in
	*ECDHE_RSA*)	kx=:-KX-ALL:+ECDHE-RSA ;;
	*ECDHE_ECDSA*)	kx=:-KX-ALL:+ECDHE-ECDSA ;;
	esac
	shift 2
	for g; do
		list=$list:+GROUP-$(echo "$g" | tr "[:lower:]" "[:upper:]")
	done
	echo "NORMAL:-VERS-ALL:+VERS-TLS$v$kx:-CIPHER-ALL:+$c:-GROUP-ALL$list"
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

client_matrix() {	# NAME REPLY VERSION KEY
	local s g c more suites=$suites13
	c=$(curve "$4")
	[ "$3" = 1.3 ] || suites=$(suites12 "$4")
	while read -r s g; do
		more=()
		[ "$3" = 1.3 ] || [ -z "$c" ] || [ "$c" = "$g" ] || more=(--group "$c")
		echo hello | client --min "$3" --max "$3" --suite "$s" --group "$g" "${more[@]}"
		[ $? = 0 ] && grep -q "handshake ok: $s $g.*TLSv$3" -i "$dir/err" &&
			grep -q "$2" "$dir/out"
		result $? "client $1 TLS $3 $4 $s $g" "$dir/err" "$dir/server"
	done < <(cells "$4" "$suites")
}

for k in $keys; do
	s_server "$k" -rev -tls1_3
	client_matrix openssl olleh 1.3 "$k"
	stop_peer
	gnutls_serv "$k" --priority NORMAL:-VERS-ALL:+VERS-TLS1.3
	client_matrix gnutls hello 1.3 "$k"
	stop_peer
	# our client has no P-521 among its groups
	[ "$k" != p521 ] || continue
	s_server "$k" -rev -tls1_2
	client_matrix openssl olleh 1.2 "$k"
	stop_peer
	gnutls_serv "$k" --priority NORMAL:-VERS-ALL:+VERS-TLS1.2
	client_matrix gnutls hello 1.2 "$k"
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
echo hello | client --min 1.3
[ $? = 1 ] && grep -q 'handshake failed.*EPROTO' "$dir/err"
result $? 'client openssl TLS 1.2 only is refused by a client of TLS 1.3' "$dir/err" "$dir/server"
echo hello | client
[ $? = 0 ] && grep -q 'handshake ok.*TLSv1.2' "$dir/err" && ! grep -q no_ems "$dir/err"
result $? 'client openssl TLS 1.2 is agreed on with extended master secret' "$dir/err" "$dir/server"
stop_peer

s_server p256 -rev -tls1_1 -cipher ALL@SECLEVEL=0
echo hello | client
[ $? = 1 ] && grep -q 'handshake failed.*EPROTO' "$dir/err"
result $? 'client openssl TLS 1.1 only is refused' "$dir/err" "$dir/server"
stop_peer

# Extended master secret: GnuTLS can do without, and then only if we let it.
gnutls_serv p256 --priority NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH
echo hello | client
[ $? = 1 ] && grep -q NoExtendedMasterSecret "$dir/err"
result $? 'client gnutls without extended master secret is refused' "$dir/err" "$dir/server"
echo hello | client --without-ems
[ $? = 0 ] && grep -q 'handshake ok.*no_ems' "$dir/err" && grep -q hello "$dir/out"
result $? 'client gnutls without extended master secret, by configuration' "$dir/err" "$dir/server"
stop_peer

for v in 1.2 1.3; do
	gnutls_serv rsa --priority "NORMAL:-VERS-ALL:+VERS-TLS$v" --recordsize 600
	echo hello | client --limit 700
	[ $? = 0 ] && grep -q 'handshake ok.*small_records' "$dir/err" && grep -q hello "$dir/out"
	result $? "client gnutls TLS $v record_size_limit" "$dir/err" "$dir/server"
	stop_peer
done

# OpenSSL's server asks for a new handshake when told "r", and gives up if refused.
mkfifo "$dir/orders"
rm -f "$dir/server"
awk '/BEGIN/ { n++ } n > 1' "$pki/p256.chain.pem" > "$dir/issuers.pem"
openssl s_server -accept 127.0.0.1:0 -cert "$pki/p256.pem" -key "$pki/p256.key.pem" \
	-cert_chain "$dir/issuers.pem" -tls1_2 -msg < "$dir/orders" > "$dir/server" 2>&1 &
peer=$!
exec 9> "$dir/orders"
port=$(port_from "$dir/server" 'ACCEPT .*:')
(sleep 0.5; echo r >&9; sleep 0.5) &
(sleep 1.5) | client
[ $? = 1 ] && grep -q 'handshake ok.*TLSv1.2' "$dir/err" &&
	grep -q PeerHandshakeFailure "$dir/err" &&
	grep -q '<<<.*Alert.*warning no_renegotiation' "$dir/server"
result $? 'client openssl renegotiation is refused' "$dir/err" "$dir/server"
exec 9>&-
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

s_client() {	# VERSION [OPTIONS...]
	local v=-tls${1/./_}
	shift
	say_hello | timeout 5 openssl s_client -connect "127.0.0.1:$port" -servername server.test \
		-verify_hostname server.test -verify_return_error -CAfile "$pki/root.pem" \
		"$v" -ign_eof "$@" > "$dir/client" 2>&1
}

gnutls_cli() {	# PRIORITY [OPTIONS...]
	local priority=$1
	shift
	echo hello | timeout 5 gnutls-cli --x509cafile "$pki/root.pem" \
		--sni-hostname server.test --verify-hostname server.test \
		--priority "$priority" -p "$port" "$@" 127.0.0.1 > "$dir/client" 2>&1
}

server_matrix() {	# VERSION KEY
	local s g more suites=$suites13
	[ "$1" = 1.3 ] || suites=$(suites12 "$2")
	for g in $groups; do
		server "$2" --group "$g" --max "$1"
		more=()
		[ "$1" = 1.3 ] || [ "$(curve "$2")" = "$g" ] || read -ra more < <(curve "$2")
		while read -r s; do
			if [ "$1" = 1.3 ]; then
				s_client 1.3 -ciphersuites "$s" -groups "$(openssl_groups "$g")"
			else
				s_client 1.2 -cipher "$(openssl_suite "$s")" \
					-groups "$(openssl_groups "$g" "${more[@]}")"
			fi
			[ $? = 0 ] && grep -q '^hello' "$dir/client" &&
				tail -n 2 "$dir/err" |
					grep -qi "handshake ok: $s $g.*TLSv$1.*name=server.test"
			result $? "server openssl TLS $1 $2 $s $g" "$dir/err" "$dir/client"
			gnutls_cli "$(gnutls_priority "$1" "$s" "$g" "${more[@]}")"
			grep -q '^hello' "$dir/client" &&
				tail -n 2 "$dir/err" | grep -qi "handshake ok: $s $g.*TLSv$1"
			result $? "server gnutls TLS $1 $2 $s $g" "$dir/err" "$dir/client"
		done < <(cells "$2" "$suites" | sed -n "s/ $g\$//p")
		stop_peer
	done
}

for k in $keys; do
	server_matrix 1.3 "$k"
	server_matrix 1.2 "$k"
done

server p256 --group secp384r1
s_client 1.3 -groups X25519:P-384
[ $? = 0 ] && grep -q '^hello' "$dir/client" && grep -qi 'secp384r1.*hello_retry' "$dir/err"
result $? 'server openssl hello_retry' "$dir/err" "$dir/client"
s_client 1.3 -groups X25519
[ $? != 0 ] && grep -qi 'handshake failed.*EPROTO' "$dir/err" && grep -q 'alert handshake failure' "$dir/client"
result $? 'server openssl no group in common is refused' "$dir/err" "$dir/client"
stop_peer

# OpenSSL answers with its next data, so there must be more of it.
say_hello() { echo hello; sleep 0.5; echo again; }
server p256 --key-update
s_client 1.3
[ $? = 0 ] && grep -q '^hello' "$dir/client" && grep -q '1/1 key updates received/sent' "$dir/err"
result $? 'server openssl key_update' "$dir/err" "$dir/client"
stop_peer
say_hello() { echo hello; }

server unknown-ca
s_client 1.3
[ $? != 0 ] && grep -q 'PeerUnknownCa' "$dir/err"
result $? "server openssl the client's alert is reported" "$dir/err" "$dir/client"
stop_peer

server p256 --min 1.3
s_client 1.2
[ $? != 0 ] && grep -q 'alert protocol version' "$dir/client"
result $? 'server openssl TLS 1.2 only is refused by a server of TLS 1.3' "$dir/err" "$dir/client"
stop_peer

server p256
s_client 1.1 -cipher ALL@SECLEVEL=0
[ $? != 0 ] && grep -q 'alert protocol version' "$dir/client"
result $? 'server openssl TLS 1.1 only is refused' "$dir/err" "$dir/client"
s_client 1.2 -fallback_scsv
[ $? != 0 ] && grep -q 'alert inappropriate fallback' "$dir/client" && grep -q Fallback "$dir/err"
result $? 'server openssl fallback to TLS 1.2 is refused' "$dir/err" "$dir/client"
s_client 1.2 -cipher AES128-GCM-SHA256
[ $? != 0 ] && grep -q 'alert handshake failure' "$dir/client"
result $? 'server openssl static RSA is refused' "$dir/err" "$dir/client"
s_client 1.2 -cipher ECDHE-ECDSA-AES128-SHA256
[ $? != 0 ] && grep -q 'alert handshake failure' "$dir/client"
result $? 'server openssl CBC is refused' "$dir/err" "$dir/client"
gnutls_cli NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH
! grep -q '^hello' "$dir/client" && grep -q NoExtendedMasterSecret "$dir/err"
result $? 'server gnutls without extended master secret is refused' "$dir/err" "$dir/client"
stop_peer

server p256 --max 1.2
s_client 1.2 -fallback_scsv
[ $? = 0 ] && grep -q '^hello' "$dir/client"
result $? 'server openssl fallback to the newest version is none' "$dir/err" "$dir/client"
# "R" on a line of its own makes s_client ask for a new handshake.
(echo R; sleep 0.5; echo hello; sleep 0.5) | timeout 5 openssl s_client -connect "127.0.0.1:$port" -tls1_2 \
	-CAfile "$pki/root.pem" > "$dir/client" 2>&1
grep -q 'RENEGOTIATING' "$dir/client" && grep -q 'no renegotiation' "$dir/client"
result $? 'server openssl renegotiation is refused' "$dir/err" "$dir/client"
stop_peer

server p256 --without-ems
gnutls_cli NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH
grep -q '^hello' "$dir/client" && grep -q 'handshake ok.*no_ems' "$dir/err"
result $? 'server gnutls without extended master secret, by configuration' "$dir/err" "$dir/client"
stop_peer

for v in 1.2 1.3; do
	server rsa --limit 700
	gnutls_cli "NORMAL:-VERS-ALL:+VERS-TLS$v" --recordsize 600
	grep -q '^hello' "$dir/client" && grep -q 'handshake ok.*small_records' "$dir/err"
	result $? "server gnutls TLS $v record_size_limit" "$dir/err" "$dir/client"
	stop_peer
done

. "$(dirname "$0")/interop-mutual.sh"

echo "1..$n"
[ $bad = 0 ]
