# SPDX-License-Identifier: GPL-2.0
"""What the tests of the policy share: the files of configfs, TLS sockets, OpenSSL peers on
both sides of them, and results as TAP."""

import ctypes
import errno
import importlib.machinery
import importlib.util
import os
import pathlib
import select
import socket
import ssl
import struct
import sys
import threading

TOP = pathlib.Path(__file__).resolve().parents[5]
CONFIG = "/sys/kernel/config/tls_ssa"
PKI = os.path.join(os.environ["TLS_SSA_OUT"], "pki")
TLS, AF_HOSTNAME = 260, 250
NAME, TRUSTED, CHAIN, KEY, ALPN, TTL, DISABLE, AUTH = 85, 87, 88, 89, 90, 91, 92, 94
CIPHERS, ERROR, REUSE, VMIN, VMAX, PROFILE = 97, 100, 108, 111, 112, 208
CONTEXT, HANDSHAKE, IGNORE_EOF, ONLY, TCP_ULP = 107, 206, 209, 210, 31
ROOT = f"{PKI}/root.pem"
NO_EXTENDED_MASTER_SECRET = 1	# OpenSSL's SSL_OP_, which Python does not name

# Reasons as TLS_INFO and /proc/net/tls_ssa_stat name them
COUNTER = {
    "POLICY_DISABLED": "PolicyDisabled", "POLICY_OPTION": "PolicyOption",
    "POLICY_VERSION": "PolicyVersion", "POLICY_SUITE": "PolicySuite",
    "POLICY_ALPN": "PolicyAlpn", "POLICY_TRUST": "PolicyTrust",
    "POLICY_HOST_NAME": "PolicyHostName", "POLICY_HOST_NAMES": "PolicyHostNames", "POLICY_PEER_AUTH": "PolicyPeerAuth",
    "POLICY_SESSION": "PolicySession", "POLICY_ENDED": "PolicyEnded",
}

results = []


def script_of(name):
    """A program of scripts/ as a module"""
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), f"{TOP}/scripts/{name}")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


def ok(good, name, seen=""):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} {name}"
          + ("" if good else f"\n# seen: {seen}"), flush=True)


def same(want, seen, name):
    ok(want == seen, name, f"{seen!r}, not {want!r}")


def put(item, attribute, value):
    """0 or the errno of the write, which is one, however many lines @value has."""
    try:
        file = os.open(f"{CONFIG}/{item}/{attribute}", os.O_WRONLY)
        try:
            os.write(file, f"{value}\n".encode("ascii"))
        finally:
            os.close(file)
    except OSError as err:
        return err.errno
    return 0


def get(item, attribute):
    with open(f"{CONFIG}/{item}/{attribute}", encoding="ascii") as file:
        return file.read().rstrip("\n")


def reset():
    put(".", "transaction", "abort")
    put(".", "end_connections", "0")
    put(".", "blocklist", "")
    for name in os.listdir(f"{CONFIG}/profiles"):
        os.rmdir(f"{CONFIG}/profiles/{name}")
    for name in os.listdir(f"{CONFIG}/credentials"):
        os.rmdir(f"{CONFIG}/credentials/{name}")
    for attribute in get("default", "set").split():
        # Bounds of versions depend on each other.
        put("default", attribute, "")
    for attribute in get("default", "set").split():
        put("default", attribute, "")
    put("default", "trust_store", ROOT)


def gauge(name):
    with open("/proc/net/tls_ssa_stat", encoding="ascii") as file:
        return int(dict(line.split() for line in file)[name])


def count(reason):
    return gauge(COUNTER[reason])


def sock():
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM, TLS)


def setopt(s, option, value):
    try:
        s.setsockopt(TLS, option, value.encode() if isinstance(value, str) else value)
    except OSError as err:
        return err.errno
    return 0


def text(s, option):
    return s.getsockopt(TLS, option, 1024).rstrip(b"\0").decode()


def by_name(s, call, name, port=0):
    """errno of connect() or bind() with an address that is a name: Python has none of those."""
    libc = ctypes.CDLL(None, use_errno=True)
    address = struct.pack("=H", AF_HOSTNAME) + struct.pack("!H", port) + name.encode() + b"\0"
    if not getattr(libc, call)(s.fileno(), address, len(address)):
        return 0
    return ctypes.get_errno()


class Peer:
    """An OpenSSL server for one connection."""

    def __init__(self, key="p256", setup=None):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(f"{PKI}/{key}.chain.pem", f"{PKI}/{key}.key.pem")
        if setup:
            setup(self.context)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.alpn = None
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        conn, _ = self.listener.accept()
        try:
            with self.context.wrap_socket(conn, server_side=True) as tls:
                self.alpn = tls.selected_alpn_protocol()
                tls.recv(1)
        except OSError:
            conn.close()

    def close(self):
        self.thread.join()
        self.listener.close()


def connect(key="p256", setup=None, options=(), name="server.test", host=None):
    """errno and reason of a connection to such a peer, and what the peer has agreed on."""
    peer = Peer(key, setup)
    with sock() as s:
        err = setopt(s, NAME, name)
        for option, value in options:
            err = err or setopt(s, option, value)
        if not err:
            err = by_name(s, "connect", host, peer.listener.getsockname()[1]) if host else \
                s.connect_ex(peer.listener.getsockname())
        why = text(s, ERROR)
        if err:		# the peer may still wait for a connection
            with socket.create_connection(peer.listener.getsockname()):
                pass
    peer.close()
    return err, why, peer.alpn


class Server:
    """A server of ours that has a certificate of its own, or not, and says no more."""

    def __init__(self, options=(), key="p256"):
        self.listener = sock()
        self.err = 0
        pair = ((CHAIN, f"{PKI}/{key}.chain.pem"), (KEY, f"{PKI}/{key}.key.pem")) if key else ()
        for option, value in (*pair, *options):
            self.err = self.err or setopt(self.listener, option, value)
        self.listener.bind(("127.0.0.1", 0))
        try:
            if not self.err:
                self.listener.listen(1)
        except OSError as err:
            self.err = err.errno

    def close(self):
        self.listener.close()


def served(setup=None, options=(), key="p256"):
    """errno and reason of an OpenSSL client's connection to such a server, and its ALPN."""
    server = Server(options, key)
    if server.err:
        why = text(server.listener, ERROR)
        server.close()
        return server.err, why, None
    context = ssl.create_default_context(cafile=ROOT)
    if setup:
        setup(context)
    err, why, protocol = 0, "", None
    try:
        with socket.create_connection(server.listener.getsockname()) as conn:
            with context.wrap_socket(conn, server_hostname="server.test",
                                     suppress_ragged_eofs=False) as tls:
                protocol = tls.selected_alpn_protocol()
                # A client of TLS 1.3 is done before it is judged.
                if server.listener in select.select([server.listener, tls], [], [], 60)[0]:
                    server.listener.accept()[0].close()
                tls.recv(1)
    except OSError as failure:
        err, why = failure.errno or errno.EPROTO, str(failure)
    server.close()
    return err, why, protocol
