#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The pages that show programs, done as they say: their files are made, and each line
"$ COMMAND" is run by one shell, in order. A command has to succeed, unless it says what is
wrong; what the page says that it prints, line by line, has to be in what it prints. Writes
TAP."""

import os
import pathlib
import subprocess
import sys
import tempfile

from policy_peer import TOP, ok, reset, results, script_of

MADE = pathlib.Path(os.environ["TLS_SSA_OUT"], "pages")
PAGES = ("tutorial.rst", "nonblocking.rst", "servers.rst")

# Waits until what was started in the background listens, for a minute at most.
LISTENS = """
for ((i = 0; i < 600 && $(grep -c ' 0A ' /proc/net/tcp) <= listening; i++)); do sleep 0.1; done
"""
# "cc … -o NAME NAME.c" copies what make has compiled on the host, if it is of this source.
COMPILER = """
cc() {{
	local source=${{!#}}
	if cmp -s "$source" "{made}/$source"; then
		cp "{made}/${{source%.c}}" "${{source%.c}}"
	else
		command cc "$@"
	fi
}}
"""
ONE = """
listening=$(grep -c ' 0A ' /proc/net/tcp)
{{ {command}
}} >{work}/said.{number} 2>&1
echo $? >{work}/status.{number}
"""

code = script_of("code-blocks")


def prepare(work):
    """Makes the files; the commands of the pages with what they print"""
    steps = []
    for page in PAGES:
        for block in code.page(page):
            if block.kind == "file":
                pathlib.Path(work, block.said).write_text(block.text, encoding="ascii")
            elif block.language == "console" and not block.kind:
                steps += [(page, *step) for step in code.commands(block.text)]
    return steps


def script(steps, work):
    text = f"cd {work} || exit\nexport TREE={TOP}\n" + COMPILER.format(made=MADE)
    for number, (_, command, _) in enumerate(steps):
        text += ONE.format(command=command, work=work, number=number)
        if command.endswith("&"):
            text += LISTENS
    return text + "kill $(jobs -p)\n"


def read(path):
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def missing(lines, said):
    """The first line that is not there, after those before it"""
    rest = iter(said.splitlines())
    return next((line for line in lines if line not in rest), None)


def main():
    print("TAP version 13")
    reset()
    with tempfile.TemporaryDirectory() as work:
        steps = prepare(work)
        subprocess.run(["bash", "-c", script(steps, work)], stdin=subprocess.DEVNULL,
                       check=False)
        for number, (page, command, lines) in enumerate(steps):
            said = read(pathlib.Path(work, f"said.{number}"))
            status = read(pathlib.Path(work, f"status.{number}")).strip()
            good = status == "0" or (lines and status)
            absent = missing(lines, said)
            ok(good and absent is None, f"{page}: {command.splitlines()[0]}",
               f"status {status}, without {absent!r}: {said[-400:]}".replace("\n", "\n# "))
    ok(steps, "the pages have commands")
    print(f"1..{len(results)}")
    sys.exit(not all(results))


main()
