# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced: a command that has only so much time.

# limited_left MARK SESSION: what a command has started has MARK in its environment; or is
# of the session, in case that it has replaced its environment.
limited_left() {
	local stat rest pid

	# The environment of a dead process is empty.
	grep -lszxF "TLS_SSA_MARK=$1" /proc/[0-9]*/environ | sed 's|^/proc/\([0-9]*\)/.*|\1|'
	for stat in /proc/[0-9]*/stat; do
		# pid (comm) state ppid pgrp session ...: comm can be anything.
		read -r rest 2>/dev/null < "$stat" || continue
		pid=${rest%% *}
		rest=${rest##*) }
		# shellcheck disable=SC2086 # words
		set -- "$1" "$2" $rest
		[ "$6" != "$2" ] || [ "$3" = Z ] || echo "$pid"
	done
}

# limited_end MARK SESSION: ends them; what hangs in the kernel does not end, and is named.
limited_end() {
	local tries left process

	for tries in 1 2 3 4 5 6 7 8 9 10; do
		left=$(limited_left "$1" "$2" | sort -un)
		[ -n "$left" ] || return 0
		# shellcheck disable=SC2086 # words
		kill -KILL $left 2>/dev/null
		sleep "0.$tries"
	done
	for process in $left; do
		echo "process $process does not end: $(tr '\0' ' ' < "/proc/$process/cmdline")"
		cat "/proc/$process/stack" 2>/dev/null
	done
	return 1
}

# wait_for PID TENTHS: a child of ours ends within so many tenths of a second
wait_for() {
	local tenths

	for ((tenths = $2; tenths > 0; tenths--)); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
	! kill -0 "$1" 2>/dev/null
}

# limited SECONDS COMMAND...: runs it in a session of its own. After so many seconds it
# and all that it has started are killed: 124. Else its status. What it has left behind
# can be ended by limited_end "$limited_mark" "$limited_session".
limited() {
	local seconds=$1 status answer

	shift
	limited_mark=$$.$RANDOM.$RANDOM
	answer=$(mktemp -u /tmp/limited.XXXXXX)
	mkfifo "$answer" || return 125
	exec {limited_answer}<> "$answer"
	rm "$answer"
	# shellcheck disable=SC2016 # for the inner shell
	TLS_SSA_MARK=$limited_mark setsid bash -c 'answer=$0; "$@" {answer}>&-; echo $? >&"$answer"' \
		"$limited_answer" "$@" &
	limited_session=$!
	if ! read -r -t "$seconds" -u "$limited_answer" status; then
		status=124
		limited_end "$limited_mark" "$limited_session"
	fi
	exec {limited_answer}>&-
	{ [ "$status" = 124 ] && [ -e "/proc/$limited_session" ]; } || wait "$limited_session" 2>/dev/null
	return "$status"
}
