#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""only.py NAMES PROGRAM ARGUMENT...: a Python selftest with these of its functions only,
NAMES between commas: the loop over them in its main() has no others."""

import ast
import os
import sys


class Only(ast.NodeTransformer):
    """The first "for test in ..." gets another list."""

    def __init__(self, names):
        self.names = names

    def visit_For(self, node):      # pylint: disable=invalid-name
        if getattr(node.target, "id", "") == "test" and self.names:
            node.iter = ast.Tuple([ast.Name(n, ast.Load()) for n in self.names], ast.Load())
            self.names = []
        return node


def main():
    names, sys.argv = sys.argv[1].split(","), sys.argv[2:]
    with open(sys.argv[0], encoding="utf-8") as file:
        tree = ast.parse(file.read(), sys.argv[0])
    only = Only(names)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == "main":
            only.visit(node)
    if only.names:
        sys.exit(f"only.py: {sys.argv[0]} has no loop over its tests in main()")
    sys.path.insert(0, os.path.dirname(os.path.abspath(sys.argv[0])))
    code = compile(ast.fix_missing_locations(tree), sys.argv[0], "exec")
    exec(code, {"__name__": "__main__", "__file__": sys.argv[0]})   # pylint: disable=exec-used


main()
