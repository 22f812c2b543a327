"""How every tool ends: with an exit code, and one clear message per problem on standard error, never a traceback."""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import NoReturn

from etc.errors import EtcError, Problem, did_you_mean

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What writing to standard output fails with; files of ours are written by `write_whole`, which names them."""


class UsageError(EtcError):
    """A mistake in how a tool was called, not in the program it was given."""


class ToolParser(argparse.ArgumentParser):
    """The parser of a command line; for an option that there is not it names the nearest."""

    def __init__(self, tool: str, description: str, epilog: str):
        layout = argparse.RawDescriptionHelpFormatter
        super().__init__(tool, None, description, epilog, formatter_class=layout, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """End the process with 2 after saying what is wrong."""
        _, unrecognized, rest = message.partition("unrecognized arguments: ")
        unknown = [text.partition("=")[0] for text in rest.split() if text.startswith("-")]
        if not unrecognized or not unknown:
            super().error(message)
        for option in unknown:
            hint = did_you_mean(option, (name for name in self._option_string_actions if name.startswith("--")))
            print(f"{self.prog}: error: {Problem(f'there is no option {option}', next_step=hint)}", file=sys.stderr)
        self.exit(2)


@contextmanager
def without_gc() -> Generator[None]:
    """Switch the cyclic garbage collector off: it would visit the whole program again and again.

    Afterwards it leaves alone what is there, until another run in the same process: as soon as it is on, and again when
    the process ends, it would visit everything, which takes a quarter of the time of a small run.
    """
    enabled = gc.isenabled()
    gc.unfreeze()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()


def exit_code(tool: str, run: Callable[[], None]) -> int:
    """Run a tool and return its exit code: 0 done, 1 something is wrong with the input, 2 wrongly called.

    Prints what went wrong. With ETC_TRACEBACK=1 in the environment exceptions pass through.
    """
    try:
        with without_gc():
            run()
            sys.stdout.flush()
        return 0
    except BrokenPipeError:  # the reader of our output, `head` for example, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except KeyboardInterrupt:
        print(f"{tool}: interrupted", file=sys.stderr)
        return 130
    except Exception as error:
        if os.environ.get("ETC_TRACEBACK") == "1":
            raise
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is buffered would fail once more at exit
            error = EtcError(f"the output cannot be written: {error.strerror}")
        for line in describe(error):
            print(f"{tool}: error: {line}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1


def describe(error: Exception) -> list[str]:
    """One message per problem of an error; a message that several problems share is there once."""
    match error:
        case EtcError():
            return list(dict.fromkeys(map(str, error.problems)))
        case RecursionError():
            return ["the program is nested too deeply"]
        case MemoryError():
            return ["there is not enough memory"]
        case _:
            reason = str(error).partition("\n")[0]
            next_step = "this is a mistake in etc; ETC_TRACEBACK=1 shows where"
            return [f"internal error: {type(error).__name__}: {reason}\n  next: {next_step}"]
