#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
#	openssl.sh SSACTL
#
# import-crypto-policy against OpenSSL itself: of random CipherStrings both have to make the
# same cipher suites, in the same order, as far as the kernel has them.

ssactl=$1
rounds=120
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RANDOM=1

words=(ALL DEFAULT HIGH MEDIUM LOW kEECDH kECDHE ECDHE EECDH ECDH kRSA RSA DHE kDHE aNULL eNULL
	aECDSA ECDSA aRSA AESGCM AES AES128 AES256 CHACHA20 SHA384 SHA256 SHA1 FIPS TLSv1.2 PSK
	kPSK 3DES CAMELLIA ARIA AESCCM aDSS COMPLEMENTOFALL
	ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-CHACHA20-POLY1305
	AES256-GCM-SHA384 ECDHE-ECDSA-AES128-SHA ECDHE+AESGCM ECDHE+CHACHA20 aRSA+AES128
	@STRENGTH @SECLEVEL=0 @SECLEVEL=1 @SECLEVEL=2 @SECLEVEL=3 @SECLEVEL=4)
fixed=(SUITEB128 SUITEB128ONLY SUITEB192 DEFAULT@SECLEVEL=2
	'@SECLEVEL=2:kEECDH:kRSA:kEDH:-aDSS:-3DES:!DES:!RC4:!eNULL:!aNULL:!MD5:-SHA384:-CAMELLIA'
	'@SECLEVEL=3:kEECDH:kEDH:kPSK:-kRSA:-aDSS:-CHACHA20:!aNULL:-SHA1:!MD5:-SHA384')

random_string() {
	local signs=('' '' '' '' - ! +) n=$((1 + RANDOM % 6)) string='' word sign

	while ((n--)); do
		word=${words[RANDOM % ${#words[@]}]}
		sign=${signs[RANDOM % ${#signs[@]}]}
		[[ $word != @* ]] || sign=
		string+=${string:+:}$sign$word
	done
	echo "$string"
}

# theirs STRING: of the six that the kernel has, by IANA's names; nothing if none is left
theirs() {
	openssl ciphers -s -stdname -tls1_2 -- "$1" 2>/dev/null |
		grep -oE '^TLS_ECDHE_(ECDSA|RSA)_WITH_(AES_128_GCM_SHA256|AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256)'
}
ours() {
	echo "CipherString = $1" > "$work/cnf"
	"$ssactl" import-crypto-policy "$work/cnf" > "$work/said" || return
	sed -n 's/^\tciphersuites //p' "$work/said" | tr ' ' '\n' | grep ECDHE
}

number=0 failed=0
result() {
	number=$((number + 1))
	[ "$1" = 0 ] && echo "ok $number $2" && return
	echo "not ok $number $2"
	failed=1
}
echo 'TAP version 13'
command -v openssl > /dev/null || { echo 'Bail out! openssl is missing'; exit 1; }

same=0 some=0
for ((i = 0; i < rounds + ${#fixed[@]}; i++)); do
	if ((i < ${#fixed[@]})); then string=${fixed[i]}; else string=$(random_string); fi
	want=$(theirs "$string")
	got=$(ours "$string")
	[ -z "$want" ] || some=$((some + 1))
	if [ "$got" = "$want" ]; then
		same=$((same + 1))
	else
		echo "# $string"
		paste <(echo "$want") <(echo "$got") | sed 's/^/#     /'
	fi
done
[ $same = $i ]
result $? "$i CipherStrings, of which $some leave cipher suites: as OpenSSL has them"
[ $some -gt $((i / 3)) ] && [ $some -lt $i ]
result $? 'some of them leave none, but not most'

# Whatever this machine's openssl.cnf says
"$ssactl" import-crypto-policy openssl > "$work/imported" 2> /dev/null &&
	"$ssactl" check "$work/imported"
result $? "this machine's openssl.cnf: its equal passes check"
echo "1..$number"
exit $failed
