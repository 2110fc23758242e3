#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All programs go from TLS 1.2 to 1.3 only by one line of policy, and back: the sample
# programs in C, Python and Go as they are, as clients and as servers, with peers of
# OpenSSL that speak one version only. By end_connections, without starting them again.

cd "$(dirname "$0")" || exit 1
top=$(cd ../../../../.. && pwd)
out=${TLS_SSA_OUT:-$top/build/selftests}
samples=$top/samples/tls_ssa
. ./tap.sh
. ./pki.sh
. ./names.sh

pki=$TLS_SSA_PKI
ssactl=$out/ssactl/ssactl
languages=(c py go)
work=$(mktemp -d)
peers=()
servers=()
[ -x "$ssactl" ] || { echo "Bail out! $ssactl is missing: make"; exit 1; }

modprobe tls_ssa 2>/dev/null
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config

cleanup() {
	kill "${peers[@]}" "${servers[@]}" 2>/dev/null
	policy_reset > /dev/null 2>&1
	rm -rf "$work"
}
trap cleanup EXIT

client() {	# LANGUAGE HOST PORT
	case $1 in
	c) "$out/https_client" -a "$pki/root.pem" "$2" "$3" ;;
	py) python3 "$samples/https_client.py" "$2" "$3" "$pki/root.pem" ;;
	go) "$out/https_client_go" "$2" "$3" "$pki/root.pem" ;;
	esac
}

server() {	# LANGUAGE PORT
	case $1 in
	c) exec "$out/https_server" "$pki/p256.chain.pem" "$pki/p256.key.pem" "$2" ;;
	py) exec python3 "$samples/https_server.py" "$pki/p256.chain.pem" "$pki/p256.key.pem" "$2" ;;
	go) exec "$out/https_server_go" "$pki/p256.chain.pem" "$pki/p256.key.pem" "$2" ;;
	esac
}
declare -A port=([c]=9801 [py]=9802 [go]=9803)
# Not all of them can take the port that they have just left.
other_ports() { local l; for l in "${languages[@]}"; do port[$l]=$((port[$l] + 10)); done; }

# says TEXT COMMAND...: it succeeds, and says that
says() {
	local text=$1

	shift
	"$@" > "$work/said" 2>&1 < /dev/null || { cat "$work/said"; return 1; }
	grep -aqE -- "$text" "$work/said" || { cat "$work/said"; return 1; }
}

# fails TEXT COMMAND...: it fails, says that, and nothing of a page is seen
fails() {
	local text=$1

	shift
	! "$@" > "$work/said" 2>&1 < /dev/null || { cat "$work/said"; return 1; }
	grep -aqE -- "$text" "$work/said" && ! grep -aqE 'HTTP/|Hello' "$work/said" && return
	cat "$work/said"
	return 1
}

# page VERSION LANGUAGE: curl gets a page from that server, by that version only
page() {
	curl -sS --max-time 120 "--tlsv$1" --tls-max "$1" --cacert "$pki/root.pem" \
		"https://server.test:${port[$2]}/"
}

start_servers() {
	local language

	for language in "${languages[@]}"; do
		server "$language" "${port[$language]}" 2>> "$work/server.$language" & servers+=($!)
	done
	for language in "${languages[@]}"; do
		listening "${port[$language]}" || return
	done
}
stop_servers() {
	kill "${servers[@]}"
	wait "${servers[@]}" 2>/dev/null
	servers=()
}
restart_servers() { stop_servers; other_ports; start_servers; }

# everybody_speaks PERIOD: what they do while TLS 1.2 is allowed
everybody_speaks() {
	local language

	for language in "${languages[@]}"; do
		check "$1: client in $language, a server that has TLS 1.2 only" \
			says 'Protocol *: TLSv1.2' client "$language" server.test 9761
		check "$1: client in $language, a server that has TLS 1.3 only" \
			says 'TLSv1.3' client "$language" server.test 9762
		check "$1: server in $language, a client that has TLS 1.2 only" \
			says Hello page 1.2 "$language"
		check "$1: server in $language, a client that has TLS 1.3 only" \
			says Hello page 1.3 "$language"
	done
}

# only_new PERIOD: what they do when it is not
only_new() {
	local language

	for language in "${languages[@]}"; do
		check "$1: client in $language refuses a server that has TLS 1.2 only" \
			fails 'protocol_version' client "$language" server.test 9761
		check "$1: client in $language, a server that has TLS 1.3 only" \
			says 'TLSv1.3' client "$language" server.test 9762
		check "$1: server in $language refuses a client that has TLS 1.2 only" \
			fails 'alert protocol version' page 1.2 "$language"
		check "$1: server in $language, a client that has TLS 1.3 only" \
			says Hello page 1.3 "$language"
	done
}

# one_line FROM TO: the policy is changed there, and nowhere else
one_line() {
	sed -i "s/^\tmin_version $1\$/\tmin_version $2/" "$work/tls_ssa.conf"
	"$ssactl" load "$work/tls_ssa.conf" > "$work/said" || return
	grep '^[-+]' "$work/said" |
		diff - <(printf -- '-\tmin_version %s\n+\tmin_version %s\n' "$1" "$2")
}

policy_reset
cat > "$work/tls_ssa.conf" <<END
# The policy of this machine
default {
	min_version TLSv1.2
	trust_store $pki/root.pem
}
END
peer() {	# PORT OPTION...
	openssl s_server -quiet -www -cert_chain "$pki/rsa.chain.pem" -cert "$pki/rsa.pem" \
		-key "$pki/rsa.key.pem" -accept "$@" > /dev/null 2>&1 < /dev/null & peers+=($!)
}
peer 9761 -tls1_2
peer 9762 -tls1_3
check "servers of OpenSSL with one version each" eval 'listening 9761 && listening 9762'
programs() { sha256sum "$out"/https_{client,server}{,_go} "$samples"/https_{client,server}.py; }
programs > "$work/programs"

check "the policy allows TLS 1.2" says '# loaded' "$ssactl" load "$work/tls_ssa.conf"
start_servers
result $? "servers in C, Python and Go"
everybody_speaks before

check "TLS 1.3 only, by one line of policy" one_line TLSv1.2 TLSv1.3
check "a server that runs goes on as it began" says Hello page 1.2 c
restart_servers
result $? "the servers are started again"
only_new after

check "and back, by one line" one_line TLSv1.3 TLSv1.2
restart_servers
result $? "the servers are started again"
everybody_speaks back

# Now for servers that run, and without starting any of them again
echo 'end_connections 1' >> "$work/tls_ssa.conf"
check "end_connections" says '# loaded' "$ssactl" load "$work/tls_ssa.conf"
check "TLS 1.3 only, at once" one_line TLSv1.2 TLSv1.3
only_new "at once"
check "and back, at once" one_line TLSv1.3 TLSv1.2
everybody_speaks "back at once"

same_programs() { programs | diff "$work/programs" -; }
check "no program was changed" same_programs
silent() { [ "$(cat "$work"/server.* | tee /dev/stderr | wc -c)" = 0 ]; }
check "no server has complained" silent

tap_end
