#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	soak.sh SECONDS
#
# The same again and again: connections beside stalled clients, clients killed
# in the middle, hostile ones; every round has to pass, and the module has to go
# at the end. "make soak" runs it in the guest.

cd "$(dirname "$0")" || exit 1
top=$(cd ../../../../.. && pwd)
out=${TLS_SSA_OUT:-$top/build/selftests}
seconds=${1:-600}
. ./names.sh
. ./pki.sh
export TLS_SSA_TIMEOUT=${TLS_SSA_TIMEOUT:-600}
modprobe tls_ssa 2>/dev/null
echo 300000 > /proc/sys/net/ssa/handshake_timeout_ms

round=0
end=$((SECONDS + seconds))
while [ $SECONDS -lt $end ]; do
	round=$((round + 1))
	for program in load listen hostile connect; do
		if ! "$out/$program" > /tmp/soak.log 2>&1; then
			cat /tmp/soak.log
			echo "soak: $program failed in round $round"
			exit 1
		fi
	done
	echo "soak: round $round, $SECONDS s: $(awk '/^TCP:/ { print }' /proc/net/sockstat)," \
		"$(awk '/MemFree/ { print $2, $3 }' /proc/meminfo) free"
done
./unload.sh
