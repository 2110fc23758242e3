#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# choice.sh PROGRAM: does looking for credentials cost the same, however many there
# are? Counts instructions (valgrind), no time; writes TAP.

set -u
program=$1
lookups=2000

# cost NAMES: instructions of all lookups
cost() {
	valgrind --tool=callgrind --toggle-collect=ssa_cred_set_find \
		--callgrind-out-file=/dev/null "$program" "$1" $lookups 2>&1 |
		awk '/Collected/ { print $NF }'
}

one=$(cost 1)
many=$(cost 1000)
echo "TAP version 13"
echo "1..1"
echo "# instructions per choice: $((${one:-0} / lookups)) with 3 certificates," \
	"$((${many:-0} / lookups)) with 3000"
# Ten per cent more or less
if [ "${one:-0}" -gt $((lookups * 10)) ] && [ "${many:-0}" -gt 0 ] &&
	[ $((many * 10)) -le $((one * 11)) ] && [ $((one * 10)) -le $((many * 11)) ]; then
	echo "ok 1 a choice among 3000 certificates costs as much as among 3"
else
	echo "not ok 1 a choice among 3000 certificates costs as much as among 3"
	exit 1
fi
