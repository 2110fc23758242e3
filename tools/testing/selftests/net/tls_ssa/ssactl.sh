#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# ssactl against the kernel: policies are loaded as a whole or not at all, come back as
# they were written, and the command says why a connection fails.

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
	[ ${#servers[@]} = 0 ] || kill "${servers[@]}" 2>/dev/null
	policy_reset > /dev/null 2>&1
	rm -rf "$work"
}
trap cleanup EXIT

# says STATUS PATTERN... -- ARGUMENT...: ssactl ends with it, and says all of that
says() {
	local want=$1 got patterns=() pattern

	shift
	while [ "$1" != -- ]; do patterns+=("$1"); shift; done
	shift
	"$ssactl" "$@" > "$work/said" 2>&1 < /dev/null
	got=$?
	[ $got = "$want" ] || { echo "exit status $got, not $want:"; cat "$work/said"; return 1; }
	for pattern in "${patterns[@]}"; do
		grep -qE -- "$pattern" "$work/said" && continue
		echo "'$pattern' is not said:"
		cat "$work/said"
		return 1
	done
}

# file NAME: a policy from standard input
file() { cat > "$work/$1"; }

# all: everything that can be read of the policy
all() { (cd $policy && find . -type f ! -name last_error ! -name match -perm -400 | sort | xargs grep -H .); }

remember() { all > "$work/before"; }
unchanged() { all | diff "$work/before" -; }

# refused FILE PATTERN...: it is not loaded, says so, and nothing is changed
refused() {
	local name=$1

	shift
	remember
	says 1 "$@" 'nothing was changed' -- load "$work/$name" && unchanged &&
		[ "$(cat $policy/transaction)" = idle ]
}

policy_reset

# ------------------------------------------------------------------ load, save, diff

file first <<END
default {
	min_version TLSv1.2
	trust_store $pki/root.pem
	groups X25519, secp256r1
}
profile one {
	match_executable /bin/sleep "/bin/a program"
	min_version TLSv1.3
	alpn h2 "a b"
}
profile two {
	match_uid 4242 4243
	app_may_set remote_hostname alpn
	key_directories /etc/ssl/private
}
profile three { match_gid 77
	enabled 0 }
END
cp /bin/sleep "/bin/a program"

for name in modern strict fips example; do
	check "check: the policy \"$name\" is right" says 0 -- check "$shipped/$name.conf"
done
check "check needs no root" setpriv --reuid 65534 --clear-groups "$ssactl" check "$shipped/example.conf"
check "load --dry-run shows what would change" \
	says 0 '^\+profile one \{' '^\+	match_uid 4242 4243' '# not loaded' -- load --dry-run "$work/first"
check "and changes nothing" [ ! -e $policy/profiles/one ]
check "load shows what changes" says 0 '^\+profile one \{' '^\+	alpn h2 a.x20b' '# loaded' -- load "$work/first"
check "a value of default is there" [ "$(policy_get default groups)" = "X25519 secp256r1" ]
check "a profile is in force" [ "$(policy_get profiles/two enabled)" = 1 ]
check "one that says enabled 0 is not" [ "$(policy_get profiles/three enabled)" = 0 ]
check "the same again is no change" says 0 '^# no change$' -- load "$work/first"
remember
check "save" says 0 -- save "$work/saved"
check "what is saved passes check" says 0 -- check "$work/saved"
check "load of what was saved is no change" says 0 '^# no change$' -- load "$work/saved"
check "and makes none" unchanged
policy_reset
check "load of it into an empty kernel" says 0 '# loaded' -- load "$work/saved"
check "gives the same policy" unchanged
check "and it is saved as before" diff "$work/saved" <("$ssactl" save)

sed -e 's/min_version TLSv1.3/min_version TLSv1.2/' -e '/^profile two/,/^}/d' "$work/first" | file second
check "load of another one shows - and +" \
	says 0 '^-	min_version TLSv1.3$' '^\+	min_version TLSv1.2$' '^-profile two \{$' -- load "$work/second"
check "a profile that is not in the file is gone" [ ! -e $policy/profiles/two ]
check "load --quiet says nothing" says 0 -- load --quiet "$work/first"
check "nothing at all" [ ! -s "$work/said" ]

mkdir "$work/d"
sed '/^profile/,$d' "$work/first" > "$work/d/10-default.conf"
sed -n '/^profile/,$p' "$work/first" > "$work/d/20-profiles.conf"
echo 'not a policy' > "$work/d/readme"
check "a folder is one policy" says 0 '^# no change$' -- load "$work/d"

# ------------------------------------------------------------------- all or nothing

sed 's/match_uid 4242/match_uid someone/' "$work/first" | file broken
check "a broken line changes nothing, and is named" \
	refused broken "^$work/broken:12: match_uid: \"someone\" is not a number"
{ cat "$work/first"; echo 'profile new {
	match_uid 5000
	max_version TLSv1.2
	min_version TLSv1.3
}'; } | file broken
check "versions that do not fit" refused broken "^$work/broken:20: max_version TLSv1.2 is older"
{ cat "$work/first"; echo 'profile new {
	match_uid 5000
	trust_store /nowhere/at/all.pem
}'; } | file broken
check "a trust store that is not there" refused broken "^$work/broken:20: trust_store: .*/nowhere/at/all.pem"
check "the new profile is not left behind" [ ! -e $policy/profiles/new ]
{ cat "$work/first"; echo 'profile new { match_uid 4243 }'; } | file broken
check "two profiles for the same" refused broken "^$work/broken:18: .*two.*new"
{ cat "$work/first"; echo 'profile new {
	match_executable /nowhere/at/all
}'; } | file broken
check "a program may be installed later" says 0 -- load "$work/broken"
check "back to the first policy" says 0 -- load "$work/first"
{ echo "blocklist /nowhere"; cat "$work/first"; } | file broken
check "a blocklist that is not there" refused broken "^$work/broken:1: blocklist: /nowhere"
{ cat "$work/first"; echo 'profile new {
	match_uid 5000
	max_version TLSv1.2
}'; } | sed 's/min_version TLSv1.2/min_version TLSv1.3/' | file broken
check "a profile that does not fit default" refused broken "^$work/broken:18: .*new.*version"
check "others than root change nothing" \
	setpriv --reuid 65534 --clear-groups bash -c "! '$ssactl' load '$work/second'"
check "really" unchanged

# ------------------------------------------------------------------- match, show, status

"/bin/a program" 1000 & servers+=($!)
/bin/sleep 1000 & servers+=($!)
setpriv --reuid 4243 --clear-groups "$(command -v tail)" -f /dev/null & servers+=($!)
sleep 0.5
check "match: by executable" says 0 "^${servers[0]}	one$" "^${servers[1]}	one$" -- \
	match "${servers[0]}" "${servers[1]}"
check "match: by user" says 0 "^${servers[2]}	two$" -- match "${servers[2]}"
check "match: everybody else" says 0 "^$$	default$" -- match $$
check "match: no process" says 1 'No such process' -- match 4194303
check "match: no number" says 1 '"x" is no process' -- match x
kill "${servers[@]}"
servers=()
check "show: where a value comes from" \
	says 0 '^	min_version TLSv1.3$' '^	groups X25519 secp256r1	# as in default$' \
	'^	session_reuse 1	# built in$' -- show one
check "show: no such profile" says 1 'no profile "four"' -- show four
check "status" says 0 '^profile one +match_executable /bin/sleep /bin/a.x20program$' \
	'^profile three +\(not enabled\)' '^Sockets +[0-9]+$' '^HandshakesInFlight' -- status
check "status --all has counters that are 0" says 0 '^PeerBadCertificateHash +0$' -- status --all

# ------------------------------------------------------------------------ explain

serve() {	# PORT CERTIFICATE OPTION...
	local port=$1 name=$2

	shift 2
	openssl s_server -quiet -accept "$port" -cert_chain "$pki/$name.chain.pem" \
		-cert "$pki/$name.pem" -key "$pki/$name.key.pem" "$@" \
		> "$work/server-$port" 2>&1 < /dev/null & servers+=($!)
}
serve 9751 p256 -www
serve 9752 expired -www
serve 9753 p256 -www -tls1_2
serve 9754 p256 -www -tls1_3 -groups P-384
for port in 9751 9752 9753 9754; do
	check "a server on port $port" listening $port
done
file peer <<END
default {
	min_version TLSv1.3
	trust_store $pki/root.pem
	groups X25519 secp256r1
}
END
check "a policy for what follows" says 0 -- load "$work/peer"
check "explain: a connection" says 0 '^profile +default$' '^version +TLSv1.3$' \
	'^cipher suite +TLS_AES_(128|256)_GCM' '^group +X25519$' '^peer .*server.test' -- \
	explain server.test:9751
check "explain: expired" says 1 'EKEYEXPIRED' 'certificate has expired' '^counter +CertExpired$' \
	'no attribute changes this' -- explain server.test:9752
check "explain: the policy has no version of the server's" \
	says 1 'EPROTO' '^policy +min_version TLSv1.3$' -- explain server.test:9753
check "explain: no group of the server's" says 1 '^policy +groups X25519 secp256r1$' -- \
	explain server.test:9754
sed -i 's/TLSv1.3/TLSv1.2/' "$work/peer"
check "after one line of policy" says 0 '^\+	min_version TLSv1.2$' -- load "$work/peer"
check "explain: it connects" says 0 '^version +TLSv1.2$' -- explain server.test:9753
sed -i '$i	require_host_name 1' "$work/peer"
check "names are required" says 0 -- load "$work/peer"
check "explain: the policy refuses" says 1 'EACCES' 'require_host_name' \
	'^policy +require_host_name 1$' -- explain 127.0.0.1:9751
sed -i -e '/require_host_name/d' -e "s|$pki/root.pem|$pki/unknown-root.pem|" "$work/peer"
check "another authority" says 0 -- load "$work/peer"
check "explain: unknown authority" says 1 'ENOKEY' "^policy +trust_store $pki/unknown-root.pem$" -- \
	explain server.test:9751
sed -i '$i	enabled 0' "$work/peer"
check "no TLS sockets" says 0 -- load "$work/peer"
check "explain: not even a socket" says 1 'the policy forbids TLS sockets' \
	'^profile +default \(not enabled\)$' -- explain server.test:9751
check "match: default is not enabled" says 0 "^$$	default	\(not enabled" -- match $$
check "match: no process, without profiles" says 1 'No such process' -- match 4194303

serve 9755 p256 -tls1_3 -CAfile "$pki/root.pem" -Verify 1
serve 9756 p256 -tls1_2 -CAfile "$pki/root.pem" -Verify 1
check "servers that want certificates" bash -c ". ./tap.sh; listening 9755 && listening 9756"
file peer <<END
default {
	min_version TLSv1.3
	trust_store $pki/root.pem
}
profile old {
	match_executable /bin/sleep
	min_version TLSv1.2
}
END
check "a profile for another program" says 0 -- load "$work/peer"
check "explain: for itself" says 1 '^profile +default$' '^policy +min_version TLSv1.3$' -- \
	explain server.test:9753
check "explain --profile" says 0 '^profile +old$' '^version +TLSv1.2$' -- \
	explain --profile old server.test:9753
check "explain --as" says 0 '^profile +old$' '^version +TLSv1.2$' -- \
	explain --as /bin/sleep server.test:9753
check "explain --as: another program" says 1 '^profile +default$' -- \
	explain --as /bin/cat server.test:9753
check "explain --profile: no such one" says 1 'profile "new": is not there' -- \
	explain --profile new server.test:9753
check "explain --as: no such one" says 1 '/no/such: No such file' -- \
	explain --as /no/such server.test:9753
check "explain: TLS 1.3, a certificate of the client is wanted" \
	says 1 '^policy +credential' 'TLS_CERTIFICATE_CHAIN' -- explain server.test:9755
check "explain: the same in TLS 1.2" \
	says 1 '^policy +credential' 'TLS_CERTIFICATE_CHAIN' -- explain --profile old server.test:9756

# ---------------------------------------------------------------- sockets, reload

python3 - "$pki" <<END & servers+=($!)
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 260)
s.setsockopt(260, 88, f"{sys.argv[1]}/p256.chain.pem".encode())
s.setsockopt(260, 89, f"{sys.argv[1]}/p256.key.pem".encode())
s.bind(("127.0.0.1", 9757))
s.listen()
time.sleep(1000)
END
check "a listener of ours" listening 9757
check "sockets" says 0 '^default listen - 127.0.0.1:9757 0.0.0.0:0 0 [1-9][0-9]*$' -- sockets
check "sockets: not for everybody" bash -c "! setpriv --reuid 65534 --clear-groups '$ssactl' sockets"
cp "$pki/unknown-root.pem" "$work/trust.pem"
sed -i "s|$pki/root.pem|$work/trust.pem|" "$work/peer"
check "a trust store of its own" says 0 -- load "$work/peer"
check "it does not have the authority" says 1 'ENOKEY' -- explain server.test:9751
cp "$pki/root.pem" "$work/trust.pem"
check "the kernel has read it once" says 1 'ENOKEY' -- explain server.test:9751
remember
check "reload" says 0 -- reload
check "reload: it connects" says 0 '^version +TLSv1.3$' -- explain server.test:9751
check "reload changes nothing else" unchanged
echo broken > "$work/trust.pem"
check "reload: a broken one is refused" says 1 'trust_store' -- reload
check "reload: and the old one stays" says 0 '^version +TLSv1.3$' -- explain server.test:9751
cp "$pki/root.pem" "$work/trust.pem"
check "explain: nobody there" bash -c "sed -i /enabled/d '$work/peer'; '$ssactl' load -q '$work/peer' ||
	'$ssactl' load --quiet '$work/peer'; ! '$ssactl' explain server.test:9759"

