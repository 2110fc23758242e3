#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	command.sh SSACTL
#
# What ssactl says and answers where it needs no kernel: its usage, check, a policy that is
# not there, and the completion of the shell.

ssactl=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

number=0 failed=0
result() {
	number=$((number + 1))
	[ "$1" = 0 ] && echo "ok $number $2" && return
	echo "not ok $number $2"
	sed 's/^/#     /' "$work/said"
	failed=1
}

# says STATUS PATTERN TITLE ARGUMENT...
says() {
	local want=$1 pattern=$2 title=$3 got

	shift 3
	"$ssactl" "$@" > "$work/said" 2>&1 < "${input:-/dev/null}"
	got=$?
	[ $got = "$want" ] && { [ -z "$pattern" ] || grep -qE -- "$pattern" "$work/said"; }
	result $? "$title"
}
# check of the text says that, at that line
wrong() {	# PATTERN TITLE TEXT
	printf '%b' "$3" > "$work/policy.conf"
	says 1 "^$work/policy.conf:$1" "$2" check "$work/policy.conf"
}

echo 'TAP version 13'
says 2 '^ssactl \[--root DIR\]' 'without a command: the usage'
says 0 '^  explain \[--profile NAME\|--as PROGRAM\] HOST' 'help' help
says 0 '^  explain \[--profile NAME\|--as PROGRAM\] HOST' '--help' --help
says 2 'unknown command "laod"; is "load" meant\?' 'a command that is not there' laod
says 2 'write: ssactl match PID' 'too few arguments' match
says 2 'write: ssactl explain \[--profile NAME\|--as PROGRAM\] HOST' 'too many' explain a b
says 2 'write: ssactl explain' 'for a profile and a program' explain --profile p --as /bin/sh a
says 2 'write: ssactl show' "another command's option" show --dry-run
says 2 'unrecognized option' 'an option of none' load --force
says 2 '--watch x; write seconds' 'no number of seconds' status --watch x
says 2 '"::1:x" is no server|"\[::1\]:x" is no server' 'no port' explain '[::1]:x'
says 1 'modprobe tls_ssa' 'no policy in the kernel' --root "$work/nowhere" show
says 1 'modprobe tls_ssa' 'nothing to load into' --root "$work/nowhere" load --dry-run \
	"$here/../policies/modern.conf"
says 1 'no policy "bogus"' 'no policy to import' import-crypto-policy bogus
says 1 "$work/none.conf: cannot open it" 'a file that is not there' check "$work/none.conf"
mkdir "$work/empty"
says 1 'no file \*.conf in it' 'a folder without files' check "$work/empty"
echo 'default { min_version TLSv1.3 }' > "$work/good.conf"
input=$work/good.conf says 0 '' 'standard input' check -
echo 'default { session_ttl 60 }' > "$work/more.conf"
input=$work/more.conf says 0 '' 'several' check - "$here/../policies/example.conf"

wrong '2: min_version: "TLSv1.4" is not a version; is "TLSv1.[23]" meant' 'a value' \
	'default {\nmin_version TLSv1.4\n}\n'
wrong '2: unknown attribute "min_versoin"; is "min_version" meant' 'an attribute' \
	'default {\nmin_versoin TLSv1.3\n}\n'
wrong '1: block is not closed' 'a block' 'default {\nmin_version TLSv1.3\n'
wrong '2: unknown attribute "match_uid"; default is for everybody' 'a criterion in default' \
	'default {\nmatch_uid 1\n}\n'
wrong '1: profile "p" is for nobody' 'a profile without criteria' 'profile p { min_version TLSv1.3 }\n'
wrong '4: profile "p" is there already' 'a profile twice' \
	'profile p {\nmatch_uid 1\n}\nprofile p { match_uid 2 }\n'
wrong '3: min_version is set already at .*:2' 'a setting twice' \
	'default {\nmin_version TLSv1.2\nmin_version TLSv1.3\n}\n'
wrong '1: credential "c" has no certificate' 'a credential without one' 'credential c { key /k }\n'
wrong '3: max_version TLSv1.2 is older' 'versions' \
	'default {\nmin_version TLSv1.3\nmax_version TLSv1.2\n}\n'
for n in $(seq 30); do echo "nonsense$n"; done > "$work/many.conf"
says 1 '^ssactl: and 10 more errors$' 'many errors are counted' check "$work/many.conf"
head -c 17000000 /dev/zero > "$work/long.conf"
says 1 'more than 16 MiB' 'a file that is too long' check "$work/long.conf"

# completes WORD...: with the last one begun; prints what it may be
completes() {
	COMP_WORDS=(ssactl "$@") COMP_CWORD=$# COMPREPLY=()
	_ssactl
	printf '%s\n' "${COMPREPLY[@]}" | sort > "$work/said"
}
# shellcheck disable=SC1091
. "$here/../ssactl.bash"
mkdir -p "$work/root/profiles/web" "$work/root/profiles/mail"
completes s; diff "$work/said" <(printf 'save\nshow\nsockets\nstatus\n') > /dev/null
result $? 'completion: commands'
completes --root "$work/root" show ""; diff "$work/said" <(printf 'default\nmail\nweb\n') > /dev/null
result $? 'completion: profiles'
completes load --d; diff "$work/said" <(echo --dry-run) > /dev/null
result $? 'completion: options'
completes match $$; grep -qx $$ "$work/said"
result $? 'completion: processes'
completes check "$work/goo"; grep -qx "$work/good.conf" "$work/said"
result $? 'completion: files'
all_commands() {
	"$ssactl" help | sed -n 's/^  \([a-z][a-z-]*\).*/\1/p' | sort > "$work/commands"
	completes "" && diff "$work/said" "$work/commands" > /dev/null
}
all_commands
result $? 'completion: every command'

echo "1..$number"
exit $failed
