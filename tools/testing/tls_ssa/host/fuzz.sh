#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs every libFuzzer target for a while, two at a time. Prints TAP. What a
# target learns stays in OUT/corpus; a finding stays in OUT/findings.
#
#	fuzz.sh OUT SECONDS TARGET...
set -u
out=$1
seconds=$2
shift 2

run() {	# TARGET
	local t=$1
	mkdir -p "$out/corpus/$t" "$out/seeds/$t" "$out/findings"
	"$out/fuzz/fuzz_$t" -max_total_time="$seconds" -print_final_stats=1 -timeout=10 \
		-rss_limit_mb=1024 -malloc_limit_mb=64 -detect_leaks=1 -max_len=40000 \
		-artifact_prefix="$out/findings/$t-" "$out/corpus/$t" "$out/seeds/$t" \
		> "$out/fuzz/$t.log" 2>&1
	echo $? > "$out/fuzz/$t.status"
}

verdict() {	# NUMBER TARGET
	local log=$out/fuzz/$2.log
	if [ "$(cat "$out/fuzz/$2.status")" = 0 ]; then
		echo "ok $1 fuzz $2: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs," \
			"$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log") a second," \
			"$(sed -n 's/.*DONE *cov: \([0-9]*\).*/\1/p' "$log") edges covered"
	else
		echo "not ok $1 fuzz $2"
		grep -aE 'ERROR|SUMMARY|invariant|limit exceeded|Test unit written|runtime error' "$log" |
			sed 's/^/# /'
		echo "# log: $log"
		bad=1
	fi
}

bad=0 n=0
echo "1..$#"
while [ $# -gt 0 ]; do
	run "$1" &
	if [ $# -gt 1 ]; then run "$2"; fi
	wait
	verdict $((n += 1)) "$1"
	shift
	if [ $# -gt 0 ]; then
		verdict $((n += 1)) "$1"
		shift
	fi
done
exit $bad