# ----------------------------------------------------------------------- credentials

info() { cat $policy/credentials/web/info; }
file credential <<END
default {
	trust_store $pki/root.pem
	credential web
}
credential web {
	chain $pki/p256.chain.pem
	key $pki/p256.key.pem
	names server.test
}
END
check "credential: load" says 0 '^\+	credential web$' '^\+credential web \{$' '# loaded' -- \
	load "$work/credential"
check "it is in force" grep -q '^state=in force$' <(info)
check "its names are there" [ "$(policy_get credentials/web names)" = server.test ]
check "the same again is no change" says 0 '^# no change$' -- load "$work/credential"
check "save" says 0 -- save "$work/credential.saved"
check "has no key" bash -c "! grep -q 'BEGIN' '$work/credential.saved'"
check "load of it leaves the key as it is" says 0 '^# no change$' -- load "$work/credential.saved"
check "it is still in force" grep -q '^state=in force$' <(info)
sed 's,/p256.key,/rsa.key,' "$work/credential" | file broken
remember
check "a key of another certificate" says 1 "^$work/broken:[5-8]: .*credentials?" \
	'nothing was changed' -- load "$work/broken"
check "changes nothing" unchanged
sed 's,/p256.key.pem,/nowhere.pem,' "$work/credential" | file broken
check "a key that is not there" says 1 "^$work/broken:7: key: .*nowhere.pem" -- load "$work/broken"
sed 's/credential web$/credential wbe/' "$work/credential" | file broken
check "a credential that is not there" says 1 "^$work/broken:3: .*wbe" -- load "$work/broken"
check "changes nothing" unchanged
sed -e 's,/p256,/rsa,' -e '/names/d' "$work/credential" | file renewed
info > "$work/before.info"
check "another certificate" says 0 -- load "$work/renewed"
check "is another one" bash -c "! diff '$work/before.info' $policy/credentials/web/info > /dev/null"
check "credential: removed" says 0 '^-credential web \{$' -- load "$work/first"
check "it is gone" [ ! -e $policy/credentials/web ]

