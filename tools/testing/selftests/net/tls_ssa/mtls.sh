#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Certificates of clients, application protocols and keying material with programs:
# nginx, openssl and gnutls as servers; curl, openssl and gnutls as clients, in both
# versions. "ends" is our end. What libraries have to say is in mtls.c.

cd "$(dirname "$0")" || exit 1
. ./servers.sh

ends=$out/ends
label=EXPORTER-of-a-test
versions="1.2 1.3"

# A certificate for clients, signed by the authority of the PKI
cert=(-c "$pki/wrong-eku.chain.pem" -k "$pki/wrong-eku.key.pem")

# ------------------------------------------------------------------ what is running

nginx_conf nginx <<END
server {
	listen 9701 ssl http2;
	ssl_protocols TLSv1.2 TLSv1.3;
	ssl_certificate $pki/p256.chain.pem;
	ssl_certificate_key $pki/p256.key.pem;
	ssl_verify_client on;
	ssl_verify_depth 3;
	ssl_client_certificate $pki/root.pem;
	location / {
		return 200 "verified: \$ssl_client_verify \$ssl_client_s_dn\n";
	}
}
END
nginx -c "$work/nginx.conf" & servers+=($!)
# It ends with its input, and says of each connection what it exports.
mkfifo "$work/input"
exec 9<> "$work/input"
openssl s_server -accept 9702 -Verify 3 -verify_return_error -CAfile "$pki/root.pem" \
	-cert_chain "$pki/p256.chain.pem" -cert "$pki/p256.pem" -key "$pki/p256.key.pem" \
	-alpn imap,http/1.1 -keymatexport $label -keymatexportlen 32 \
	> "$work/s_server" 2>&1 <&9 & servers+=($!)
gnutls-serv --http --port 9703 --require-client-cert --verify-client-cert \
	--x509cafile "$pki/root.pem" --x509certfile "$pki/p256.chain.pem" \
	--x509keyfile "$pki/p256.key.pem" --alpn imap --alpn http/1.1 \
	--keymatexport=$label --keymatexportsize=32 > "$work/gnutls-serv" 2>&1 & servers+=($!)

"$ends" server -r required -p http/1.1,h2 -x $label 9711 > "$work/required" & servers+=($!)
"$ends" server -r optional -x $label 9712 > "$work/optional" & servers+=($!)
"$ends" server -p imap 9713 > "$work/imap" & servers+=($!)

for port in 9701 9702 9703 9711 9712 9713; do
	check "somebody listens on port $port" listening $port
done

# ------------------------------------------------------------- what is to be seen

# said PATTERN...: each is in what the last command said
said() {
	local pattern

	for pattern; do
		grep -aqE -- "$pattern" "$work/said" && continue
		echo "'$pattern' was not said:"
		cat "$work/said"
		return 1
	done
}

# says COMMAND...: it succeeds; what it says is kept
says() { "$@" > "$work/said" 2>&1 < /dev/null || { cat "$work/said"; return 1; }; }
fails() { ! "$@" > "$work/said" 2>&1 < /dev/null || { cat "$work/said"; return 1; }; }

counter() { sed -n "s/^$1[[:space:]][[:space:]]*//p" /proc/net/tls_ssa_stat; }

# counted COUNTER COMMAND...: our server fails for that reason, once
counted() {
	local name=$1 before tries

	before=$(counter "$1")
	shift
	"$@" || return
	for tries in $(seq 100); do
		[ "$(counter "$name")" = "$before" ] || break
		sleep 0.1
	done
	[ "$(counter "$name")" = $((before + 1)) ] && return
	echo "$name: was $before, is $(counter "$name") after $tries tries"
	return 1
}

# value NAME FILE: the last one, of lines "NAME: VALUE", in capitals
value() { sed -n "s/^ *\(- \)\?$1: *//p" "$2" | tail -n 1 | tr -d '\r' | tr a-f A-F; }

