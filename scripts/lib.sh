# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# What the set-up scripts share: where things are, and how progress is shown.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$top/build
logs=$build/log

die() {
	echo "$(basename "$0"): $*" >&2
	exit 1
}

# Objects of a clone elsewhere are found again: paths below the checkout do
# not count. The kernel writes dependencies while it compiles, so ccache need
# not run the preprocessor first.
export CCACHE_BASEDIR=$top CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1
export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
# The same source gives the same kernel.
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 2026'
export KBUILD_BUILD_USER=ssa KBUILD_BUILD_HOST=guest

jobs=$(nproc)
if command -v ccache >/dev/null; then
	cc="ccache gcc"
else
	cc=gcc
fi

elapsed() {
	if [ "$1" -lt 60 ]; then
		echo "$1 s"
	else
		echo "$(($1 / 60)) min $(($1 % 60)) s"
	fi
}

# step NAME "what" COMMAND…: one line of progress; the output goes to
# build/log/NAME.log, its end is shown when COMMAND fails.
# "steps=K" before the first one says how many there will be.
step_number=0
step() {
	local name=$1 what=$2 start=$SECONDS status

	shift 2
	step_number=$((step_number + 1))
	mkdir -p "$logs" 2>/dev/null || die "cannot write to $build"
	printf '[%d/%d] %s … ' "$step_number" "${steps:-1}" "$what"
	"$@" >"$logs/$name.log" 2>&1 </dev/null
	status=$?
	if [ $status = 0 ]; then
		printf '(%s)\n' "$(elapsed $((SECONDS - start)))"
		return 0
	fi
	printf 'FAILED after %s\n' "$(elapsed $((SECONDS - start)))"
	tail -n 25 "$logs/$name.log" | sed 's/^/    /'
	echo "    whole log: $logs/$name.log"
	return $status
}

# show NAME "what" COMMAND…: the same, with the output shown as it comes.
show() {
	local name=$1 what=$2 start=$SECONDS status

	shift 2
	step_number=$((step_number + 1))
	mkdir -p "$logs" 2>/dev/null || die "cannot write to $build"
	printf '[%d/%d] %s …\n' "$step_number" "${steps:-1}" "$what"
	"$@" 2>&1 </dev/null | tee "$logs/$name.log"
	status=${PIPESTATUS[0]}
	if [ "$status" != 0 ]; then
		printf '[%d/%d] FAILED after %s; log: %s\n' "$step_number" \
			"${steps:-1}" "$(elapsed $((SECONDS - start)))" "$logs/$name.log"
	fi
	return "$status"
}

need_space() {
	local free

	mkdir -p "$build" 2>/dev/null || die "cannot write to $top: choose a directory you may write to"
	free=$(df -Pk "$build" | awk 'NR == 2 { print int($4 / 1024) }')
	[ "$free" -ge "$1" ] ||
		die "$free MiB free below $build, $1 MiB are needed: free some space, or clone elsewhere"
}