# ------------------------------------------------------------ several at once, and ends

"$ssactl" load --quiet "$work/first"
remember
echo begin > $policy/transaction
echo TLSv1.3 > $policy/default/min_version
check "status: somebody is changing it" says 0 'a transaction is open' -- status
check "load throws away what was left behind" says 0 '^# no change$' -- load "$work/first"
check "and all is as it was" unchanged
many() {
	local pids=() pid i

	for i in $(seq 8); do
		"$ssactl" load --quiet "$work/first" & pids+=($!)
		"$ssactl" load --quiet "$work/second" & pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || return; done
}
check "sixteen loads at once take turns" many
whole() { "$ssactl" load --dry-run "$work/first" | grep -qx '# no change' ||
	"$ssactl" load --dry-run "$work/second" | grep -qx '# no change'; }
check "one of the two policies is in force, the whole of it" whole
killed() {
	local i

	for i in $(seq 40); do
		"$ssactl" load --quiet "$work/$( ((i % 2)) && echo first || echo second)" &
		sleep "0.0$((i % 5))"
		kill -9 $! 2>/dev/null
		wait $! 2>/dev/null
	done
	"$ssactl" load --quiet "$work/first" && unchanged
}
check "loads that are killed leave nothing that the next one minds" killed
watched() {
	timeout 3 "$ssactl" status --watch 1 > "$work/said"
	[ "$(grep -c '^-- [0-9:]*$' "$work/said")" -ge 1 ] || { cat "$work/said"; return 1; }
}
check "status --watch goes on" watched

