#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0
#
# A simple HTTPS server with the Secure Socket API, without IO::Socket::SSL.
#
#	https_server.pl CERT_FILE KEY_FILE [port]
use strict;
use warnings;
use Socket qw(PF_INET SOCK_STREAM SOL_SOCKET SO_REUSEADDR SOMAXCONN INADDR_ANY sockaddr_in);
use constant {
	IPPROTO_TLS => 260,
	TLS_CERTIFICATE_CHAIN => 88, TLS_PRIVATE_KEY => 89, TLS_ERROR => 100,
};

my $page = "Hello from Perl and the kernel's TLS.\n";
my $response = "HTTP/1.1 200 OK\r\nContent-Length: " . length($page) .
	"\r\nConnection: close\r\n\r\n$page";
local $SIG{PIPE} = 'IGNORE';

# Request a TLS socket
socket(my $s, PF_INET, SOCK_STREAM, IPPROTO_TLS) or die "socket: $!\n";
setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
bind($s, sockaddr_in($ARGV[2] // 443, INADDR_ANY)) or die "bind: $!\n";
# Assign certificate chain and private key: the kernel reads the files
setsockopt($s, IPPROTO_TLS, TLS_CERTIFICATE_CHAIN, $ARGV[0]) or die "$ARGV[0]: $!\n";
setsockopt($s, IPPROTO_TLS, TLS_PRIVATE_KEY, $ARGV[1]) or die "$ARGV[1]: $!\n";
listen($s, SOMAXCONN) or die "listen: $!\n";

# Accept new client, whose TLS handshake is done
while (accept(my $client, $s)) {
	my $request = '';
	1 while $request !~ /\r\n\r\n/ && sysread($client, $request, 4096, length($request));
	next if defined(send($client, $response, 0));
	my $error = "$!";
	warn "client: $error: ", unpack("Z*", getsockopt($client, IPPROTO_TLS, TLS_ERROR)), "\n";
}
