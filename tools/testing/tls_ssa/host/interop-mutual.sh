# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2181
#
# Sourced by interop.sh: client certificates, a choice among several credentials,
# ALPN and exporters, in both roles and versions.

client_keys='p256 p384 p521 ed25519 rsa rsa3072 rsapss'

shown() {	# KEY: options for tlsio
	echo --cert "$pki/client-$1.chain.pem" --key "$pki/client-$1.key.pem"
}

# Their server's -cert_chain is that of s_server(); so are its port and its end.
# shellcheck disable=SC2046 # lists of options
our_client() {	# VERSION
	local v=$1 k tls=-tls${1/./_}

	s_server p256 -rev "$tls" -Verify 4 -verify_return_error -CAfile "$pki/root.pem"
	for k in $client_keys; do
		# OpenSSL wants its curve among those of our key shares
		[ "$v $k" != '1.2 p521' ] || continue
		echo hello | client --max "$v" $(shown "$k")
		[ $? = 0 ] && grep -q olleh "$dir/out" && grep -q "TLSv$v.* client=" "$dir/err"
		result $? "client openssl TLS $v shows a certificate $k" "$dir/err" "$dir/server"
	done
	echo hello | client --max "$v"
	[ $? = 1 ] && grep -qE 'PeerCertificateRequired|PeerHandshakeFailure' "$dir/err"
	result $? "client openssl TLS $v has to show a certificate" "$dir/err" "$dir/server"
	for k in expired unknown-ca; do
		echo hello | client --max "$v" $(shown "$k")
		[ $? = 1 ] && grep -q 'failed: .*Peer' "$dir/err"
		result $? "client openssl TLS $v $k is refused" "$dir/err" "$dir/server"
	done
	stop_peer

	s_server p256 -rev "$tls" -verify 4 -CAfile "$pki/root.pem" \
		-client_sigalgs rsa_pss_rsae_sha256:rsa_pkcs1_sha256
	echo hello | client --max "$v"
	[ $? = 0 ] && grep -q olleh "$dir/out" && ! grep -q client= "$dir/err"
	result $? "client openssl TLS $v need not show a certificate" "$dir/err" "$dir/server"
	echo hello | client --max "$v" $(shown p256)
	[ $? = 0 ] && grep -q olleh "$dir/out" && ! grep -q client= "$dir/err"
	result $? "client openssl TLS $v has none that the server could verify" "$dir/err" "$dir/server"
	echo hello | client --max "$v" $(shown p256) $(shown rsa)
	[ $? = 0 ] && grep -q olleh "$dir/out" && grep -q client=rsa_pss_rsae_sha256 "$dir/err"
	result $? "client openssl TLS $v chooses by signature_algorithms" "$dir/err" "$dir/server"
	stop_peer

	s_server p256 -rev "$tls" -verify 4 -CAfile "$pki/unknown-root.pem"
	echo hello | client --max "$v" $(shown p256)
	[ $? = 0 ] && grep -q olleh "$dir/out" && ! grep -q client= "$dir/err"
	result $? "client openssl TLS $v has none of the authorities that are named" "$dir/err" "$dir/server"
	stop_peer

	gnutls_serv p256 --priority "NORMAL:-VERS-ALL:+VERS-TLS$v" --require-client-cert \
		--x509cafile "$pki/root.pem" --verify-client-cert
	for k in p256 p384 p521 ed25519 rsa rsapss; do
		echo hello | client --max "$v" $(shown "$k")
		[ $? = 0 ] && grep -q hello "$dir/out" && grep -q "TLSv$v.* client=" "$dir/err"
		result $? "client gnutls TLS $v shows a certificate $k" "$dir/err" "$dir/server"
	done
	stop_peer
}

theirs() {	# KEY: options for s_client
	awk '/BEGIN/ { n++ } n > 1' "$pki/client-$1.chain.pem" > "$dir/client-issuers.pem"
	echo -cert "$pki/client-$1.pem" -key "$pki/client-$1.key.pem"
	[ ! -s "$dir/client-issuers.pem" ] || echo -cert_chain "$dir/client-issuers.pem"
}

