#!/usr/bin/env php
<?php
// SPDX-License-Identifier: GPL-2.0
// A simple HTTPS client with the Secure Socket API, without the openssl extension.
// PHP's socket_set_option() knows no texts: libc is called through FFI, a part of PHP.
//	https_client.php host [port [authorities.pem]]
const AF_HOSTNAME = 250, IPPROTO_TLS = 260, TLS_TRUSTED_PEER_CERTIFICATES = 87, TLS_ERROR = 100;
const INET = 2, STREAM = 1;

$c = FFI::cdef('int socket(int, int, int); int connect(int, const char *, unsigned);
	int setsockopt(int, int, int, const char *, unsigned);
	int getsockopt(int, int, int, char *, unsigned *); void perror(const char *);
	long send(int, const char *, size_t, int); long recv(int, char *, size_t, int);');
$buffer = $c->new('char[4096]');

function fail($what) {
	global $c, $fd, $buffer;
	$c->perror($what);
	$len = $c->new('unsigned');
	$len->cdata = 4096;
	if ($c->getsockopt($fd, IPPROTO_TLS, TLS_ERROR, $buffer, FFI::addr($len)) == 0)
		fwrite(STDERR, 'TLS: ' . FFI::string($buffer) . "\n");
	exit(1);
}

[, $host, $port, $authorities] = $argv + [2 => 443, 3 => ''];
// Request a TLS socket (instead of TCP)
($fd = $c->socket(INET, STREAM, IPPROTO_TLS)) >= 0 or fail('socket');
$authorities == '' or !$c->setsockopt($fd, IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES,
	$authorities, strlen($authorities)) or fail($authorities);
// Use hostname address family: struct sockaddr_host. Verification is done for us.
!$c->connect($fd, pack('Sna124', AF_HOSTNAME, $port, $host), 128) or fail($host);
$request = "GET / HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n\r\n";
$c->send($fd, $request, strlen($request), 0) >= 0 or fail('send');
while (($n = $c->recv($fd, $buffer, 4096, 0)) > 0)
	echo FFI::string($buffer, $n);
$n == 0 or fail('recv');
