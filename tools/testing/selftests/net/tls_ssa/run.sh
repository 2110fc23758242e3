#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All tests of the Secure Socket API, in the guest or on any machine whose
# kernel has it. Needs root, the binaries (make) and, to be quick, the
# certificates (make pki). Writes TAP; the exit status is 0 if all passed.
#
#	run.sh [PROGRAM...]		only these: matrix cert data ... programs.sh
#	TLS_SSA_TIMEOUT=300 run.sh	seconds after which one test counts as hung
#	PEER=nss,go VERSION=1.2 SUITE=chacha GROUP=P-384 KEY=rsa ROLE=server run.sh matrix
#					only these cells; see matrix.c
#
# TLS_SSA_OUT is where make put the binaries (build/selftests).

cd "$(dirname "$0")" || exit 1
here=$PWD
top=$(cd ../../../../.. && pwd)
out=${TLS_SSA_OUT:-$top/build/selftests}
all="cert admin connect listen data send close ending reading post records rekey tls12 mtls reclimit sockopt context info options creds keysource manynames rotate keyleak trusted resolve lookups users starttls starttls_race held takeover address starttls.sh hostile matrix web.sh client_hello.py policy.py enforce.py escapes.py https.py limits.py rewrite.py mtls.sh programs.sh samples.sh ssactl.sh guide.py pages.py policies.sh upgrade.sh load storm hang.sh unload.sh"
run=${*:-$all}

. ./names.sh
. ./limited.sh
. ./pki.sh
export TLS_SSA_OUT=$out

# Seconds after which a test counts as hung: checkers make a kernel slow.
if [ -z "${TLS_SSA_TIMEOUT-}" ]; then
	TLS_SSA_TIMEOUT=120
	[ ! -e /proc/lockdep ] && [ ! -e /sys/kernel/debug/kmemleak ] || TLS_SSA_TIMEOUT=600
fi
export TLS_SSA_TIMEOUT

# Seconds of a program as a whole, for tests that have no limit of their own or do not
# keep it: more than one of its tests has (harness_main() in each), so that it can say
# itself which one hangs, and so few that those behind it have their turn.
limit_of() {
	case $1 in
	context | info | keyleak | load | manynames | matrix | mtls | options | rekey | rotate | \
		starttls_race | *.sh | *.py) echo $((5 * TLS_SSA_TIMEOUT)) ;;
	*) echo $((3 * TLS_SSA_TIMEOUT)) ;;
	esac
}

# No handshake is to fail because the emulator is slow, or busy with 40 others;
# the tests of the deadline set their own.
modprobe tls_ssa 2>/dev/null
echo 300000 > /proc/sys/net/ssa/handshake_timeout_ms

# shellcheck disable=SC2086 # a list of words
set -- $run
echo 'TAP version 13'
echo "1..$#"
number=0 failed=0
for program; do
	number=$((number + 1))
	limit=$(limit_of "$program")
	echo "# selftests: net/tls_ssa: $program"
	case $program in
	*.sh) set -- "$here/$program" ;;
	*.py) set -- python3 "$here/$program" "$out/https_client" "$TLS_SSA_PKI/root.pem" ;;
	*) set -- "$out/$program" ;;
	esac
	exec {output}> >(exec sed -u 's/^/# /')
	reader=$!
	limited "$limit" "$@" >&"$output" 2>&1
	status=$?
	exec {output}>&-
	why=
	[ $status != 124 ] || why=" # timed out after $limit s"
	# What holds the output is not the program any more.
	if ! wait_for "$reader" 10; then
		limited_end "$limited_mark" "$limited_session"
		wait_for "$reader" 1 || kill -KILL "$reader"
		[ $status != 0 ] || status=1 why=" # left a process behind"
	fi
	if [ $status = 0 ]; then
		echo "ok $number selftests: net/tls_ssa: $program"
	else
		echo "not ok $number selftests: net/tls_ssa: $program$why"
		failed=$((failed + 1))
	fi
done
[ $failed = 0 ]
