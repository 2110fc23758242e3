#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A simple HTTPS client with the Secure Socket API; the ssl module has no part in it.

    https_client.py host [port [authorities.pem]]
"""
import socket
import sys

IPPROTO_TLS = 260
TLS_REMOTE_HOSTNAME = 85
TLS_TRUSTED_PEER_CERTIFICATES = 87
TLS_ERROR = 100

host = sys.argv[1]
port = int(sys.argv[2]) if len(sys.argv) > 2 else 443

# Request a TLS socket (instead of TCP)
with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_TLS) as s:
    try:
        # The name that the certificate has to have
        s.setsockopt(IPPROTO_TLS, TLS_REMOTE_HOSTNAME, host.encode())
        if len(sys.argv) > 3:
            s.setsockopt(IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES, sys.argv[3].encode())
        # TLS handshake (verification done for us)
        s.connect((host, port))
        # Send HTTP request encrypted with TLS, receive decrypted response
        s.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        while data := s.recv(4096):
            sys.stdout.buffer.write(data)
    except OSError as e:
        text = s.getsockopt(IPPROTO_TLS, TLS_ERROR, 256).rstrip(b"\0").decode()
        sys.exit(f"{host}: {e.strerror}: {text}")
