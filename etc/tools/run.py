"""etc-run: execute a program, on the stock ExecuTorch runtime, on torch, or as C on a target."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from etc.tools.reporting import ToolParser, exit_code

EPILOG = """\
programs:
  model.pte            runs on the stock ExecuTorch runtime
  06-exec.mlir         a program of stage exec is emitted as .pte first
  02-core-aten.mlir    programs of every other stage run on torch, operation by operation
  net.pt2              is imported, and then runs on torch
  out/                 a folder of generated C is built for --target, and runs there
  net.py:function      with --target: what the function returns, (module, example_inputs), is compiled to C first;
                       so is net.pt2

inputs:
  one .npy file per input, in order; a number where the method takes a number. Their shapes and types must be those
  that the method was compiled for.

exit codes:
  0  done
  1  the program, an input or a file is wrong: each problem is said once, on standard error
  2  the command line is wrong

environment:
  ETC_TRACEBACK=1  show Python's traceback of an error
"""


def argument_parser() -> argparse.ArgumentParser:
    """The command line of etc-run."""
    from etc.runtime.targets.target import TARGETS

    parser = ToolParser(
        "etc-run",
        description="Run a program (.pte, .mlir of any stage, .pt2, a folder of C) and say what comes out.",
        epilog=EPILOG,
    )
    flag: dict[str, Any] = {"action": "store_true"}
    add = parser.add_argument
    add("program", help="the program's file or folder")
    add("inputs", nargs="*", metavar="INPUT.npy", help="an input, or a number")
    add("--method", help="the method to run (default: forward, or the only one)")
    add("--on", choices=("stock", "torch"), help="where to run it (default: stock for .pte and stage exec, else torch)")
    add("--target", choices=TARGETS, help="build C for it, run it there, and measure: " + ", ".join(TARGETS))
    add("--cflags", metavar="FLAGS", help="the C compiler's options for --target (default: what is fastest there)")
    add("--random", type=_seed, metavar="SEED", help="make up inputs: normally distributed floats, small integers")
    add("-o", "--output", metavar="DIR", help="write the outputs there, as output_0.npy, output_1.npy, …")
    add("--repeat", type=_count, default=0, metavar="N", help="run N times more and say how long a run takes")
    add("--report", metavar="DIR", help="write there what a C program made of a model is, and what this call takes")
    add("--json", **flag, help="print the summary for machines, and nothing else, on standard output")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a number from 0 up is expected, found {text}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**64:
        raise argparse.ArgumentTypeError(f"a number from 0 to 2**64 - 1 is expected, found {text}")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run etc-run on a command line (default: the process's own) and return its exit code."""
    args = argument_parser().parse_intermixed_args(argv)

    def run() -> None:
        from etc.tools import run_run

        run_run.run(args)

    return exit_code("etc-run", run)


if __name__ == "__main__":
    sys.exit(main())
