#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The administrator's policy: each attribute as it is built in, set for all and for a profile;
what programs may tighten, and what they are refused; with OpenSSL peers outside of it, on both
sides. Which profile a program gets, whatever it calls itself. Writes TAP."""

import contextlib
import errno
import hashlib
import os
import shutil
import socket
import ssl
import subprocess
import sys

from policy_peer import (ALPN, AUTH, CHAIN, CIPHERS, CONFIG, CONTEXT, DISABLE, ERROR, HANDSHAKE,
                         IGNORE_EOF, KEY, NAME, NO_EXTENDED_MASTER_SECRET, ONLY, PKI, PROFILE, REUSE,
                         ROOT, TCP_ULP, TLS, TRUSTED, TTL, VMAX, VMIN, Peer, by_name, connect,
                         count, gauge, get, ok, put, reset, results, same, served, setopt, sock,
                         text)


def denied(option, value, reason, attribute):
    """The program is refused, and told by which attribute."""
    before = count(reason)
    with sock() as s:
        same(errno.EACCES, setopt(s, option, value), f"{attribute}: loosening is refused")
        why = text(s, ERROR)
        ok(attribute in why, f"{attribute}: TLS_ERROR says so", why)
    same(before + 1, count(reason), f"{attribute}: counted")


def allowed(option, value, name):
    with sock() as s:
        same(0, setopt(s, option, value), name)


def number(n):
    return n.to_bytes(4, sys.byteorder)


@contextlib.contextmanager
def our_profile(attribute, value):
    """A profile of this program that says no more than this."""
    os.mkdir(f"{CONFIG}/profiles/p")
    put("profiles/p", "match_uid", "0")
    same(0, put("profiles/p", attribute, value), f"{attribute}: \"{value}\" in a profile")
    try:
        yield
    finally:
        os.rmdir(f"{CONFIG}/profiles/p")


def outside(attribute, value, reach, other, want="", side="client", base=""):
    """
    A peer that the policy does not allow is refused, if it is so for all or for the
    profile, and accepted before that and with a laxer profile.
    """
    name = f"{attribute}, {side}"
    put("default", attribute, base)
    same(0, reach()[0], f"{name}: before, the peer is accepted")
    same(0, put("default", attribute, value), f"{name}: \"{value}\" for all")
    err, why, _ = reach()
    ok(err and want in why, f"{name}: the peer is refused", (err, why))
    with our_profile(attribute, other):
        ok(reach()[0], f"{name}: a profile that is not enabled changes nothing")
        same(0, put("profiles/p", "enabled", "1"), f"{name}: it is enabled")
        same(0, reach()[0], f"{name}: its programs reach the peer")
    ok(reach()[0], f"{name}: not without it")


def both_sides(attribute, value, peer, other):
    """The same peer as server of ours, and as client."""
    outside(attribute, value, lambda: connect(setup=peer), other)
    outside(attribute, value, lambda: served(peer), other, side="server")


def bounded(attribute, value, other, loose, tight, reason):
    """
    What the program sets by an option, @loose or @tight, keeps within @value, wherever it
    is said; a profile that says @other is laxer.
    """
    put("default", attribute, "")
    allowed(*loose, f"{attribute}: built in, {loose[1]!r} is allowed")
    same(0, put("default", attribute, value), f"{attribute}: \"{value}\" for all")
    denied(*loose, reason, attribute)
    if tight:
        allowed(*tight, f"{attribute}: tightening is allowed")
    with our_profile(attribute, other):
        same(0, put("profiles/p", "enabled", "1"), f"{attribute}: it is enabled")
        allowed(*loose, f"{attribute}: the profile is laxer")
        put("default", attribute, "")
        same(0, put("profiles/p", attribute, value), f"{attribute}: \"{value}\" in the profile")
        denied(*loose, reason, attribute)
    allowed(*loose, f"{attribute}: not without it")
    put("default", attribute, value)


def versions_min():
    def peer(c):
        c.maximum_version = ssl.TLSVersion.TLSv1_2
    both_sides("min_version", "TLSv1.3", peer, "TLSv1.2")
    bounded("min_version", "TLSv1.3", "TLSv1.2", (VMIN, "TLSv1.2"), (VMIN, "TLSv1.3"),
            "POLICY_VERSION")


def versions_max():
    def peer(c):
        c.minimum_version = ssl.TLSVersion.TLSv1_3
    both_sides("max_version", "TLSv1.2", peer, "TLSv1.3")
    bounded("max_version", "TLSv1.2", "TLSv1.3", (VMAX, "TLSv1.3"), (VMAX, "TLSv1.2"),
            "POLICY_VERSION")


def ciphersuites():
    def peer(c):
        c.maximum_version = ssl.TLSVersion.TLSv1_2
        c.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    strong = "TLS_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    both_sides("ciphersuites", strong, peer, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
    bounded("ciphersuites", strong, "TLS_AES_128_GCM_SHA256", (CIPHERS, "TLS_AES_128_GCM_SHA256"),
            (CIPHERS, "TLS_AES_256_GCM_SHA384"), "POLICY_SUITE")


def groups():
    both_sides("groups", "secp384r1", lambda c: c.set_ecdh_curve("prime256v1"), "secp256r1")


def signature_algorithms():
    both_sides("signature_algorithms", "rsa_pss_rsae_sha256", None,
               "ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 rsa_pkcs1_sha384")
    # Of the certificates as well: the root signs with rsa_pkcs1.
    ecdsa = "ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384"
    outside("signature_algorithms", ecdsa, connect, f"{ecdsa} rsa_pkcs1_sha384",
            "signature_algorithms")
    put("default", "client_trust_store", ROOT)
    outside("signature_algorithms", ecdsa, lambda: served(shows("client-p256"), [REQUIRED]),
            f"{ecdsa} rsa_pkcs1_sha384", side="server")


def extended_master_secret():
    def peer(c):
        c.maximum_version = ssl.TLSVersion.TLSv1_2
        c.options |= NO_EXTENDED_MASTER_SECRET
    attribute = "require_extended_master_secret"
    same("1", get("default", attribute), f"{attribute}: built in")
    same(0, put("default", attribute, "0"), f"{attribute}: not required of all")
    for side, reach in (("client", lambda: connect(setup=peer)), ("server", lambda: served(peer))):
        same(0, reach()[0], f"{attribute}, {side}: a peer without it is accepted")
        put("default", attribute, "")
        ok(reach()[0], f"{attribute}, {side}: built in, it is refused")
        with our_profile(attribute, "0"):
            same(0, put("profiles/p", "enabled", "1"), f"{attribute}, {side}: it is enabled")
            same(0, reach()[0], f"{attribute}, {side}: its programs reach the peer")
        put("default", attribute, "0")


def extensions():
    def peer(c):
        c.set_alpn_protocols(["h2"])
    alpn_only = [(ALPN, "h2")]
    for side, reach in (("client", lambda: connect(setup=peer, options=alpn_only)),
                        ("server", lambda: served(peer, alpn_only))):
        put("default", "extensions", "")
        same((0, "h2"), reach()[::2], f"extensions, {side}: ALPN is agreed on")
        same(0, put("default", "extensions", "server_name record_size_limit"),
             f"extensions, {side}: set")
        same((0, None), reach()[::2], f"extensions, {side}: it is not honoured")
        with our_profile("extensions", "application_layer_protocol_negotiation"):
            put("profiles/p", "enabled", "1")
            same((0, "h2"), reach()[::2], f"extensions, {side}: in the profile it is")


def alpn():
    bounded("alpn", "h2", "h2 http/1.1", (ALPN, "http/1.1"), (ALPN, "h2"), "POLICY_ALPN")
    peer = {"setup": lambda c: c.set_alpn_protocols(["h2"])}
    same((0, "h2"), connect(**peer)[::2], "alpn, client: used by programs that say nothing")
    same((0, "h2"), served(**peer)[::2], "alpn, server: used by programs that say nothing")
    # Python's servers go on without a protocol if they have none of the client's.
    peer = {"setup": lambda c: c.set_alpn_protocols(["imap"])}
    same((0, None), connect(**peer)[::2], "alpn, client: no other one is agreed on")
    err, why, _ = served(**peer)
    ok(err and "NO_APPLICATION_PROTOCOL" in why.upper().replace(" ", "_"),
       "alpn, server: a client that wants another one is refused", (err, why))


def trust_mode():
    bounded("trust_mode", "system", "system+application", (TRUSTED, ROOT), None, "POLICY_TRUST")
    same(0, put("default", "trust_mode", "application"), "trust_mode: application")
    same(errno.ENOKEY, connect()[0], "trust_mode: the system's authorities do not count")
    same(0, connect(options=[(TRUSTED, ROOT)])[0], "trust_mode: the program's do")
    put("default", "trust_mode", "")
    outside("trust_mode", "pinned", connect, "system", "pinned")
    same(0, connect(options=[(TRUSTED, f"{PKI}/p256.pem")])[0], "trust_mode: pinned, accepted")


def trusted_only():
    """TLS_TRUSTED_ONLY pins, whatever the policy says of trust, and never adds to it."""
    leaf, other, unknown = f"{PKI}/p256.pem", f"{PKI}/rsa.pem", f"{PKI}/unknown-root.pem"
    only = (ONLY, number(1))
    policies = (
        ("system+application", "all"), ("system", "all"), ("system+application", "alpn remote_hostname"),
        ("pinned", "all"), ("application", "all"),
    )
    for mode, may in policies:
        name = f"TLS_TRUSTED_ONLY, {mode}, {may}"
        put("default", "trust_store", ROOT)
        if mode == "pinned":
            put("default", "trust_store", f"{PKI}/p256.pem")
        same(0, put("default", "trust_mode", mode), f"{name}: trust_mode")
        same(0, put("default", "app_may_set", may), f"{name}: app_may_set")
        same(errno.ENOKEY, connect(options=[only])[0], f"{name}: nobody is trusted")
        same(0, connect(options=[only, (TRUSTED, leaf)])[0], f"{name}: this one certificate")
        ok(connect(options=[only, (TRUSTED, other)])[0], f"{name}: not another one")
        ok(connect(options=[only, (TRUSTED, unknown)])[0], f"{name}: nor who is unknown")
        if mode != "pinned":
            same(0, connect(options=[only, (TRUSTED, ROOT)])[0], f"{name}: this authority")
        with sock() as s:
            same((0, 0), (setopt(s, *only), setopt(s, TRUSTED, leaf)), f"{name}: is allowed")
            loose = 0 if may == "all" and mode != "system" else errno.EACCES
            same(loose, setopt(s, ONLY, number(0)), f"{name}: off again")
            same(b"\1\0\0\0" if loose else bytes(4), s.getsockopt(TLS, ONLY, 4), f"{name}: read")
        put("default", "trust_store", unknown)
        adds = may == "all" and mode != "system"
        same(0 if adds else errno.ENOKEY, connect(options=[only, (TRUSTED, leaf)])[0],
             f"{name}: what the policy does not trust")
        put("default", "app_may_set", "")
        put("default", "trust_mode", "")
    put("default", "trust_store", ROOT)
    put("default", "client_trust_store", ROOT)
    for mode in ("system+application", "system"):
        put("default", "trust_mode", mode)
        options = [only, (TRUSTED, f"{PKI}/client-p256.pem"), REQUIRED]
        same(0, served(shows("client-p256"), options)[0], f"TLS_TRUSTED_ONLY: server, {mode}")
        ok(served(shows("client-rsa"), options)[0], f"TLS_TRUSTED_ONLY: server, {mode}: no other")
    same(0, put("default", "client_trust_store", "none"), "TLS_TRUSTED_ONLY: server, nobody else")
    same(errno.ENOKEY, served(shows("client-p256"), options)[0], "TLS_TRUSTED_ONLY: adds nobody")


def trust_store():
    unknown = f"{PKI}/unknown-root.pem"
    outside("trust_store", unknown, connect, ROOT, "authority", base=ROOT)
    same(errno.EINVAL, put("default", "trust_store", "/etc/passwd"), "trust_store: no bundle")
    ok("/etc/passwd" in get("default", "last_error"), "trust_store: last_error says which",
       get("default", "last_error"))
    same(unknown, get("default", "trust_store"), "trust_store: the old one stays")


REQUIRED = (AUTH, number(2))


def shows(name):
    """An OpenSSL client that shows this certificate."""
    return lambda c: c.load_cert_chain(f"{PKI}/{name}.chain.pem", f"{PKI}/{name}.key.pem")


def peer_auth():
    def one():
        return served(shows("client-p256"), [REQUIRED])
    same(errno.ENOKEY, one()[0], "client_trust_store: built in, nobody is trusted")
    same(0, put("default", "client_trust_store", ROOT), "client_trust_store: set")
    outside("client_trust_store", f"{PKI}/unknown-root.pem", one, ROOT, side="server", base=ROOT)
    put("default", "client_trust_store", ROOT)
    outside("require_peer_auth", "required", served, "none", side="server")
    same(0, served(shows("client-p256"))[0], "require_peer_auth: one with a certificate is accepted")
    bounded("require_peer_auth", "required", "none", (AUTH, number(0)), REQUIRED,
            "POLICY_PEER_AUTH")
    same(0, put("default", "client_trust_store", "none"), "client_trust_store: none")
    same(errno.ENOKEY, served()[0], "require_peer_auth: holds for servers that say nothing")


def rsa_bits():
    outside("min_rsa_bits", "3072", lambda: connect("rsa"), "2048", "small")
    put("default", "client_trust_store", ROOT)
    outside("min_rsa_bits", "3072", lambda: served(shows("client-rsa"), [REQUIRED]), "2048",
            side="server")


def verify_depth():
    outside("verify_depth", "0", connect, "1", "longer")


def host_name():
    before = count("POLICY_HOST_NAME")
    outside("require_host_name", "1", lambda: connect(name="127.0.0.1"), "0", "require_host_name")
    same(before + 3, count("POLICY_HOST_NAME"), "require_host_name: counted")
    same(errno.EACCES, connect(name="127.0.0.1")[0], "require_host_name: EACCES")
    same(0, connect()[0], "require_host_name: a name is enough")


def sessions():
    bounded("session_ttl", "60", "61", (TTL, number(61)), (TTL, number(60)), "POLICY_SESSION")
    bounded("session_reuse", "0", "1", (REUSE, number(1)), (REUSE, number(0)), "POLICY_SESSION")


def app_may_set():
    bounded("app_may_set", "alpn remote_hostname", "version_min", (VMIN, "TLSv1.3"), (ALPN, "h2"),
            "POLICY_OPTION")
    # A handle does not bring in what its user may not set.
    put("default", "app_may_set", "")
    with sock() as source:
        same(0, setopt(source, CHAIN, f"{PKI}/p256.chain.pem"), "app_may_set: a certificate")
        same(0, setopt(source, KEY, f"{PKI}/p256.key.pem"), "app_may_set: and its key")
        handle = text(source, CONTEXT)
        allowed(CONTEXT, handle, "app_may_set: TLS_CONTEXT")
        same(0, put("default", "app_may_set", "context remote_hostname"), "app_may_set: no keys")
        denied(CONTEXT, handle, "POLICY_OPTION", "app_may_set")
    # Nor is an upgrade forbidden along with the options that are not listed.
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as s:
            s.setsockopt(socket.IPPROTO_TCP, TCP_ULP, b"tls_ssa")
            client = (1).to_bytes(4, sys.byteorder)
            same(errno.EDESTADDRREQ, setopt(s, HANDSHAKE, client), "app_may_set: TLS_HANDSHAKE")
    end_of_file()


def end_of_file():
    """An option that is for connections, too: the policy holds there as before."""
    put("default", "app_may_set", "remote_hostname")
    denied(IGNORE_EOF, number(1), "POLICY_OPTION", "app_may_set")
    peer = Peer()
    with sock() as s:
        setopt(s, NAME, "server.test")
        s.connect(peer.listener.getsockname())
        before = count("POLICY_OPTION")
        same(errno.EACCES, setopt(s, IGNORE_EOF, number(1)), "app_may_set: of a connection")
        same(before + 1, count("POLICY_OPTION"), "app_may_set: of a connection: counted")
        same(b"\0" * 4, s.getsockopt(TLS, IGNORE_EOF, 4), "app_may_set: it is not set")
        same("no error", text(s, ERROR), "app_may_set: the connection has not failed of it")
    peer.close()
    put("default", "app_may_set", "remote_hostname ignore_unexpected_eof")
    allowed(IGNORE_EOF, number(1), "app_may_set: ignore_unexpected_eof")


# What a handle was made with, the bound that comes afterwards, and why nobody takes it over
BOUNDS = (
    ((), "min_version", "TLSv1.3", "POLICY_VERSION"),
    ((), "max_version", "TLSv1.2", "POLICY_VERSION"),
    ((), "ciphersuites", "TLS_AES_128_GCM_SHA256", "POLICY_SUITE"),
    ((), "session_ttl", "7199", "POLICY_SESSION"),
    (((REUSE, number(1)),), "session_reuse", "0", "POLICY_SESSION"),
    (((AUTH, number(1)),), "require_peer_auth", "required", "POLICY_PEER_AUTH"),
    (((ALPN, "h2"),), "alpn", "http/1.1", "POLICY_ALPN"),
    (((TRUSTED, ROOT),), "trust_mode", "system", "POLICY_TRUST"),
)
# What it was made with, and which options its user must be allowed for that
SAID = (
    (((NAME, "server.test"),), "remote_hostname"),
    (((TRUSTED, ROOT),), "trusted_peer_certificates"),
    (((ALPN, "h2"),), "alpn"),
    (((VMIN, "TLSv1.3"),), "version_min"),
    (((VMAX, "TLSv1.2"),), "version_max"),
    (((CIPHERS, "TLS_AES_256_GCM_SHA384"),), "disable_cipher"),
    (((CIPHERS, "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256"),), "trusted_ciphers"),
    (((DISABLE, "TLS_AES_128_GCM_SHA256"),), "disable_cipher"),
    (((TTL, number(60)),), "session_ttl"),
    (((REUSE, number(1)),), "session_reuse"),
    (((AUTH, number(2)),), "request_peer_auth"),
    (((CHAIN, f"{PKI}/p256.chain.pem"), (KEY, f"{PKI}/p256.key.pem")),
     "certificate_chain private_key"),
)


def handle_of(source, options):
    for option, value in options:
        same(0, setopt(source, option, value), f"handles: option {option}")
    return text(source, CONTEXT)


def handles():
    """TLS_CONTEXT goes around neither a bound nor app_may_set."""
    for options, attribute, value, reason in BOUNDS:
        with sock() as source:
            handle = handle_of(source, options)
            allowed(CONTEXT, handle, f"handles: before {attribute}")
            put("default", "client_trust_store", ROOT)
            same(0, put("default", attribute, value), f"handles: {attribute}")
            denied(CONTEXT, handle, reason, attribute)
            reset()
    for options, names in SAID:
        with sock() as source, sock() as second:
            handle = handle_of(source, options)
            same(0, put("default", "app_may_set", "context"), f"handles: not {names}")
            denied(CONTEXT, handle, "POLICY_OPTION", "app_may_set")
            for name in names.split():
                put("default", "app_may_set", "all" if name == names else "context " + name)
                if name != names:
                    denied(CONTEXT, handle, "POLICY_OPTION", "app_may_set")
            same(0, put("default", "app_may_set", f"context {names}"), f"handles: {names}")
            same(0, setopt(second, CONTEXT, handle), f"handles: with {names}")
            # What it has taken over it can give away.
            allowed(CONTEXT, text(second, CONTEXT), f"handles: again with {names}")
            reset()
    with sock() as source:
        same(0, put("default", "app_may_set", "context"), "handles: nothing else")
        handle = text(source, CONTEXT)
        allowed(CONTEXT, handle, "handles: of one that has said nothing")
        put("default", "min_version", "TLSv1.3")
        with sock() as stricter:
            handle = text(stricter, CONTEXT)
            put("default", "min_version", "")
            denied(CONTEXT, handle, "POLICY_OPTION", "app_may_set")


def socket_error():
    try:
        sock().close()
    except OSError as failure:
        return failure.errno
    return 0


def upgrade_error():
    """of TCP_ULP on a TCP connection, which goes on without TLS"""
    with socket.create_server(("127.0.0.1", 0)) as listener, \
            socket.create_connection(listener.getsockname()) as s:
        peer = listener.accept()[0]
        failure = 0
        try:
            s.setsockopt(socket.IPPROTO_TCP, TCP_ULP, b"tls_ssa")
        except OSError as e:
            failure = e.errno
        else:
            return failure
        s.sendall(b"plain")
        same(b"plain", peer.recv(5), "upgrade: TCP goes on")
        peer.close()
        return failure


def enabled():
    before = count("POLICY_DISABLED")
    same(0, socket_error(), "enabled: built in, for everybody")
    same(0, put("default", "enabled", "0"), "enabled: nobody without a profile")
    same(errno.EACCES, socket_error(), "enabled: socket() is refused")
    same(before + 1, count("POLICY_DISABLED"), "enabled: counted")
    sockets = gauge("Sockets")
    same(errno.EACCES, upgrade_error(), "enabled: so is TCP_ULP")
    same(before + 2, count("POLICY_DISABLED"), "enabled: counted, too")
    same(sockets, gauge("Sockets"), "enabled: what was refused is no socket of ours")
    with our_profile("enabled", "1"):
        same(0, connect()[0], "enabled: one with a profile connects")
        same(0, put("profiles/p", "enabled", "0"), "enabled: the profile is not in force any more")
        same(errno.EACCES, socket_error(), "enabled: and nobody connects")
        same(0, put("profiles/p", "enabled", "1"), "enabled: it is again")
        same(0, socket_error(), "enabled: for its programs")
    same(errno.EACCES, socket_error(), "enabled: not once its directory is gone")


def credential():
    same("none", get("default", "credential"), "credential: built in (https.py has the rest)")
    os.mkdir(f"{CONFIG}/credentials/c")
    put("credentials/c", "chain", f"{PKI}/p256.chain.pem")
    same(0, put("credentials/c", "key", f"{PKI}/p256.key.pem"), "credential: made")
    same(errno.EBADFD, served(key=None)[0], "credential: a server without one does not listen")
    same(0, put("default", "credential", "c"), "credential: for all")
    same(0, served(key=None)[0], "credential: it is shown")
    with our_profile("credential", "none"):
        same(0, put("profiles/p", "enabled", "1"), "credential: it is enabled")
        same(errno.EBADFD, served(key=None)[0], "credential: its programs have none")
        same(0, served()[0], "credential: but their own")
    same(0, served(key=None)[0], "credential: not without it")


TRY_KEY = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 260)
s.setsockopt(260, 88, sys.argv[1].encode())
s.setsockopt(260, 89, sys.argv[2].encode())
"""


