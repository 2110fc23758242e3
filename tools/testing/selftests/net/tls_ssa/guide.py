#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Documentation/admin-guide/tls_ssa.rst, done as it says: what is built in is what its table
has; its files and commands, one after the other; each of its examples is in force after it was
loaded, and all of them together. Writes TAP."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from policy_peer import CONFIG, PKI, TOP, get, ok, put, reset, results, same, script_of

OUT = os.environ["TLS_SSA_OUT"]
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
HOST = "www.example.com"

# "systemctl enable UNIT" on a machine without systemd
ENABLE = """#!/bin/sh
target=$(sed -n 's/^WantedBy=//p' {units}/$2.service)
mkdir -p {enabled}/$target.wants && ln -s {units}/$2.service {enabled}/$target.wants/
"""

guide = script_of("guide-examples")
made = []


def place(path, text):
    """A file that the guide names and the machine does not have; gone at the end."""
    file = pathlib.Path(path)
    for folder in [*file.parents][::-1]:
        if not folder.exists():
            folder.mkdir()
            made.append(folder)
    if file not in made:
        made.append(file)
    file.write_text(text, encoding="ascii")


def run(command, cwd="/"):
    """Exit status and what it says"""
    done = subprocess.run(["bash", "-c", command], cwd=cwd, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout.decode()


def succeeds(command, **kwargs):
    status, said = run(command, **kwargs)
    ok(status == 0, f"# {command}", said[-400:])
    return said


def pki(name):
    with open(f"{PKI}/{name}.pem", encoding="ascii") as file:
        return file.read()


def prerequisites(text):
    """What the settings of a file name has to be there."""
    certificates = ["p256", "rsa", "p384"]
    for line in text.splitlines():
        name, _, value = line.strip().partition(" ")
        if name in ("trust_store", "client_trust_store"):
            place(value, pki("root"))
        elif name == "chain":
            place(value, pki(f"{certificates[0]}.chain"))
        elif name == "key":
            place(value, pki(f"{certificates.pop(0)}.key"))
        elif name == "blocklist":
            place(value, hashlib.sha256(b"a certificate").hexdigest() + "  stolen.pem\n")


def folder_of(words):
    if words[0] == "default":
        return "default"
    return {"profile": "profiles", "credential": "credentials"}[words[0]] + "/" + words[1]


def value(item, attribute):
    try:
        return get(item, attribute)
    except OSError as err:
        return os.strerror(err.errno)


def same_words(setting, words):
    """In these lists, order says nothing."""
    if setting[0] in ("app_may_set", "extensions", "credential"):
        return sorted(setting[1:]) == sorted(words)
    return setting[1:] == words


def not_in_force(text):
    """Settings of a file that configfs does not have"""
    item = "."
    for line in text.replace("{", "{\n").replace("}", "\n}").splitlines():
        words = line.split()
        if not words or words[0] == "#":
            continue
        if words[-1] == "{":
            item = folder_of(words)
        elif words == ["}"]:
            item = "."
        elif words[0] in ("chain", "key"):
            continue        # write-only
        elif not same_words(words, value(item, words[0]).split()):
            yield f"{item}/{words[0]}: {value(item, words[0])}"


def builtin():
    said = subprocess.run([f"{TOP}/scripts/attribute-table", "--builtin"], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    table = dict(line.split(" ", 1) for line in said.splitlines())
    for name in sorted(set(os.listdir(f"{CONFIG}/default")) - {"set", "last_error"}):
        same(table.get(name), get("default", name), f"built in: {name}")


def server(work):
    """What stands for the Internet: www.example.com, and an authority that is trusted"""
    req = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 "
    succeeds(f"{req} -keyout {work}/ca.key -out {work}/ca.pem -subj /CN=authority")
    succeeds(f"{req} -keyout {work}/key -out {work}/pem -subj /CN={HOST} -CA {work}/ca.pem"
             f" -CAkey {work}/ca.key -addext subjectAltName=DNS:{HOST}"
             " -addext basicConstraints=critical,CA:FALSE")
    with open("/etc/hosts", "a", encoding="ascii") as file:
        file.write(f"127.0.0.1 {HOST}\n")
    with open(BUNDLE, "a", encoding="ascii") as file:
        file.write(pathlib.Path(f"{work}/ca.pem").read_text(encoding="ascii"))
    put("default", "trust_store", "")
    # pylint: disable=consider-using-with
    return subprocess.Popen(["openssl", "s_server", "-quiet", "-accept", "443", "-www", "-cert",
                             f"{work}/pem", "-key", f"{work}/key"], stdin=subprocess.DEVNULL)


def follow(work):
    """From zero: files and commands in the order of the guide"""
    os.makedirs(f"{work}/bin")
    succeeds(f"make -s -C {TOP}/tools/net/ssa install PREFIX=/usr DESTDIR={work}"
             f" OUT={OUT}/ssactl")
    os.environ["PATH"] = f"{work}/bin:{work}/usr/sbin:{os.environ['PATH']}"
    # The guest's init is another one: the unit is enabled for a machine below the folder.
    systemctl = shutil.which("systemctl")
    place(f"{work}/bin/systemctl", f'#!/bin/sh\nexec {systemctl} --root={work} "$@"\n'
          if systemctl else ENABLE.format(units=f"{work}/usr/lib/systemd/system",
                                          enabled=f"{work}/etc/systemd/system"))
    os.chmod(f"{work}/bin/systemctl", 0o755)
    cwd = "/"
    for numbered, text in guide.blocks():
        path = guide.FILE.match(text)
        if numbered:
            continue
        if path:
            prerequisites(text)
            place(path.group(1), text)
            continue
        for command in [line[2:] for line in text.splitlines() if line.startswith("# ")]:
            if command.startswith("cd "):
                cwd = command[3:]
                continue
            said = succeeds(command, cwd=cwd)
            if command == "ssactl load":
                bad = [*not_in_force("".join(t for n, p, t in guide.files()
                                             if not n and os.path.exists(p)))]
                ok(not bad, "what the files say is in force", bad)
            elif command.startswith("ssactl match"):
                ok("default" in said, "the shell has the profile default", said)
            elif command.startswith("ssactl explain"):
                ok("TLSv1.3" in said and HOST in said, "the server is explained", said)
    ok(os.path.islink(f"{work}/etc/systemd/system/sysinit.target.wants/tls_ssa.service"),
       "the unit is enabled")


def blocked(work):
    """The two commands of anybody that make a blocklist"""
    shutil.copy(f"{PKI}/p256.pem", f"{work}/stolen.pem")
    lines = ""
    for _, text in guide.blocks():
        for command in [line[2:] for line in text.splitlines() if line.startswith("$ ")]:
            lines += succeeds(command, cwd=work)
    place(f"{work}/blocked", lines)
    same(2, len(set(lines.splitlines())), "two sums are to be blocked")
    same(0, put(".", "blocklist", f"{work}/blocked"), "the kernel takes them")


def examples():
    paths = []
    for numbered, path, text in guide.files():
        if not numbered:
            continue
        prerequisites(text)
        place(path, text)
        paths.append(path)
        name = os.path.basename(path)
        succeeds(f"ssactl load {path}")
        bad = [*not_in_force(text)]
        ok(not bad, f"{name} is in force", bad)
    same(10, len(paths), "ten examples")
    succeeds(f"ssactl load {' '.join(paths)}")
    bad = [b for _, p, t in guide.files() if p in paths for b in not_in_force(t)]
    ok(not bad, "all together are in force", bad)
    succeeds("ssactl load /dev/null")


def main():
    print("TAP version 13")
    reset()
    put("default", "trust_store", "")
    if os.path.exists("/etc/tls_ssa.conf") or os.path.exists("/etc/tls_ssa.d"):
        sys.exit("Bail out! this machine has a policy of its own in /etc")
    saved = {path: pathlib.Path(path).read_bytes() for path in ("/etc/hosts", BUNDLE)}
    peer = None
    with tempfile.TemporaryDirectory() as work:
        try:
            builtin()
            peer = server(work)
            time.sleep(1)
            follow(work)
            blocked(work)
            examples()
        except (OSError, subprocess.SubprocessError) as err:
            ok(False, "the guide can be followed to its end", err)
        if peer:
            peer.kill()
        reset()
        put("default", "trust_store", "")
    for path in reversed(made):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    for path, text in saved.items():
        pathlib.Path(path).write_bytes(text)
    print(f"1..{len(results)}")
    sys.exit(not all(results))


main()
