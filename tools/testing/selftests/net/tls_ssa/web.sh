#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The matrix with programs instead of libraries: nginx, lighttpd, haproxy and
# stunnel as servers; nginx, haproxy, stunnel, curl and wget as clients; NSS's
# selfserv and tstclnt. In each, every pair of suite, group and key, in both
# versions (fewer where each connection needs a process).
#
#	web.sh [nginx|lighttpd|haproxy|stunnel|curl|wget|nss]...	only these
#
# "talk" is our end, and what is behind the programs that pass on.

cd "$(dirname "$0")" || exit 1
. ./servers.sh
which=" ${*:-nginx lighttpd haproxy stunnel curl wget nss} "
wanted() { case $which in *" $1 "*) ;; *) false ;; esac; }
PATH=$PATH:/usr/sbin

# ----------------------------------------------------------------- the cells

keys=(p256 rsa ed25519)
groups=(X25519 P-256 P-384)
of_ours=(X25519 secp256r1 secp384r1)
of_openssl=(X25519 prime256v1 secp384r1)
tls13=(TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256)
tls12=(AES_128_GCM_SHA256 AES_256_GCM_SHA384 CHACHA20_POLY1305_SHA256)
tls12_openssl=(AES128-GCM-SHA256 AES256-GCM-SHA384 CHACHA20-POLY1305)

# cell N, 0..17: sets version (TLSv1.x), suite and group in all their spellings,
# key, options of OpenSSL's (suite13 or suite12 is a default that does not apply).
cell() {
	local n=$1 s k g kx=ECDSA

	s=$((n % 3)) k=$((n / 3 % 3)) g=$(((n + n / 3) % 3))
	key=${keys[k]} group=${of_ours[g]} curve=${of_openssl[g]} gnutls_group=${groups[g]}
	[ "$key" != rsa ] || kx=RSA
	suite13=TLS_AES_128_GCM_SHA256 suite12=ECDHE-ECDSA-AES128-GCM-SHA256
	if [ "$n" -lt 9 ]; then
		version=TLSv1.3 suite=${tls13[s]} suite13=$suite
	else
		version=TLSv1.2 suite=TLS_ECDHE_${kx}_WITH_${tls12[s]}
		suite12=ECDHE-$kx-${tls12_openssl[s]}
	fi
}
all=$(seq 0 17)

# In TLS 1.2 a client lists the curve of the server's key, too (RFC 8422 5.1).
both() { [ $version = TLSv1.2 ] && [ "$key" = p256 ] && [ "$curve" != prime256v1 ]; }
curves() { if both; then echo "$curve:prime256v1"; else echo "$curve"; fi; }
# Of the two our server prefers P-256 to P-384.
as_client() { ! both || [ "$group" != secp384r1 ] || group=secp256r1; }

for k in "${keys[@]}"; do
	cat "$pki/$k.chain.pem" "$pki/$k.key.pem" > "$work/$k.pem"
done

# Our servers' ports, by key
declare -A ours=([p256]=9501 [rsa]=9502 [ed25519]=9503)
backend=9000
"$out/talk" backend $backend & servers+=($!)
"$out/talk" serve 9501 p256 9502 rsa 9503 ed25519 > "$work/served" & servers+=($!)

# --------------------------------------------- servers, and proxies to servers

# Each gets a port for each cell: BASE + N as a server with TLS, BASE + 50 + N as
# a client of ours, with plain TCP in front.

