"""What etc-compile does once its command line is understood."""

from __future__ import annotations

import ast
import json
import re
import sys
from argparse import Namespace
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from copy import deepcopy
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

from rich.console import Console

from etc import pipelines
from etc.budget import Budget, parse_pool, parse_size
from etc.errors import EtcError
from etc.report import Report, render
from etc.tools.compile_quantize import accuracy_of, islands_of, recipe_of
from etc.tools.files import reason_of, write_whole
from etc.tools.models import c_name, default_output, load_model
from etc.tools.pipeline import PassTable
from etc.tools.reporting import UsageError
from etc.transforms.bound_sizes import parse_bounds

if TYPE_CHECKING:
    from rich.status import Status
    from xdsl.dialects.builtin import ModuleOp

    from etc.c_program import CompiledC
    from etc.compiler import Compiled, OnStage, Passes
    from etc.emit.report.accuracy import AccuracyReport

_NOT_IN_FILE_NAMES = re.compile(r"[^\w.-]")
_OURS = re.compile(r"(?<![\w-])optimisations(?![\w-])")


def run(args: Namespace) -> None:
    """Do what the command line says. Raises EtcError, UsageError for mistakes in the command line itself."""
    if args.memory_map not in (None, "-") and not args.memory_map.endswith(".svg"):
        raise UsageError("a memory map is drawn as text or as .svg", found=args.memory_map)
    if args.package:
        from etc.emit.c.packaging import packager

        packager(args.package)  # so that a mistake in it is found before the work
    if args.measure:
        _check_measurable(args.target)
    if args.report and not args.report.endswith(".html"):
        raise UsageError("a report is a page", expected="--report FILE.html", found=args.report)
    recipe = recipe_of(args)
    bounds, constants, budget, pools = _bounds(args), _constants(args.constant), _budget(args), _pools(args)
    output = args.output or default_output(args.model, args.target)
    name = args.name or c_name(args.model)
    # Models and passes may print; standard output is for the figures.
    with redirect_stdout(sys.stderr), _status() as status:
        passes = _passes(args)
        start = perf_counter()
        from etc.c_program import CompiledC
        from etc.compiler import compile

        status.update("export")
        model = load_model(args.model)
        seconds = perf_counter() - start
        status.update("import")
        on_stage = _on_stage(args.save_temps, status, pipelines.stage_names(args.target, recipe is not None))
        compiled = compile(
            model,
            passes=passes,
            quantize=recipe,
            bounds=bounds,
            constants=constants,
            custom_kernels=args.custom_kernel,
            target=args.target,
            name=name,
            pools=pools,
            weights=args.weights,
            on_stage=on_stage,
        )
        if isinstance(compiled, CompiledC):
            budget.check(compiled)
            if args.selftest:
                compiled = _with_selftest(compiled, model)
        elif budget != Budget():
            raise UsageError("limits of RAM and flash are for C programs", expected="--target c or a processor")
        elif args.package or args.selftest:
            raise UsageError("packages and self-tests are for C programs", expected="--target c or a processor")
        accuracy = accuracy_of(compiled)
    if compiled.forms is not None and not compiled.forms.is_quantised:
        print(f"etc-compile: warning: nothing in the model is quantised by {args.quantize}", file=sys.stderr)
    if isinstance(compiled, CompiledC):
        compiled.save(output, args.package)
    else:
        compiled.save(output)
    report = replace(compiled.report, seconds={**compiled.report.seconds, "export": seconds})
    page = (
        _write_report(args, compiled, report, output, name, accuracy)
        if args.measure or args.report is not None
        else None
    )
    if args.explain:
        print(report.log.explain(), file=sys.stderr)
    if args.json:
        facts: dict[str, Any] = {"report": page} if page else {}
        if accuracy is not None:
            facts["accuracy"] = asdict(accuracy)
        if islands := islands_of(compiled):
            facts["on reals"] = islands
        print(json.dumps({"output": output, **facts, **report.as_dict()}, indent=2))
    else:
        console = Console(highlight=False)
        console.print(render(report, f"{args.model} → {output}"))
        if accuracy is not None:
            from etc.quantize.accuracy_table import render as render_accuracy

            console.print(render_accuracy(accuracy))
        for island in islands_of(compiled):
            console.print(f" on reals   {island}", soft_wrap=True, markup=False)
        if page:
            console.print(f" report     {page}", soft_wrap=True)
    if args.memory_map == "-":
        print(_map_as_text(report), file=sys.stderr if args.json else sys.stdout)
    elif args.memory_map is not None:
        _write_maps(report, Path(args.memory_map))


def _with_selftest(compiled: CompiledC, model: Mapping[str, Any]) -> CompiledC:
    """The program with a self-test of its first method, on the inputs that it was exported with."""
    name, program = next(iter(model.items()))
    if program.example_inputs is None:
        raise EtcError(f"method {name} was exported without example inputs, which a self-test needs")
    arguments, keywords = program.example_inputs
    if compiled.forms is not None:
        arguments, keywords, outputs = compiled.forms.integer_call(arguments, keywords, name)
        return compiled.with_selftest(arguments, outputs, method=name, **keywords)
    with catch_warnings():
        simplefilter("ignore", FutureWarning)  # of torch about its own classes
        module = deepcopy(program.module())  # what a call does to its state is not for us
    outputs = module(*arguments, **keywords)
    return compiled.with_selftest(arguments, outputs, method=name, **keywords)


