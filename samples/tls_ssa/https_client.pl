#!/usr/bin/env perl
# SPDX-License-Identifier: GPL-2.0
#
# A simple HTTPS client with the Secure Socket API, without IO::Socket::SSL.
#
#	https_client.pl host [port [authorities.pem]]
use strict;
use warnings;
use Socket qw(PF_INET SOCK_STREAM);
use constant {
	AF_HOSTNAME => 250, IPPROTO_TLS => 260,
	TLS_TRUSTED_PEER_CERTIFICATES => 87, TLS_ERROR => 100,
};

my ($host, $port, $authorities) = @ARGV;

# Request a TLS socket (instead of TCP)
socket(my $s, PF_INET, SOCK_STREAM, IPPROTO_TLS) or die "socket: $!\n";

sub fail {
	my $error = "$!";
	die "$_[0]: $error: " . unpack("Z*", getsockopt($s, IPPROTO_TLS, TLS_ERROR)) . "\n";
}

!$authorities or setsockopt($s, IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES, $authorities) or
	fail($authorities);
# Use hostname address family: struct sockaddr_host. Verification is done for us.
connect($s, pack("S n Z124", AF_HOSTNAME, $port // 443, $host)) or fail($host);
# Send HTTP request encrypted with TLS
send($s, "GET / HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n\r\n", 0) // fail("send");
# Receive decrypted response
my $n;
while ($n = sysread($s, my $data, 4096)) {
	print $data;
}
defined($n) or fail("recv");