def key_directories():
    top = "/var/tmp/ssa-keys"
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(f"{top}/d", 0o700)
    shutil.copy(f"{PKI}/p256.key.pem", f"{top}/d/key.pem")
    shutil.copy(f"{PKI}/p256.key.pem", f"{top}/outside.pem")
    os.chmod(f"{top}/d/key.pem", 0o600)
    os.chmod(f"{top}/outside.pem", 0o600)
    os.symlink(f"{top}/outside.pem", f"{top}/d/link.pem")
    chain = "/tmp/ssa-chain.pem"
    shutil.copy(f"{PKI}/p256.chain.pem", chain)
    os.chmod(chain, 0o644)

    def may(path):
        return subprocess.run([sys.executable, "-c", TRY_KEY, chain, path], user=65534,
                              group=65534, extra_groups=[], cwd="/", check=False,
                              stderr=subprocess.DEVNULL).returncode == 0
    ok(not may(f"{top}/d/key.pem"), "key_directories: an unreadable key is unreadable")
    same(0, put("default", "key_directories", f"{top}/d"), "key_directories: set")
    ok(may(f"{top}/d/key.pem"), "key_directories: the kernel reads it")
    for mode in (0o777, 0o770):
        os.chmod(f"{top}/d", mode)
        ok(not may(f"{top}/d/key.pem"), f"key_directories: not from one of mode {mode:o}")
    os.chmod(f"{top}/d", 0o700)
    same(0, profile("user", match_uid="65534", key_directories="none"),
         "key_directories: none in a profile")
    ok(not may(f"{top}/d/key.pem"), "key_directories: its programs do not have them")
    os.rmdir(f"{CONFIG}/profiles/user")
    for path in (f"{top}/d/link.pem", f"{top}/d/../outside.pem", f"{top}/outside.pem"):
        ok(not may(path), f"key_directories: not {os.path.relpath(path, top)}")
    shutil.rmtree(top)


