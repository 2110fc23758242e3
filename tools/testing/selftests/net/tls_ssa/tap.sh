# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced: TAP from shell, and waiting for servers.

tap_count=0
tap_failed=0

# result STATUS NAME
result() {
	tap_count=$((tap_count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_count $2"
	else
		echo "not ok $tap_count $2"
		tap_failed=$((tap_failed + 1))
	fi
}

# check NAME COMMAND...: what the command says is shown if it fails.
check() {
	local name=$1 said status

	shift
	said=$("$@" 2>&1)
	status=$?
	result $status "$name"
	[ $status = 0 ] || printf '%s\n' "$said" | tail -n 20 | sed 's/^/#   /'
}

tap_end() {
	echo "1..$tap_count"
	[ $tap_failed = 0 ]
}

# listening PORT: somebody listens there (a server's socket, not a connection)
listening() {
	local tries hex

	hex=$(printf '%04X' "$1")
	for tries in $(seq 600); do
		grep -q ":$hex 0*:0000 0A" /proc/net/tcp /proc/net/tcp6 && return
		sleep 0.1
	done
	echo "nobody listens on port $1 after $tries tries"
	return 1
}
