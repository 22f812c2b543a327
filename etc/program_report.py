"""The report of a program: a page for people, JSON for machines; see etc/emit/report for what is in them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etc.errors import EtcError

if TYPE_CHECKING:
    from etc.c_program import CompiledC
    from etc.compiler import Compiled
    from etc.emit.report import ProgramReport
    from etc.emit.report.facts import DeclineFacts, MethodFacts, Operation
    from etc.report import Report
    from etc.runtime.targets.emulated import EmulatedProgram
    from etc.runtime.targets.target import Target
    from etc.transforms.rewrite_log import RewriteLog


@dataclass(frozen=True)
class Measurement:
    """What one call of a method took on a target: instructions, those of each step by its number, bytes of stack."""

    instructions: int
    steps: tuple[int, ...]
    stack: int


def measured_target(name: str) -> Target:
    """The target of this name. Raises EtcError where instructions cannot be counted."""
    from etc.runtime.targets.target import TARGETS

    target = TARGETS.get(name)
    if target is None or not target.is_bare:
        bare = ", ".join(name for name, known in TARGETS.items() if known.is_bare)
        raise EtcError(f"instructions cannot be counted on target {name}", expected=f"one of {bare}")
    return target


def measure(compiled: CompiledC, inputs: Mapping[str, Sequence[Any]] | None = None) -> Mapping[str, Measurement]:
    """Call methods once on the emulated target. Raises EtcError, for targets without one, too.

    `inputs` are flat arrays or numbers by the method's name; without them each method is called, with made-up ones:
    standard normal values, integers 0 to 2; sizes that change from call to call are at their bounds.
    """
    import torch

    from etc.runtime.targets.arrays import from_torch
    from etc.runtime.targets.emulated import EmulatedProgram
    from etc.tools.runners import random_value
    from etc.tools.target_runner import input_of

    target = measured_target(compiled.target)
    plain = compiled.loaded
    assert isinstance(plain, EmulatedProgram)
    steps = len(compiled.c.steps)
    built = compiled.for_building()
    profiled = EmulatedProgram(built, target, compiled.optimise, steps=steps) if steps else plain
    measured: dict[str, Measurement] = {}
    if inputs is None:
        generator = torch.Generator().manual_seed(0)
        inputs = {
            method.name: [from_torch(random_value(input_of(tensor), generator)) for tensor in method.inputs]
            for method in compiled.c.interface.methods
        }
    for method, given in inputs.items():
        plain.call(method, given)
        profiled.call(method, given)
        assert plain.last.instructions is not None
        assert plain.last.stack is not None
        measured[method] = Measurement(plain.last.instructions, profiled.last.steps, plain.last.stack)
    return measured


def describe(compiled: Compiled, name: str, report: Report | None = None) -> ProgramReport:
    """All facts on a `.pte` program. `report` is that of the compilation, `compiled.report` unless given."""
    from etc.emit.report import ProgramReport, programs

    report = report or compiled.report
    operations = programs.operations(compiled.module)
    methods = tuple(_method(method, report, listed) for method, listed in operations.items())
    return ProgramReport(
        name=name,
        target="the ExecuTorch runtime",
        methods=methods,
        sections={"weights": report.weight_bytes, "program": report.file_bytes - report.weight_bytes},
        memory={f"planned for {method.name}": method.planned_bytes for method in methods},
        weights=programs.constants(compiled.module),
        applied=dict(report.rewrites),
        declined=_declined(report.log),
        seconds=dict(report.seconds),
        stored_in="file",
    )


def describe_c(
    compiled: CompiledC, report: Report | None = None, measured: Mapping[str, Measurement] | None = None
) -> ProgramReport:
    """All facts on a C program; sizes of code where the target's compiler is installed. Raises EtcError.

    `report` is that of the compilation, `compiled.report` unless given.
    """
    from etc.emit.report import ProgramReport
    from etc.emit.report import operations as of_c

    c, report, measured = compiled.c, report or compiled.report, measured or {}
    operations = of_c.operations(compiled.module, c)
    methods = tuple(
        _measured(_c_method(compiled, method.name, report, operations[method.name]), measured.get(method.name))
        for method in c.interface.methods
    )
    figures = c.figures
    sections = {"weights": figures.weights_bytes}
    memory = {part.name: part.bytes for part in c.interface.memory}
    built = _built(compiled)
    facts = ProgramReport(
        name=c.interface.model,
        target=compiled.target,
        methods=methods,
        sections=sections,
        memory=memory,
        weights=of_c.weights(compiled.module, c, operations),
        state=of_c.state(c),
        applied=dict(report.rewrites),
        declined=_declined(report.log),
        seconds=dict(report.seconds),
    )
    if built is None or built.footprint is None:
        return facts
    sizes, bound = asdict(built.footprint), built.stack_bound
    stacks = [method.stack for method in methods if method.stack is not None]
    stack = {"stack, at most": bound.bytes} if bound else {"stack, as measured": max(stacks)} if stacks else {}
    return replace(
        facts,
        compiler=built.target.command(built.target.optimise if compiled.optimise is None else compiled.optimise),
        sections={name: sizes[name] for name in ("code", "weights", "constants", "data")},
        memory={**memory, "variables": sizes["data"] + sizes["bss"], **stack},
        functions=built.functions,
        stack_library=tuple(sorted(bound.library)) if bound else (),
    )


def write_report(facts: ProgramReport, path: str | os.PathLike[str]) -> Path:
    """Write the page, and beside it a JSON file of the same stem: both or none. Returns the page's path.

    Raises EtcError when they cannot be written, and when the JSON file would replace another one's.
    """
    from etc.emit.report import page
    from etc.tools.files import write_all

    html = Path(path)
    json = html.with_suffix(".json")
    if json.with_suffix(".h").is_file():
        what = f"{html}: the report's {json.name} would replace the description of the program {json.stem}"
        raise EtcError(what, next_step="give the report another name: --report FILE.html")
    write_all(html.parent, {html.name: page(facts).encode(), json.name: facts.to_json().encode()})
    return html


def _built(compiled: CompiledC) -> EmulatedProgram | None:
    """The program on its target, where that is a bare one and all it needs is installed."""
    from etc.runtime.targets.emulated import EmulatedProgram
    from etc.runtime.targets.target import TARGETS

    target = TARGETS.get(compiled.target)
    if target is None or not target.is_bare or target.missing():
        return None
    assert isinstance(compiled.loaded, EmulatedProgram)
    return compiled.loaded


def _method(name: str, report: Report, operations: Sequence[Operation]) -> MethodFacts:
    from etc.emit.report.facts import MethodFacts

    maps = [(memory, lines) for method, memory, lines in report.memory_maps() if method == name]
    return MethodFacts(
        name,
        operations=tuple(operations),
        memory=tuple(memory for memory, _ in maps),
        lines={storage: _file_line(line) for _, lines in maps for storage, line in lines.items()},
    )


def _c_method(compiled: CompiledC, name: str, report: Report, operations: Sequence[Operation]) -> MethodFacts:
    from etc.dialects.program import methods
    from etc.emit.c.method_text import tensor_comment
    from etc.transforms.macs import macs_of

    functions = {f.sym_name.data: f for f in methods(compiled.module)}
    method = next(m for m in compiled.c.interface.methods if m.name == name)
    return replace(
        _method(name, report, operations),
        inputs=tuple(map(tensor_comment, method.inputs)),
        outputs=tuple(map(tensor_comment, method.outputs)),
        macs=macs_of(functions[name], functions),
    )


def _measured(method: MethodFacts, measured: Measurement | None) -> MethodFacts:
    if measured is None:
        return method
    steps = measured.steps
    counted = (replace(op, instructions=steps[op.number]) for op in method.operations)
    operations = tuple(counted) if steps else method.operations
    return replace(method, operations=operations, instructions=measured.instructions, stack=measured.stack)


def _declined(log: RewriteLog) -> tuple[DeclineFacts, ...]:
    from etc.emit.report.facts import DeclineFacts

    return tuple(
        DeclineFacts(str(d.rule), d.op, _file_line(d.where), d.reason, count) for d, count in log.declined.items()
    )


def _file_line(where: str) -> str:
    """`model.py:12`, without the folder, which differs between machines."""
    return where.replace("\\", "/").rpartition("/")[2]
