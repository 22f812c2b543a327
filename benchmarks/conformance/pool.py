"""Worker processes: each works through the samples of a task; one that crashes or hangs is replaced.

Workers are forked from a server process that has imported what they need, so that a new one costs little.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.conformance.samples import Task

_CONTEXT = multiprocessing.get_context("forkserver")
_PRELOADED = ["benchmarks.conformance.preload"]


_PATIENCE = 10
"""How many times as long as its processor time a sample may take on a busy machine, before it counts as asleep."""


def _work(pipe: Connection, count: int, seconds: float, with_core: bool, target: str) -> None:
    """Take (task, first sample) from the pipe; send ("begin", number), ("done", outcome) per sample, ("end",).

    A sample that takes more processor time than `seconds` ends the process with SIGPROF.
    """
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    import warnings

    import torch

    from benchmarks.conformance.evaluate import evaluate
    from benchmarks.conformance.samples import samples

    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    while (order := pipe.recv()) is not None:
        task, first = order
        for number, (call, inputs) in enumerate(samples(task, count)):
            if number < first:
                continue
            pipe.send(("begin", number))
            signal.setitimer(signal.ITIMER_PROF, seconds)
            outcome = evaluate(task, number, call, inputs, with_core, target)
            signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.send(("done", outcome))
        torch._dynamo.reset()  # pyright: ignore[reportPrivateUsage]
        pipe.send(("end", None))
    pipe.close()


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    task: Task | None = None
    number: int = -1
    """the sample being tried; -1 between samples"""
    first: int = 0
    """the first of the task's samples that nothing was said of"""
    deadline: float = float("inf")


@dataclass
class Pool:
    """Runs tasks in `jobs` processes. `report` gets every outcome, `on_crash` makes one of a dead or late worker."""

    jobs: int
    count: int
    seconds: float
    with_core: bool
    report: Callable[[Any], None]
    on_crash: Callable[[Task, int, str], Any]
    target: str = "pte"
    _queue: list[tuple[Task, int]] = field(default_factory=list)

    def run(self, tasks: Sequence[tuple[Task, int]]) -> None:
        """Try tasks, each from the sample of this number on."""
        _CONTEXT.set_forkserver_preload(_PRELOADED)
        self._queue = list(reversed(tasks))
        workers = [self._start() for _ in range(min(self.jobs, len(tasks)))]
        while workers:
            multiprocessing.connection.wait([w.pipe for w in workers], timeout=1.0)
            workers = [w for w in map(self._attend, workers) if w is not None]

    def _start(self) -> _Worker:
        ours, theirs = _CONTEXT.Pipe()
        process = _CONTEXT.Process(
            target=_work, args=(theirs, self.count, self.seconds, self.with_core, self.target), daemon=True
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._give_work(worker)
        return worker

    def _give_work(self, worker: _Worker) -> None:
        order = self._queue.pop() if self._queue else None
        worker.task, worker.first = order if order else (None, 0)
        worker.number = -1
        worker.deadline = time.monotonic() + _PATIENCE * self.seconds
        with suppress(ConnectionError):  # it has died: the next look at it says so
            worker.pipe.send(order)

    def _attend(self, worker: _Worker) -> _Worker | None:
        """Read what a worker has said; the worker, a new one in its place, or None when there is no more to do."""
        try:
            while worker.pipe.poll():
                word, content = worker.pipe.recv()
                if word == "begin":
                    worker.number, worker.deadline = content, time.monotonic() + _PATIENCE * self.seconds
                elif word == "done":
                    self.report(content)
                    worker.first, worker.number = worker.number + 1, -1
                    worker.deadline = time.monotonic() + _PATIENCE * self.seconds
                elif self._queue:
                    self._give_work(worker)
                else:
                    worker.pipe.send(None)
                    worker.process.join(5)
                    return None
        except (EOFError, ConnectionError):
            worker.process.join(5)
            code = worker.process.exitcode
            late = f"no result in {self.seconds:g} s of processor time"
            return self._replace(worker, late if code == -signal.SIGPROF else f"the process ended with code {code}")
        if time.monotonic() > worker.deadline:
            worker.process.kill()
            worker.process.join(5)
            return self._replace(worker, f"no result in {_PATIENCE * self.seconds:g} s")
        return worker

    def _replace(self, worker: _Worker, reason: str) -> _Worker | None:
        worker.pipe.close()
        if worker.task is not None:
            between = worker.number < 0
            number = worker.first if between else worker.number
            self.report(self.on_crash(worker.task, number, "between samples: " * between + reason))
            if not between:  # what fails while samples are made fails again
                self._queue.append((worker.task, number + 1))
        return self._start() if self._queue else None
