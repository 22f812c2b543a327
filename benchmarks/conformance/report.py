"""Totals, the table of operators and the list of reasons, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.conformance.evaluate import GOOD, Outcome, Status

_COLUMNS = tuple(Status)


def totals(outcomes: Sequence[Outcome]) -> str:
    """A row per dtype: how many samples ended how, and the two shares that are aimed at."""
    by_dtype: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_dtype[outcome.dtype].append(outcome)
    rows = [_totals_row(dtype, found) for dtype, found in by_dtype.items()]
    rows.append(_totals_row("all", outcomes))
    return _table(["dtype", *_COLUMNS, "passed of exported", "passed of core"], rows)


def _totals_row(name: str, outcomes: Sequence[Outcome]) -> list[str]:
    counts = Counter(o.status for o in outcomes)
    exported = [o for o in outcomes if o.status != Status.NOT_EXPORTED]
    core = [o for o in exported if o.core or (o.core is None and o.status in GOOD)]
    return [name, *(str(counts[c]) for c in _COLUMNS), _share(exported), _share(core)]


def _share(outcomes: Sequence[Outcome]) -> str:
    if not outcomes:
        return "-"
    good = sum(o.status in GOOD for o in outcomes)
    return f"{100 * good / len(outcomes):.1f} % of {len(outcomes)}"


def operators(outcomes: Iterable[Outcome]) -> str:
    """A row per operator and dtype that has anything but passes, and one line that names all others."""
    by_task: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_task[outcome.op, outcome.dtype].append(outcome)
    rows: list[list[str]] = []
    whole: dict[str, list[str]] = defaultdict(list)
    for (op, dtype), found in sorted(by_task.items()):
        counts = Counter(o.status for o in found)
        if set(counts) <= set(GOOD):
            whole[op].append(dtype)
            continue
        reasons = Counter(o.reason for o in found if o.status not in (*GOOD, Status.NOT_EXPORTED))
        reason = reasons.most_common(1)[0][0] if reasons else ""
        rows.append([f"`{op}`", dtype, *(str(counts[c] or "") for c in _COLUMNS), _cell(reason)])
    passed = "\n".join(f"`{op}` ({', '.join(dtypes)})," for op, dtypes in sorted(whole.items()))
    return _table(["operator", "dtype", *_COLUMNS, "most frequent reason"], rows) + f"\n\nAll samples pass:\n{passed}\n"


def reasons(outcomes: Iterable[Outcome], status: Status, limit: int = 40) -> str:
    """The most frequent reasons of a status, with operators that they hold for."""
    ops: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        if outcome.status == status:
            ops[outcome.reason][outcome.op] += 1
    ranked = sorted(ops.items(), key=lambda item: -sum(item[1].values()))[:limit]
    return _table(
        ["samples", "operators", "reason"],
        [
            [str(sum(c.values())), ", ".join(f"`{op}`" for op, _ in c.most_common(6)), _cell(reason)]
            for reason, c in ranked
        ],
    )


def markdown(outcomes: Sequence[Outcome], command: str) -> str:
    """The page docs/conformance.md."""
    return _PAGE.format(
        command=command,
        totals=totals(outcomes),
        reasons=reasons(outcomes, Status.REFUSED),
        operators=operators(outcomes),
    )


def write_json(path: Path, outcomes: Sequence[Outcome]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(o.to_json()) + "\n" for o in outcomes))


def append_json(path: Path, outcome: Outcome) -> None:
    with path.open("a") as file:
        file.write(json.dumps(outcome.to_json()) + "\n")


def read_json(path: Path) -> list[Outcome]:
    return [Outcome(**json.loads(line)) for line in path.read_text().splitlines()]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _cell(text: str) -> str:
    shortened = text if len(text) <= 240 else text[:237] + "..."
    return shortened.replace("|", "\\|").replace("\n", " ")


_PAGE = """# Conformance

PyTorch's own operator database (`torch.testing._internal.common_methods_invocations.op_db`) through the whole pipeline:
each sample is exported, compiled, loaded and run by the stock ExecuTorch runtime, and compared with eager PyTorch.
Written by `{command}`.

* **pass**: shape, dtype and numbers agree. Integers and truth values exactly; float32 within 1e-4 relative and 1e-5 of
  the largest element; float16 within 5e-3, bfloat16 within 4e-2. Where PyTorch's own tests compare only part of a
  result, the absolute values of eigenvectors for instance, that part counts; where eager loses more in 16 bits than
  it does in 32, the result in 32 bits, rounded, is right too.
* **shapes**: the operator draws random numbers, or gives memory with undefined content: shape and dtype agree, which is
  all that can be compared.
* **refused**: the compiler said why it cannot compile the program.
* **wrong**, **load**, **run**, **crashed**: results differ; the runtime does not load the file; a kernel refuses its
  arguments; the process ended, hung, or the compiler failed without giving a reason. There should be none.
* **not exported**: `torch.export` or eager PyTorch itself refuses the sample.

*passed of exported* is the share of (pass + shapes) among the samples that export; *passed of core* among those whose
exported program PyTorch's own `run_decompositions` brings to Core ATen.

## Totals

{totals}

## Most frequent refusals

{reasons}

## Operators

{operators}
"""
