#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A test that hangs is ended, and told, and those behind it run: run.sh is called with
# programs that do so. These do not belong to the list of run.sh.

cd "$(dirname "$0")" || exit 1
. ./tap.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

program() {
	{ echo '#!/bin/bash'; cat; } > "$work/$1"
	chmod +x "$work/$1"
}
program good <<< 'echo "this is said"'
program bad <<< 'exit 3'
# Deaf to the usual signals, in a session of its own and without an environment; its
# output stays open.
program hangs <<'END'
trap '' TERM INT HUP
echo $$ >> "$(dirname "$0")/pids"
setsid sleep 987 & echo $! >> "$(dirname "$0")/pids"
env -i sleep 986 & echo $! >> "$(dirname "$0")/pids"
echo 'this is said first'
while :; do sleep 985; done
END
# The end of a program is its own, not that of a server that it has left behind.
program leaves <<'END'
setsid sleep 984 &
echo $! >> "$(dirname "$0")/pids"
END

TLS_SSA_OUT=$work TLS_SSA_TIMEOUT=1 TLS_SSA_PKI=${TLS_SSA_PKI:-$work} \
	./run.sh good hangs leaves bad good > "$work/tap" 2>&1
result "$((! $?))" "run.sh fails"

has() { grep -qE -- "$1" "$work/tap" || { cat "$work/tap"; return 1; }; }
check "a program that hangs is told" has '^not ok 2 .*: hangs # timed out after [0-9]+ s$'
check "with what it has said" has '^# this is said first$'
check "what it left behind is told" has '^not ok 3 .*: leaves # left a process behind$'
check "a program that fails is told" has '^not ok 4 .*: bad$'
check "those behind it run" has '^ok 5 .*: good$'

ended() {
	local pid

	while read -r pid; do
		# Of a dead one its parent may not have heard yet.
		grep -qsv '^[0-9]* (.*) Z ' "/proc/$pid/stat" && { cat "/proc/$pid/stat"; return 1; }
	done < "$work/pids"
	[ "$(wc -l < "$work/pids")" = 4 ]
}
check "and nothing of them is left" ended
tap_end
