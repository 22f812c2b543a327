"""What etc-opt does once its command line is understood."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import ExitStack

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.dialects import get_all_dialects
from etc.errors import EtcError
from etc.tools.observers import PrintAfterAll, PrintAfterChange, TimePasses, text_of
from etc.tools.pipeline import Observer, PassTable, run_passes
from etc.tools.programs import read_programs, write_pte, write_text
from etc.tools.reporting import UsageError, describe
from etc.tools.sources import Program, SyntaxProblem
from etc.transforms.rewrite_log import recording

SEPARATOR = "// -----\n"


def run(args: Namespace) -> None:
    """Do what the command line says. Raises EtcError, UsageError for mistakes in the command line itself."""
    table = PassTable()
    for path in args.load:
        table.load_file(path)
    if args.list_passes:
        from etc.tools.catalogue import list_passes

        print(list_passes(table))
        return
    table.parse(args.pipeline)  # so that a mistake in it is found before a large file is read
    with ExitStack() as stack:
        if args.explain:
            log = stack.enter_context(recording())
            stack.callback(lambda: print(log.explain(), file=sys.stderr))
        Run(args, table).run()


class Run:
    """One run over the programs of one input."""

    def __init__(self, args: Namespace, table: PassTable):
        self.args, self.table = args, table
        self.ctx = Context(allow_unregistered=args.allow_unregistered_dialect)
        for name, load in get_all_dialects().items():
            self.ctx.register_dialect(name, load)

    def run(self) -> None:
        args = self.args
        target = args.target or ("pte" if (args.output or "").endswith(".pte") else "mlir")
        modules: list[ModuleOp] = []
        if target == "pte":
            if args.split_input_file:
                raise UsageError("a .pte holds one program; --split-input-file makes several")
            [read] = read_programs(self.ctx, args.input)
            write_pte(self.process(read()), args.output)
        else:
            texts = list(self.texts(modules))
            write_text(SEPARATOR.join(texts), modules, args.output)

    def texts(self, modules: list[ModuleOp]) -> Iterator[str]:
        """The text of each program after the passes, or of what is wrong with it when errors are asked for."""
        args = self.args
        for read in read_programs(self.ctx, args.input, pieces=args.split_input_file):
            try:
                modules.append(module := self.process(read()))
                yield self.text(module)
            except UsageError:
                raise
            except EtcError as error:
                if not (args.parsing_diagnostics if isinstance(error, SyntaxProblem) else args.verify_diagnostics):
                    raise
                yield "".join(f"{message}\n" for message in describe(error))

    def process(self, program: Program) -> ModuleOp:
        """Run the pipeline over a program."""
        run_passes(
            self.ctx,
            program.module,
            self.table.parse(self.args.pipeline),
            observers=list(self.observers()),
            verify=not self.args.disable_verify,
            place=program.place,
        )
        return program.module

    def observers(self) -> Iterator[Observer]:
        args = self.args
        if args.verify_numerics:
            from etc.tools.numerics import VerifyNumerics

            yield VerifyNumerics()
        if args.print_ir_after_all:
            yield PrintAfterAll(self.text, sys.stderr)
        if args.print_ir_after_change:
            yield PrintAfterChange(self.text, sys.stderr)
        if args.time_passes:
            yield TimePasses(sys.stderr)

    def text(self, module: ModuleOp) -> str:
        if self.args.target == "c":
            from etc.emit.c import emit_c

            return "\n".join(text for name, text in emit_c(module, "model").files.items() if not name.endswith(".json"))
        return text_of(module, generic=self.args.print_op_generic, locations=self.args.print_debuginfo)
