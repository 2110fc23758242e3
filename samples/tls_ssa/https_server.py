#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A simple HTTPS server with the Secure Socket API; the ssl module has no part in it.

    https_server.py CERT_FILE KEY_FILE [port]
"""
import socket
import sys

IPPROTO_TLS = 260
TLS_CERTIFICATE_CHAIN = 88
TLS_PRIVATE_KEY = 89
TLS_ERROR = 100

PAGE = b"Hello from Python and the kernel's TLS.\n"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE)

# Request a TLS socket
with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_TLS) as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", int(sys.argv[3]) if len(sys.argv) > 3 else 443))
    # Assign certificate chain and private key: the kernel reads the files
    s.setsockopt(IPPROTO_TLS, TLS_CERTIFICATE_CHAIN, sys.argv[1].encode())
    s.setsockopt(IPPROTO_TLS, TLS_PRIVATE_KEY, sys.argv[2].encode())
    s.listen()
    while True:
        # Accept new client, whose TLS handshake is done
        client, _ = s.accept()
        with client, client.makefile("rb") as request:
            try:
                while request.readline().strip():
                    pass
                client.sendall(RESPONSE)
            except OSError as e:
                text = client.getsockopt(IPPROTO_TLS, TLS_ERROR, 256).rstrip(b"\0").decode()
                print(f"client: {e.strerror}: {text}", file=sys.stderr)