accepted() {	# VERSION
	grep -q '^hello' "$dir/client" && tail -n 3 "$dir/err" | grep -q "handshake ok.*TLSv$1.* client=" &&
		tail -n 3 "$dir/err" | grep -q 'identity: .*client@example.test'
}

# shellcheck disable=SC2046
our_server() {	# VERSION
	local v=$1 k pkcs1 prio="NORMAL:-VERS-ALL:+VERS-TLS$1"

	server p256 --max "$v" --require --trust "$pki/root.pem"
	for k in $client_keys; do
		s_client "$v" $(theirs "$k")
		[ $? = 0 ] && accepted "$v"
		result $? "server openssl TLS $v takes a certificate $k" "$dir/err" "$dir/client"
		gnutls_cli "$prio" --x509certfile "$pki/client-$k.chain.pem" \
			--x509keyfile "$pki/client-$k.key.pem"
		accepted "$v"
		result $? "server gnutls TLS $v takes a certificate $k" "$dir/err" "$dir/client"
	done
	s_client "$v"
	grep -qE 'alert (certificate required|handshake failure)' "$dir/client" &&
		tail -n 1 "$dir/err" | grep -q ClientCertWanted
	result $? "server openssl TLS $v wants a certificate" "$dir/err" "$dir/client"
	for k in expired unknown-ca self-signed wrong-eku; do
		s_client "$v" $(theirs "$k")
		! grep -q '^hello' "$dir/client" &&
			tail -n 1 "$dir/err" | grep -qE 'handshake failed: .*(EKEY|ENOKEY)'
		result $? "server openssl TLS $v $k is refused" "$dir/err" "$dir/client"
	done
	stop_peer

	server p256 --max "$v" --ask --trust "$pki/root.pem"
	s_client "$v"
	[ $? = 0 ] && grep -q '^hello' "$dir/client" && ! tail -n 2 "$dir/err" | grep -q client=
	result $? "server openssl TLS $v goes without a certificate" "$dir/err" "$dir/client"
	s_client "$v" $(theirs expired)
	! grep -q '^hello' "$dir/client" && tail -n 1 "$dir/err" | grep -q EKEYEXPIRED
	result $? "server openssl TLS $v one that is shown must be valid" "$dir/err" "$dir/client"
	gnutls_cli "$prio"
	grep -q '^hello' "$dir/client" && ! tail -n 2 "$dir/err" | grep -q client=
	result $? "server gnutls TLS $v goes without a certificate" "$dir/err" "$dir/client"
	stop_peer

	server p256 --max "$v" --cert "$pki/rsa.chain.pem" --key "$pki/rsa.key.pem" \
		--cert "$pki/ed25519.chain.pem" --key "$pki/ed25519.key.pem"
	pkcs1=rsa_pkcs1_sha256:rsa_pkcs1_sha384:rsa_pkcs1_sha512
	for k in rsa_pss_rsae_sha256 ed25519 ecdsa_secp256r1_sha256; do
		# the chains have signatures of their issuers, too
		case $k in
		rsa*) s_client "$v" -sigalgs "$k:$pkcs1" ;;
		*) s_client "$v" -sigalgs "$k:ecdsa_secp384r1_sha384:$pkcs1" ;;
		esac
		[ $? = 0 ] && tail -n 2 "$dir/err" | grep -q "handshake ok: .* $k "
		result $? "server openssl TLS $v chooses a certificate for $k" "$dir/err" "$dir/client"
	done
	stop_peer
}

