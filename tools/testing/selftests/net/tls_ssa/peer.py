#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Python's ssl as the peer; peer_remote.c says what comes in on descriptor 0."""
import os
import socket
import ssl

GROUPS = {"P-256": "prime256v1", "P-384": "secp384r1",
          "P-521": "secp521r1"}


def context(role, version, suite, groups, cert, key, ca):
    """What struct peer_config says, as far as this module can do it."""
    if role == "server":
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ctx.load_cert_chain(cert, key)
    else:
        ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        ctx.load_verify_locations(ca)
    ctx.minimum_version = ctx.maximum_version = {
        "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
    # It has no function for the suites of TLS 1.3.
    if version == "1.2" and suite != "-":
        ctx.set_ciphers(suite)
    # One group only, for servers and clients; X25519 it takes by default, and
    # some of its versions cannot be told to.
    group = groups.split(":")[0]
    if group in GROUPS:
        ctx.set_ecdh_curve(GROUPS[group])
    return ctx


def handshake(args, fd):
    """The connection after its handshake."""
    role, version, suite, groups, cert, key, ca, name = args
    ctx = context(role, version, suite, groups, cert, key, ca)
    sock = socket.socket(fileno=fd)
    sock.setblocking(True)
    return ctx.wrap_socket(sock, server_side=role == "server",
                           server_hostname=name if role == "client" else None,
                           suppress_ragged_eofs=False)


def echo(conn):
    """Send back what comes until close_notify, answer that."""
    while True:
        data = conn.recv(65536)
        if not data:
            break
        conn.sendall(data)
    conn.unwrap()


def main():
    control = socket.socket(fileno=0)
    conn = None
    while True:
        line, fds, _, _ = socket.recv_fds(control, 4096, 1)
        if not line:
            return
        args = line.decode().split("\t")
        try:
            if args[0] in ("client", "server"):
                conn = handshake(args, fds[0])
                control.send(b"ok\t%s" % conn.cipher()[0].encode())
            elif args[0] == "echo":
                echo(conn)
                control.send(b"ok")
        except (OSError, ValueError) as error:
            control.send(("error\t%s: %s" % (type(error).__name__, error)).encode()[:900])
            args = ["close"]
        if args[0] == "close" and conn:
            conn.close()
            conn = None


if __name__ == "__main__":
    os.environ.pop("SSL_CERT_FILE", None)
    main()
