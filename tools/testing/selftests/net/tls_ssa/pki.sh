# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced with $out and $top: the test certificates, as a copy in /tmp: those of
# the build directory may be replaced at any time, as one becomes valid after a
# day. Made here if there are none, which takes minutes in the emulator.

: "${out:?}" "${top:?}"
if [ -z "${TLS_SSA_PKI-}" ]; then
	export TLS_SSA_PKI=/tmp/tls_ssa-pki
	if [ ! -e $TLS_SSA_PKI/root.pem ]; then
		if [ -n "$(find "$out/pki/root.pem" -mmin -1200 2>/dev/null)" ]; then
			cp -r "$out/pki" $TLS_SSA_PKI
		else
			echo "# making certificates in $TLS_SSA_PKI"
			"$top/tools/testing/tls_ssa/gen-certs" --pki $TLS_SSA_PKI
		fi || exit 1
	fi
fi