ASK = "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 260)\n" \
      "print(s.getsockopt(260, 208, 128).rstrip(b'\\0').decode())"


def profile_of(exe=sys.executable, before=(), **kwargs):
    env = dict(os.environ, PYTHONHOME="/usr")
    run = subprocess.run([*before, exe, "-c", ASK], stdout=subprocess.PIPE, check=False, env=env,
                         **kwargs)
    return run.stdout.decode().strip()


def profile(name, **attributes):
    if not os.path.isdir(f"{CONFIG}/profiles/{name}"):
        os.mkdir(f"{CONFIG}/profiles/{name}")
    for attribute, value in attributes.items():
        put(f"profiles/{name}", attribute, value)
    return put(f"profiles/{name}", "enabled", "1")


def executables():
    top = "/var/tmp/ssa-programs"
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(f"{top}/mnt")
    program = f"{top}/program"
    shutil.copy(os.path.realpath(sys.executable), program)
    same("default", profile_of(program), "match_executable: no profile")
    same(0, profile("prog", match_executable=program), "match_executable: set")
    same("prog", profile_of(program), "match_executable: found")
    same("default", profile_of(), "match_executable: not another program")
    os.link(program, f"{top}/hard")
    same("prog", profile_of(f"{top}/hard"), "match_executable: a hard link is the program")
    os.symlink(program, f"{top}/soft")
    same("prog", profile_of(f"{top}/soft"), "match_executable: so is a symbolic link")
    shutil.copy(program, f"{top}/copy")
    same("default", profile_of(f"{top}/copy"), "match_executable: a copy is not")
    mount = ["unshare", "-m", "sh", "-c", f'mount --bind {top}/program {top}/copy; exec "$@"', "sh"]
    same("prog", profile_of(f"{top}/copy", mount), "match_executable: a bind mount is")
    mount[-2] = f'mount --bind {top}/copy {top}/program; exec "$@"'
    same("default", profile_of(program, mount[:4] + [mount[-2], "sh"]),
         "match_executable: not another file mounted in its place by a container")
    same("default", profile_of(program, ["unshare", "-Ur"]),
         "match_executable: says nothing in a user namespace")
    os.rename(program, f"{top}/renamed")
    same("prog", profile_of(f"{top}/renamed"), "match_executable: a renamed one is")
    shutil.copy(f"{top}/copy", f"{top}/new")
    os.rename(f"{top}/new", program)
    same("prog", profile_of(program), "match_executable: so is the upgraded one at its path")
    shutil.rmtree(top)


