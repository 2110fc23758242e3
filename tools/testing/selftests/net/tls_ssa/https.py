#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The administrator's certificates: a web server that knows nothing of them, but for the
protocol of its socket, serves HTTPS to curl by two names; its process cannot get at the keys;
they are renewed under load without one failed connection. Writes TAP."""

import asyncio
import base64
import contextlib
import errno
import http.client
import os
import re
import select
import shutil
import socket
import ssl
import subprocess
import sys
import threading

from policy_peer import CHAIN, CONFIG, ERROR, IGNORE_EOF, KEY, NAME, PKI, TRUSTED, ok, put, get, \
    reset, results, same, setopt, sock, text

TOP = "/var/tmp/ssa-https"
RELOADS = 25

# What the article promises: HTTPS is one argument of socket().
SERVER = """
import http.server, socket
class Server(http.server.ThreadingHTTPServer):
    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler, bind_and_activate=False)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 260)
        self.server_bind()
        self.server_activate()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"hello")
    def log_message(self, *args):
        pass
server = Server()
print(server.server_port, flush=True)
server.serve_forever()
"""


def make(name, host, serial):
    """A certificate for a host, its own authority, and its key, for root's eyes only."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
                    "-days", "30", "-set_serial", str(serial), "-keyout", f"{TOP}/{name}.key",
                    "-out", f"{TOP}/{name}.pem"], check=True, stderr=subprocess.DEVNULL)
    os.chmod(f"{TOP}/{name}.key", 0o600)


def give(credential, name):
    """Chain first: until the key is there, the earlier pair is in force."""
    return (put(f"credentials/{credential}", "chain", f"{TOP}/{name}.pem")
            or put(f"credentials/{credential}", "key", f"{TOP}/{name}.key"))


def state(credential):
    return get(f"credentials/{credential}", "info").splitlines()[0].removeprefix("state=")


def curl(port, host, name):
    run = subprocess.run(["curl", "-sS", "--cacert", f"{TOP}/{name}.pem", "--resolve",
                          f"{host}:{port}:127.0.0.1", f"https://{host}:{port}/"],
                         capture_output=True, check=False)
    return run.stdout.decode() or run.stderr.decode()