# --------------------------------------------------- twenty profiles, and import

{
	echo "default { trust_store $pki/root.pem }"
	for i in $(seq 20); do
		printf 'profile p%d {\n\tmatch_uid %d\n\tsession_ttl %d\n\talpn proto%d h2\n}\n' \
			"$i" $((6000 + i)) $((100 + i)) "$i"
	done
} | file twenty
check "twenty profiles" says 0 '# loaded' -- load "$work/twenty"
check "all of them are there" [ "$(find $policy/profiles -mindepth 1 -maxdepth 1 | wc -l)" = 20 ]
check "the last has its values" [ "$(policy_get profiles/p20 alpn)" = "proto20 h2" ]
remember
check "save" says 0 -- save "$work/twenty.saved"
policy_reset
check "load of it" says 0 -- load "$work/twenty.saved"
check "is the same" unchanged

file openssl.cnf <<'END'
openssl_conf = a
[a]
ssl_conf = b
[b]
system_default = c
[c]
MinProtocol = TLSv1.3
Ciphersuites = TLS_AES_256_GCM_SHA384
Groups = P-384:X25519
END
check "import-crypto-policy" says 0 '^	min_version TLSv1.3$' \
	'^	ciphersuites TLS_AES_256_GCM_SHA384$' '^	groups secp384r1 X25519$' -- \
	import-crypto-policy "$work/openssl.cnf"
"$ssactl" import-crypto-policy "$work/openssl.cnf" | sed "2a trust_store $pki/root.pem" | file imported
check "what is imported loads" says 0 -- load "$work/imported"
check "and holds for a connection" says 0 '^cipher suite +TLS_AES_256_GCM_SHA384$' '^group +secp384r1$' -- \
	explain server.test:9754

tap_end
