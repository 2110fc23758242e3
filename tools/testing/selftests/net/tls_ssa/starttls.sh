#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# STARTTLS with the mail software of the distribution. samples/tls_ssa's client
# delivers a mail to Exim and fetches it from Dovecot; curl, swaks, OpenSSL and
# Python's smtplib deliver theirs to samples/tls_ssa's server.

cd "$(dirname "$0")" || exit 1
top=$(cd ../../../../.. && pwd)
out=${TLS_SSA_OUT:-$top/build/selftests}
. ./tap.sh
. ./names.sh
. ./pki.sh
pki=$TLS_SSA_PKI
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT
chmod 755 "$work"
modprobe tls_ssa 2>/dev/null

client=$out/starttls_client
root=$pki/root.pem
PATH=$PATH:/usr/sbin:/sbin

# Exim delivers as its own user: as another it could not, with this configuration.
install -o Debian-exim -m 600 "$pki/rsa.key.pem" "$work/exim.key"
mkdir "$work/mail" "$work/spool" "$work/log" "$work/home"
chown Debian-exim: "$work"/{mail,spool,log,home}
box=$work/mail/box

# --------------------------------------------------- our client, their servers

cat > "$work/exim.conf" <<END
primary_hostname = server.test
spool_directory = $work/spool
log_file_path = $work/log/%slog
daemon_smtp_ports = 8025
local_interfaces = 127.0.0.1
tls_advertise_hosts = *
tls_certificate = $pki/rsa.chain.pem
tls_privatekey = $work/exim.key
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
rfc1413_query_timeout = 0s
keep_environment =
deliver_drop_privilege = true
begin acl
rcpt:
	deny !encrypted = *
	accept
begin routers
all:
	driver = accept
	transport = box
begin transports
box:
	driver = appendfile
	file = $box
	create_file = anywhere
END
exim4 -C "$work/exim.conf" -bdf -q1h > "$work/exim.out" 2>&1 & servers+=($!)

