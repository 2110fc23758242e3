# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of ssactl(8) for bash

_ssactl() {
	local commands='load reload save show check match status sockets explain import-crypto-policy help'
	local root=/sys/kernel/config/tls_ssa cur=${COMP_WORDS[COMP_CWORD]} word command='' i

	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--root) root=${COMP_WORDS[++i]} ;;
		-*) ;;
		*) [ -n "$command" ] || command=$word ;;
		esac
	done
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	--root)
		mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		return ;;
	--watch) return ;;
	--profile)
		mapfile -t COMPREPLY < <(compgen -W "default $(ls "$root/profiles" 2>/dev/null)" -- "$cur")
		return ;;
	--as)
		mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		return ;;
	esac
	case $command:$cur in
	:-*) mapfile -t COMPREPLY < <(compgen -W '--root --help' -- "$cur") ;;
	:*) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur") ;;
	load:-*) mapfile -t COMPREPLY < <(compgen -W '--dry-run --quiet' -- "$cur") ;;
	explain:-*) mapfile -t COMPREPLY < <(compgen -W '--profile --as' -- "$cur") ;;
	status:*) mapfile -t COMPREPLY < <(compgen -W '--all --watch' -- "$cur") ;;
	load:* | save:* | check:*)
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	show:*)
		mapfile -t COMPREPLY < <(compgen -W "default $(ls "$root/profiles" 2>/dev/null)" -- "$cur") ;;
	match:*)
		mapfile -t COMPREPLY < <(cd /proc && compgen -G "${cur:-[0-9]}*" | grep -x '[0-9]*') ;;
	explain:*)
		mapfile -t COMPREPLY < <(compgen -A hostname -- "$cur") ;;
	import-crypto-policy:*)
		mapfile -t COMPREPLY < <(compgen -W "openssl current $(ls /usr/share/crypto-policies 2>/dev/null)" -- "$cur") ;;
	esac
}

complete -F _ssactl ssactl
