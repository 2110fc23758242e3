#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""end_connections: the policy changes, and connections that do not comply with it any more end,
in whatever state they are; those that comply go on; listeners and unused sockets follow. The
peers are OpenSSL's. Writes TAP."""

import contextlib
import ctypes
import errno
import hashlib
import os
import select
import socket
import ssl
import subprocess
import sys
import threading
import time

from policy_peer import (ALPN, AUTH, CHAIN, CIPHERS, CONFIG, ERROR, HANDSHAKE, KEY, NAME,
                         NO_EXTENDED_MASTER_SECRET, ONLY, PKI, PROFILE, ROOT, TCP_ULP, TLS,
                         TRUSTED, TTL, VMAX, VMIN, by_name, count, get, ok, put, reset, results,
                         same, setopt, sock, text)

WAIT = 100	# seconds: then something hangs
END = "end_connections"
UNKNOWN = f"{PKI}/unknown-root.pem"


def number(n):
    return n.to_bytes(4, sys.byteorder)


def sysctl(name, value):
    with open(f"/proc/sys/net/ssa/{name}", "w", encoding="ascii") as file:
        file.write(value)


def sockets():
    with open("/proc/net/tls_ssa_stat", encoding="ascii") as file:
        return int(dict(line.split() for line in file)["Sockets"])


def old(context):
    context.maximum_version = ssl.TLSVersion.TLSv1_2