async def by_event_loop(port, host, name):
    """asyncio looks addresses up by the protocol of the socket, as far as Python knows it."""
    raw = sock()
    setopt(raw, NAME, host)
    setopt(raw, TRUSTED, f"{TOP}/{name}.pem")
    client = socket.socket(fileno=raw.detach())
    client.setblocking(False)
    await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
    reader, writer = await asyncio.open_connection(sock=client)
    writer.write(b"GET / HTTP/1.0\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer.decode()


@contextlib.contextmanager
def web_server():
    """The unprivileged process, and its port; 0: it could not listen."""
    with subprocess.Popen([sys.executable, "-c", SERVER], user=65534, group=65534, extra_groups=[],
                          cwd="/", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        line = process.stdout.readline()
        try:
            yield process.pid, int(line or 0)
        finally:
            process.kill()


def memory(pid):
    """All that the process could read of itself."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps:
        areas = [line.split() for line in maps]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for area in areas:
            begin, end = (int(n, 16) for n in area[0].split("-"))
            if area[1][0] != "r" or area[-1] in ("[vvar]", "[vsyscall]"):
                continue
            mem.seek(begin)
            with contextlib.suppress(OSError):
                yield mem.read(end - begin)


def secrets(name):
    """The private key: its number, and a line of its text."""
    with open(f"{TOP}/{name}.key", encoding="ascii") as file:
        lines = file.read().split("-----")[2].split()
    der = base64.b64decode("".join(lines))
    at = der.index(b"\x02\x01\x01\x04\x20") + 5	# ECPrivateKey, RFC 5915 3
    return der[at:at + 32], lines[1].encode()


def files():
    for name, host, serial in (("one", "one.test", 1), ("two", "two.test", 2), ("new", "one.test", 3)):
        make(name, host, serial)
    os.mkdir(f"{CONFIG}/credentials/one")
    same("empty", state("one"), "info: nothing is there")
    same(errno.EINVAL, put("credentials/one", "chain", "/etc/passwd"), "chain: no certificate")
    ok("chain" in get("credentials/one", "last_error"), "last_error says so",
       get("credentials/one", "last_error"))
    same(errno.EINVAL, put("credentials/one", "key", f"{TOP}/one.pem"), "key: no key")
    same(errno.EINVAL, put("credentials/one", "key", "one.key"), "key: no absolute path")
    same(errno.EINVAL, put("credentials/one", "chain", f"{TOP}/nowhere"), "chain: no file")
    same("empty", state("one"), "nothing has changed")
    same(0, put("credentials/one", "key", f"{TOP}/two.key"), "key: another one's")
    same("waits for the chain", state("one"), "info: it waits")
    same(0, put("credentials/one", "chain", f"{TOP}/one.pem"), "chain: does not fit")
    same("chain and key do not fit", state("one"), "info: says so")
    with open(f"{TOP}/one.key", encoding="ascii") as file:
        same(0, put("credentials/one", "key", file.read()), "key: its own, as text")
    same("in force", state("one"), "info: in force")
    info = get("credentials/one", "info")
    ok(re.search(r"CN=one\.test\n.*\nnot_before=20.* UTC\nnot_after=20.* UTC\nkey=ECDSA P-256", info),
       "info: for whom, how long, what key", info)
    same(0o200, os.stat(f"{CONFIG}/credentials/one/key").st_mode & 0o777, "key: nobody reads it")
    same(errno.EINVAL, put("credentials/one", "names", "two.test"), "names: not of the certificate")
    same(errno.EINVAL, put("credentials/one", "names", "127.0.0.1"), "names: an address")
    same(0, put("credentials/one", "names", "one.test"), "names: one of the certificate's")
    same("one.test", get("credentials/one", "names"), "names: read")
    same(0, put("credentials/one", "names", ""), "names: all of them")
    same(errno.EINVAL, put("default", "credential", "one three"), "credential: one that is not there")
    ok("three" in get("default", "last_error"), "last_error says which",
       get("default", "last_error"))


def hold(options=()):
    """errno and reason of listen() of a program with these options."""
    with sock() as s:
        for option, value in options:
            setopt(s, option, value)
        s.bind(("127.0.0.1", 0))
        try:
            s.listen(1)
        except OSError as err:
            return err.errno, text(s, ERROR)
    return 0, ""


def for_whom():
    same("none", get("default", "credential"), "credential: built in, for nobody")
    err, why = hold()
    ok(err == errno.EBADFD and "certificate" in why, "credential: listen() wants one", (err, why))
    same(0, put("default", "credential", "all"), "credential: all")
    same(0, hold()[0], "credential: then it listens")
    os.mkdir(f"{CONFIG}/profiles/p")
    put("profiles/p", "match_uid", "0")
    same(0, put("profiles/p", "credential", "none"), "credential: none in a profile")
    same(0, put("profiles/p", "enabled", "1"), "credential: it is enabled")
    same(errno.EBADFD, hold()[0], "credential: its programs have none")
    pair = [(CHAIN, f"{PKI}/p256.chain.pem"), (KEY, f"{PKI}/p256.key.pem")]
    same(0, hold(pair)[0], "credential: but their own")
    same(0, put("profiles/p", "credential", ""), "credential: as in default")
    same(0, hold()[0], "credential: then it listens")
    os.rmdir(f"{CONFIG}/profiles/p")


def https():
    os.mkdir(f"{CONFIG}/credentials/two")
    same(0, give("two", "two"), "a second one")
    with web_server() as (pid, port):
        ok(port, "the web server listens")
        same("hello", curl(port, "one.test", "one"), "curl: by the first name")
        same("hello", curl(port, "two.test", "two"), "curl: by the second name")
        answer = asyncio.run(by_event_loop(port, "one.test", "one"))
        ok(answer.endswith("\r\n\r\nhello"), "asyncio: it works", answer)
        image = list(memory(pid))
        ok(sum(len(part) for part in image) > 1 << 20 and any(b"ThreadingHTTPServer" in part
           for part in image), "the memory of its process can be searched")
        for name in ("one", "two"):
            ok(not any(secret in part for secret in secrets(name) for part in image),
               f"key {name} is not in there")
        deny = subprocess.run(["cat", f"{TOP}/one.key"], user=65534, group=65534, extra_groups=[],
                              capture_output=True, check=False)
        ok(deny.returncode and not deny.stdout, "nor can its user read the file")
        deny = subprocess.run(["cat", f"{CONFIG}/credentials/one/key"], capture_output=True,
                              check=False)
        ok(deny.returncode and not deny.stdout, "nor root the one in configfs")
        renewal(port)
        os.rmdir(f"{CONFIG}/credentials/two")
        ok("hello" not in curl(port, "two.test", "two"), "removed: nobody gets it any more")
        same("hello", curl(port, "one.test", "one"), "but the other one")


def cut_short(read, ignore, body=b"x" * 100000):
    """
    What a client of ours reads from a server that knows the length of what it sends, and
    closes without close_notify, as programs with OpenSSL do.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{PKI}/p256.chain.pem", f"{PKI}/p256.key.pem")

    def serve():
        conn = context.wrap_socket(listener.accept()[0], server_side=True)
        conn.recv(4096)
        conn.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        conn.close()

    with socket.create_server(("127.0.0.1", 0)) as listener, sock() as client:
        thread = threading.Thread(target=serve)
        thread.start()
        setopt(client, NAME, "server.test")
        setopt(client, TRUSTED, f"{PKI}/root.pem")
        client.connect(listener.getsockname())
        if ignore:
            same(0, setopt(client, IGNORE_EOF, b"\1\0\0\0"), "TLS_IGNORE_UNEXPECTED_EOF is set")
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        thread.join()
        try:
            return read(client).endswith(body)
        except OSError as err:
            return err.errno


def by_http_client(client):
    response = http.client.HTTPResponse(client)
    response.begin()
    return response.read()


def by_makefile(client):
    with client.makefile("rb") as file:
        return file.read()


def without_close_notify():
    same(errno.EPROTO, cut_short(by_makefile, False), "makefile(): a stream that is cut short")
    same(True, cut_short(by_makefile, True), "makefile(): TLS_IGNORE_UNEXPECTED_EOF")
    same(True, cut_short(by_http_client, True), "http.client: TLS_IGNORE_UNEXPECTED_EOF")


def serial_of(port):
    """The number of the certificate that a client gets."""
    context = ssl.create_default_context(cafile=f"{TOP}/both.pem")
    with socket.create_connection(("127.0.0.1", port)) as conn:
        with context.wrap_socket(conn, server_hostname="one.test") as tls:
            tls.sendall(b"GET / HTTP/1.0\r\n\r\n")
            data = b""
            while select.select([tls], [], [], 60)[0]:
                part = tls.recv(4096)
                if not part:
                    break
                data += part
            if not data.endswith(b"hello"):
                raise OSError(errno.EPROTO, repr(data))
            return int(tls.getpeercert()["serialNumber"], 16)


def renewal(port):
    with open(f"{TOP}/both.pem", "w", encoding="ascii") as both:
        for name in ("one", "new"):
            with open(f"{TOP}/{name}.pem", encoding="ascii") as one:
                both.write(one.read())
    seen, failures, done = set(), [], threading.Event()

    def clients():
        while not done.is_set():
            try:
                seen.add(serial_of(port))
            except OSError as err:
                failures.append(err)

    threads = [threading.Thread(target=clients) for _ in range(2)]
    for thread in threads:
        thread.start()
    wrong = 0
    for i in range(RELOADS):
        wrong += give("one", "one" if i % 2 else "new") != 0 or state("one") != "in force"
        after = serial_of(port)
        wrong += after != (1 if i % 2 else 3)
    done.set()
    for thread in threads:
        thread.join()
    same(0, wrong, f"renewed {RELOADS} times, and the next client gets it")
    same(([], {1, 3}), (failures, seen), "no client of the meantime has failed")
    same(0, put("credentials/one", "chain", f"{TOP}/one.pem"), "half of a renewal")
    ok("earlier pair stays" in state("one"), "info: the earlier pair stays", state("one"))
    same(3, serial_of(port), "so it does")
    same(0, give("one", "one"), "the whole")


def transaction():
    same(0, put(".", "transaction", "begin"), "transaction: begin")
    same(0, give("one", "new"), "transaction: a renewal")
    ok("transaction" in state("one"), "transaction: it waits", state("one"))
    same(0, put("credentials/one", "chain", f"{TOP}/two.pem"), "transaction: does not fit")
    same(errno.EINVAL, put(".", "transaction", "commit"), "transaction: refused as a whole")
    ok("credentials/one" in get(".", "last_error"), "last_error says which",
       get(".", "last_error"))
    same(0, put("credentials/one", "chain", f"{TOP}/new.pem"), "transaction: corrected")
    same(0, put(".", "transaction", "commit"), "transaction: commit")
    same("in force", state("one"), "transaction: in force")
    put(".", "transaction", "begin")
    give("one", "one")
    same(0, put(".", "transaction", "abort"), "transaction: abort")
    same("in force", state("one"), "transaction: nothing has changed")


def main():
    print("TAP version 13")
    shutil.rmtree(TOP, ignore_errors=True)
    os.makedirs(TOP)
    reset()
    for test in (files, for_whom, https, without_close_notify, transaction):
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
