#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# nssdb.sh PKI: the test certificates as data bases for NSS's tools, PKI/nss/KEY.
# Made on the host: the key derivations of its files take minutes in the emulator.

set -eu
pki=$1
rm -rf "$pki/nss"
# Certificates of the same subject share a nickname: a data base for each key.
for key in p256 rsa; do
	mkdir -p "$pki/nss/$key"
	db=sql:$pki/nss/$key
	certutil -N -d "$db" --empty-password
	certutil -A -d "$db" -n root -t C,, -i "$pki/root.pem"
	openssl pkcs12 -export -in "$pki/$key.chain.pem" -inkey "$pki/$key.key.pem" \
		-name server -passout pass: -out "$pki/nss/p12"
	pk12util -i "$pki/nss/p12" -d "$db" -W '' > "$pki/nss/log"
	rm "$pki/nss/p12" "$pki/nss/log"
done
chmod -R a+rX "$pki/nss"
