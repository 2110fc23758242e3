#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Programs that try to get around the administrator's policy: by a tracer, by paths of keys that
change or mean something else, by files of configfs and sysctls that are not theirs, by a
container's own trust store. What renamed, linked, mounted and copied programs get, and user
namespaces, is in policy.py. Writes TAP."""

import ctypes
import errno
import os
import shutil
import subprocess
import sys
import threading

from policy_peer import (CHAIN, CONFIG, KEY, NAME, PKI, ROOT, TLS, VMIN, Peer, connect, get, ok,
                         put, reset, results, same, setopt, sock)

TOP = "/var/tmp/ssa-escapes"
NOBODY = {"user": 65534, "group": 65534, "extra_groups": [], "cwd": "/"}
SYSCTL = "/proc/sys/net/ssa"
PTRACE_TRACEME, PTRACE_POKEDATA, PTRACE_GETREGS, PTRACE_SYSCALL = 0, 5, 12, 24
ORIG_RAX, RSI, R10, SYS_SETSOCKOPT = 15, 13, 7, 54


def traced_setsockopt(value):
    """errno of a child that sets TLSv1.3, when its tracer has put @value in the place of it."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    child = os.fork()
    if not child:
        libc.ptrace(PTRACE_TRACEME, 0, None, None)
        os.kill(os.getpid(), 19)
        os._exit(setopt(sock(), VMIN, "TLSv1.3"))
    regs = (ctypes.c_ulonglong * 27)()
    changed = False
    _, status = os.waitpid(child, 0)
    while not os.WIFEXITED(status):
        libc.ptrace(PTRACE_GETREGS, child, None, ctypes.addressof(regs))
        if regs[ORIG_RAX] == SYS_SETSOCKOPT and regs[RSI] == TLS:
            word = int.from_bytes(value.encode().ljust(8, b"\0"), sys.byteorder)
            changed = not libc.ptrace(PTRACE_POKEDATA, child, regs[R10], word)
        libc.ptrace(PTRACE_SYSCALL, child, None, None)
        _, status = os.waitpid(child, 0)
    ok(changed, f"ptrace: the tracer has changed the option to {value}")
    return os.WEXITSTATUS(status)


def ptrace():
    same(0, put("default", "min_version", "TLSv1.3"), "ptrace: TLS 1.3 for all")
    same(0, traced_setsockopt("TLSv1.3"), "ptrace: what is allowed is allowed")
    same(errno.EACCES, traced_setsockopt("TLSv1.2"), "ptrace: what is not is refused")
    put("default", "min_version", "")


LOAD = f"""
import socket, sys
chain, key, tries = sys.argv[1:]
loaded = 0
for i in range(int(tries)):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, {TLS}) as s:
        try:
            s.setsockopt({TLS}, {CHAIN}, chain.encode())
            s.setsockopt({TLS}, {KEY}, key.encode())
            loaded += 1
        except OSError:
            pass
print(loaded)
"""


def loaded(path, tries=1, before=(), **kwargs):
    """How often a program gets the key at @path for the chain."""
    run = subprocess.run([*before, sys.executable, "-c", LOAD, f"{TOP}/chain.pem", path,
                          str(tries)], stdout=subprocess.PIPE, check=False, **kwargs)
    return run.stdout.decode().strip()


def swap_file(path):
    os.link(f"{TOP}/d/other.pem", f"{path}.new")
    os.replace(f"{path}.new", path)
    os.symlink(f"{TOP}/outside/key.pem", f"{path}.new")
    os.replace(f"{path}.new", path)


def swap_directory(path):
    os.rename(f"{TOP}/d/other", path)
    os.rename(path, f"{TOP}/d/other")
    os.symlink(f"{TOP}/outside", path)
    os.unlink(path)


def swapped(swap, at, path):
    """
    How often a program gets the key outside, while what is at @path is in turns a key that
    is not the chain's and a link to the one outside that is.
    """
    done = threading.Event()
    turns = 0

    def run():
        nonlocal turns
        while not done.is_set():
            swap(at)
            turns += 1
    thread = threading.Thread(target=run)
    thread.start()
    got = loaded(path, 300, **NOBODY)
    done.set()
    thread.join()
    ok(turns > 2, "key: changed many times", turns)
    return got


