"""etc-compile: from a PyTorch model to a `.pte` program for the stock ExecuTorch runtime."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from etc import pipelines
from etc.tools.compile_quantize import add_options
from etc.tools.reporting import ToolParser, exit_code

EPILOG = """\
models:
  net.pt2              a program that torch.export.save wrote
  models.py:resnet     a function without arguments that returns (module, example_inputs),
                       (module, example_inputs, dynamic_shapes), an object with these attributes, an ExportedProgram,
                       or a dict from method names to any of these

  example_inputs are a tensor, a tuple in the order of forward's parameters, or a dict by their names; an object may
  have the latter beside the former as example_kwargs.

exit codes:
  0  done
  1  the model or a file is wrong: each problem is said once, with the model's source line, on standard error
  2  the command line is wrong

environment:
  ETC_TRACEBACK=1  show Python's traceback of an error
"""


def argument_parser() -> argparse.ArgumentParser:
    """The command line of etc-compile."""
    parser = ToolParser(
        "etc-compile",
        description="Compile a PyTorch model to a .pte program for the stock ExecuTorch runtime, or to C.",
        epilog=EPILOG,
    )
    flag: dict[str, Any] = {"action": "store_true"}
    add = parser.add_argument
    add("model", nargs="?", metavar="MODEL", help="FILE.pt2 or FILE.py:FUNCTION")
    add(
        "-t",
        "--target",
        default=pipelines.PTE,
        choices=pipelines.TARGETS,
        metavar="TARGET",
        help=f"what it is for: {', '.join(pipelines.TARGETS)} (default: pte, the stock runtime; c is any processor)",
    )
    add(
        "-o", "--output", metavar="PATH", help="where to write: FILE.pte, or a folder for C (default: the model's name)"
    )
    add("--name", metavar="NAME", help="what all names in generated C begin with (default: the model's name)")
    add(
        "-p",
        "--passes",
        default="optimisations",
        metavar="PASSES",
        help="what to run on the edge dialect, as etc-opt -p takes it; `optimisations` (default) stands for our passes",
    )
    add(
        "--constant",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="add a method that takes nothing and gives this number or text: max_seq_len=128",
    )
    add(
        "--custom-kernel",
        action="append",
        default=[],
        metavar="KERNEL",
        help="a kernel that the runtime has for a custom operator: myns::blur.out for the operator myns::blur",
    )
    add("--load", action="append", default=[], metavar="FILE.py", help="register the passes that a Python file defines")
    add(
        "--bound",
        action="append",
        default=[],
        metavar="NAME=SIZE",
        help="the largest value of a size that changes from call to call, by the name of its Dim: length=512",
    )
    add(
        "--pool",
        action="append",
        default=[],
        metavar="NAME:SIZE",
        help="memory that the temporaries of a C program lie in, instead of one arena; several, the fastest first: "
        "sram:64K, then psram:2M",
    )
    add(
        "--weights",
        default="array",
        choices=("array", "blob"),
        help="weights of a C program as arrays, or as a binary file that the assembler includes, which compilers take "
        "much faster (default: array)",
    )
    add("--max-ram", metavar="SIZE", help="fail if arena and state of a C program take more: 65536, 64K, 1M")
    add("--max-flash", metavar="SIZE", help="fail if code and weights of a C program take more")
    add(
        "--package",
        default="",
        metavar="KIND",
        help="make the folder of a C program a library of cmake, arduino, zephyr or platformio",
    )
    add("--selftest", **flag, help="add a function to a C program that calls it with the example inputs and compares")
    add(
        "--report",
        nargs="?",
        const="",
        metavar="FILE.html",
        help="write a page on operations, memory, flash and rewrites, and its facts as .json beside it (default: "
        "report.html in the folder of C, MODEL-report.html beside a .pte)",
    )
    add("--measure", **flag, help="the report, with the instructions of each operation on the emulated --target")
    add("--save-temps", metavar="DIR", help="write the program after each stage: 01-aten.mlir, 02-core-aten.mlir, …")
    add("--version", **flag, help="print the version, and exit")

    add_options(parser)

    show = parser.add_argument_group("what to show")
    show.add_argument("--json", **flag, help="print the figures for machines, and nothing else, on standard output")
    show.add_argument(
        "--memory-map",
        nargs="?",
        const="-",
        metavar="FILE.svg",
        help="draw the planned memory: as text, or to a file (one for each method and memory)",
    )
    show.add_argument("--explain", **flag, help="say on standard error what each rewrite rule did, and why it declined")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run etc-compile on a command line (default: the process's own) and return its exit code."""
    parser = argument_parser()
    args = parser.parse_args(argv)
    if args.model is None and args.memory_map not in (None, "-") and not args.memory_map.endswith(".svg"):
        args.model, args.memory_map = args.memory_map, "-"  # `--memory-map MODEL`
    if args.model is None and args.report and not args.report.endswith(".html"):
        args.model, args.report = args.report, ""  # `--report MODEL`
    if args.model is None and not args.version:
        parser.error("the following arguments are required: MODEL")

    def run() -> None:
        if args.version:
            from importlib.metadata import version

            print(f"etc-compile {version('etc-compiler')} (torch {version('torch')})")
            return
        from etc.tools import compile_run

        compile_run.run(args)

    return exit_code("etc-compile", run)


if __name__ == "__main__":
    sys.exit(main())