nginx_servers() {
	local n

	cat <<-END
		proxy_ssl_verify on; proxy_ssl_trusted_certificate $pki/root.pem;
		proxy_ssl_verify_depth 3; proxy_ssl_server_name on; proxy_ssl_name server.test;
		proxy_ssl_session_reuse off; proxy_pass_header X-TLS;
	END
	for n in $all; do
		cell "$n"
		cat <<-END
			server {
			listen $((9100 + n)) ssl; ssl_protocols $version; ssl_ciphers $suite12;
			ssl_conf_command Ciphersuites $suite13; ssl_ecdh_curve $curve;
			ssl_certificate $pki/$key.chain.pem; ssl_certificate_key $pki/$key.key.pem;
			location / { proxy_pass http://127.0.0.1:$backend; }
			}
			server {
			listen $((9150 + n));
			location / {
			proxy_pass https://127.0.0.1:${ours[$key]};
			proxy_ssl_protocols $version; proxy_ssl_ciphers $suite12;
			proxy_ssl_conf_command Ciphersuites $suite13;
			proxy_ssl_conf_command Groups $(curves);
			}
			}
		END
	done
}

lighttpd_conf() {
	local n

	cat <<-END
		server.modules = ("mod_openssl", "mod_proxy")
		server.document-root = "$work"
		server.bind = "127.0.0.1"
		server.port = 9299
		server.errorlog = "$work/lighttpd.err"
		proxy.server = ("" => (("host" => "127.0.0.1", "port" => $backend)))
	END
	for n in $all; do
		cell "$n"
		cat <<-END
			\$SERVER["socket"] == "127.0.0.1:$((9200 + n))" {
			ssl.engine = "enable"
			ssl.pemfile = "$pki/$key.chain.pem"
			ssl.privkey = "$pki/$key.key.pem"
			ssl.openssl.ssl-conf-cmd = ("MinProtocol" => "$version", "MaxProtocol" => "$version",
				"Ciphersuites" => "$suite13", "CipherString" => "$suite12", "Curves" => "$curve")
			}
		END
	done
}

# Its clients cannot be told the group.
haproxy_conf() {
	local n

	cat <<-END
		global
		    maxconn 256
		defaults
		    mode http
		    timeout client 300s
		    timeout server 300s
		    timeout connect 300s
		backend plain
		    server s 127.0.0.1:$backend
		frontend tls
		    default_backend plain
	END
	for n in $all; do
		cell "$n"
		echo "    bind 127.0.0.1:$((9300 + n)) ssl crt $work/$key.pem ssl-min-ver $version" \
			"ssl-max-ver $version ciphers $suite12 ciphersuites $suite13 curves $curve"
	done
	for n in $all; do
		cell "$n"
		cat <<-END
			listen client$n
			    bind 127.0.0.1:$((9350 + n))
			    server s 127.0.0.1:${ours[$key]} ssl verify required ca-file $pki/root.pem sni str(server.test) verifyhost server.test ssl-min-ver $version ssl-max-ver $version ciphers $suite12 ciphersuites $suite13
		END
	done
}

stunnel_conf() {
	local n

	cat <<-END
		foreground = quiet
		debug = 4
		pid =
		output = $work/stunnel.err
	END
	for n in $all; do
		cell "$n"
		cat <<-END
			[server$n]
			accept = 127.0.0.1:$((9400 + n))
			connect = 127.0.0.1:$backend
			cert = $pki/$key.chain.pem
			key = $pki/$key.key.pem
			sslVersion = $version
			ciphers = $suite12
			ciphersuites = $suite13
			curves = $curve
			[client$n]
			client = yes
			accept = 127.0.0.1:$((9450 + n))
			connect = 127.0.0.1:${ours[$key]}
			verifyChain = yes
			CAfile = $pki/root.pem
			checkHost = server.test
			sni = server.test
			sslVersion = $version
			ciphers = $suite12
			ciphersuites = $suite13
			curves = $(curves)
		END
	done
}

# numbered "WORD" COMMAND…: its results, with our numbers and the word in front
numbered() {
	local word=$1 line status=1

	shift
	while IFS= read -r line; do
		case $line in
		'ok '*) result 0 "$word ${line#ok * }"; status=0 ;;
		'not ok '*) result 1 "$word ${line#not ok * }"; status=0 ;;
		*) echo "$line" ;;
		esac
	done < <("$@")
	[ $status = 0 ] || result 1 "$word: no result"
}

cells() {	# BASE NAME [as_client|any_group]
	local n

	for n in $all; do
		cell "$n"
		${3-}
		echo "$2-$key-$n $(($1 + n)) $version $suite $group"
	done
}

if wanted nginx; then
	nginx_servers | nginx_conf nginx
	nginx -c "$work/nginx.conf" & servers+=($!)
fi
if wanted lighttpd; then
	lighttpd_conf > "$work/lighttpd.conf"
	lighttpd -D -f "$work/lighttpd.conf" & servers+=($!)
fi
if wanted haproxy; then
	haproxy_conf > "$work/haproxy.conf"
	haproxy -q -db -f "$work/haproxy.conf" & servers+=($!)
fi
if wanted stunnel; then
	stunnel_conf > "$work/stunnel.conf"
	stunnel "$work/stunnel.conf" & servers+=($!)
fi
listening $backend
listening 9501

any_group() { group=-; }

server_and_client() {	# NAME BASE [any_group]
	wanted "$1" || return
	check "$1 starts" listening $(($2 + 17))
	listening $(($2 + 17)) > "$work/said" || return
	cells "$2" "$1" > "$work/cells"
	numbered "$1 as a server:" "$out/talk" fetch < "$work/cells"
	[ "$1" != lighttpd ] || return
	cells $(($2 + 50)) "$1" "${3-as_client}" > "$work/cells"
	numbered "$1 as a client:" "$out/talk" through < "$work/cells"
}
server_and_client nginx 9100
server_and_client lighttpd 9200
server_and_client haproxy 9300 any_group
server_and_client stunnel 9400

# ------------------------------------------------------------------ curl, wget

head -c 40000 /dev/urandom > "$work/body"

