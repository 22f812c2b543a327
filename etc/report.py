"""What `etc-compile` tells about a compilation, for people (a table) and machines (JSON)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType
    from xdsl.dialects.builtin import ModuleOp

    from etc.dialects import exec
    from etc.emit.c import CProgram
    from etc.transforms.memory.picture import MemoryMap
    from etc.transforms.plan_memory import MethodPlan
    from etc.transforms.rewrite_log import RewriteLog


@dataclass(frozen=True)
class MethodReport:
    """One method of the program. Bytes are those of all planned memories together."""

    name: str
    steps: int
    """instructions of a `.pte` program, calls of kernels in C"""
    kernels: Mapping[str, int]
    """calls by operator, without those that compute sizes and refuse inputs"""
    planned_bytes: int
    lower_bound: int
    """bytes that no plan can do without: the most that is alive at one time"""


@dataclass(frozen=True)
class Report:
    """Figures of one compilation; `seconds` by stage, in order."""

    methods: tuple[MethodReport, ...]
    weight_bytes: int
    file_bytes: int
    seconds: Mapping[str, float]
    log: RewriteLog = field(repr=False)
    """what each rewrite rule did, and why it declined"""
    plans: tuple[MethodPlan, ...] = field(repr=False, default=())
    step: str = "instruction"
    """what a program's steps are called"""

    @property
    def rewrites(self) -> Mapping[str, int]:
        """How often each rule was applied, by `pass: rule`."""
        return {str(rule): count for rule, count in self.log.applied.items()}

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: all figures, without the memory plans and the reasons of rules."""
        return {
            "methods": [self._as_dict(method) for method in self.methods],
            "weight_bytes": self.weight_bytes,
            "file_bytes": self.file_bytes,
            "seconds": dict(self.seconds),
            "rewrites": dict(self.rewrites),
        }

    def _as_dict(self, method: MethodReport) -> dict[str, Any]:
        facts = asdict(method)
        return {f"{self.step}s" if name == "steps" else name: value for name, value in facts.items()}

    def memory_maps(self) -> Iterator[tuple[str, MemoryMap, Mapping[str, str]]]:
        """For each method and planned memory: the method's name, what to draw, the source line of each tensor."""
        from etc.transforms.memory.picture import memory_maps

        for plan in self.plans:
            for memory in memory_maps(plan.buffers, plan.plan, plan.pools):
                yield plan.method, memory, plan.sources


def make_report(
    module: ModuleOp,
    plans: list[MethodPlan],
    log: RewriteLog,
    seconds: Mapping[str, float],
    file_bytes: int,
) -> Report:
    """Read the figures off a planned exec program."""
    from etc.dialects import exec

    (program,) = (op for op in module.ops if isinstance(op, exec.ProgramOp))
    by_name = {plan.method: plan.plan for plan in plans}
    methods: list[MethodReport] = []
    for method in program.plans:
        instructions = [i for chain in method.chains for i in chain.instructions]
        kernels: dict[str, int] = {}
        for call in instructions:
            if isinstance(call, exec.KernelOp) and _computes_tensors(call):
                kernels[call.full_name] = kernels.get(call.full_name, 0) + 1
        plan = by_name[method.sym_name.data]
        methods.append(
            MethodReport(
                method.sym_name.data,
                len(instructions),
                _by_count(kernels),
                sum(plan.arena_sizes.values()),
                sum(plan.lower_bounds.values()),
            )
        )
    weights = sum(
        data.nbytes for group in program.body.ops if isinstance(group, exec.DataGroupOp) for data in group.entries
    )
    return Report(tuple(methods), weights, file_bytes, dict(seconds), log, tuple(plans))


def _computes_tensors(call: exec.KernelOp) -> bool:
    """Whether a call is neither arithmetic on sizes, whose result is a number, nor the refusal of a guard."""
    from etc.dialects import exec
    from etc.dialects.exec.refusal import refusal_of

    result = call.operands[-1].owner
    return refusal_of(call) is None and not isinstance(result, exec.IntOp | exec.BoolOp | exec.DoubleOp)


def make_c_report(
    module: ModuleOp, c: CProgram, plans: list[MethodPlan], log: RewriteLog, seconds: Mapping[str, float]
) -> Report:
    """Read the figures off a planned program of stage "loops" and the C that it became."""
    from xdsl.dialects import func

    from etc.dialects import program
    from etc.transforms.outline_kernels import doc_of

    functions = {f.sym_name.data: f for f in program.methods(module)}
    methods: list[MethodReport] = []
    for plan in plans:
        calls = [op for op in functions[plan.method].walk() if isinstance(op, func.CallOp)]
        kernels: dict[str, int] = {}
        for call in calls:
            name = doc_of(functions[call.callee.root_reference.data]) or "copy"
            kernels[name] = kernels.get(name, 0) + 1
        arena, bound = sum(plan.plan.arena_sizes.values()), sum(plan.plan.lower_bounds.values())
        methods.append(MethodReport(plan.method, len(calls), _by_count(kernels), arena, bound))
    size = sum(len(text.encode()) for text in c.files.values()) + sum(map(len, c.data.values()))
    return Report(tuple(methods), c.figures.weights_bytes, size, dict(seconds), log, tuple(plans), "step")


def _by_count(kernels: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(kernels.items(), key=lambda item: (-item[1], item[0])))


def render(report: Report, title: str) -> RenderableType:
    """The report as a short table for a terminal."""
    from rich.console import Group
    from rich.table import Table

    methods = Table(title=title, title_justify="left")
    methods.add_column("method")
    for name in (f"{report.step}s", "planned memory", "lower bound", "ratio"):
        methods.add_column(name, justify="right")
    for m in report.methods:
        ratio = f"{m.planned_bytes / m.lower_bound:.3f}" if m.lower_bound else "-"
        methods.add_row(m.name, f"{m.steps:,}", bytes_text(m.planned_bytes), bytes_text(m.lower_bound), ratio)
    facts = Table(show_header=False, box=None)
    facts.add_row("weights", bytes_text(report.weight_bytes))
    facts.add_row("file", bytes_text(report.file_bytes))
    facts.add_row("kernels", ", ".join(f"{n} {k}" for k, n in _most_used(report).items()) or "none")
    if optimised := _optimisations(report):
        facts.add_row("optimised", ", ".join(f"{rule} ×{n}" for rule, n in optimised.items()))
    facts.add_row("time", ", ".join(f"{stage} {s:.2f} s" for stage, s in report.seconds.items()))
    return Group(methods, facts)


def bytes_text(count: int) -> str:
    return f"{count:,} B"


def _most_used(report: Report, most: int = 6) -> dict[str, int]:
    total: dict[str, int] = {}
    for method in report.methods:
        for kernel, count in method.kernels.items():
            short = kernel.rpartition("::")[2]
            total[short] = total.get(short, 0) + count
    return dict(sorted(total.items(), key=lambda item: -item[1])[:most])


def _optimisations(report: Report) -> dict[str, int]:
    """Applications per pass, without the conversions, which every operator goes through."""
    total: dict[str, int] = {}
    for rule, count in report.rewrites.items():
        name = rule.partition(":")[0]
        if name not in ("decompose-aten", "aten-to-edge"):
            total[name] = total.get(name, 0) + count
    return total
