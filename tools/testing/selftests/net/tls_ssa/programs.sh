#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The programs of the article against programs that were not written here:
# nginx, openssl, gnutls, curl.

cd "$(dirname "$0")" || exit 1
. ./servers.sh

client=$out/https_client
server=$out/https_server

# --------------------------------------------------- our client, their servers

mkdir "$work/www"
echo 'a page of nginx' > "$work/www/index.html"
nginx_conf nginx <<END
server {
	listen 8441 ssl;
	ssl_protocols TLSv1.3;
	ssl_certificate $pki/rsa.chain.pem;
	ssl_certificate_key $pki/rsa.key.pem;
	root $work/www;
}
END
nginx -c "$work/nginx.conf" & servers+=($!)
openssl s_server -quiet -www -accept 8442 -cert_chain "$pki/p256.chain.pem" \
	-cert "$pki/p256.pem" -key "$pki/p256.key.pem" > /dev/null 2>&1 & servers+=($!)
gnutls-serv --quiet --http --port 8443 --x509certfile "$pki/p384.chain.pem" \
	--x509keyfile "$pki/p384.key.pem" > /dev/null 2>&1 & servers+=($!)
"$server" "$pki/rsa.chain.pem" "$pki/rsa.key.pem" 8451 "$work/www" & servers+=($!)
"$server" "$pki/p256.chain.pem" "$pki/p256.key.pem" 8452 "$work/www" & servers+=($!)

page_of() {	# PORT TEXT
	listening "$1" && "$client" -a "$pki/root.pem" server.test "$1" | tee "$work/page" &&
		grep -q "$2" "$work/page"
}
check "https_client gets a page from nginx" page_of 8441 'a page of nginx'
check "https_client gets a page from openssl s_server" page_of 8442 'TLS_AES_256_GCM_SHA384'
check "https_client gets a page from gnutls-serv" page_of 8443 'default message reported by the GnuTLS'

refused() {	# TEXT ERRNO COMMAND...
	local text=$1 errno=$2

	shift 2
	"$@" > "$work/said" 2>&1 && return 1
	cat "$work/said"
	grep -q "errno $errno" "$work/said" && grep -q "$text" "$work/said"
}
# ENOKEY 126, EKEYREJECTED 129
check "https_client refuses an authority it does not know" \
	refused 'not signed by a trusted authority' 126 \
	"$client" -a "$pki/unknown-root.pem" server.test 8441
check "https_client refuses another name" \
	refused 'another host name' 129 \
	"$client" -a "$pki/root.pem" other.test 8441

# --------------------------------------------------- our server, their clients

gets() { "$@" > "$work/said" 2>&1 < /dev/null; cat "$work/said"; grep -q 'a page of nginx' "$work/said"; }
curl_one() { listening "$1" && gets curl -sS --max-time 120 --tlsv1.3 --cacert "$pki/root.pem" \
	"https://server.test:$1/index.html"; }
check "https_server serves curl (RSA)" curl_one 8451
check "https_server serves curl (ECDSA)" curl_one 8452
s_client() {
	(printf 'GET /index.html HTTP/1.0\r\n\r\n'; sleep 1) |
		openssl s_client -connect 127.0.0.1:8452 -servername server.test -CAfile "$pki/root.pem" \
			-verify_hostname server.test -verify_return_error -ign_eof > "$work/said" 2>&1
	cat "$work/said"
	grep -q 'a page of nginx' "$work/said" && grep -q 'Verify return code: 0 (ok)' "$work/said"
}
check "https_server serves openssl s_client" s_client
gnutls_cli() {
	printf 'GET /index.html HTTP/1.0\r\n\r\n' |
		gnutls-cli --x509cafile "$pki/root.pem" --port 8451 server.test > "$work/said" 2>&1
	cat "$work/said"
	grep -q 'a page of nginx' "$work/said" && grep -q 'The certificate is trusted' "$work/said"
}
check "https_server serves gnutls-cli" gnutls_cli
tls12() { gets curl -sS --max-time 120 --tls-max 1.2 --cacert "$pki/root.pem" \
	https://server.test:8451/index.html; }
check "https_server serves curl with TLS 1.2" tls12
tls11() {
	openssl s_client -connect 127.0.0.1:8451 -tls1_1 -cipher DEFAULT@SECLEVEL=0 \
		> "$work/said" 2>&1 < /dev/null && return 1
	cat "$work/said"
	grep -q 'alert protocol version' "$work/said"
}
check "https_server refuses TLS 1.1" tls11
distrusted() { curl -sS --max-time 120 --cacert "$pki/unknown-root.pem" \
	https://server.test:8451/ > "$work/said" 2>&1; local status=$?; cat "$work/said"; [ $status = 60 ]; }
check "curl refuses https_server's unknown authority" distrusted
again() { for _ in 1 2 3; do curl_one 8452 || return; done; }
check "https_server goes on serving" again

tap_end