# judge NAME HEADERS BODY: what a client says it got, for the cell that is set
judge() {
	local said

	said=$(grep -i '^ *X-TLS:' "$2" | tr -d '\r' | sed 's/^ *[^ ]* //')
	[ "$said" = "$version $suite $group" ] || { echo "agreed on: $said"; cat "$2"; return 1; }
	cmp "$work/body" "$3"
}
# The connection's end as our server saw it
ended() {
	local tries

	for tries in $(seq 100); do
		grep -q "^$1 " "$work/served" && break
		sleep 0.1
	done
	grep -x "$1 40000 close_notify" "$work/served" || { grep "^$1 " "$work/served"; return 1; }
}

if wanted curl; then
	args=()
	for n in $all; do
		cell "$n"
		args+=(--next --silent --show-error --max-time 300 --cacert "$pki/root.pem"
			"--tlsv1.${version#TLSv1.}" --tls-max "1.${version#TLSv1.}" --ciphers "$suite12"
			--tls13-ciphers "$suite13" --curves "$(curves)" --data-binary "@$work/body"
			--output "$work/curl$n" --dump-header "$work/curl$n.head"
			"https://server.test:${ours[$key]}/curl$n")
	done
	curl "${args[@]:1}" > "$work/curl.said" 2>&1
	for n in $all; do
		cell "$n"
		as_client
		check "curl: $key $version $suite $group" judge curl "$work/curl$n.head" "$work/curl$n"
		check "curl: $key $version $suite $group: ends in good order" ended "curl$n"
	done
	cat "$work/curl.said"
fi

if wanted wget; then
	for n in 0 4 8 9 13 17; do
		cell "$n"
		prio=NORMAL:-VERS-ALL:+VERS-TLS1.${version#TLSv1.}:-GROUP-ALL
		also=
		! both || also=P-256
		for g in $gnutls_group $also; do
			case $g in
			X25519) prio+=:+GROUP-X25519 ;;
			P-*) prio+=:+GROUP-SECP${g#P-}R1 ;;
			esac
		done
		case $suite in
		*AES_128*) prio+=:-CIPHER-ALL:+AES-128-GCM ;;
		*AES_256*) prio+=:-CIPHER-ALL:+AES-256-GCM ;;
		*) prio+=:-CIPHER-ALL:+CHACHA20-POLY1305 ;;
		esac
		wget -q -S --tries=1 --ciphers="$prio" --ca-certificate="$pki/root.pem" \
			--post-file="$work/body" -O "$work/wget$n" \
			"https://server.test:${ours[$key]}/wget$n" 2> "$work/wget$n.head"
		as_client
		check "wget: $key $version $suite $group" judge wget "$work/wget$n.head" "$work/wget$n"
	done
fi

# ------------------------------------------------------------------ NSS's tools

if wanted nss; then
	cp -r "$pki/nss" "$work/nss"
	nss=sql:$work/nss
	selfserv -d "$nss/p256" -n server -p 9601 -V tls1.2:tls1.3 -D > "$work/selfserv1" 2>&1 & servers+=($!)
	selfserv -d "$nss/rsa" -n server -p 9602 -V tls1.2:tls1.2 -D > "$work/selfserv2" 2>&1 & servers+=($!)
	selfserv -d "$nss/rsa" -n server -p 9603 -V tls1.3:tls1.3 -D > "$work/selfserv3" 2>&1 & servers+=($!)
	listening 9601; listening 9602; listening 9603
	cat > "$work/cells" <<-END
		selfserv 9601 TLSv1.3 - -
		selfserv 9602 TLSv1.2 - -
		selfserv 9603 TLSv1.3 - -
	END
	numbered 'selfserv:' "$out/talk" page < "$work/cells"
	for v in 2:9501 2:9502 3:9501 3:9502; do
		printf 'GET /tstclnt%s HTTP/1.0\r\n\r\n' "$v" > "$work/request"
		timeout 300 tstclnt -4 -A "$work/request" -d "$nss/rsa" -h server.test -p "${v#*:}" \
			-V "tls1.${v%:*}:tls1.${v%:*}" > "$work/tstclnt" 2> "$work/tstclnt.err"
		tstclnt() { grep -a "X-TLS: TLSv1.${v%:*} " "$work/tstclnt" || { cat "$work"/tstclnt*; false; }; }
		check "tstclnt: port ${v#*:}, TLS 1.${v%:*}" tstclnt
		unset -f tstclnt
	done
fi

# ------------------------------------------------------------------------ end

# How a proxy ends its connection to the server behind it, and wget its own, is theirs to
# choose, and depends on who is first. wget never sends close_notify: that has to be seen.
orderly() {
	! grep -vE -e ' 40000 close_notify$' \
		-e '^(nginx-|haproxy-|stunnel-|wget).* 40000 (Protocol error|Connection reset by peer|Broken pipe)$' \
		-e '^tstclnt.* 0 close_notify$' "$work/served"
}
check "each connection ended in good order" orderly
unannounced() { ! grep '^wget.*close_notify' "$work/served"; }
! wanted wget || check "an end without close_notify is an error" unannounced
tap_end