def keys():
    shutil.rmtree(TOP, ignore_errors=True)
    for directory in ("d/sub", "outside"):
        os.makedirs(f"{TOP}/{directory}")
    shutil.copy(f"{PKI}/p256.chain.pem", f"{TOP}/chain.pem")
    os.chmod(f"{TOP}/chain.pem", 0o644)
    for place in ("d/key.pem", "d/sub/key.pem", "outside/key.pem"):
        shutil.copy(f"{PKI}/p256.key.pem", f"{TOP}/{place}")
        os.chmod(f"{TOP}/{place}", 0o600)
    same(0, put("default", "key_directories", f"{TOP}/d"), "key_directories: set")
    key = f"{TOP}/d/key.pem"
    same("1", loaded(key, **NOBODY), "key: the kernel reads it")
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    same("1", loaded(key, before=nobody), "key: also this way")
    same("0", loaded(key, before=["unshare", "-m", *nobody]), "key: not in a mount namespace")
    os.makedirs(f"{TOP}/root")
    chroot = ["unshare", "-m", "sh", "-c",
              f'mount --rbind / {TOP}/root; exec chroot --userspec=65534:65534 {TOP}/root "$@"',
              "sh"]
    same("0", loaded(key, before=chroot), "key: not in a chroot in a mount namespace")
    subprocess.run(["mount", "--rbind", "/", f"{TOP}/root"], check=True)
    same("0", loaded(key, before=["chroot", "--userspec=65534:65534", f"{TOP}/root"]),
         "key: not in a chroot")
    subprocess.run(["umount", "-l", f"{TOP}/root"], check=True)
    for path in (f"{TOP}/d/../outside/key.pem", f"{TOP}/d/sub/../../outside/key.pem",
                 f"{TOP}/outside/key.pem", f"{TOP}/dd/key.pem"):
        same("0", loaded(path, **NOBODY), f"key: not {os.path.relpath(path, TOP)}")
    os.link(f"{TOP}/outside/key.pem", f"{TOP}/user.pem")
    same("0", loaded(f"{TOP}/user.pem", **NOBODY), "key: not by a hard link outside")
    os.link(f"{TOP}/outside/key.pem", f"{TOP}/d/hard.pem")
    same("0", loaded(f"{TOP}/d/hard.pem", **NOBODY), "key: not by a hard link inside")
    os.symlink("key.pem", f"{TOP}/d/soft.pem")
    same("0", loaded(f"{TOP}/d/soft.pem", **NOBODY), "key: not by a symbolic link, even to a key")
    os.symlink("../outside/key.pem", f"{TOP}/d/out.pem")
    same("0", loaded(f"{TOP}/d/out.pem", **NOBODY), "key: not by a symbolic link to the outside")
    for name in ("hard", "soft", "out"):
        os.unlink(f"{TOP}/d/{name}.pem")
    os.mkdir(f"{TOP}/d/other")
    for place in ("d/other.pem", "d/other/key.pem"):
        shutil.copy(f"{PKI}/p384.key.pem", f"{TOP}/{place}")
        os.chmod(f"{TOP}/{place}", 0o600)
    same("0", loaded(f"{TOP}/d/other.pem", **NOBODY), "key: one that is not the chain's")
    same("0", swapped(swap_file, f"{TOP}/d/now.pem", f"{TOP}/d/now.pem"),
         "key: not by a file that becomes a link")
    same("0", swapped(swap_directory, f"{TOP}/d/now", f"{TOP}/d/now/key.pem"),
         "key: not by a directory that becomes a link")
    put("default", "key_directories", "")
    shutil.rmtree(TOP)


WRITE = """
import errno, os, sys
for path in sys.argv[1:]:
    try:
        f = os.open(path, os.O_WRONLY)
        os.write(f, b"1\\n")
        print(0)
    except OSError as e:
        print(e.errno)
"""


def files_of(top):
    """All that somebody can write."""
    for at, _, names in os.walk(top):
        for name in sorted(names):
            if os.stat(f"{at}/{name}").st_mode & 0o222:
                yield f"{at}/{name}"


def refused(files, how, before=(), **kwargs):
    run = subprocess.run([*before, sys.executable, "-c", WRITE, *files], stdout=subprocess.PIPE,
                         check=False, **kwargs)
    seen = run.stdout.decode().split()
    same(len(files), len(seen), f"writes, {how}: tried")
    for file, err in zip(files, seen):
        ok(int(err) in (errno.EPERM, errno.EACCES), f"writes, {how}: {file}", err)


def writes():
    os.mkdir(f"{CONFIG}/profiles/p")
    os.mkdir(f"{CONFIG}/credentials/c")
    configfs, sysctls = list(files_of(CONFIG)), list(files_of(SYSCTL))
    ok(len(configfs) > 40, "writes: files of configfs", configfs)
    ok(sysctls, "writes: files of sysctl", sysctls)
    refused(configfs + sysctls, "another user", **NOBODY)
    refused(configfs + sysctls, "root of a user namespace", ["unshare", "-Ur"], **NOBODY)
    refused(configfs, "root of a user and a network namespace", ["unshare", "-Urn"], **NOBODY)
    refused(configfs, "root without CAP_NET_ADMIN", ["setpriv", "--bounding-set=-net_admin"])
    for directory in ("profiles", "credentials"):
        run = subprocess.run(["mkdir", f"{CONFIG}/{directory}/new"], check=False,
                             stderr=subprocess.DEVNULL, **NOBODY)
        ok(run.returncode, f"writes, another user: mkdir in {directory}")
    same("enabled", get("profiles/p", "set"), "writes: nothing has changed")


CONTAINER = f"""
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, {TLS})
s.setsockopt({TLS}, {NAME}, b"server.test")
print(s.connect_ex(("127.0.0.1", int(sys.argv[1]))))
"""


def container():
    store = "/var/tmp/ssa-store.pem"
    shutil.copy(f"{PKI}/unknown-root.pem", store)
    same(0, put("default", "trust_store", store), "container: the machine's trust store")
    same(errno.ENOKEY, connect()[0], "container: outside, the peer is not trusted")
    mount = ["unshare", "-m", "sh", "-c", f'mount --bind {ROOT} {store}; exec "$@"', "sh"]
    for how, before in (("root", mount), ("a user", ["unshare", "-Urm", *mount[2:]])):
        peer = Peer()
        run = subprocess.run([*before, sys.executable, "-c", CONTAINER,
                              str(peer.listener.getsockname()[1])], stdout=subprocess.PIPE,
                             check=False)
        peer.close()
        same(str(errno.ENOKEY), run.stdout.decode().strip(),
             f"container: of {how}, its own bundle says nothing")
    os.unlink(store)


def main():
    if not os.path.isdir(CONFIG):
        subprocess.run(["mount", "-t", "configfs", "none", "/sys/kernel/config"], check=True)
    for test in (ptrace, keys, writes, container):
        reset()
        test()
    reset()
    print(f"1..{len(results)}")
    return not all(results)


if __name__ == "__main__":
    sys.exit(main())