def _check_measurable(target: str) -> None:
    """Raise a UsageError for a target where nothing can be counted, and an EtcError where what it needs is missing."""
    from etc.program_report import measured_target

    try:
        measured = measured_target(target)
    except EtcError as error:
        (problem,) = error.problems
        raise UsageError(problem.what, expected=problem.expected) from None
    measured.require()


def _write_report(
    args: Namespace,
    compiled: Compiled | CompiledC,
    report: Report,
    output: str,
    name: str,
    accuracy: AccuracyReport | None,
) -> str:
    """Write the page and its facts; returns the page's path."""
    from etc.c_program import CompiledC
    from etc.program_report import describe, describe_c, measure, write_report

    if isinstance(compiled, CompiledC):
        facts = describe_c(compiled, report, measure(compiled) if args.measure else None)
        path = Path(output) / "report.html"
    else:
        facts = describe(compiled, name, report)
        path = Path(output).with_name(f"{Path(output).stem}-report.html")
    return str(write_report(replace(facts, accuracy=accuracy), args.report or path))


def _passes(args: Namespace) -> Passes:
    """The optimisations: our own, or those of the command line, where `optimisations` stands for our own."""
    table = PassTable()
    for path in args.load:
        table.load_file(path)
    return table.parse(_OURS.sub(",".join(pipelines.optimisations(args.target, bool(args.quantize))), args.passes))


def _constants(given: Sequence[str]) -> dict[str, Any]:
    """Values by name: what Python reads as a number, a list or a text in quotes; else the text itself."""
    constants: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise UsageError("a constant has a name and a value", expected="NAME=VALUE", found=text)
        try:
            constants[name] = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            constants[name] = value
    return constants


def _bounds(args: Namespace) -> dict[str, int]:
    try:
        return parse_bounds(args.bound)
    except EtcError as error:
        (problem,) = error.problems
        raise UsageError(problem.what, expected=problem.expected, found=problem.found) from None


def _budget(args: Namespace) -> Budget:
    sizes = dict[str, int]()
    for option, name in (("max_ram", "ram"), ("max_flash", "flash")):
        if (text := getattr(args, option)) is not None:
            try:
                sizes[name] = parse_size(text)
            except ValueError as error:
                raise UsageError(str(error), found=text) from None
    return Budget(**sizes)


def _pools(args: Namespace) -> dict[str, int]:
    """Bytes by name. Raises UsageError for what is no pool, and for pools where there is no C."""
    if args.target == pipelines.PTE and (args.pool or args.weights != "array"):
        raise UsageError("pools and forms of weights are for C programs", expected="--target c or a processor")
    pools: dict[str, int] = {}
    for text in args.pool:
        try:
            name, size = parse_pool(text)
        except ValueError as error:
            raise UsageError(str(error), found=text) from None
        if name in pools:
            raise UsageError(f"the pool {name} is given twice", found=text)
        pools[name] = size
    return pools


@contextmanager
def _status() -> Generator[Status]:
    """What is being done, on standard error, as long as somebody looks: nothing of it remains."""
    console = Console(stderr=True)
    console.quiet = not console.is_terminal
    with console.status("import torch") as status:
        yield status


def _on_stage(folder: str | None, status: Status, stages: Sequence[str]) -> OnStage:
    """Tells what comes after a stage, and writes its program where `--save-temps` asks for it."""
    written = 0
    following = dict(pairwise(["aten", *stages, "emit"]))

    def on_stage(stage: str, module: ModuleOp) -> None:
        nonlocal written
        if folder is not None:
            written += 1
            _write_stage(Path(folder) / f"{written:02}-{stage}.mlir", module)
        status.update(following[stage])

    return on_stage


def _write_stage(path: Path, module: ModuleOp) -> None:
    from etc.tools.observers import text_of
    from etc.tools.programs import write_text

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EtcError(f"{path.parent}: cannot be made: {reason_of(error)}") from error
    write_text(text_of(module, locations=True), [module], str(path))


def _map_as_text(report: Report) -> str:
    from etc.transforms.memory.picture import draw_text

    maps = [f"\nmethod {method}, {draw_text(memory, sources)}" for method, memory, sources in report.memory_maps()]
    return "".join(maps) or "\nno memory is planned"


def _write_maps(report: Report, path: Path) -> None:
    """One picture; of several, each has the method's name and the memory's number in its file name."""
    from etc.transforms.memory.picture import draw_svg

    maps = list(report.memory_maps())
    for method, memory, sources in maps:
        name = _NOT_IN_FILE_NAMES.sub("_", method)
        own = path if len(maps) == 1 else path.with_stem(f"{path.stem}-{name}-{memory.space}")
        write_whole(str(own), draw_svg(memory, sources).encode())