def criteria():
    nobody = {"user": 65534, "group": 65534, "extra_groups": [], "cwd": "/"}
    with sock() as s:
        cookie = int.from_bytes(s.getsockopt(socket.SOL_SOCKET, 71, 8), sys.byteorder)
    same(0, profile("net", match_netns=str(cookie)), "match_netns: set")
    same("net", profile_of(), "match_netns: found")
    same("default", profile_of(before=["unshare", "-n"]), "match_netns: not another one")
    same(0, profile("group", match_gid="65534"), "match_gid: set")
    same("group", profile_of(**nobody), "match_gid: before match_netns")
    same(0, profile("user", match_uid="65534"), "match_uid: set")
    same("user", profile_of(**nobody), "match_uid: before match_gid")
    same("user", profile_of(before=["unshare", "-Ur"], **nobody),
         "match_uid: root of a user namespace stays who he is")
    same("net", profile_of(), "match_uid: others are not")
    effective = ["setpriv", "--euid=65534", "--keep-groups"]
    same("user", profile_of(before=effective, cwd="/"), "match_uid: the effective one")
    same(0, profile("both", match_uid="65534", match_gid="65534"), "both: set")
    same("both", profile_of(**nobody), "both: before one of them")
    same(errno.EINVAL, profile("again", match_uid="65534"), "the same twice is refused")
    ok("user" in get("profiles/again", "last_error"), "last_error names the other one",
       get("profiles/again", "last_error"))
    os.makedirs("/tmp/cg", exist_ok=True)
    subprocess.run(["mount", "-t", "cgroup2", "none", "/tmp/cg"], check=True)
    os.makedirs("/tmp/cg/a/b", exist_ok=True)
    same(0, profile("cga", match_cgroup="/a"), "match_cgroup: set")
    move = ["sh", "-c", 'echo $$ > /tmp/cg/a/b/cgroup.procs; exec "$@"', "sh"]
    same("cga", profile_of(before=move), "match_cgroup: in one below it, before the others")
    same(0, profile("cgb", match_cgroup="/a/b"), "match_cgroup: a deeper one")
    same("cgb", profile_of(before=move), "match_cgroup: goes first")
    same("net", profile_of(), "match_cgroup: not outside")
    put(".", "match", str(os.getpid()))
    same(f"{os.getpid()} net", get(".", "match"), "match: tells it of a process")
    same(errno.EINVAL, profile("nobody"), "a profile that matches nobody is refused")


