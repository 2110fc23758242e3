#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The administrator's policy: each attribute as it is built in, set for all and for a profile;
what programs may tighten, and what they are refused; with an OpenSSL peer outside of it.
Which profile a program gets, whatever it calls itself. Writes TAP."""

import errno
import hashlib
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading

CONFIG = "/sys/kernel/config/tls_ssa"
PKI = os.path.join(os.environ["TLS_SSA_OUT"], "pki")
TLS = 260
NAME, TRUSTED, CHAIN, KEY, ALPN, TTL, AUTH = 85, 87, 88, 89, 90, 91, 94
CIPHERS, ERROR, REUSE, VMIN, VMAX, PROFILE = 97, 100, 108, 111, 112, 208
CONTEXT, HANDSHAKE, TCP_ULP = 107, 206, 31
ROOT = f"{PKI}/root.pem"

# Reasons as TLS_INFO and /proc/net/tls_ssa_stat name them
COUNTER = {
    "POLICY_DISABLED": "PolicyDisabled", "POLICY_OPTION": "PolicyOption",
    "POLICY_VERSION": "PolicyVersion", "POLICY_SUITE": "PolicySuite",
    "POLICY_ALPN": "PolicyAlpn", "POLICY_TRUST": "PolicyTrust",
    "POLICY_HOST_NAME": "PolicyHostName", "POLICY_PEER_AUTH": "PolicyPeerAuth",
    "POLICY_SESSION": "PolicySession",
}

results = []


def ok(good, name, seen=""):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} {name}"
          + ("" if good else f"\n# seen: {seen}"), flush=True)


def same(want, seen, name):
    ok(want == seen, name, f"{seen!r}, not {want!r}")


def put(item, attribute, value):
    """0 or the errno of the write."""
    try:
        with open(f"{CONFIG}/{item}/{attribute}", "w", encoding="ascii", buffering=1) as file:
            file.write(f"{value}\n")
    except OSError as err:
        return err.errno
    return 0


def get(item, attribute):
    with open(f"{CONFIG}/{item}/{attribute}", encoding="ascii") as file:
        return file.read().rstrip("\n")


def reset():
    put(".", "transaction", "abort")
    put(".", "blocklist", "")
    for name in os.listdir(f"{CONFIG}/profiles"):
        os.rmdir(f"{CONFIG}/profiles/{name}")
    for attribute in get("default", "set").split():
        # Bounds of versions depend on each other.
        put("default", attribute, "")
    for attribute in get("default", "set").split():
        put("default", attribute, "")
    put("default", "trust_store", ROOT)


def count(reason):
    with open("/proc/net/tls_ssa_stat", encoding="ascii") as file:
        return int(dict(line.split() for line in file)[COUNTER[reason]])


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


def connect(key="p256", setup=None, options=(), name="server.test"):
    """errno and reason of a connection to such a peer, and what the peer has agreed on."""
    peer = Peer(key, setup)
    with sock() as s:
        err = setopt(s, NAME, name)
        for option, value in options:
            err = err or setopt(s, option, value)
        if not err:
            err = s.connect_ex(peer.listener.getsockname())
        why = text(s, ERROR)
        if err:		# the peer may still wait for a connection
            with socket.create_connection(peer.listener.getsockname()):
                pass
    peer.close()
    return err, why, peer.alpn


def denied(option, value, reason, attribute):
    """The program is refused, and told by which attribute."""
    before = count(reason)
    with sock() as s:
        same(errno.EACCES, setopt(s, option, value), f"{attribute}: loosening is refused")
        why = text(s, ERROR)
        ok(attribute in why, f"{attribute}: TLS_ERROR says so", why)
    same(before + 1, count(reason), f"{attribute}: counted")


def allowed(option, value, attribute):
    with sock() as s:
        same(0, setopt(s, option, value), f"{attribute}: tightening is allowed")


def outside(attribute, value, peer, profile_value, want=None):
    """
    A peer that the policy does not allow is refused, if it is so for all or for the
    profile, and accepted with the policy that is built in and with a laxer profile.
    """
    same(0, connect(**peer)[0], f"{attribute}: built in, the peer is accepted")
    same(0, put("default", attribute, value), f"{attribute}: set for all")
    err, why, _ = connect(**peer)
    ok(err and (want is None or want in why), f"{attribute}: the peer is refused", (err, why))
    os.mkdir(f"{CONFIG}/profiles/p")
    put("profiles/p", "match_uid", "0")
    same(0, put("profiles/p", attribute, profile_value), f"{attribute}: a profile is laxer")
    ok(connect(**peer)[0], f"{attribute}: a profile that is not enabled changes nothing")
    same(0, put("profiles/p", "enabled", "1"), f"{attribute}: it is enabled")
    same(0, connect(**peer)[0], f"{attribute}: its programs reach the peer")
    os.rmdir(f"{CONFIG}/profiles/p")
    ok(connect(**peer)[0], f"{attribute}: not without it")


def versions_min():
    def peer(c):
        c.maximum_version = ssl.TLSVersion.TLSv1_2
    outside("min_version", "TLSv1.3", {"setup": peer}, "TLSv1.2")
    denied(VMIN, "TLSv1.2", "POLICY_VERSION", "min_version")
    put("default", "min_version", "")
    allowed(VMIN, "TLSv1.3", "min_version")


def versions_max():
    def peer(c):
        c.minimum_version = ssl.TLSVersion.TLSv1_3
    outside("max_version", "TLSv1.2", {"setup": peer}, "TLSv1.3")
    denied(VMAX, "TLSv1.3", "POLICY_VERSION", "max_version")
    put("default", "max_version", "")
    allowed(VMAX, "TLSv1.2", "max_version")


def ciphersuites():
    def peer(c):
        c.maximum_version = ssl.TLSVersion.TLSv1_2
        c.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    strong = "TLS_AES_256_GCM_SHA384 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    outside("ciphersuites", strong, {"setup": peer}, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
    denied(CIPHERS, "TLS_AES_128_GCM_SHA256", "POLICY_SUITE", "ciphersuites")
    allowed(CIPHERS, "TLS_AES_256_GCM_SHA384", "ciphersuites")


def groups():
    outside("groups", "secp384r1", {"setup": lambda c: c.set_ecdh_curve("prime256v1")},
            "secp256r1")


def signature_algorithms():
    outside("signature_algorithms", "rsa_pss_rsae_sha256", {"key": "p256"},
            "ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 rsa_pss_rsae_sha256 rsa_pkcs1_sha256")


def extended_master_secret():
    same("1", get("default", "require_extended_master_secret"), "extended_master_secret: built in")
    same(0, put("default", "require_extended_master_secret", "0"), "extended_master_secret: set")
    same("0", get("default", "require_extended_master_secret"), "extended_master_secret: read")


def extensions():
    peer = {"setup": lambda c: c.set_alpn_protocols(["h2"]), "options": [(ALPN, "h2")]}
    same((0, "h2"), connect(**peer)[::2], "extensions: ALPN is agreed on")
    same(0, put("default", "extensions", "server_name record_size_limit"), "extensions: set")
    same((0, None), connect(**peer)[::2], "extensions: it is not even offered")


def alpn():
    same(0, put("default", "alpn", "h2"), "alpn: set")
    denied(ALPN, "http/1.1", "POLICY_ALPN", "alpn")
    allowed(ALPN, "h2", "alpn")
    peer = {"setup": lambda c: c.set_alpn_protocols(["h2"])}
    same((0, "h2"), connect(**peer)[::2], "alpn: offered by programs that say nothing")
    # Python's servers go on without a protocol if they have none of the client's.
    peer = {"setup": lambda c: c.set_alpn_protocols(["imap"])}
    same((0, None), connect(**peer)[::2], "alpn: no other one is agreed on")


def trust_mode():
    same(0, put("default", "trust_mode", "system"), "trust_mode: system")
    denied(TRUSTED, ROOT, "POLICY_TRUST", "trust_mode")
    same(0, put("default", "trust_mode", "application"), "trust_mode: application")
    same(errno.ENOKEY, connect()[0], "trust_mode: the system's authorities do not count")
    same(0, connect(options=[(TRUSTED, ROOT)])[0], "trust_mode: the program's do")
    same(0, put("default", "trust_mode", "pinned"), "trust_mode: pinned")
    err, why, _ = connect()
    ok(err == errno.EKEYREJECTED and "pinned" in why, "trust_mode: not pinned", (err, why))
    same(0, connect(options=[(TRUSTED, f"{PKI}/p256.pem")])[0], "trust_mode: pinned, accepted")


def trust_store():
    outside("trust_store", f"{PKI}/unknown-root.pem", {}, ROOT, "authority")
    same(errno.EINVAL, put("default", "trust_store", "/etc/passwd"), "trust_store: no bundle")
    ok("/etc/passwd" in get("default", "last_error"), "trust_store: last_error says which",
       get("default", "last_error"))
    same(f"{PKI}/unknown-root.pem", get("default", "trust_store"), "trust_store: the old one stays")


def listen(options):
    with sock() as s:
        for option, value in ((CHAIN, f"{PKI}/p256.chain.pem"), (KEY, f"{PKI}/p256.key.pem")):
            setopt(s, option, value)
        for option, value in options:
            setopt(s, option, value)
        s.bind(("127.0.0.1", 0))
        try:
            s.listen(1)
        except OSError as err:
            return err.errno
    return 0


def peer_auth():
    required = (2).to_bytes(4, sys.byteorder)
    same(errno.ENOKEY, listen([(AUTH, required)]), "client_trust_store: nobody is trusted")
    same(0, put("default", "client_trust_store", ROOT), "client_trust_store: set")
    same(0, listen([(AUTH, required)]), "client_trust_store: a server without a list of its own")
    same(0, put("default", "require_peer_auth", "required"), "require_peer_auth: set")
    denied(AUTH, (0).to_bytes(4, sys.byteorder), "POLICY_PEER_AUTH", "require_peer_auth")
    allowed(AUTH, required, "require_peer_auth")
    same(0, put("default", "client_trust_store", "none"), "client_trust_store: none")
    same(errno.ENOKEY, listen([]), "require_peer_auth: holds for servers that say nothing")


def rsa_bits():
    outside("min_rsa_bits", "3072", {"key": "rsa"}, "2048", "small")


def verify_depth():
    outside("verify_depth", "0", {}, "1", "longer")


def host_name():
    before = count("POLICY_HOST_NAME")
    same(0, connect(name="127.0.0.1")[0], "require_host_name: an address is enough")
    same(0, put("default", "require_host_name", "1"), "require_host_name: set")
    err, why, _ = connect(name="127.0.0.1")
    ok(err == errno.EACCES and "require_host_name" in why, "require_host_name: not enough",
       (err, why))
    same(before + 1, count("POLICY_HOST_NAME"), "require_host_name: counted")
    same(0, connect()[0], "require_host_name: a name is")


def sessions():
    def number(n):
        return n.to_bytes(4, sys.byteorder)
    same(0, put("default", "session_ttl", "60"), "session_ttl: set")
    denied(TTL, number(61), "POLICY_SESSION", "session_ttl")
    allowed(TTL, number(60), "session_ttl")
    same(0, put("default", "session_reuse", "0"), "session_reuse: set")
    denied(REUSE, number(1), "POLICY_SESSION", "session_reuse")
    allowed(REUSE, number(0), "session_reuse")


def app_may_set():
    same(0, put("default", "app_may_set", "alpn remote_hostname"), "app_may_set: set")
    denied(VMIN, "TLSv1.3", "POLICY_OPTION", "app_may_set")
    allowed(ALPN, "h2", "app_may_set")
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


def enabled():
    before = count("POLICY_DISABLED")
    same(0, put("default", "enabled", "0"), "enabled: nobody without a profile")
    try:
        sock().close()
        err = 0
    except OSError as failure:
        err = failure.errno
    same(errno.EACCES, err, "enabled: socket() is refused")
    same(before + 1, count("POLICY_DISABLED"), "enabled: counted")


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
    "verify_depth": verify_depth, "require_host_name": host_name, "session_ttl": sessions,
    "session_reuse": sessions, "app_may_set": app_may_set, "enabled": enabled,
    "key_directories": key_directories,
}


def main():
    print("TAP version 13")
    attributes = set(os.listdir(f"{CONFIG}/default")) - {"set", "last_error"}
    same(attributes, set(ROWS), "every attribute has its row")
    for test in dict.fromkeys([*ROWS.values(), executables, criteria, transaction, blocklist,
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
