# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Sourced first by tests whose peers are programs: $top, $out, the certificates in
# $pki, a directory $work, and the programs in $servers, all of which end with the
# test.

top=$(cd ../../../../.. && pwd)
out=${TLS_SSA_OUT:-$top/build/selftests}
. ./tap.sh
. ./names.sh
. ./pki.sh
# shellcheck disable=SC2034 # for the tests
pki=$TLS_SSA_PKI
work=$(mktemp -d)
chmod 755 "$work"
servers=()
# Not the servers' children: they end with their parents.
trap 'kill "${servers[@]}" 2>/dev/null; rm -rf "$work"' EXIT

# nginx_conf NAME, the blocks inside of http {} on standard input: $work/NAME.conf
nginx_conf() {
	{
		cat <<-END
			daemon off; user root; worker_processes 1;
			error_log $work/$1.err; pid $work/$1.pid;
			events { worker_connections 256; }
			http {
			access_log off;
			client_body_temp_path $work/b; proxy_temp_path $work/p;
			fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
		END
		cat
		echo '}'
	} > "$work/$1.conf"
}