def transaction():
    same(0, put(".", "transaction", "begin"), "transaction: begin")
    same("open", get(".", "transaction"), "transaction: open")
    same(0, put("default", "min_version", "TLSv1.3"), "transaction: a draft")
    with sock() as s:
        same("TLSv1.2", text(s, VMIN), "transaction: not in force yet")
    same(0, put("default", "max_version", "TLSv1.2"), "transaction: that does not fit")
    same(errno.EINVAL, put(".", "transaction", "commit"), "transaction: is refused as a whole")
    ok("min_version" in get(".", "last_error"), "transaction: last_error", get(".", "last_error"))
    same(0, put("default", "max_version", ""), "transaction: corrected")
    same(0, put(".", "transaction", "commit"), "transaction: commit")
    with sock() as s:
        same("TLSv1.3", text(s, VMIN), "transaction: in force")
    put(".", "transaction", "begin")
    put("default", "min_version", "TLSv1.2")
    same(0, put(".", "transaction", "abort"), "transaction: abort")
    same("TLSv1.3", get("default", "min_version"), "transaction: nothing has changed")


def host_names():
    before = count("POLICY_HOST_NAMES")
    outside("host_names", "0", lambda: connect(host="server.test"), "1", "host_names")
    same(before + 3, count("POLICY_HOST_NAMES"), "host_names: counted")
    same(errno.EACCES, connect(host="127.0.0.1")[0], "host_names: nor a number as a name")
    same(0, connect()[0], "host_names: an address and TLS_REMOTE_HOSTNAME are no such thing")
    with sock() as s:
        same(errno.EACCES, by_name(s, "bind", "127.0.0.1"), "host_names: bind()")
        ok("host_names" in text(s, ERROR), "host_names: TLS_ERROR says so", text(s, ERROR))
    put("default", "host_names", "1")
    with sock() as s:
        same(0, by_name(s, "bind", "127.0.0.1"), "host_names: bind() again")


