#!/usr/bin/env php
<?php
// SPDX-License-Identifier: GPL-2.0
// A simple HTTPS server with the Secure Socket API, without the openssl extension.
// PHP's socket_set_option() knows no texts: libc is called through FFI, a part of PHP.
//	https_server.php CERT_FILE KEY_FILE [port]
const IPPROTO_TLS = 260, TLS_CERTIFICATE_CHAIN = 88, TLS_PRIVATE_KEY = 89, TLS_ERROR = 100;
const INET = 2, STREAM = 1, BACKLOG = 4096, NOSIGNAL = 0x4000;

$c = FFI::cdef('int socket(int, int, int); int bind(int, const char *, unsigned);
	int setsockopt(int, int, int, const char *, unsigned);
	int listen(int, int); int accept(int, void *, void *); int close(int);
	long send(int, const char *, size_t, int); long recv(int, char *, size_t, int);
	void perror(const char *);');
function check($result, $what) {
	global $c;
	if ($result < 0) {
		$c->perror($what);
		exit(1);
	}
	return $result;
}

// Request a TLS socket
$fd = check($c->socket(INET, STREAM, IPPROTO_TLS), 'socket');
check($c->bind($fd, pack('Snx12', INET, $argv[3] ?? 443), 16), 'bind');
// Assign certificate chain and private key: the kernel reads the files
foreach ([TLS_CERTIFICATE_CHAIN => $argv[1], TLS_PRIVATE_KEY => $argv[2]] as $option => $path)
	check($c->setsockopt($fd, IPPROTO_TLS, $option, $path, strlen($path)), $path);
check($c->listen($fd, BACKLOG), 'listen');
$page = "Hello from PHP and the kernel's TLS.\n";
$response = sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", strlen($page), $page);
for ($buffer = $c->new('char[4096]');;) {
	// Accept new client, whose TLS handshake is done
	$client = check($c->accept($fd, NULL, NULL), 'accept');
	$c->recv($client, $buffer, 4096, 0) > 0 &&
		$c->send($client, $response, strlen($response), NOSIGNAL);
	$c->close($client);
}
