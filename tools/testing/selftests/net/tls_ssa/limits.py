#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What the administrator of the machine says outside of profiles: namespaces only tighten
net.ssa.*; the trust store as a directory, for all and for a profile, and what happens when one
is broken; what audit and the log are told. Writes TAP."""

import contextlib
import errno
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import time

from policy_peer import CONFIG, NAME, PKI, ROOT, VMIN, Peer, Server, connect, get, ok, put, reset, \
    results, same, setopt, sock

SYSCTL = "/proc/sys/net/ssa"
TOP = "/var/tmp/ssa-limits"
# a value, a stricter one, a laxer one
LIMITS = {"handshake_timeout_ms": (20000, 10000, 30000), "handshakes_max": (100, 50, 200),
          "handshake_memory": (1 << 20, 1 << 19, 1 << 21),
          "contexts_max": (1000, 500, 2000), "rekey_after_records": (1000, 500, 2000),
          "lookups_max": (100, 50, 200), "lookups_per_user": (20, 10, 30)}
TRY_ALL = """
import sys
for name, value in (pair.split("=") for pair in sys.argv[1:]):
    try:
        with open(f"/proc/sys/net/ssa/{name}", "w") as file:
            file.write(value)
        print(0)
    except OSError as err:
        print(err.errno)
    try:
        with open(f"/proc/sys/net/ssa/{name}") as file:
            print(file.read().strip())
    except OSError as err:
        print(f"errno {err.errno}")
