#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# choice.sh CHOICE MATCH: does looking for credentials cost the same, however many there
# are? Does looking for the profile of a process? Counts instructions (valgrind), no time;
# writes TAP.

set -u
lookups=2000
number=0
failed=0

# cost PROGRAM COUNT FUNCTION...: instructions of all lookups
cost() {
	local program=$1 count=$2
	shift 2
	valgrind --tool=callgrind "${@/#/--toggle-collect=}" \
		--callgrind-out-file=/dev/null "$program" "$count" $lookups 2>&1 |
		awk '/Collected/ { print $NF }'
}

# same ONE MANY NAME: ten per cent more or less
same() {
	local one=${1:-0} many=${2:-0}
	number=$((number + 1))
	if [ "$one" -gt $((lookups * 10)) ] && [ "$many" -gt 0 ] &&
		[ $((many * 10)) -le $((one * 11)) ] && [ $((one * 10)) -le $((many * 11)) ]; then
		echo "ok $number $3"
	else
		echo "not ok $number $3"
		failed=1
	fi
}

echo "TAP version 13"
echo "1..2"
one=$(cost "$1" 1 ssa_cred_set_find)
many=$(cost "$1" 1000 ssa_cred_set_find)
echo "# instructions per choice: $((${one:-0} / lookups)) with 3 certificates," \
	"$((${many:-0} / lookups)) with 3000"
same "$one" "$many" "a choice among 3000 certificates costs as much as among 3"
one=$(cost "$2" 1 ssa_match_by_file ssa_match_find)
many=$(cost "$2" 1000 ssa_match_by_file ssa_match_find)
echo "# instructions per socket: $((${one:-0} / lookups)) with 1 profile," \
	"$((${many:-0} / lookups)) with 1000"
same "$one" "$many" "finding one of 1000 profiles costs as much as finding the only one"
exit $failed
