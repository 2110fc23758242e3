# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced: TAP from shell, waiting for servers, and the administrator's policy.

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

policy=/sys/kernel/config/tls_ssa

# policy_set ITEM ATTRIBUTE [VALUE]: one write; ITEM is default, profiles/NAME,
# credentials/NAME or "."; without a VALUE the attribute is unset. If it is refused, the
# reason is shown.
policy_set() {
	printf '%s\n' "${3-}" 2>/dev/null > "$policy/$1/$2" && return
	echo "$policy/$1/$2 refuses '${3-}': $(cat "$policy/$1/last_error")"
	return 1
}

# policy_get ITEM ATTRIBUTE: the effective value
policy_get() { cat "$policy/$1/$2"; }

# policy_reset: no profile, no credential, nothing set in default/
policy_reset() {
	local attribute

	echo abort 2>/dev/null > "$policy/transaction"
	find "$policy/profiles" -mindepth 1 -maxdepth 1 -type d -exec rmdir {} +
	policy_set . transaction begin
	# shellcheck disable=SC2013 # words
	for attribute in $(cat "$policy/default/set"); do
		policy_set default "$attribute"
	done
	policy_set . transaction commit
	find "$policy/credentials" -mindepth 1 -maxdepth 1 -type d -exec rmdir {} +
	policy_set . end_connections 0
	policy_set . blocklist
}
