"""The facts of a report as a page of HTML that needs no other file, no network, and no script to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from etc.emit.report.accuracy import accuracy_section
from etc.emit.report.facts import MethodFacts, Operation, ProgramReport, TensorFacts
from etc.emit.report.style import SCRIPT, STYLE
from etc.emit.report.tables import Cell, Name, Number, bytes_text, shares, table
from etc.transforms.memory.picture import MemoryMap, draw_svg


def page(report: ProgramReport) -> str:
    """The whole page. The same facts give the same text."""
    sections = [_head(report), *(_method(method, len(report.methods) > 1) for method in report.methods)]
    sections += [
        accuracy_section(report.accuracy),
        _flash(report),
        _memory(report),
        _rewrites(report),
        _seconds(report),
    ]
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(report.name)} on {escape(report.target)}</title>
<style>{STYLE}</style>
</head>
<body>
{"".join(sections)}<script>{SCRIPT}</script>
</body>
</html>
"""


def _head(report: ProgramReport) -> str:
    macs, instructions = ([getattr(method, figure) for method in report.methods] for figure in ("macs", "instructions"))
    cards = {
        report.stored_in: bytes_text(sum(report.sections.values())),
        "RAM": bytes_text(sum(report.memory.values())),
        "multiply-accumulates": f"{sum(macs):,}" if None not in macs and any(macs) else "",
        "instructions": f"{sum(instructions):,}" if None not in instructions else "",
        "instructions per MAC": f"{sum(instructions) / sum(macs):.2f}"
        if None not in [*macs, *instructions] and any(macs)
        else "",
        "calls of kernels": f"{sum(len(method.operations) for method in report.methods):,}",
    }
    listed = (f'<div class="card"><b>{text}</b>{name}</div>' for name, text in cards.items() if text)
    compiler = f'<p class="soft">{escape(report.compiler)}</p>' if report.compiler else ""
    return (
        f'<header><h1>{escape(report.name)} <span class="soft">on {escape(report.target)}</span></h1>\n{compiler}'
        f'<div class="cards">{"".join(listed)}</div></header>\n'
    )


def _method(method: MethodFacts, is_named: bool) -> str:
    title = f"Method {escape(method.name)}" if is_named else "Operations"
    signature = "".join(
        f'<p class="name soft">{arrow} {escape(text)}</p>'
        for arrow, texts in (("→", method.inputs), ("←", method.outputs))
        for text in texts
    )
    steps = {op.step: f"{op.operators}, {op.line}" for op in method.operations if op.step is not None}
    maps = "".join(
        f'<div class="wide">{draw_svg(memory, _writers(method, memory, steps), height=460, steps=steps)}</div>\n'
        for memory in method.memory
        if memory.rows
    )
    return (
        f"<section><h2>{title}</h2>{signature}\n{_operations(method)}\n"
        f"<h3>Memory over time</h3>\n{maps or '<p>No memory is planned.</p>'}</section>\n"
    )


def _writers(method: MethodFacts, memory: MemoryMap, steps: Mapping[int, str]) -> dict[str, str]:
    """What first writes each storage: `edge.conv + edge.relu, model.py:12`; its line alone where that is not known."""
    known = ((row.name, steps.get(row.first_use) or method.lines.get(row.name)) for row in memory.rows)
    return {name: text for name, text in known if text}


def _operations(method: MethodFacts) -> str:
    """The calls of kernels; columns of which nothing is known are left out."""
    operations = method.operations
    has = {name for name in ("macs", "bytes_read", "instructions") if any(getattr(op, name) for op in operations)}
    has |= {"macs"} if "bytes_read" in has and any(op.macs is None for op in operations) else set()
    has |= {"module"} if any(op.module for op in operations) else set()
    columns = ["#", "operators", *(["module"] if "module" in has else []), "line", "result"]
    columns += ["MACs"] * ("macs" in has) + ["read B", "written B"] * ("bytes_read" in has)
    columns += ["instructions", "per MAC"] * ("instructions" in has)
    total: list[Cell] = []
    if {"macs", "instructions"} & has:
        total = ["", "together", "", "", *([""] * ("module" in has))]
        total += [Number(method.macs)] * ("macs" in has) + ["", ""] * ("bytes_read" in has)
        total += [Number(method.instructions), _per(method.instructions, method.macs)] * ("instructions" in has)
    rows = [_operation(op, has) for op in operations]
    if method.instructions is not None:
        between = method.instructions - sum(op.instructions or 0 for op in operations)
        blank: list[Cell] = [""] * (len(columns) - 6)
        rows.append(["", "between the calls", "", "", *blank, Number(max(between, 0)), Number(None)])
    return table("operations", columns, rows, total)


