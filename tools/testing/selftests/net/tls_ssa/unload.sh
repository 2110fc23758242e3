#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module goes and comes back: nothing of what ran before holds it, and
# sockets of others that use kTLS do not notice. Last of all tests.

cd "$(dirname "$0")" || exit 1
top=$(cd ../../../../.. && pwd)
out=${TLS_SSA_OUT:-$top/build/selftests}
. ./tap.sh
. ./pki.sh

# Built in: there is nothing to unload, hence no test.
if ! grep -q '^tls_ssa ' /proc/modules && ! modprobe -n tls_ssa 2>/dev/null; then
	tap_end
	exit
fi

dependents() { lsmod | awk '$1 == "tls_ssa" { gsub(",", " ", $4); print $4 }'; }
gone() { ! grep -q '^tls_ssa ' /proc/modules; }
unload() {
	local tries m

	for m in $(dependents); do rmmod "$m" || return; done
	# Sockets on their way out end within TCP's own time.
	for tries in $(seq 300); do
		rmmod tls_ssa 2>/dev/null
		gone && return
		sleep 0.3
	done
	echo "after $tries tries:"
	grep '^tls_ssa ' /proc/modules
	cat /proc/net/sockstat /proc/net/tls_ssa_stat
	rmmod tls_ssa
}

modprobe tls_ssa
check "an open socket holds the module" "$out/sockets" hold rmmod tls_ssa
check "rmmod works after the tests" unload
check "modprobe brings it back" modprobe tls_ssa
export -f unload dependents gone
check "connections that have passed to others outlive it" "$out/sockets" outlive bash -c unload
check "modprobe brings it back again" modprobe tls_ssa
check "sockets work again" "$out/sockets" one
check "rmmod works after that" unload
check "socket() loads the module by itself" "$out/sockets" one
for i in 1 2 3; do
	check "unload and load, round $i" eval 'unload && modprobe tls_ssa'
done
tap_end