cat > "$work/dovecot.conf" <<END
protocols = imap
base_dir = $work/run
log_path = $work/dovecot.log
listen = 127.0.0.1
ssl = required
ssl_cert = <$pki/p256.chain.pem
ssl_key = <$pki/p256.key.pem
disable_plaintext_auth = yes
mail_location = mbox:$work/home:INBOX=$box
first_valid_uid = 1
service imap-login {
	chroot =
	inet_listener imap {
		port = 8143
	}
	inet_listener imaps {
		port = 0
	}
}
passdb {
	driver = static
	args = password=secret
}
userdb {
	driver = static
	args = uid=Debian-exim gid=Debian-exim home=$work/home
}
END
dovecot -F -c "$work/dovecot.conf" > "$work/dovecot.out" 2>&1 & servers+=($!)
listening 8025 || cat "$work/exim.out" "$work"/log/*
listening 8143 || cat "$work/dovecot.out" "$work/dovecot.log"

text="What was written at $(date +%s%N) by $$"
deliver() {	# PORT
	"$client" -a "$root" smtp server.test "$1" > "$work/said" 2>&1 <<-END
	EHLO client.test
	MAIL FROM:<alice@client.test>
	RCPT TO:<bob@server.test>
	DATA
	Subject: STARTTLS
	From: alice@client.test

	$text
	.
	QUIT
	END
}
check "a mail is delivered to Exim" deliver 8025
result "$(grep -q '^250 OK id=' "$work/said"; echo $?)" "Exim has taken it"
# Exim names what it was brought by: TLS, and which.
arrives() {
	local tries

	for ((tries = 0; tries < 300; tries++)); do
		grep -q "$text" "$box" 2>/dev/null && break
		sleep 0.1
	done
	cat "$box" "$work"/log/* "$work/said"
	grep -q "$text" "$box" && grep -q 'with esmtps *(TLS1\.[23])' "$box"
}
check "it is in the mailbox, brought by TLS" arrives

fetch() {
	"$client" -a "$root" imap server.test 8143 > "$work/said" 2>&1 <<-END
	a LOGIN bob secret
	b SELECT INBOX
	c FETCH 1 BODY[]
	d LOGOUT
	END
	cat "$work/said" "$work/dovecot.log"
	grep -q "$text" "$work/said" && grep -q '^d OK' "$work/said"
}
check "it is fetched from Dovecot" fetch

refused() {	# TEXT COMMAND...
	local what=$1

	shift
	"$@" > "$work/said" 2>&1 <<< 'a NOOP' && return 1
	cat "$work/said"
	grep -q "$what" "$work/said"
}
# The name is what the application says, not what the server answers to.
check "Exim's certificate is not that of another name" \
	refused 'another host name' "$client" -a "$root" smtp other.test 8025
check "Dovecot's is not signed by another authority" \
	refused 'not signed by a trusted authority' \
	"$client" -a "$pki/unknown-root.pem" imap server.test 8143

# --------------------------------------------------- our server, their clients

got=$work/got
"$out/starttls_server" "$pki/p256.chain.pem" "$pki/p256.key.pem" 8026 "$got" \
	2> "$work/server.err" & servers+=($!)
listening 8026
mail() { printf 'Subject: %s\r\n\r\nby %s\r\n' "$1" "$1"; }
has() { cat "$work/said" "$got" "$work/server.err"; grep -q "^by $1" "$got"; }

with_curl() {
	mail curl > "$work/curl.mail"
	curl -sSv --max-time 120 --ssl-reqd --cacert "$root" --mail-from a@client.test \
		--mail-rcpt b@server.test --upload-file "$work/curl.mail" \
		smtp://server.test:8026/client.test > "$work/said" 2>&1 && has curl &&
		grep -q 'SSL certificate verify ok' "$work/said"
}
check "curl --ssl-reqd delivers a mail" with_curl

with_swaks() {
	swaks --server server.test:8026 --tls --tls-verify --tls-ca-path "$root" \
		--tls-sni server.test --from a@client.test --to b@server.test \
		--helo client.test --body 'by swaks' --timeout 120 > "$work/said" 2>&1 && has swaks
}
check "swaks --tls delivers a mail" with_swaks

# s_client waits for no answer: it is told when to go on.
with_openssl() {
	{
		for line in 'EHLO client.test' 'MAIL FROM:<a@client.test>' \
			'RCPT TO:<b@server.test>' 'DATA' $'Subject: x\r\n\r\nby openssl\r\n.' 'QUIT'
		do
			sleep 1
			printf '%s\r\n' "$line"
		done
		sleep 2
	} | openssl s_client -quiet -starttls smtp -connect server.test:8026 -CAfile "$root" \
		-verify_return_error -verify_hostname server.test > "$work/said" 2>&1
	has openssl
}
check "openssl s_client -starttls smtp delivers a mail" with_openssl

with_python() {
	python3 - "$root" > "$work/said" 2>&1 <<-'END' && has smtplib
	import smtplib, ssl, sys
	s = smtplib.SMTP("server.test", 8026, "client.test", 120)
	s.starttls(context=ssl.create_default_context(cafile=sys.argv[1]))
	s.sendmail("a@client.test", "b@server.test", "Subject: x\r\n\r\nby smtplib\r\n")
	s.quit()
	END
}
check "Python's smtplib delivers a mail" with_python

no_plaintext() {
	python3 - > "$work/said" 2>&1 <<-'END'
	import smtplib
	s = smtplib.SMTP("server.test", 8026, "client.test", 120)
	code, text = s.mail("a@client.test")
	print(code, text)
	s.quit()
	assert code == 530
	END
	local status=$?

	cat "$work/said"
	return $status
}
check "without STARTTLS it takes no mail" no_plaintext

# ------------------------------------------------ plaintext behind STARTTLS

# A man in the middle puts a command behind the client's STARTTLS. All at once: bash
# writes line by line, and what comes later is no plaintext before the handshake.
inject_command() {
	exec 5<> /dev/tcp/127.0.0.1/8026 || return
	printf 'EHLO client.test\r\nSTARTTLS\r\nMAIL FROM:<mallory@client.test>\r\n' > "$work/injected"
	cat "$work/injected" >&5
	timeout 60 cat <&5 > "$work/said"
	exec 5>&-
	cat "$work/said" "$work/server.err"
	grep -q '^250 STARTTLS' "$work/said" && ! grep -q '^250 fine' "$work/said" &&
		grep -q 'unread plaintext' "$work/server.err"
}
check "the server refuses commands behind STARTTLS" inject_command
check "and goes on to serve others" with_curl

# And an answer behind the server's. The same man, as a server:
cat > "$work/mallory.py" <<'END'
import socket, sys
l = socket.create_server(("127.0.0.1", 8027))
c, _ = l.accept()
f = c.makefile("rw", newline="\r\n")
f.write("220 server.test\r\n"); f.flush(); f.readline()
f.write("250-server.test\r\n250 STARTTLS\r\n"); f.flush(); f.readline()
f.write("220 ready\r\n250 all is well, and it was not me\r\n"); f.flush()
try:
    c.recv(1000)
except ConnectionResetError:
    pass
END
python3 "$work/mallory.py" & servers+=($!)
listening 8027
check "the client refuses answers behind the one to STARTTLS" \
	refused 'unread plaintext' "$client" -a "$root" smtp server.test 8027

# ----------------------------------------------------------- what ss shows

cat > "$work/diag.py" <<'END'
import socket, subprocess, sys
def ss(port):
    return subprocess.run(["ss", "-tinH", "sport", "=", str(port)], capture_output=True,
                          text=True, check=True).stdout
l = socket.create_server(("127.0.0.1", 0))
c = socket.create_connection(l.getsockname())
s, _ = l.accept()
port = c.getsockname()[1]
ULP, TLS = 31, 260
for fd in c, s:
    fd.setsockopt(socket.SOL_TCP, ULP, b"tls_ssa")
before = ss(port)
c.setsockopt(TLS, 85, b"server.test")
c.setsockopt(TLS, 87, sys.argv[1].encode() + b"/root.pem")
s.setsockopt(TLS, 88, sys.argv[1].encode() + b"/p256.chain.pem")
s.setsockopt(TLS, 89, sys.argv[1].encode() + b"/p256.key.pem")
for fd, role in (c, 1), (s, 2):
    fd.setsockopt(TLS, 206, role)
c.send(b"x")
assert s.recv(1) == b"x"
after = ss(port)
print(before, after)
assert "tcp-ulp-tls_ssa" in before
assert "tcp-ulp-tls " in after and "tcp-ulp-tls_ssa" not in after
END
check "ss shows who has the socket" python3 "$work/diag.py" "$pki"
tap_end