def _operation(op: Operation, has: set[str]) -> list[Cell]:
    row: list[Cell] = [Number(op.number), op.operators or op.kernel]
    row += [Name(op.module)] * ("module" in has)
    row += [Name(op.line), Name("; ".join(op.results))]
    if "macs" in has:
        row.append(Number(op.macs, "?" if op.macs is None else "" if op.macs == 0 else None, is_bar=True))
    if "bytes_read" in has:
        row += [_bytes(op.bytes_read, op.is_bound), _bytes(op.bytes_written, op.is_bound)]
    if "instructions" in has:
        row += [Number(op.instructions, is_bar=True), _per(op.instructions, op.macs)]
    return row


def _bytes(count: int | None, is_bound: bool) -> Number:
    return Number(count, f"≤ {count:,}" if is_bound and count is not None else None)


def _per(instructions: int | None, macs: int | None) -> Number:
    if not instructions or not macs:
        return Number(None)
    return Number(round(instructions / macs, 2), f"{instructions / macs:.2f}")


def _flash(report: ProgramReport) -> str:
    parts = [f"<section><h2>{report.stored_in.capitalize()}</h2>\n{shares(report.sections)}", '<div class="columns">']
    if report.functions:
        rows = ([Name(name), Number(size, is_bar=True)] for name, size in report.functions.items())
        total = [f"{len(report.functions)} functions", Number(sum(report.functions.values()))]
        parts.append(f"<div><h3>Code</h3>{table('functions', ['function', 'bytes'], rows, total)}</div>")
    if report.weights:
        parts.append(f"<div><h3>Weights</h3>{_tensors(report, report.weights, 'weights')}</div>")
    return "\n".join([*parts, "</div></section>\n"])


def _tensors(report: ProgramReport, tensors: Sequence[TensorFacts], kind: str) -> str:
    """Constants or state; those that the compiler has rewritten are known by the operations that use them."""
    operations = [op for method in report.methods for op in method.operations]
    places = {op.number: " ".join(filter(None, (str(op.number), op.module or op.line))) for op in operations}
    has = {part for part in ("origin", "users") if any(getattr(tensor, part) for tensor in tensors)}
    optional = {"origin": "in the model", "users": "operation"}
    rows = (
        [
            Name(t.name),
            *([Name(t.origin)] if "origin" in has else []),
            *([Name(", ".join(places[user] for user in t.users))] if "users" in has else []),
            Name(t.type),
            Number(t.bytes, is_bar=True),
        ]
        for t in tensors
    )
    total = [f"{len(tensors)} together", *[""] * (len(has) + 1), Number(sum(t.bytes for t in tensors))]
    columns = ["name", *(title for part, title in optional.items() if part in has), "type", "bytes"]
    return table(kind, columns, rows, total)


def _memory(report: ProgramReport) -> str:
    parts = [f"<section><h2>RAM</h2>\n{shares(report.memory)}"]
    for method in report.methods:
        if method.lower_bound:
            ratio = method.planned_bytes / method.lower_bound
            parts.append(
                f"<p>Method {escape(method.name)}: {bytes_text(method.planned_bytes)} planned, no plan takes less than "
                f"{bytes_text(method.lower_bound)} ({ratio:.3f}x).</p>"
            )
        if method.stack is not None:
            parts.append(f"<p>Method {escape(method.name)} has used {bytes_text(method.stack)} of stack.</p>")
    if report.stack_library:
        names = ", ".join(map(escape, report.stack_library))
        parts.append(f'<p class="soft">The bound of the stack has room for what {names} take.</p>')
    if report.state:
        parts.append(f"<h3>State</h3>{_tensors(report, report.state, 'state')}")
    return "\n".join([*parts, "</section>\n"])


def _rewrites(report: ProgramReport) -> str:
    rows = ([Name(rule), Number(count)] for rule, count in report.applied.items())
    parts = ["<section><h2>Rewrites</h2>", table("applied", ["rule", "applied"], rows)]
    if report.declined:
        listed = ([Name(d.rule), Name(d.operation), Name(d.line), d.reason, Number(d.count)] for d in report.declined)
        declined = table("declined", ["rule", "operation", "line", "reason", "times"], listed)
        parts.append(f"<details><summary>{len(report.declined)} declined, with reasons</summary>{declined}</details>")
    return "\n".join([*parts, "</section>\n"])


def _seconds(report: ProgramReport) -> str:
    rows = ([stage, Number(seconds, f"{seconds:.3f}", is_bar=True)] for stage, seconds in report.seconds.items())
    total = ["together", Number(sum(report.seconds.values()), f"{sum(report.seconds.values()):.3f}")]
    return f"<section><h2>Time of compilation</h2>\n{table('seconds', ['stage', 'seconds'], rows, total)}</section>\n"