def blocklist():
    same(0, connect()[0], "blocklist: none")
    with open("/tmp/blocked", "w", encoding="ascii") as file:
        with open(f"{PKI}/p256.pem", encoding="ascii") as pem:
            der = ssl.PEM_cert_to_DER_cert(pem.read())
        file.write(f"{hashlib.sha256(der).hexdigest()} a certificate\n")
    same(0, put(".", "blocklist", "/tmp/blocked"), "blocklist: set")
    err, why, _ = connect()
    ok(err == errno.EKEYREVOKED and "blocklist" in why, "blocklist: refused", (err, why))
    same(errno.EINVAL, put(".", "blocklist", "/etc/passwd"), "blocklist: no list")
    same(errno.EKEYREVOKED, connect()[0], "blocklist: the old one stays")


def permission():
    child = os.fork()
    if not child:
        os.setgid(65534)
        os.setuid(65534)
        os._exit(put("default", "min_version", "TLSv1.3"))
    same(errno.EACCES, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), "a user writes nothing")
    run = subprocess.run(["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin",
                          "sh", "-c", f"echo TLSv1.3 > {CONFIG}/default/min_version"],
                         stderr=subprocess.PIPE, check=False)
    ok(run.returncode, "nor does root without CAP_NET_ADMIN", run.stderr)
    run = subprocess.run(["unshare", "-n", "sh", "-c", "s=/proc/sys/net/ssa/;"
                          "echo TLSv1.3 > $s/min_version; cat $s/min_version"],
                         stdout=subprocess.PIPE, check=False)
    same(b"TLSv1.3\n", run.stdout, "a namespace has a stricter floor")
    with open("/proc/sys/net/ssa/min_version", "w", encoding="ascii") as file:
        file.write("TLSv1.3")
    run = subprocess.run(["unshare", "-n", "sh", "-c", "echo TLSv1.2 > /proc/sys/net/ssa/min_version"],
                         stderr=subprocess.DEVNULL, check=False)
    ok(run.returncode, "but no laxer one")
    with open("/proc/sys/net/ssa/min_version", "w", encoding="ascii") as file:
        file.write("TLSv1.2")


