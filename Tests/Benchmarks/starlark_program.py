"""Runs one program in starlark, and writes the processor seconds of its evaluation to standard error."""

import sys
import time

import starlark

path = sys.argv[1]
dialect = starlark.Dialect.extended()
dialect.enable_top_level_stmt = True
names = starlark.Globals.extended_by([starlark.LibraryExtension.Json])
module = starlark.Module()
module.add_callable("print", lambda *items: print(*items))
with open(path) as file:
    tree = starlark.parse(path, file.read(), dialect=dialect)
started = time.process_time()
starlark.eval(module, tree, names)
sys.stderr.write(f"{time.process_time() - started:.6f}")
