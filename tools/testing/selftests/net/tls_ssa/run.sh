#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# All tests of the Secure Socket API, in the guest or on any machine whose
# kernel has it. Needs root, the binaries (make) and, to be quick, the
# certificates (make pki). Writes TAP; the exit status is 0 if all passed.
#
#	run.sh [PROGRAM...]		only these: matrix cert data ... programs.sh
#	PEER=nss,go VERSION=1.2 SUITE=chacha GROUP=P-384 KEY=rsa ROLE=server run.sh matrix
#					only these cells; see matrix.c
#
# TLS_SSA_OUT is where make put the binaries (build/selftests).

cd "$(dirname "$0")" || exit 1
here=$PWD
top=$(cd ../../../../.. && pwd)
out=${TLS_SSA_OUT:-$top/build/selftests}
all="cert admin connect listen data close post records rekey tls12 mtls reclimit sockopt context info options creds keysource manynames rotate keyleak trusted resolve starttls starttls_race address starttls.sh hostile matrix web.sh client_hello.py policy.py enforce.py escapes.py https.py limits.py rewrite.py mtls.sh programs.sh samples.sh ssactl.sh guide.py policies.sh upgrade.sh load unload.sh"
run=${*:-$all}

. ./names.sh

. ./pki.sh
export TLS_SSA_OUT=$out

# Seconds after which a test counts as hung: checkers make a kernel slow.
if [ -z "${TLS_SSA_TIMEOUT-}" ]; then
	TLS_SSA_TIMEOUT=120
	[ ! -e /proc/lockdep ] && [ ! -e /sys/kernel/debug/kmemleak ] || TLS_SSA_TIMEOUT=600
fi
export TLS_SSA_TIMEOUT

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
	echo "# selftests: net/tls_ssa: $program"
	case $program in
	*.sh) "$here/$program" ;;
	*.py) python3 "$here/$program" "$out/https_client" "$TLS_SSA_PKI/root.pem" ;;
	*) "$out/$program" ;;
	esac 2>&1 | sed -u 's/^/# /'
	if [ "${PIPESTATUS[0]}" = 0 ]; then
		echo "ok $number selftests: net/tls_ssa: $program"
	else
		echo "not ok $number selftests: net/tls_ssa: $program"
		failed=$((failed + 1))
	fi
done
[ $failed = 0 ]
