#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The policy is rewritten under load, write by write and in transactions: no connection fails
but those that it forbids, and nothing stays behind. Then whatever comes to mind is written into
every file of configfs. REWRITES and SECONDS in the environment say how much. Writes TAP."""

import contextlib
import errno
import os
import random
import socket
import ssl
import subprocess
import sys
import threading
import time

from policy_peer import CHAIN, CONFIG, ERROR, KEY, NAME, PKI, ROOT, get, ok, put, reset, results, \
    same, setopt, sock, text

REWRITES = int(os.environ.get("REWRITES", "1000"))
CONNECTIONS = 40	# of each client, at least
ACCEPTED = 10	# writes of anything, at least
SECONDS = int(os.environ.get("SECONDS", "60"))

# What alternates; a TLS 1.3 connection with P-256 is within all of it.
VALUES = {
    "min_version": ("TLSv1.2", "TLSv1.3"),
    "ciphersuites": ("", "TLS_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    "groups": ("", "secp256r1", "secp384r1 secp256r1"),
    "trust_store": (ROOT, f"{PKI}/root.pem"),
    "alpn": ("any", "h2 http/1.1"),
    "verify_depth": ("9", "1"),
    "min_rsa_bits": ("2048", ""),
    "extensions": ("all", "server_name application_layer_protocol_negotiation"),
    "app_may_set": ("all", "remote_hostname certificate_chain private_key"),
    "session_ttl": ("60", ""),
    "credential": ("all", "none", "c"),
    "key_directories": ("none", "/etc/ssl/private /var/empty"),
}


def counters():
    with open("/proc/net/tls_ssa_stat", encoding="ascii") as file:
        return {name: int(value) for name, value in (line.split() for line in file)}


class Echo(threading.Thread):
    """A server of ours; every client gets a byte."""

    def __init__(self):
        super().__init__()
        self.listener = sock()
        setopt(self.listener, CHAIN, f"{PKI}/p256.chain.pem")
        setopt(self.listener, KEY, f"{PKI}/p256.key.pem")
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.start()

    def run(self):
        while True:
            conn = self.listener.accept()[0]
            with contextlib.suppress(OSError), conn:
                if conn.recv(1) == b"q":
                    return
                conn.sendall(b"!")


class Old(threading.Thread):
    """An OpenSSL server that has nothing but TLS 1.2."""

    def __init__(self):
        super().__init__()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.context.load_cert_chain(f"{PKI}/p256.chain.pem", f"{PKI}/p256.key.pem")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.start()

    def run(self):
        while True:
            conn = self.listener.accept()[0]
            with contextlib.suppress(OSError):
                with self.context.wrap_socket(conn, server_side=True) as tls:
                    if tls.recv(1) == b"q":
                        return
                    tls.sendall(b"!")


def talk(address, byte=b"?"):
    """errno and reason of a connection; 0 if it got its byte."""
    with sock() as s:
        if setopt(s, NAME, "server.test"):
            return errno.EINVAL, "TLS_REMOTE_HOSTNAME"
        err = s.connect_ex(address)
        if err:
            return err, text(s, ERROR)
        try:
            s.sendall(byte)
            return (0, "") if byte == b"q" or s.recv(1) == b"!" else (errno.EPROTO, "no answer")
        except OSError as failure:
            return failure.errno, text(s, ERROR)


class Client(threading.Thread):
    """Connects until it is told to stop."""

    def __init__(self, address):
        super().__init__()
        self.address, self.stop = address, threading.Event()
        self.done, self.failed = 0, []
        self.start()

    def run(self):
        while not self.stop.is_set():
            err, why = talk(self.address)
            self.done += not err
            if err:
                self.failed.append((err, why))


def rewrite(choice):
    """One change of the policy, or several at once; those that were refused."""
    kind = choice.randrange(8)
    writes = []
    if kind == 0:
        writes = [("default", attribute, choice.choice(VALUES[attribute]))
                  for attribute in choice.sample(sorted(VALUES), 3)]
        writes = [(".", "transaction", "begin"), *writes,
                  (".", "transaction", choice.choice(("commit", "abort")))]
    elif kind == 1:
        name = f"profiles/p{choice.randrange(3)}"
        if os.path.isdir(f"{CONFIG}/{name}"):
            os.rmdir(f"{CONFIG}/{name}")
        else:
            os.mkdir(f"{CONFIG}/{name}")
            uid = "0" if name[-1] == "0" else f"4{name[-1]}"
            writes = [(name, "match_uid", uid), (name, "max_version", "TLSv1.3"),
                      (name, "enabled", "1")]
    elif kind == 2:
        key = choice.choice(("p256", "rsa", "ed25519"))
        writes = [("credentials/c", "chain", f"{PKI}/{key}.chain.pem"),
                  ("credentials/c", "key", f"{PKI}/{key}.key.pem")]
    else:
        attribute = choice.choice(sorted(VALUES))
        writes = [("default", attribute, choice.choice(VALUES[attribute]))]
    return [(write, get(write[0], "last_error")) for write in writes if put(*write)]


def ended(failure):
    """By end_connections, on this side or on the other one"""
    return "end_connections" in failure[1] or "access_denied" in failure[1]


def load(rewrites=REWRITES, follow=False):
    """The sockets keep what they have, or are to @follow the policy."""
    os.mkdir(f"{CONFIG}/credentials/c")
    put(".", "end_connections", f"{follow:d}")
    before = counters()
    echo, old = Echo(), Old()
    clients = [Client(echo.listener.getsockname()) for _ in range(2)]
    outside = Client(old.listener.getsockname())
    choice = random.Random(8446)
    refused, count = [], 0
    while count < rewrites or min(client.done for client in clients) < CONNECTIONS:
        refused += rewrite(choice)
        count += 1
        if any(client.failed for client in clients) and not follow:
            break
    for client in (*clients, outside):
        client.stop.set()
        client.join()
    put("default", "min_version", "TLSv1.2")
    reset()
    same([], refused, f"at least {rewrites} changes of the policy, none is refused")
    failed = [failure for client in clients for failure in client.failed]
    same([], [failure for failure in failed if not (follow and ended(failure))],
         "no connection within it fails")
    ok(count >= rewrites and all(client.done >= CONNECTIONS for client in clients),
       "and there were enough", (count, [client.done for client in clients]))
    print(f"# {count} changes, {sum(client.done for client in clients)} connections within the policy,"
          f" {len(failed)} ended by it, {outside.done} allowed and {len(outside.failed)} refused of a peer with TLS 1.2")
    ok(outside.done and outside.failed, "a peer outside of it is sometimes refused",
       (outside.done, len(outside.failed)))
    same(set(), {why for err, why in outside.failed if "version" not in why.lower() and
                 not (follow and ended((err, why)))},
         "but for nothing else than its version")
    same((0, ""), talk(echo.listener.getsockname(), b"q"), "the server is there")
    same((0, ""), talk(old.listener.getsockname(), b"q"), "so is the peer")
    for server in (echo, old):
        server.join()
        server.listener.close()
    after = counters()
    for _ in range(100):
        if (after["Sockets"], after["HandshakesInFlight"]) == (before["Sockets"], 0):
            break
        time.sleep(0.1)
        after = counters()
    same((before["Sockets"], 0), (after["Sockets"], after["HandshakesInFlight"]),
         "no socket and no handshake stays behind")


def following():
    load(REWRITES // 4, True)


# ----------------------------------------------------------------- anything at all

def everything():
    """Files that can be read and written, and their values, but for what only says things."""
    found = {}
    for top, _, names in os.walk(CONFIG):
        for name in names:
            path = os.path.join(top, name)
            if os.stat(path).st_mode & 0o600 == 0o600 and name not in ("match", "transaction"):
                with open(path, "rb") as file:
                    found[os.path.relpath(path, CONFIG)] = file.read()
    return found


def words():
    """What values are made of."""
    found = {b"0", b"1", b"all", b"none", b"any", b"default", b"65535", b"-1", b"99999999999999999",
             b"/etc/passwd", ROOT.encode(), b"/dev/zero", b"/proc/self/mem", b"..", b"\\x00", b"\\xg",
             b"\xff\xfe", b"\0", b"%s%n", b"h2", b"127.0.0.1", b"*.server.test"}
    for value in everything().values():
        found.update(value.split())
    return sorted(found)


def some_value(choice, vocabulary):
    kind = choice.randrange(10)
    if kind == 0:
        return b" \n"
    if kind == 1:
        return choice.randbytes(choice.choice((1, 10, 255, 256, 257, 4000, 4095)))
    if kind == 2:
        return choice.choice(vocabulary) * choice.choice((2, 100, 400))
    value = choice.choice((b" ", b",", b"\n", b":")).join(
        choice.choice(vocabulary) for _ in range(choice.choice((1, 1, 1, 2, 5, 40))))
    if kind == 3 and value:
        at = choice.randrange(len(value))
        value = value[:at] + bytes([choice.randrange(256)]) + value[at + 1:]
    return value


def throw(path, value):
    """0 or the errno of one write."""
    file = os.open(f"{CONFIG}/{path}", os.O_WRONLY)
    try:
        os.write(file, value[:4095])
    except OSError as err:
        return err.errno
    finally:
        os.close(file)
    return 0


def folder(choice):
    """Makes or removes a directory; the name may be none."""
    where = choice.choice(("profiles", "credentials"))
    name = choice.choice(("a", "b", "c", "-", "all", "x" * 64, "x" * 65, "a b"))
    path = f"{CONFIG}/{where}/{name}"
    with contextlib.suppress(OSError):
        if os.path.isdir(path):
            os.rmdir(path)
        else:
            os.mkdir(path)


def anything():
    choice = random.Random(int(os.environ.get("SEED", "4717")))
    end = time.monotonic() + SECONDS
    written = accepted = 0
    wrong = []
    vocabulary = words()
    while (time.monotonic() < end or accepted < ACCEPTED) and len(wrong) < 5:
        kind = choice.randrange(40)
        if kind == 0:
            folder(choice)
        elif kind == 1:
            throw("transaction", choice.choice((b"begin", b"commit", b"abort", b"beginn", b"", b"\0")))
        elif kind == 2 and os.listdir(f"{CONFIG}/credentials"):
            name = choice.choice(os.listdir(f"{CONFIG}/credentials"))
            throw(f"credentials/{name}/{choice.choice(('chain', 'key'))}",
                  choice.choice((some_value(choice, vocabulary), f"{PKI}/p256.chain.pem".encode(),
                                 f"{PKI}/p256.key.pem".encode())))
        before = everything()
        path = choice.choice(sorted(before))
        value = some_value(choice, vocabulary)
        err = throw(path, value)
        after = everything()
        written += 1
        accepted += not err
        if err:
            if err != errno.EINVAL and not (err == errno.E2BIG and path == "blocklist"):
                wrong.append((path, value, err, "is not its errno"))
            if before != after:
                wrong.append((path, value, err, "refused, and something has changed"))
            continue
        with open(f"{CONFIG}/{os.path.dirname(path) or '.'}/last_error", "rb") as file:
            if file.read().strip():
                wrong.append((path, value, "accepted, and last_error complains"))
        if path == "blocklist":
            continue
        again = throw(path, after[path])
        if (again or everything()[path] != after[path]) and after[path].strip():
            wrong.append((path, value, after[path], again, "is not what it reads as"))
    print(f"# {written} writes, {accepted} of them accepted")
    same([], wrong, f"{SECONDS} seconds of anything: refused as a whole, or read as written")
    reset()
    same(0, put("default", "min_version", "TLSv1.3"), "the policy can still be written")
    same("TLSv1.3", get("default", "min_version"), "and read")


def main():
    print("TAP version 13")
    for test in (load, following, anything):
        reset()
        try:
            test()
        except (OSError, subprocess.SubprocessError) as err:
            ok(False, f"{test.__name__} runs to its end", err)
    reset()
    put("default", "trust_store", "")
    print(f"1..{len(results)}")
    sys.stdout.flush()
    os._exit(not all(results))	# without waiting for servers that a failure has left


main()