ROWS = {
    "min_version": versions_min, "max_version": versions_max, "ciphersuites": ciphersuites,
    "groups": groups, "signature_algorithms": signature_algorithms,
    "require_extended_master_secret": extended_master_secret, "extensions": extensions,
    "alpn": alpn, "trust_mode": trust_mode, "trust_store": trust_store,
    "client_trust_store": peer_auth, "require_peer_auth": peer_auth, "min_rsa_bits": rsa_bits,
    "verify_depth": verify_depth, "require_host_name": host_name, "host_names": host_names,
    "session_ttl": sessions,
    "session_reuse": sessions, "app_may_set": app_may_set, "enabled": enabled,
    "key_directories": key_directories, "credential": credential,
}


def main():
    print("TAP version 13")
    attributes = set(os.listdir(f"{CONFIG}/default")) - {"set", "last_error"}
    same(attributes, set(ROWS), "every attribute has its row")
    for test in dict.fromkeys([*ROWS.values(), trusted_only, handles, executables, criteria, transaction, blocklist,
                               permission]):
        reset()
        try:
            test()
        except (OSError, subprocess.SubprocessError) as err:
            ok(False, f"{test.__name__} runs to its end", err)
    reset()
    put("default", "trust_store", "")
    print(f"1..{len(results)}")
    sys.exit(not all(results))


main()