# material NAME FILE: both ends have the same, and it is something
material() {
	local theirs mine tries

	mine=$(value exporter "$work/said")
	for tries in $(seq 100); do
		theirs=$(value "$1" "$2")
		[ "$theirs" != "$mine" ] || break
		sleep 0.1
	done
	[ ${#mine} = 64 ] && [ "$mine" = "$theirs" ] && return
	echo "ours: $mine, theirs: $theirs after $tries tries"
	return 1
}

# --------------------------------------------------- our client, their servers

ours() { local v=$1; shift; "$ends" client -v "TLSv$v" -x $label "$@"; }

to_nginx() {
	says ours "$1" "${cert[@]}" -p http/1.1 9701 &&
		said "^version: TLSv$1" '^protocol: http/1.1' 'verified: SUCCESS .*CN=server.test'
}
to_nginx_without() {
	says ours "$1" -p http/1.1 9701 && said '400 No required SSL certificate was sent'
}
# nginx names its authority, and this certificate is another's.
to_nginx_of_others() {
	says ours "$1" -c "$pki/unknown-ca.chain.pem" -k "$pki/unknown-ca.key.pem" 9701 &&
		said '400 No required SSL certificate was sent'
}
to_nginx_expired() {
	says ours "$1" -c "$pki/expired.chain.pem" -k "$pki/expired.key.pem" 9701 &&
		said '400 The SSL certificate error'
}
h2_to_nginx() {
	says ours "$1" "${cert[@]}" -p h2,http/1.1 -q 9701 && said '^protocol: h2$'
}
nothing_to_nginx() {
	fails ours "$1" "${cert[@]}" -p imap -q 9701 && said 'no_application_protocol|application protocol'
}
to_openssl() {
	says ours "$1" "${cert[@]}" -p http/1.1 -q 9702 &&
		said "^version: TLSv$1" '^protocol: http/1.1' &&
		material 'Keying material' "$work/s_server"
}
to_gnutls() {
	says ours "$1" "${cert[@]}" -p http/1.1 9703 &&
		said "^version: TLSv$1" '^protocol: http/1.1' &&
		material 'Key material' "$work/gnutls-serv"
}
refused_by() { fails ours "$1" "$2" && said "$3"; }

for v in $versions; do
	refusal='peer.*certificate_required'
	[ $v = 1.3 ] || refusal='peer.*handshake_failure'
	check "nginx verifies our client, TLS $v" to_nginx $v
	check "nginx misses our client's certificate, TLS $v" to_nginx_without $v
	check "nginx is shown none of an authority that it does not name, TLS $v" to_nginx_of_others $v
	check "nginx refuses an expired one, TLS $v" to_nginx_expired $v
	check "nginx and our client agree on h2, TLS $v" h2_to_nginx $v
	check "openssl verifies our client and exports the same, TLS $v" to_openssl $v
	check "openssl refuses our client without one, TLS $v" refused_by $v 9702 "$refusal"
	check "gnutls verifies our client and exports the same, TLS $v" to_gnutls $v
	check "gnutls refuses our client without one, TLS $v" refused_by $v 9703 'TLS: .'
done

# --------------------------------------------------- our server, their clients

theirs=("$pki/wrong-eku.chain.pem" "$pki/wrong-eku.key.pem")

curl_to() {	# VERSION PORT [CHAIN KEY]
	curl -sSv --http1.1 --max-time 120 --cacert "$pki/root.pem" "--tlsv$1" --tls-max "$1" \
		${3+--cert "$3" --key "$4"} "https://server.test:$2/"
}
curl_shows() {
	says curl_to "$1" 9711 "${theirs[@]}" &&
		said "^version: TLSv$1" '^protocol: http/1.1' '^peer: .*server.test' 'accepted http/1.1' \
			'^signed with: ecdsa_secp256r1_sha256'
}
curl_optional() { says curl_to "$1" 9712 && said "^version: TLSv$1" '^peer: $'; }
curl_fails() { local text=$1; shift; fails curl_to "$@" && said "$text"; }

s_client_to() {	# VERSION PORT [CHAIN KEY]
	(printf 'GET / HTTP/1.0\r\n\r\n'; sleep 1) |
		openssl s_client -connect "127.0.0.1:$2" -servername server.test -ign_eof \
			-CAfile "$pki/root.pem" "-tls1_${1#1.}" -alpn h2,http/1.1 \
			-keymatexport $label -keymatexportlen 32 \
			${3+-cert "$3" -cert_chain "$3" -key "$4"}
}
openssl_shows() {
	says s_client_to "$1" 9711 "${theirs[@]}" &&
		said "^version: TLSv$1" '^protocol: http/1.1' '^peer: .*server.test' \
			'ALPN protocol: http/1.1' 'Acceptable client certificate CA names' &&
		material 'Keying material' "$work/said"
}
openssl_fails() { local text=$1; shift; s_client_to "$@" > "$work/said" 2>&1; said "$text"; }

gnutls_to() {	# VERSION PORT [CHAIN KEY]
	(printf 'GET / HTTP/1.0\r\n\r\n'; sleep 1) |
		gnutls-cli --x509cafile "$pki/root.pem" --port "$2" --alpn h2 --alpn http/1.1 \
			--priority "NORMAL:-VERS-ALL:+VERS-TLS$1" \
			--keymatexport=$label --keymatexportsize=32 \
			${3+--x509certfile "$3" --x509keyfile "$4"} server.test
}
gnutls_shows() {
	says gnutls_to "$1" 9711 "${theirs[@]}" &&
		said "^version: TLSv$1" '^protocol: http/1.1' '^peer: .*server.test' \
			'Application protocol: http/1.1' &&
		material 'Key material' "$work/said"
}
gnutls_fails() { local text=$1; shift; gnutls_to "$@" > "$work/said" 2>&1; said "$text"; }

# bad NAME: the files of a certificate that is not to be accepted
bad() { echo "$pki/$1.chain.pem" "$pki/$1.key.pem"; }

for v in $versions; do
	none=ClientCertWanted none_said='certificate required' gnutls_said='Certificate is required'
	[ $v = 1.3 ] || none=ClientCertWanted12 none_said='handshake failure' \
		gnutls_said='Handshake failed'
	check "curl shows its certificate, TLS $v" curl_shows $v
	check "curl may have none, TLS $v" curl_optional $v
	check "openssl shows its certificate and exports the same, TLS $v" openssl_shows $v
	check "gnutls shows its certificate and exports the same, TLS $v" gnutls_shows $v

	check "curl is refused without one, TLS $v" counted $none curl_fails "$none_said" $v 9711
	check "openssl is refused without one, TLS $v" counted $none openssl_fails "$none_said" $v 9711
	check "gnutls is refused without one, TLS $v" counted $none gnutls_fails "$gnutls_said" $v 9711
	for port in 9711 9712; do
		# shellcheck disable=SC2046 # two words
		{
			check "curl is refused with an expired one, port $port, TLS $v" counted CertExpired \
				curl_fails 'certificate expired' $v $port $(bad expired)
			check "curl is refused with one of another authority, port $port, TLS $v" \
				counted CertUnknownCa curl_fails 'unknown ca' $v $port $(bad unknown-ca)
			check "openssl is refused with one for servers, port $port, TLS $v" \
				counted CertExtKeyUsage openssl_fails 'unsupported certificate' $v $port \
				$(bad p256)
			check "openssl is refused with a bad signature, port $port, TLS $v" \
				counted CertSignature openssl_fails 'bad certificate' $v $port \
				$(bad bad-signature)
		}
	done
	check "curl is refused with another protocol, TLS $v" counted NoAlpn \
		curl_fails 'no application protocol' $v 9713
	check "openssl is refused with another protocol, TLS $v" counted NoAlpn \
		openssl_fails 'no application protocol' $v 9713
	check "gnutls is refused with another protocol, TLS $v" counted NoAlpn \
		gnutls_fails 'No supported application protocol' $v 9713
	check "our server goes on, TLS $v" curl_shows $v
done

tap_end