"""


def read(name):
    with open(f"{SYSCTL}/{name}", encoding="ascii") as file:
        return file.read().strip()


def write(name, value):
    try:
        with open(f"{SYSCTL}/{name}", "w", encoding="ascii") as file:
            file.write(str(value))
    except OSError as err:
        return err.errno
    return 0


def elsewhere(*pairs, user=()):
    """Writes in a network namespace of its own: errno and the value after it, of each."""
    run = subprocess.run(["unshare", "-n", *user, sys.executable, "-c", TRY_ALL, *pairs],
                         stdout=subprocess.PIPE, check=True)
    lines = run.stdout.decode().split("\n")
    return [(int(lines[2 * i]), lines[2 * i + 1]) for i in range(len(pairs))]


def namespaces():
    before = {name: read(name) for name in (*LIMITS, "min_version", "enabled")}
    for name, (value, _, _) in LIMITS.items():
        same(0, write(name, value), f"{name}: set for the machine")
    for user in ((), ("-Ur",)):
        who = "root of a user namespace" if user else "root"
        seen = elsewhere(*(f"{name}={v[1]}" for name, v in LIMITS.items()), user=user)
        same([(0, str(v[1])) for v in LIMITS.values()], seen, f"{who} of a namespace tightens")
        seen = elsewhere(*(f"{name}={v[2]}" for name, v in LIMITS.items()), user=user)
        same([errno.EPERM] * len(LIMITS), [err for err, _ in seen], f"{who} does not loosen")
        ok(all(int(value) <= v[0] for (_, value), v in zip(seen, LIMITS.values())),
           "what holds is not laxer than the machine's", seen)
    same([(errno.EPERM, "500")], elsewhere("rekey_after_records=0")
         if not write("rekey_after_records", 500) else None, "no limit is laxer than one")
    same(0, write("namespaces_may_configure", 0), "namespaces_may_configure: 0")
    seen = elsewhere(*(f"{name}={v[1]}" for name, v in LIMITS.items()), "min_version=TLSv1.3",
                     "enabled=0")
    same([errno.EPERM] * (len(LIMITS) + 2), [err for err, _ in seen], "then they write nothing")
    same(0, write("handshakes_max", 60), "but the machine does")
    seen = elsewhere("namespaces_may_configure=1", "namespaces_may_resolve=1", "log_level=3")
    same([errno.ENOENT] * 3, [err for err, _ in seen], "what is the machine's is not there")
    same("0", read("namespaces_may_configure"), "and as it was")
    write("namespaces_may_configure", 1)
    same(errno.EINVAL, write("handshakes_max", 0), "a value out of range is refused")
    for name, value in before.items():
        write(name, value)


def rehash(name, *certificates):
    """A directory as openssl-rehash(1) makes it."""
    os.makedirs(f"{TOP}/{name}")
    for certificate in certificates:
        shutil.copy(certificate, f"{TOP}/{name}")
    subprocess.run(["openssl", "rehash", f"{TOP}/{name}"], check=True)
    return f"{TOP}/{name}"


def directories():
    unknown = rehash("unknown", f"{PKI}/unknown-root.pem")
    known = rehash("known", ROOT, f"{PKI}/unknown-root.pem")
    with open(f"{known}/not-hashed.pem", "w", encoding="ascii") as file:
        file.write("no certificate")
    os.symlink("/nowhere", f"{known}/00000000.0")
    same(0, put("default", "trust_store", unknown), "trust_store: a directory")
    same(errno.ENOKEY, connect()[0], "trust_store: the authority is not in it")
    same(0, put("default", "trust_store", known), "trust_store: another directory")
    same(0, connect()[0], "trust_store: it is in this one")
    os.mkdir(f"{CONFIG}/profiles/p")
    put("profiles/p", "match_uid", "0")
    same(0, put("profiles/p", "trust_store", unknown), "trust_store: one of a profile")
    same(0, put("profiles/p", "enabled", "1"), "trust_store: it is enabled")
    same(errno.ENOKEY, connect()[0], "trust_store: the profile's holds")
    os.rmdir(f"{CONFIG}/profiles/p")
    same(0, connect()[0], "trust_store: not without it")


def broken(name, path, why):
    same(errno.EINVAL, put("default", "trust_store", path), f"{name}: refused")
    text = get("default", "last_error")
    ok(path in text and why in text, f"{name}: last_error says why", text)
    same(0, connect()[0], f"{name}: the old one is in force")


def broken_stores():
    bundle = f"{TOP}/bundle.pem"
    shutil.copy(ROOT, bundle)
    same(0, put("default", "trust_store", bundle), "a bundle")
    with open(bundle, "w", encoding="ascii") as file:
        file.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    broken("a broken bundle", bundle, "no certificate")
    os.truncate(bundle, 0)
    broken("an empty one", bundle, "empty")
    os.truncate(bundle, 2 << 20)
    broken("a large one", bundle, "large")
    os.unlink(bundle)
    broken("none", bundle, "does not exist")
    os.mkfifo(bundle)
    broken("a FIFO", bundle, "regular")
    empty = f"{TOP}/empty"
    os.mkdir(empty)
    broken("an empty directory", empty, "no certificate")
    os.mkdir(f"{empty}/12345678.0")
    broken("a directory in its place", empty, "directory")
    os.rmdir(f"{empty}/12345678.0")
    for i in range(2049):
        os.symlink("/nowhere", f"{empty}/{i:08x}.0")
    broken("a directory with too many", empty, "too")
    os.unlink(bundle)
    shutil.copy(f"{PKI}/unknown-root.pem", bundle)
    same(0, put("default", "trust_store", bundle), "a good one")
    same(errno.ENOKEY, connect()[0], "it is in force")
    shutil.copy(ROOT, bundle)
    same(errno.ENOKEY, connect()[0], "a file that has changed is not read")
    same(0, put("default", "trust_store", bundle), "until it is written again")
    same(0, connect()[0], "then it is in force")


AUDIT_SET, AUDIT_KERNEL_OTHER = 1001, 1316


class Audit:
    """Records that are multicast."""

    def __init__(self):
        self.s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
        self.s.bind((0, 1))
        self.s.settimeout(20)
        self.enable(1)

    def enable(self, on):
        status = struct.pack("=IIIIIIIIII", 1, on, *[0] * 8)
        self.s.send(struct.pack("=IHHII", 16 + len(status), AUDIT_SET, 1, 1, 0) + status)

    def expect(self, name, *words):
        """One of the next records has them."""
        seen = []
        with contextlib.suppress(TimeoutError):
            while True:
                data = self.s.recv(65536)
                record = data[16:].rstrip(b"\0").decode()
                if struct.unpack_from("=H", data, 4)[0] == AUDIT_KERNEL_OTHER:
                    seen.append(record)
                    if all(word in record for word in words):
                        ok(True, name)
                        print(f"# {record}")
                        return
        ok(False, name, seen)

    def close(self):
        self.enable(0)
        self.s.close()


def audit():
    log = Audit()
    peer = Peer(setup=lambda c: setattr(c, "maximum_version", ssl.TLSVersion.TLSv1_2))
    with sock() as s:
        setopt(s, NAME, "server.test")
        s.connect(peer.listener.getsockname())
        put(".", "end_connections", "1")
        put("default", "min_version", "TLSv1.3")
        port = s.getsockname()[1]
        log.expect("audit: a connection that is ended", "op=tls_ssa-refused",
                   'profile="default"', "reason=PolicyEnded", f"lport={port} ", "res=0")
    peer.close()
    put(".", "end_connections", "0")
    put("default", "min_version", "TLSv1.3")
    log.expect("audit: a change",
               "op=tls_ssa-", "min_version", "default", f" pid={os.getpid()} ", "res=1")
    put("default", "min_version", "SSLv3")
    log.expect("audit: one that is refused",
               "op=tls_ssa-", "min_version", "default", "res=0")
    with sock() as s:
        setopt(s, VMIN, "TLSv1.2")
    log.expect("audit: a program is refused",
               "op=tls_ssa-refused", 'profile="default"', "reason=PolicyVersion", "res=0")
    put("default", "trust_mode", "pinned")
    connect()
    log.expect("audit: so is a peer",
               "op=tls_ssa-refused", "reason=CertNotPinned", "fport=")
    put("default", "trust_mode", "")
    put("default", "min_version", "")
    put(".", "end_connections", "1")
    server = Server()
    context = ssl.create_default_context(cafile=ROOT)
    with socket.create_connection(server.listener.getsockname()) as conn, \
            context.wrap_socket(conn, server_hostname="server.test") as tls, \
            server.listener.accept()[0]:
        version = tls.version()
        put("default", "max_version", "TLSv1.2")
        log.expect(f"audit: a connection by {version} is ended",
                   "op=tls_ssa-refused", "reason=PolicyEnded")
    server.close()
    put("default", "max_version", "")
    put(".", "end_connections", "0")
    write("handshakes_max", 1000)
    log.expect("audit: a sysctl",
               "op=tls_ssa-sysctl", "handshakes_max", "res=1")
    os.mkdir(f"{CONFIG}/credentials/c")
    put("credentials/c", "key", f"{PKI}/p256.key.pem")
    log.expect("audit: a key",
               "op=tls_ssa-key", 'what="c"', "res=1")
    log.close()


def logged(words):
    out = subprocess.run(["dmesg"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return sum(words in line for line in out.splitlines() if "tls_ssa: " in line)


def log_level():
    def all_three():
        put("default", "min_version", "TLSv1.3")
        with sock() as s:
            setopt(s, VMIN, "TLSv1.2")
        connect(setup=lambda c: setattr(c, "maximum_version", ssl.TLSVersion.TLSv1_2))
        refused = f"PolicyVersion, to python3, pid {os.getpid()}, by profile default"
        return [logged(words) for words in ("min_version default changed", refused,
                                            "client failed")]
    before = all_three()
    for level in range(4):
        same(0, write("log_level", level), f"log_level: {level}")
        after = all_three()
        same([i < level for i in range(3)], [b > a for a, b in zip(before, after)],
             f"log_level {level}: what is logged")
        before = after
    same(errno.EINVAL, write("log_level", 4), "log_level: there is no more")
    log_lines()
    write("log_level", 0)


def counted(name):
    with open("/proc/net/tls_ssa_stat", encoding="ascii") as file:
        return int(dict(line.split() for line in file)[name])


def last_line(words):
    out = subprocess.run(["dmesg"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return ([line for line in out.splitlines() if words in line] or [""])[-1]


def log_lines():
    """At level 3: who, with whom, and why; but who only looks whether a server is there is no
    failure."""
    write("log_level", 3)
    with Server().listener as server, socket.socket() as client:
        client.connect(server.getsockname())
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while client.recv(64):
            pass
        line = last_line("handshake of a server failed")
        for words in (f"python3[{os.getpid()}] at port {server.getsockname()[1]} with "
                      f"127.0.0.1:{client.getsockname()[1]}: ",
                      ": RecordVersion, not a TLS record", f", errno {errno.EPROTO}"):
            ok(words in line, f"log_level 3: {words}", line)
        unused = counted("ConnectionsUnused")
        lines = logged("of a server failed")
        socket.create_connection(server.getsockname()).close()
        for _ in range(600):
            if counted("ConnectionsUnused") > unused:
                break
            time.sleep(0.1)
        same(unused + 1, counted("ConnectionsUnused"), "a client that closes at once is counted")
        same(lines, logged("of a server failed"), "and not logged")


def main():
    print("TAP version 13")
    shutil.rmtree(TOP, ignore_errors=True)
    os.makedirs(TOP)
    for test in (namespaces, directories, broken_stores, audit, log_level):
        reset()
        try:
            test()
        except (OSError, subprocess.SubprocessError) as err:
            ok(False, f"{test.__name__} runs to its end", err)
    reset()
    put("default", "trust_store", "")
    shutil.rmtree(TOP)
    print(f"1..{len(results)}")
    sys.exit(not all(results))


main()
