#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""A server with several certificates that tells each client what it knows of it.

    options_server.py PORT AUTHORITIES [NAME CERT_FILE KEY_FILE]...
"""
import socket
import sys

IPPROTO_TLS = 260
TLS_HOSTNAME, TLS_TRUSTED_PEER_CERTIFICATES = 86, 87
TLS_CERTIFICATE_CHAIN, TLS_PRIVATE_KEY = 88, 89
TLS_ALPN, TLS_PEER_IDENTITY, TLS_REQUEST_PEER_AUTH, TLS_EXPORTER = 90, 93, 94, 200
TLS_PEER_AUTH_OPTIONAL = 1


def text(client, option):
    return client.getsockopt(IPPROTO_TLS, option, 1024).rstrip(b"\0").strip().replace(b"\n", b" ")


with socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_TLS) as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", int(sys.argv[1])))
    s.setsockopt(IPPROTO_TLS, TLS_TRUSTED_PEER_CERTIFICATES, sys.argv[2].encode())
    s.setsockopt(IPPROTO_TLS, TLS_REQUEST_PEER_AUTH, TLS_PEER_AUTH_OPTIONAL)
    s.setsockopt(IPPROTO_TLS, TLS_ALPN, b"http/1.1,http/1.0")
    for i, value in enumerate(sys.argv[3:]):
        option = (TLS_HOSTNAME, TLS_CERTIFICATE_CHAIN, TLS_PRIVATE_KEY)[i % 3]
        s.setsockopt(IPPROTO_TLS, option, value.encode())
    s.listen()
    while True:
        client, _ = s.accept()
        with client, client.makefile("rb") as request:
            while request.readline().strip():
                pass
            client.setsockopt(IPPROTO_TLS, TLS_EXPORTER, b"EXPORTER-demo")
            client.sendall(b"HTTP/1.0 200 OK\r\n\r\nname: %s\nyou: %s\nprotocol: %s\nexport: %s\n" % (
                text(client, TLS_HOSTNAME), text(client, TLS_PEER_IDENTITY),
                text(client, TLS_ALPN),
                client.getsockopt(IPPROTO_TLS, TLS_EXPORTER, 32).hex().encode()))
