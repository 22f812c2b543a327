"""Try PyTorch's operator database on the stock runtime.

python -m benchmarks.conformance [--ops NAME …] [--dtypes NAME …] [--samples N] [--jobs N] [--slice] [--core] [--resume]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.conformance import report
from benchmarks.conformance.evaluate import GOOD, Outcome, Status
from benchmarks.conformance.pool import Pool
from benchmarks.conformance.samples import DTYPES, Task, tasks
from benchmarks.conformance.slice import SLICE
from etc.pipelines import PTE

BAD = (Status.WRONG, Status.LOAD, Status.RUN, Status.CRASHED)


def run(
    chosen: list[Task],
    count: int,
    jobs: int,
    seconds: float = 60,
    with_core: bool = False,
    target: str = PTE,
    log: Path | None = None,
    known: Sequence[Outcome] = (),
) -> list[Outcome]:
    """The outcomes of the first `count` samples of the tasks, in their order; `log` gets them as they come.

    Samples whose outcomes are `known` are not tried again.
    """
    order = {task: i for i, task in enumerate(chosen)}
    outcomes = [o for o in known if Task(o.op, o.dtype) in order]
    firsts = Counter(Task(o.op, o.dtype) for o in outcomes)
    if log is not None:
        report.write_json(log, outcomes)
    start = time.monotonic()
    with Console(stderr=True).status("starting") as status:

        def note(outcome: Outcome) -> None:
            outcomes.append(outcome)
            if log is not None:
                report.append_json(log, outcome)
            good = sum(o.status in GOOD for o in outcomes)
            status.update(f"{time.monotonic() - start:.0f} s: {good} of {len(outcomes)} good; {outcome.op}")

        def on_crash(task: Task, number: int, reason: str) -> Outcome:
            return Outcome(task.op, task.dtype, number, Status.CRASHED, reason)

        Pool(jobs, count, seconds, with_core, note, on_crash, target).run(
            [(task, firsts[task]) for task in chosen if firsts[task] < count]
        )
    return sorted(outcomes, key=lambda o: (order[Task(o.op, o.dtype)], o.sample))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conformance", description=__doc__)
    parser.add_argument(
        "--ops", nargs="+", default=[], metavar="NAME", help="operators of the database; all if left out"
    )
    parser.add_argument("--dtypes", nargs="+", default=list(DTYPES), choices=list(DTYPES), metavar="NAME")
    parser.add_argument("--samples", type=int, default=8, metavar="N", help="samples of each operator and dtype")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="worker processes")
    parser.add_argument("--slice", action="store_true", help="the operators that the test suite tries")
    parser.add_argument(
        "--core", action="store_true", help="run PyTorch's run_decompositions on samples that pass, too"
    )
    parser.add_argument("--target", default=PTE, choices=(PTE, "c"), help="pte: the stock runtime; c: generated C")
    parser.add_argument("--json", type=Path, default=Path("build/conformance.jsonl"), help="all outcomes, one a line")
    parser.add_argument("--resume", action="store_true", help="keep the outcomes that --json has, try what it lacks")
    parser.add_argument("--markdown", type=Path, help="the page docs/conformance.md")
    arguments = parser.parse_args()
    ops = list(SLICE) if arguments.slice else arguments.ops
    chosen = tasks(ops, arguments.dtypes)
    known = report.read_json(arguments.json) if arguments.resume and arguments.json.exists() else []
    outcomes = run(
        chosen,
        arguments.samples,
        arguments.jobs,
        with_core=arguments.core,
        target=arguments.target,
        log=arguments.json,
        known=known,
    )
    report.write_json(arguments.json, outcomes)
    if arguments.markdown is not None:
        arguments.markdown.write_text(report.markdown(outcomes, "make conformance"))
    print(report.totals(outcomes))
    for status in (*BAD, Status.REFUSED):
        print(f"\n{status}:\n{report.reasons(outcomes, status)}")
    return 1 if any(o.status in BAD for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