def server_context(setup=None, key="p256"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{PKI}/{key}.chain.pem", f"{PKI}/{key}.key.pem")
    if setup:
        setup(context)
    return context


def client_context(setup=None):
    context = ssl.create_default_context(cafile=ROOT)
    if setup:
        setup(context)
    return context


class Thread(threading.Thread):
    """Calls a function; its result, or the exception, is in result."""

    def __init__(self, call, *args):
        super().__init__(daemon=True)
        self.call, self.args, self.result = call, args, None
        self.start()

    def run(self):
        try:
            self.result = self.call(*self.args)
        except OSError as err:
            self.result = err

    def wait(self):
        self.join(WAIT)
        return "it hangs" if self.is_alive() else self.result


def to_openssl(setup=None, key="p256", options=(), name="server.test", host=None):
    """A client of ours, and the OpenSSL server that it has reached."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            conn = listener.accept()[0]
            conn.settimeout(WAIT)
            return server_context(setup, key).wrap_socket(conn, server_side=True)
        thread = Thread(serve)
        s = sock()
        for option, value in ((NAME, name), *options):
            if setopt(s, option, value):
                raise OSError(f"option {option}")
        if not host:
            s.connect(listener.getsockname())
        elif by_name(s, "connect", host, listener.getsockname()[1]):
            raise OSError(host)
        return s, thread.wait()


class Listener:
    """A server of ours; OpenSSL clients reach it."""

    def __init__(self, *options, key="p256"):
        self.s = sock()
        for option, value in ((CHAIN, f"{PKI}/{key}.chain.pem"), (KEY, f"{PKI}/{key}.key.pem"),
                              *options):
            if setopt(self.s, option, value):
                raise OSError(f"option {option}")
        self.s.bind(("127.0.0.1", 0))
        self.s.listen(8)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.s.close()

    def reach(self, setup=None):
        """An OpenSSL client; nobody has accepted its connection."""
        conn = socket.create_connection(self.s.getsockname(), WAIT)
        try:
            return client_context(setup).wrap_socket(conn, server_hostname="server.test",
                                                     suppress_ragged_eofs=False)
        except OSError as err:
            conn.close()
            return err

    def pair(self, setup=None):
        """The accepted connection, and the OpenSSL client."""
        tls = self.reach(setup)
        if isinstance(tls, OSError):
            raise tls
        return self.s.accept()[0], tls

    def waits(self):
        return bool(select.select([self.s], [], [], 0)[0])


def alive(s, tls, name):
    """Data passes both ways."""
    try:
        s.sendall(b"there")
        there = tls.recv(5)
        tls.sendall(b"back")
        ok((there, s.recv(4)) == (b"there", b"back"), name)
    except OSError as err:
        ok(False, name, err)


def denied(tls):
    """What an OpenSSL peer reads: the alert?"""
    try:
        while tls.recv(1 << 16):
            pass
    except OSError as err:
        return "ACCESS_DENIED" in str(err).upper().replace(" ", "_") or err
    return "no alert"


def error_of(call, *args):
    try:
        return call(*args)
    except OSError as err:
        return err.errno


def ended(s, tls, name):
    """By the policy, which the program and the peer are told."""
    same(errno.EACCES, Thread(error_of, s.recv, 1).wait(), f"{name}: recv() is told")
    same(errno.EACCES, Thread(error_of, s.recv, 1).wait(), f"{name}: and again, if it asks")
    same(errno.EPIPE, Thread(error_of, s.send, b"x").wait(), f"{name}: nothing can be sent")
    ok(END in text(s, ERROR), f"{name}: TLS_ERROR says so", text(s, ERROR))
    same(True, denied(tls), f"{name}: the peer gets access_denied")
    s.close()
    tls.close()


@contextlib.contextmanager
def ending():
    same(0, put(".", END, "1"), "end_connections 1")
    try:
        yield
    finally:
        reset()


def values():
    same("0", get(".", END), "built in: 0")
    for value in ("2", "x", "-1", "1 1"):
        same(errno.EINVAL, put(".", END, value), f"{value!r} is refused")
        ok(END in get(".", "last_error"), f"{value!r}: last_error", get(".", "last_error"))
    same("0", get(".", END), "and changes nothing")
    same(0, put(".", END, "1"), "1 is accepted")
    same(("1", ""), (get(".", END), get(".", "last_error")), "and read")
    same(0, put(".", END, "0"), "and 0")


def once():
    """Without it nothing ends; and with it, at once."""
    before = count("POLICY_ENDED")
    s, tls = to_openssl(old)
    new, new_tls = to_openssl()
    put("default", "min_version", "TLSv1.3")
    alive(s, tls, "without end_connections a connection goes on")
    with ending():
        ended(s, tls, "end_connections is written, client")
        same(before + 1, count("POLICY_ENDED"), "it is counted")
        alive(new, new_tls, "a connection that complies goes on")
        put(".", END, "1")
        alive(new, new_tls, "however often it is judged")
    new.close()
    new_tls.close()


def blocked():
    """Who sleeps in recv(), poll() and send() wakes up."""
    with Listener() as listener, ending():
        for side, pair in (("client", lambda: to_openssl(old)),
                           ("server", lambda: listener.pair(old))):
            s, tls = pair()
            poll = select.epoll()
            poll.register(s, select.EPOLLIN)
            waits = Thread(poll.poll, WAIT)
            reads = Thread(error_of, s.recv, 1)
            put("default", "min_version", "TLSv1.3")
            same(errno.EACCES, reads.wait(), f"{side}: a reader that sleeps")
            ok(waits.wait(), f"{side}: epoll", waits.result)
            same(True, denied(tls), f"{side}: the peer of a reader gets the alert")
            s.close()
            tls.close()
            put("default", "min_version", "")

            s, tls = pair()
            writes = Thread(error_of, s.sendall, bytes(64 << 20))
            while not select.select([tls], [], [], WAIT)[0]:
                pass
            put("default", "min_version", "TLSv1.3")
            ok(writes.wait() in (errno.EPIPE, errno.EACCES), f"{side}: a writer that sleeps",
               writes.result)
            s.close()
            tls.close()
            put("default", "min_version", "")


def half_closed():
    """One direction has ended; the other one is not to go on."""
    with Listener() as listener, ending():
        s, tls = listener.pair(old)
        s.shutdown(socket.SHUT_WR)
        put("default", "min_version", "TLSv1.3")
        same(errno.EACCES, Thread(error_of, s.recv, 1).wait(), "after our shutdown()")
        s.close()
        tls.close()
        put("default", "min_version", "")

        # No FIN of ours is to come that would wake it.
        s, tls = listener.pair(old)
        s.shutdown(socket.SHUT_WR)
        reads = Thread(error_of, s.recv, 1)
        time.sleep(0.3)
        put("default", "min_version", "TLSv1.3")
        same(errno.EACCES, reads.wait(), "a reader that sleeps after our shutdown()")
        s.close()
        tls.close()
        put("default", "min_version", "")

        s, tls = listener.pair(old)
        # OpenSSL sends close_notify, and waits for ours.
        closes = Thread(tls.unwrap)
        same(b"", s.recv(1), "the peer's close_notify")
        s.send(b"x")
        put("default", "min_version", "TLSv1.3")
        same(errno.EACCES, Thread(error_of, lambda: [s.send(b"x") for _ in range(1 << 20)]).wait(),
             "after the peer's close_notify")
        error_of(s.send, b"x")	# kTLS may have told of the error, and left it to be told again
        same(errno.EPIPE, error_of(s.send, b"x"), "and for good")
        s.close()
        closes.wait()
        tls.close()


def not_accepted():
    """A connection that waits for accept() is not handed out."""
    with Listener() as listener, ending():
        before = sockets()
        tls = listener.reach(old)
        while not listener.waits():
            pass
        put("default", "min_version", "TLSv1.3")
        same(True, denied(tls), "in the backlog: the peer gets access_denied")
        tls.close()
        ok(not listener.waits(), "in the backlog: nothing to accept")
        conn, tls = listener.pair()
        alive(conn, tls, "the next one is accepted")
        conn.close()
        tls.close()
        same(before, sockets(), "no socket stays behind")


def in_memory(context, server):
    """An OpenSSL endpoint whose records are moved by hand"""
    into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
    return into, out, context.wrap_bio(into, out, server_side=server,
                                       server_hostname=None if server else "server.test")


def step(tls, call):
    """None: it wants more."""
    try:
        return getattr(tls, call)() or True
    except ssl.SSLWantReadError:
        return None
    except ssl.SSLError as err:
        return str(err)


def finish(conn, into, out, tls):
    """What a handshake, and a record behind it, come to"""
    done = None
    while True:
        if not done:
            done = step(tls, "do_handshake")
            if isinstance(done, str):
                return done
        # What has come with the last message of the handshake is there already.
        if done and isinstance(result := step(tls, "read"), str):
            return result
        if out.pending:
            conn.sendall(out.read())
        data = conn.recv(1 << 16)
        if not data:
            return "no alert"
        into.write(data)


def in_flight():
    """A handshake that has begun by the old policy is judged when it is complete."""
    with ending():
        with Listener() as listener:
            into, out, tls = in_memory(client_context(old), False)
            with socket.create_connection(listener.s.getsockname(), WAIT) as conn:
                step(tls, "do_handshake")
                conn.sendall(out.read())
                into.write(conn.recv(1 << 16))
                put("default", "min_version", "TLSv1.3")
                why = finish(conn, into, out, tls)
            ok("access denied" in why.lower(), "server: the client gets access_denied", why)
            ok(not listener.waits(), "server: nothing to accept")
            with contextlib.closing(listener.pair()[1]) as tls:
                ok(tls.version() == "TLSv1.3", "server: the next one is served", tls.version())
        put("default", "min_version", "")

        into, out, tls = in_memory(server_context(old), True)
        with socket.create_server(("127.0.0.1", 0)) as server, sock() as s:
            setopt(s, NAME, "server.test")
            connects = Thread(s.connect_ex, server.getsockname())
            conn = server.accept()[0]
            conn.settimeout(WAIT)
            into.write(conn.recv(1 << 16))
            put("default", "min_version", "TLSv1.3")
            why = finish(conn, into, out, tls)
            same(errno.EACCES, connects.wait(), "client: connect() fails")
            ok(END in text(s, ERROR), "client: TLS_ERROR says why", text(s, ERROR))
            ok("access denied" in why.lower(), "client: the server gets access_denied", why)
            conn.close()


def listeners():
    """A listener follows, as far as its program allows that."""
    def version(listener, setup=None):
        tls = listener.reach(setup)
        if isinstance(tls, OSError):
            return str(tls)
        listener.s.accept()[0].close()
        with tls:
            return tls.version()

    with Listener() as says_nothing, Listener((VMAX, "TLSv1.2")) as only_old:
        with ending():
            same("TLSv1.2", version(says_nothing, old), "a listener takes both versions")
            put("default", "min_version", "TLSv1.3")
            ok("TLSv1" not in version(says_nothing, old)[:5], "it follows: not the old one")
            same("TLSv1.3", version(says_nothing), "it follows: the new one")
            why = version(only_old, old)
            ok("ACCESS_DENIED" in why.upper().replace(" ", "_"),
               "one whose program wants the old one turns its clients away", why)
            with Listener((VMIN, "TLSv1.3")) as only_new, Listener() as young:
                put("default", "min_version", "")
                same("TLSv1.2", version(only_old, old), "until the policy allows it again")
                same("TLSv1.2", version(says_nothing, old), "the others follow back")
                same("TLSv1.2", version(young, old), "also one that was made meanwhile")
                ok("TLSv1" not in version(only_new, old)[:5],
                   "but not where the program wants more")
        put("default", "min_version", "TLSv1.3")
        same("TLSv1.2", version(says_nothing, old), "without end_connections nobody follows")
    put("default", "min_version", "")
    # What it has chosen itself is tightened in the handshake, not found afterwards.
    with Listener((VMIN, "TLSv1.2")) as both, ending():
        same("TLSv1.2", version(both, old), "one whose program has chosen its versions")
        put("default", "min_version", "TLSv1.3")
        why = version(both, old)
        ok("PROTOCOL_VERSION" in why.upper().replace(" ", "_"), "is tightened", why)
        put("default", "min_version", "")
    with Listener((TRUSTED, ROOT), (AUTH, number(1))) as asks, ending():
        same("TLSv1.2", version(asks, old), "one that asks for certificates, and takes none")
        put("default", "require_peer_auth", "required")
        why = version(asks, old)
        ok("HANDSHAKE_FAILURE" in why.upper().replace(" ", "_"), "requires them", why)
        put("default", "require_peer_auth", "")


def chosen():
    """What the program of a listener has chosen is tightened, too, and only where it has to be."""
    def read(listener, option):
        value = listener.s.getsockopt(TLS, option, 1024)
        return int.from_bytes(value, sys.byteorder) if len(value) == 4 else \
            value.rstrip(b"\0").decode()

    def follows(listener, setup=None):
        """It does when somebody comes."""
        tls = listener.reach(setup)
        if not isinstance(tls, OSError):
            if select.select([listener.s, tls], [], [], WAIT)[0] == [listener.s]:
                listener.s.accept()[0].close()
            tls.close()
        return tls
    both = "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"
    rows = (
        (AUTH, number(1), 1, "require_peer_auth", "optional", 1, "required", 2),
        (TTL, number(100), 100, "session_ttl", "101", 100, "60", 60),
        (CIPHERS, both, both, "ciphersuites", both.replace(":", " "), both,
         "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"),
        (VMIN, "TLSv1.2", "TLSv1.2", "min_version", "TLSv1.2", "TLSv1.2", "TLSv1.3", "TLSv1.3"),
        (VMAX, "TLSv1.3", "TLSv1.3", "max_version", "TLSv1.3", "TLSv1.3", "TLSv1.2", "TLSv1.2"),
    )
    for option, value, first, attribute, loose, same_as_before, tight, bound in rows:
        put("default", "client_trust_store", ROOT)
        with ending(), Listener((option, value)) as listener:
            same(first, read(listener, option), f"{attribute}: what the program has chosen")
            put("default", attribute, loose)
            follows(listener, shows("client-p256"))
            same(same_as_before, read(listener, option), f"{attribute}: \"{loose}\" allows it")
            put("default", attribute, tight)
            follows(listener, shows("client-p256"))
            same(bound, read(listener, option), f"{attribute}: \"{tight}\" does not")
            if option == AUTH:
                tls = listener.reach()
                ok("CERTIFICATE_REQUIRED" in str(denied_by(tls)).upper().replace(" ", "_"),
                   "require_peer_auth: a client without a certificate is refused", tls)


def denied_by(tls):
    """Why an OpenSSL client does not get on, in the handshake or behind it"""
    if isinstance(tls, OSError):
        return tls
    try:
        while tls.recv(1 << 16):
            pass
    except OSError as err:
        return err
    return "no alert"


def unused():
    """A socket that is not connected yet follows, too."""
    with ending(), sock() as s, sock() as late, sock() as server, \
            socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(lambda: server_context(old).wrap_socket(listener.accept()[0], server_side=True))
        setopt(s, NAME, "server.test")
        setopt(late, NAME, "server.test")
        setopt(late, VMAX, "TLSv1.2")
        setopt(server, VMAX, "TLSv1.2")
        setopt(server, CHAIN, f"{PKI}/p256.chain.pem")
        setopt(server, KEY, f"{PKI}/p256.key.pem")
        put("default", "min_version", "TLSv1.3")
        same(errno.EPROTO, s.connect_ex(listener.getsockname()), "a client follows")
        same(errno.EACCES, late.connect_ex(listener.getsockname()),
             "connect() of one that wants the old version")
        ok("min_version" in text(late, ERROR), "TLS_ERROR says why", text(late, ERROR))
        same(errno.EACCES, error_of(server.listen), "listen() of such a one")
        put("default", "min_version", "")
        same(None, error_of(server.listen), "until it is allowed again")


def upgraded():
    """An upgraded socket: before TLS_HANDSHAKE, and behind it"""
    with ending(), socket.create_server(("127.0.0.1", 0)) as listener:
        def serve():
            conn = listener.accept()[0]
            conn.settimeout(WAIT)
            return server_context(old).wrap_socket(conn, server_side=True)
        for change in ("before", "behind"):
            thread = Thread(serve)
            with socket.create_connection(listener.getsockname()) as s:
                s.setsockopt(socket.IPPROTO_TCP, TCP_ULP, b"tls_ssa")
                setopt(s, NAME, "server.test")
                if change == "before":
                    setopt(s, VMAX, "TLSv1.2")
                    put("default", "min_version", "TLSv1.3")
                    same(errno.EACCES, setopt(s, HANDSHAKE, number(1)), "before TLS_HANDSHAKE")
                    put("default", "min_version", "")
                same(0, setopt(s, HANDSHAKE, number(1)), f"{change}: TLS_HANDSHAKE")
                tls = thread.wait()
                alive(s, tls, f"{change}: data passes")
                if change == "behind":
                    time.sleep(0.3)	# a work item of the handshake may still be queued
                    put("default", "min_version", "TLSv1.3")
                    ended(s, tls, "an upgraded connection")
                    put("default", "min_version", "")
                tls.close()


def without_ems(context):
    old(context)
    context.options |= NO_EXTENDED_MASTER_SECRET


def speaks(protocol):
    return lambda context: context.set_alpn_protocols([protocol])


def shows(name):
    return lambda c: c.load_cert_chain(f"{PKI}/{name}.chain.pem", f"{PKI}/{name}.key.pem")


def block_file():
    path = "/tmp/ssa-blocked"
    with open(f"{PKI}/p256.pem", encoding="ascii") as pem, \
            open(path, "w", encoding="ascii") as file:
        der = ssl.PEM_cert_to_DER_cert(pem.read())
        file.write(hashlib.sha256(der).hexdigest() + "\n")
    return path


REQUIRED = (AUTH, number(2))
ECDSA = "ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384"	# of keys and of the leaf, not of the root

# attribute, what is set first, what ends the connection, what does not, and the connection
CLIENTS = (
    ("max_version", "", "TLSv1.2", "TLSv1.3", {}),
    ("ciphersuites", "", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", {}),
    ("groups", "", "secp384r1", "secp384r1 secp256r1",
     {"setup": lambda c: c.set_ecdh_curve("prime256v1")}),
    ("signature_algorithms", "", "rsa_pss_rsae_sha256", f"{ECDSA} rsa_pkcs1_sha384", {}),
    ("signature_algorithms", "", ECDSA, f"rsa_pkcs1_sha384 {ECDSA}", {}),
    ("require_extended_master_secret", "0", "1", "0", {"setup": without_ems}),
    ("alpn", "any", "http/1.1", "http/1.1 h2", {"setup": speaks("h2"), "options": [(ALPN, "h2")]}),
    ("trust_store", ROOT, UNKNOWN, ROOT, {}),
    ("trust_mode", "", "application", "system", {}),
    ("min_rsa_bits", "", "3072", "2048", {"key": "rsa"}),
    ("verify_depth", "", "0", "1", {}),
    ("require_host_name", "", "1", "0", {"name": "127.0.0.1"}),
    ("host_names", "", "0", "1", {"host": "server.test"}),
    ("enabled", "", "0", "1", {}),
)
SERVERS = (
    ("min_version", "", "TLSv1.3", "TLSv1.2", {"setup": old}),
    ("signature_algorithms", "", "rsa_pss_rsae_sha256", "ecdsa_secp256r1_sha256", {}),
    ("require_extended_master_secret", "0", "1", "0", {"setup": without_ems}),
    ("signature_algorithms", "", ECDSA, f"{ECDSA} rsa_pkcs1_sha384",
     {"setup": shows("client-p256"), "auth": True}),
    ("require_peer_auth", "", "required", "optional", {}),
    ("client_trust_store", ROOT, UNKNOWN, ROOT, {"setup": shows("client-p256"), "auth": True}),
    ("verify_depth", "", "0", "1", {"setup": shows("client-p256"), "auth": True}),
    ("min_rsa_bits", "", "3072", "2048", {"setup": shows("client-rsa"), "auth": True}),
    ("enabled", "", "0", "1", {}),
)


def server_pair(setup=None, auth=False):
    with Listener(*([REQUIRED] if auth else [])) as listener:
        return listener.pair(setup)


def attributes():
    """What each of them means for a connection that stands"""
    for side, rows, pair in (("client", CLIENTS, to_openssl), ("server", SERVERS, server_pair)):
        for attribute, first, ends, harmless, how in rows:
            name = f"{attribute}, {side}"
            put("default", "client_trust_store", ROOT)
            put("default", attribute, first)
            with ending():
                s, tls = pair(**how)
                same(0, put("default", attribute, harmless), f"{name}: \"{harmless}\"")
                alive(s, tls, f"{name}: it goes on")
                same(0, put("default", attribute, ends), f"{name}: \"{ends}\"")
                ended(s, tls, name)


def beside():
    """What is not an attribute: the blocklist, sysctls, the program's own anchors"""
    path = block_file()
    with ending():
        s, tls = to_openssl()
        other, other_tls = to_openssl(key="rsa")
        same(0, put(".", "blocklist", path), "blocklist: written")
        ended(s, tls, "blocklist")
        alive(other, other_tls, "blocklist: the others go on")
        other.close()
        other_tls.close()
    os.unlink(path)
    for name, value, back in (("min_version", "TLSv1.3", "TLSv1.2"), ("enabled", "0", "1")):
        with ending():
            s, tls = to_openssl(old)
            sysctl(name, value)
            ended(s, tls, f"net.ssa.{name}")
            sysctl(name, back)
    put("default", "trust_store", UNKNOWN)
    with ending():
        s, tls = to_openssl(options=[(TRUSTED, ROOT)])
        put("default", "verify_depth", "2")
        alive(s, tls, "the program's own anchors count again")
        put("default", "trust_mode", "system")
        ended(s, tls, "trust_mode: not any more")
    # Pinned by the program: the policy's anchors do not matter, or have to certify as well.
    pinned = [(ONLY, number(1)), (TRUSTED, f"{PKI}/p256.pem")]
    put("default", "trust_store", UNKNOWN)
    with ending():
        s, tls = to_openssl(options=pinned)
        put("default", "verify_depth", "2")
        alive(s, tls, "TLS_TRUSTED_ONLY: what the program has pinned")
        put("default", "app_may_set", "remote_hostname")
        ended(s, tls, "TLS_TRUSTED_ONLY: programs do not choose any more")
    put("default", "trust_store", ROOT)
    with ending():
        s, tls = to_openssl(options=pinned)
        put("default", "trust_mode", "system")
        alive(s, tls, "TLS_TRUSTED_ONLY: the policy trusts it, too")
        put("default", "trust_store", UNKNOWN)
        ended(s, tls, "TLS_TRUSTED_ONLY: not any more")


CLONE_NEWNET = 0x40000000


def namespace():
    """What a namespace says of its sockets is for those."""
    def inside():
        if ctypes.CDLL(None).unshare(CLONE_NEWNET):
            raise OSError("unshare")
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        mine, peer = to_openssl(old)
        sysctl("min_version", "TLSv1.3")
        ended(mine, peer, "net.ssa.min_version of a namespace")
        return "done"
    s, tls = to_openssl(old)
    with ending():
        same("done", Thread(inside).wait(), "a namespace of its own")
        alive(s, tls, "the sockets of the others go on")
    s.close()
    tls.close()


def profiles():
    """The profile is that of the socket, or default/ if it is gone."""
    def make():
        os.mkdir(f"{CONFIG}/profiles/p")
        put("profiles/p", "match_uid", "0")
        same(0, put("profiles/p", "enabled", "1"), "a profile")
    with ending():
        make()
        s, tls = to_openssl(old)
        put("default", "min_version", "TLSv1.3")
        ended(s, tls, "a profile says what default/ says")
        put("profiles/p", "min_version", "TLSv1.2")
        s, tls = to_openssl(old)
        same("p", text(s, PROFILE), "its connection")
        put("default", "max_version", "TLSv1.3")
        alive(s, tls, "what default/ forbids, its profile allows")
        os.rmdir(f"{CONFIG}/profiles/p")
        ended(s, tls, "the profile is gone")
    with ending():
        make()
        s, tls = to_openssl(old)
        put(".", "transaction", "begin")
        put("default", "min_version", "TLSv1.3")
        put("profiles/p", "verify_depth", "1")
        alive(s, tls, "what is not committed")
        put(".", "transaction", "abort")
        alive(s, tls, "nor ever will be")
        put(".", "transaction", "begin")
        put("default", "min_version", "TLSv1.3")
        put(".", "transaction", "commit")
        ended(s, tls, "a transaction")


def many():
    """Connections that are made, accepted and closed while the policy comes and goes"""
    with ending():
        before = sockets()
        stop = threading.Event()
        seen = {"done": 0, "other": []}
        with Listener() as listener:
            def serve():
                while True:
                    conn = listener.s.accept()[0]
                    with conn:
                        if conn.recv(1) == b"q":
                            return
                        conn.sendall(b"!")

            def serving():
                while True:
                    try:
                        return serve()
                    except OSError as err:
                        if err.errno not in (errno.EACCES, errno.EPIPE, errno.EPROTO,
                                             errno.ECONNRESET):
                            seen["other"].append(err)

            def talk():
                while not stop.is_set():
                    tls = listener.reach(old)
                    if isinstance(tls, OSError):
                        continue
                    with contextlib.suppress(OSError), tls:
                        tls.sendall(b"?")
                        seen["done"] += tls.recv(1) == b"!"
            server, clients = Thread(serving), [Thread(talk) for _ in range(3)]
            for i in range(60):
                put("default", "min_version", ("TLSv1.3", "TLSv1.2")[i % 2])
                stop.wait(0.1 * (i % 3))
            put("default", "min_version", "TLSv1.2")
            wanted = seen["done"] + 3
            while seen["done"] < wanted and all(t.is_alive() for t in clients):
                stop.wait(0.1)
            stop.set()
            same([None] * 3, [t.wait() for t in clients], "the clients come to an end")
            with contextlib.closing(listener.reach()) as tls:
                tls.sendall(b"q")
                same(None, server.wait(), "the server comes to an end")
            same([], seen["other"], "no other error")
        for _ in range(50):
            if sockets() == before:
                break
            stop.clear()
            stop.wait(0.1)
        same(before, sockets(), "no socket stays behind")


def main():
    reset()
    try:
        for test in (values, once, blocked, half_closed, not_accepted, in_flight, listeners,
                     chosen, unused, upgraded, attributes, beside, namespace, profiles, many):
            print(f"# {test.__name__}", flush=True)
            test()
            reset()
    finally:
        sysctl("enabled", "1")
        sysctl("min_version", "TLSv1.2")
        reset()
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