our_alpn() {	# VERSION
	local v=$1

	server p256 --max "$v" --alpn h2 --alpn http/1.1
	s_client "$v" -alpn http/1.1,h2
	[ $? = 0 ] && grep -q 'ALPN protocol: h2' "$dir/client" && grep -q 'alpn=h2' "$dir/err"
	result $? "server openssl TLS $v ALPN by our preference" "$dir/err" "$dir/client"
	s_client "$v" -alpn spdy
	grep -q 'alert no application protocol' "$dir/client" && tail -n 1 "$dir/err" | grep -q NoAlpn
	result $? "server openssl TLS $v no ALPN in common" "$dir/err" "$dir/client"
	s_client "$v"
	[ $? = 0 ] && grep -q 'No ALPN negotiated' "$dir/client"
	result $? "server openssl TLS $v client without ALPN" "$dir/err" "$dir/client"
	gnutls_cli "NORMAL:-VERS-ALL:+VERS-TLS$v" --alpn http/1.1
	grep -q '^hello' "$dir/client" && tail -n 2 "$dir/err" | grep -q 'alpn=http/1.1'
	result $? "server gnutls TLS $v ALPN" "$dir/err" "$dir/client"
	stop_peer

	s_server p256 -rev "-tls${v/./_}" -alpn h2
	echo hello | client --max "$v" --alpn http/1.1 --alpn h2
	[ $? = 0 ] && grep -q 'alpn=h2' "$dir/err" && grep -q olleh "$dir/out"
	result $? "client openssl TLS $v ALPN" "$dir/err" "$dir/server"
	echo hello | client --max "$v" --alpn http/1.1
	[ $? = 1 ] && grep -q PeerNoApplicationProtocol "$dir/err"
	result $? "client openssl TLS $v no ALPN in common" "$dir/err" "$dir/server"
	stop_peer
	gnutls_serv p256 --priority "NORMAL:-VERS-ALL:+VERS-TLS$v" --alpn h2
	echo hello | client --max "$v" --alpn http/1.1 --alpn h2
	[ $? = 0 ] && grep -q 'alpn=h2' "$dir/err" && grep -q hello "$dir/out"
	result $? "client gnutls TLS $v ALPN" "$dir/err" "$dir/server"
	stop_peer
}

# Both sides print it: FILE PATTERN is theirs.
same_export() {
	local ours

	ours=$(sed -n 's/^exported: //p' "$dir/err" | tail -n 1)
	[ ${#ours} = 64 ] && grep -qi "$2 *$ours" "$1"
}

our_export() {	# VERSION
	local v=$1 label=EXPORTER-Channel-Binding

	server p256 --max "$v" --export "$label"
	s_client "$v" -keymatexport "$label" -keymatexportlen 32
	[ $? = 0 ] && same_export "$dir/client" 'Keying material:'
	result $? "server openssl TLS $v exporter" "$dir/err" "$dir/client"
	gnutls_cli "NORMAL:-VERS-ALL:+VERS-TLS$v" --keymatexport="$label" --keymatexportsize=32
	same_export "$dir/client" 'Key material:'
	result $? "server gnutls TLS $v exporter" "$dir/err" "$dir/client"
	stop_peer
	# with -rev it does not print it; its input has to stay open
	mkfifo "$dir/answer$v"
	rm -f "$dir/server"
	awk '/BEGIN/ { n++ } n > 1' "$pki/p256.chain.pem" > "$dir/issuers.pem"
	openssl s_server -accept 127.0.0.1:0 -cert "$pki/p256.pem" -key "$pki/p256.key.pem" \
		-cert_chain "$dir/issuers.pem" "-tls${v/./_}" -keymatexport "$label" -keymatexportlen 32 \
		< "$dir/answer$v" > "$dir/server" 2>&1 &
	# shellcheck disable=SC2034 # for interop.sh
	peer=$!
	exec 8> "$dir/answer$v"
	# shellcheck disable=SC2034
	port=$(port_from "$dir/server" 'ACCEPT .*:')
	(sleep 0.5; echo answer >&8) &
	echo hello | client --max "$v" --export "$label"
	[ $? = 0 ] && same_export "$dir/server" 'Keying material:'
	result $? "client openssl TLS $v exporter" "$dir/err" "$dir/server"
	exec 8>&-
	stop_peer
}

for v in 1.3 1.2; do
	our_client $v
	our_server $v
	our_alpn $v
	our_export $v
done
