"""A lit format that runs `etc-opt … | filecheck %s` inside lit's own worker processes.

A worker imports xDSL once, not twice per test: 14 ms per test where the shell takes half a second. A RUN line of other
things than our tools, filecheck, `|`, `not` and `2>&1` goes to lit's shell; so do all with `lit --param=shell=1`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, cast

import lit.formats
import lit.TestRunner
from lit.Test import FAIL, PASS, Result

_SHELL_ONLY = re.compile(r"[&;<>`$*?(]")


@dataclass
class Outcome:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: bytes
    err: str


Command = Callable[[list[str], bytes], Outcome]


@dataclass(frozen=True)
class Stage:
    """One command of a pipe."""

    name: str
    arguments: list[str]
    negated: bool = False
    joins_stderr: bool = False

    @classmethod
    def parse(cls, text: str, known: frozenset[str]) -> Stage | None:
        """A command line of ours; None for what only a shell understands."""
        joins_stderr = text.rstrip().endswith("2>&1")
        text = text.rstrip().removesuffix("2>&1")
        if _SHELL_ONLY.search(re.sub(r"'[^']*'", "", text)):
            return None
        words = shlex.split(text)
        negated = words[:1] == ["not"]
        name, *arguments = words[negated:] or [""]
        return cls(name, arguments, negated, joins_stderr) if name in known else None


def run_filecheck(arguments: list[str], text: bytes) -> Outcome:
    """Python's filecheck, called as a library."""
    from filecheck.finput import FInput
    from filecheck.matcher import Matcher
    from filecheck.options import parse_argv_options
    from filecheck.parser import Parser

    options = parse_argv_options(["filecheck", *arguments])
    matcher = Matcher(options, FInput("<stdin>", text.decode()), Parser.from_opts(options))
    matcher.stderr = io.StringIO()
    code = matcher.run()
    return Outcome(code, b"", matcher.stderr.getvalue())


@cache
def _main(spec: str) -> Callable[[list[str]], int]:
    module, _, function = spec.partition(":")
    return getattr(import_module(module), function)


def run_tool(spec: str, arguments: list[str], text: bytes, joins_stderr: bool) -> Outcome:
    """Call a tool's `main(argv) -> exit code` with standard streams of its own, or one for both outputs."""
    memory = io.BytesIO()
    out = io.TextIOWrapper(memory, "utf-8", write_through=True)
    err = out if joins_stderr else io.StringIO()
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text), "utf-8")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = _main(spec)(arguments)
    except SystemExit as exit:
        code = exit.code if isinstance(exit.code, int) else 1
    finally:
        sys.stdin = stdin
    out.flush()
    return Outcome(code, memory.getvalue(), err.getvalue() if isinstance(err, io.StringIO) else "")


class InProcessTest(lit.formats.ShTest):
    """`tools` maps a command's name to `module:function`, its main function."""

    def __init__(self, tools: dict[str, str], **options: Any):
        super().__init__(**options)
        self.tools = tools

    def execute(self, test: Any, litConfig: Any) -> Any:
        if litConfig.params.get("shell"):
            return super().execute(test, litConfig)
        script = lit.TestRunner.parseIntegratedTestScript(test, require_script=True)
        if isinstance(script, Result):
            return script
        lines = list(_expanded(test, cast("list[Any]", script)))
        known = frozenset({*self.tools, "filecheck"})
        pipes = [[Stage.parse(part, known) for part in line.split(" | ")] for line in lines]
        if any(stage is None for pipe in pipes for stage in pipe):
            return super().execute(test, litConfig)
        for line, pipe in zip(lines, pipes, strict=True):
            if failure := self._run_pipe([stage for stage in pipe if stage is not None]):
                return Result(FAIL, f"{line}\n{failure}")
        return Result(PASS)

    def _run_pipe(self, pipe: list[Stage]) -> str:
        """What went wrong, or an empty text."""
        text = b""
        for stage in pipe:
            if stage.name == "filecheck":
                outcome = run_filecheck(stage.arguments, text)
            else:
                outcome = run_tool(self.tools[stage.name], stage.arguments, text, stage.joins_stderr)
            if bool(outcome.code) != stage.negated:
                return f"exit code {outcome.code} of {stage.name}\n{outcome.err}"
            text = outcome.out
        return ""


def _expanded(test: Any, script: list[Any]) -> Iterator[str]:
    """The RUN lines with %s and its like filled in."""
    directory, base = lit.TestRunner.getTempPaths(test)
    os.makedirs(directory, exist_ok=True)  # tests write %t there
    substitutions = [
        *test.config.substitutions,
        *lit.TestRunner.getDefaultSubstitutions(test, directory, base),
    ]
    commands = [getattr(line, "command", line) for line in script]
    limit = test.config.recursiveExpansionLimit
    for line in lit.TestRunner.applySubstitutions(commands, substitutions, None, recursion_limit=limit):
        yield re.sub(r"%dbg\([^)]*\)", "", line).strip()
