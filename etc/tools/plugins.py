"""Passes from a user's Python file (`--load my_passes.py`)."""

from __future__ import annotations

import sys
import traceback
from contextlib import redirect_stdout
from importlib.util import module_from_spec, spec_from_file_location
from inspect import isabstract
from pathlib import Path

from xdsl.passes import ModulePass

from etc.errors import EtcError


def load_passes(path: str) -> dict[str, type[ModulePass]]:
    """Run a Python file and return the passes that it defines, by name. Decompositions in it register themselves.

    Raises EtcError when the file is missing, does not run (with the line in it that failed), or defines neither.
    """
    file = Path(path)
    if not file.is_file():
        what = "this is not a file" if file.exists() else "there is no such file"
        raise EtcError(f"{path}: {what} to load passes from")
    name = f"etc_loaded_{file.stem}"  # the file may be called like a module that others import
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise EtcError(f"{path}: this is not a Python file", expected="a file whose name ends in .py")
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    try:
        with redirect_stdout(sys.stderr):  # standard output is for programs
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        where = line_of(error, file.resolve())
        raise EtcError(f"{path}{where}: cannot be loaded: {type(error).__name__}: {error}") from error
    passes = {
        value.name: value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, ModulePass)
        and value.__module__ == name
        and not isabstract(value)
        and "name" in vars(value)
    }
    if not passes and not _registers_rules(module.__name__):
        raise EtcError(
            f"{path}: this file defines no pass",
            expected="a subclass of EtcPass with a name, or a function with @decomposes",
        )
    return passes


def _registers_rules(module: str) -> bool:
    """Whether a file has registered decompositions of operators (transforms/decompositions)."""
    if "etc.transforms.decompositions" not in sys.modules:
        return False
    from etc.transforms.decompositions import rules

    return any(rule.__module__ == module for rule in rules().values())


def line_of(error: BaseException, file: Path) -> str:
    """`:12`, the last line of `file` that ran before `error`, or where its syntax is wrong; empty when unknown."""
    if isinstance(error, SyntaxError):
        return f":{error.lineno}" if error.lineno is not None else ""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == file]
    return f":{frames[-1].lineno}" if frames else ""
