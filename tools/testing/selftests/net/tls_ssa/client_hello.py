#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What a scanner of clients would look at: our ClientHello.

client_hello.py HTTPS_CLIENT AUTHORITIES

Runs the client against a server that reads the ClientHello and refuses it.
Writes TAP.
"""
import socket
import subprocess
import sys

SUITES13 = {0x1301, 0x1302, 0x1303}
SUITES12 = {0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca8, 0xcca9}
SCSV = 0x00ff
GROUPS = {0x1d, 0x17, 0x18}
MIN_VERSION = "/proc/sys/net/ssa/min_version"
# (EC)DSA and RSA with SHA-1, and everything with MD5 or SHA-224
WEAK = {0x0201, 0x0203, 0x0202, 0x0101, 0x0103, 0x0301, 0x0303}
NAMES = {0: "server_name", 10: "supported_groups", 13: "signature_algorithms",
         23: "extended_master_secret", 43: "supported_versions", 51: "key_share"}
FORBIDDEN = {15: "heartbeat", 42: "early_data", 18: "signed_certificate_timestamp",
             13172: "next_protocol_negotiation", 24: "token_binding"}


class Reader:
    """A cursor over bytes; runs off the end with an exception."""

    def __init__(self, data):
        self.data = data
        self.pos = 0

    def take(self, n):
        if self.pos + n > len(self.data):
            raise ValueError("%d bytes wanted at %d of %d" % (n, self.pos, len(self.data)))
        self.pos += n
        return self.data[self.pos - n:self.pos]

    def number(self, n):
        return int.from_bytes(self.take(n), "big")

    def vector(self, n):
        return Reader(self.take(self.number(n)))

    def numbers(self, n):
        found = []
        while self.pos < len(self.data):
            found.append(self.number(n))
        return found

    def rest(self):
        return len(self.data) - self.pos


class Hello:
    """A ClientHello, taken apart."""

    def __init__(self, record):
        r = Reader(record)
        self.record_type = r.number(1)
        self.record_version = r.number(2)
        r = r.vector(2)
        self.type = r.number(1)
        r = r.vector(3)
        self.version = r.number(2)
        self.random = r.take(32)
        self.session_id = r.vector(1).data
        self.suites = r.vector(2).numbers(2)
        self.compressions = r.vector(1).numbers(1)
        extensions = r.vector(2)
        self.after = r.rest()
        self.order = []
        self.extensions = {}
        while extensions.rest():
            number = extensions.number(2)
            self.order.append(number)
            self.extensions[number] = extensions.vector(2)

    def list(self, number, prefix):
        """The numbers of 16 bits in a list that is all of an extension."""
        return Reader(self.extensions[number].data).vector(prefix).numbers(2)

    def shares(self):
        r = Reader(self.extensions[51].data).vector(2)
        found = []
        while r.rest():
            found.append(r.number(2))
            r.vector(2)
        return found


def receive(conn, n):
    data = b""
    while len(data) < n:
        more = conn.recv(n - len(data))
        if not more:
            raise ValueError("the client went away after %d bytes" % len(data))
        data += more
    return data


def capture(client, authorities):
    """The ClientHello, and what the client says about being refused."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        with subprocess.Popen([client, "-a", authorities, "server.test", port],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            conn, _ = listener.accept()
            with conn:
                head = receive(conn, 5)
                record = head + receive(conn, int.from_bytes(head[3:], "big"))
                # fatal handshake_failure
                conn.sendall(bytes([21, 3, 3, 0, 2, 2, 40]))
                conn.shutdown(socket.SHUT_WR)
                while conn.recv(1000):
                    pass
            said = process.communicate()[0].decode()
    return Hello(record), said


def judge(hello, versions):
    """Yields (name, is so, what is there instead)."""
    suites = set(hello.suites) - {SCSV}
    want = SUITES13 | (SUITES12 if 0x0303 in versions else set())
    yield "a record and a ClientHello and nothing more", \
        (hello.record_type, hello.type, hello.after) == (22, 1, 0), hello.after
    yield "record version TLS 1.0 or 1.2", hello.record_version in (0x0301, 0x0303), \
        hello.record_version
    yield "legacy_version is TLS 1.2", hello.version == 0x0303, hello.version
    yield "versions are those of the policy", hello.list(43, 1) == versions, hello.list(43, 1)
    yield "suites: AEAD with ECDHE, all of them", suites == want, sorted(map(hex, suites))
    yield "no suite twice", len(hello.suites) == len(set(hello.suites)), hello.suites
    yield "no compression", hello.compressions == [0], hello.compressions
    yield "no extension twice", len(hello.order) == len(set(hello.order)), hello.order
    for number, name in NAMES.items():
        if number != 23 or 0x0303 in versions:
            yield "%s is there" % name, number in hello.extensions, hello.order
    for number, name in FORBIDDEN.items():
        yield "no %s" % name, number not in hello.extensions, hello.order
    yield "groups", set(hello.list(10, 2)) == GROUPS, hello.list(10, 2)
    yield "key shares of groups that are listed, in that order", \
        hello.shares() == [g for g in hello.list(10, 2) if g in hello.shares()], hello.shares()
    yield "no weak signature algorithm", not WEAK & set(hello.list(13, 2)), hello.list(13, 2)
    if 0x0303 in versions:
        yield "renegotiation_info or its SCSV", SCSV in hello.suites or 0xff01 in hello.extensions, \
            hello.order
        yield "uncompressed points only", \
            11 not in hello.extensions or hello.extensions[11].data == b"\1\0", "others"


def main():
    number = failed = 0

    def result(ok, name, instead=""):
        nonlocal number, failed
        number += 1
        failed += not ok
        print("%s %d %s" % ("ok" if ok else "not ok", number, name), flush=True)
        if not ok:
            print("# instead: %s" % (instead,))

    randoms = set()
    with open(MIN_VERSION, encoding="ascii") as f:
        before = f.read()
    for label, versions in (("TLSv1.2", [0x0304, 0x0303]), ("TLSv1.3", [0x0304])):
        with open(MIN_VERSION, "w", encoding="ascii") as f:
            f.write(label)
        try:
            hello, said = capture(*sys.argv[1:3])
        finally:
            with open(MIN_VERSION, "w", encoding="ascii") as f:
                f.write(before)
        randoms.add(hello.random)
        for name, ok, instead in judge(hello, versions):
            result(ok, "from %s on: %s" % (label, name), instead)
        result("handshake_failure" in said, "from %s on: the refusal is told" % label, said)
    result(len(randoms) == 2, "another random each time")
    print("1..%d" % number)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
