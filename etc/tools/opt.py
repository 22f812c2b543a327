"""etc-opt: read a program, run passes over it, write it.

Start-up counts: the command line needs nothing but argparse, the rest is imported once it is understood.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from etc.tools.reporting import ToolParser, exit_code

EPILOG = """\
pipelines:
  -p canonicalize,cse                        passes in order
  -p 'verify-stage{stage=edge}'              options in braces: name=value, separated by spaces; lists by commas
  -p 'builtin.module(canonicalize,cse)'      the spelling of mlir-opt

files:
  a .mlir file keeps its large weights in a .safetensors file of the same name beside it; both are read and written
  together. Output files appear whole or not at all.

exit codes:
  0  done
  1  the program, a file or a pass is wrong: each problem is said once, with its place, on standard error
  2  the command line is wrong: an unknown option, pass or pass option

environment:
  ETC_TRACEBACK=1  show Python's traceback of an error
"""


def argument_parser() -> argparse.ArgumentParser:
    """The command line of etc-opt."""
    parser = ToolParser(
        "etc-opt",
        description="Read a program (.mlir, .pt2 of torch.export, .pte), run passes over it, write text or a .pte.",
        epilog=EPILOG,
    )
    flag: dict[str, Any] = {"action": "store_true"}
    add = parser.add_argument
    add("input", nargs="?", default="-", help="the program's file; - or nothing for text on standard input")
    add("-p", "--pass-pipeline", "--passes", dest="pipeline", default="", metavar="PASSES", help="the passes to run")
    add("-o", "--output", metavar="FILE", help="where to write (default: standard output)")
    add("-t", "--target", choices=("mlir", "pte", "c"), help="what to write (default: by the output's name, else mlir)")
    add("--load", action="append", default=[], metavar="FILE.py", help="register the passes that a Python file defines")
    add("--list-passes", **flag, help="print the catalogue of passes with their options, and exit")
    add("--version", **flag, help="print the version, and exit")

    show = parser.add_argument_group("what to show, on standard error")
    show.add_argument("--explain", **flag, help="say how often each rewrite rule was applied, and why rules declined")
    show.add_argument("--print-ir-after-all", **flag, help="print the program after each pass")
    show.add_argument("--print-ir-after-change", **flag, help="print what each pass changed, as a diff")
    show.add_argument("--time-passes", **flag, help="print a table of the passes' times")

    check = parser.add_argument_group("checks")
    check.add_argument("--verify-numerics", **flag, help="execute the program before and after each pass, compare")
    check.add_argument("--disable-verify", **flag, help="do not verify the program between passes")

    text = parser.add_argument_group("text")
    text.add_argument("--split-input-file", **flag, help="take pieces between lines `// -----` for programs")
    text.add_argument("--verify-diagnostics", **flag, help="print errors to standard output and exit with 0")
    text.add_argument("--parsing-diagnostics", **flag, help="the same for errors of syntax")
    text.add_argument("--allow-unregistered-dialect", **flag, help="accept operations of unknown dialects")
    text.add_argument("--print-op-generic", **flag, help="print every operation in the generic form")
    text.add_argument("--print-debuginfo", **flag, help="print locations")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run etc-opt on a command line (default: the process's own) and return its exit code."""
    args = argument_parser().parse_args(argv)

    def run() -> None:
        if args.version:
            from importlib.metadata import version

            print(f"etc-opt {version('etc-compiler')} (xdsl {version('xdsl')})")
            return
        from etc.tools import opt_run

        opt_run.run(args)

    return exit_code("etc-opt", run)


if __name__ == "__main__":
    sys.exit(main())
