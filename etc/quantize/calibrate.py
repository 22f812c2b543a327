"""Calibration: a program with observers is executed on torch over the user's data, and learns its scales.

Observers are merged, so that any `concurrent.futures.Executor` may share the work: processes, Dask, Ray.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from etc.dialects import edge, program
from etc.dialects.blob import Blob
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant import ObserveOp
from etc.dialects.quant.attributes import PARAMS, SPEC, ParamsAttr, SpecAttr
from etc.errors import EtcError, Problem, problem_at
from etc.quantize.observers import OBSERVER_TYPES, Observer, params_of
from etc.quantize.samples import Data, input_names, keys_of_inputs, samples
from etc.transforms.convert_quantization import problems_of_values
from etc.transforms.edge_builder import is_constant
from etc.transforms.module_names import modules_of
from etc.transforms.quantisable import MOVING, is_real

PARTS = 16
"""Pieces that data are split into for an executor of futures."""

Statistics = dict[str, Observer]
"""What was observed, by the keys of observers."""


def calibrate(module: ModuleOp, data: Data | None, executor: Executor | None = None) -> None:
    """Execute the methods of an edge program on `data`, and write `quant.params` onto its observers.

    Observers that have parameters already keep them. Programs with state are executed in the order of the data, by one
    process. Raises EtcError when there is no data or it does not fit, for NaN and infinities, and for values that no
    sample reached: all problems at once.
    """
    problems: list[Problem] = []
    for method in program.methods(module):
        observed = _pending(method)
        if not observed:
            continue
        given = data_of(module, method, data)
        if given is None:
            problems.append(_no_data(method))
            continue
        statistics = _observe(module, method, given, executor)
        problems += _write_params(observed, statistics)
    if problems:
        raise EtcError(problems)


def _pending(method: FuncOp) -> list[ObserveOp]:
    """The observers of a method that have no parameters."""
    return [op for op in method.walk() if isinstance(op, ObserveOp) and PARAMS not in op.attributes]


def data_of(module: ModuleOp, method: FuncOp, data: Data | None) -> Data | None:
    """A method's own data, where a mapping by the names of methods is given; else all data, for the only method or for
    forward. None for a method without data. Raises EtcError for names of methods that the program does not have."""
    names = [m.sym_name.data for m in program.methods(module)]
    if isinstance(data, Mapping) and keys_of_inputs(method, data) is None:
        if unknown := [str(name) for name in data if name not in names]:
            raise EtcError(
                "calibration data are given for inputs or methods that the program does not have",
                expected=f"inputs: {', '.join(input_names(method))}; or methods: {', '.join(names)}",
                found=", ".join(unknown),
            )
        return data.get(method.sym_name.data)
    return data if len(names) == 1 or method.sym_name.data == "forward" else None


def _no_data(method: FuncOp) -> Problem:
    name = method.sym_name.data
    return Problem(
        f"there is no calibration data for method {name}",
        expected=f"samples of its inputs: {', '.join(input_names(method))}",
        next_step="give some hundred samples of real input: calibration=…, --calibrate data.npz; or choose a config "
        "without static scales: int8-dynamic, int8-weight",
    )


def _observe(module: ModuleOp, method: FuncOp, data: Data, executor: Executor | None) -> Statistics:
    """What the observers of a method see. Raises EtcError for no data, and for NaN and infinities."""
    calls: Iterable[list[Any]] = samples(method, data)
    name = method.sym_name.data
    is_stateful = any(g.mutable is not None for g in program.globals_of(module).values())
    if executor is None or is_stateful:
        part = _Part(module)
        with _progress(name, data) as advance:
            for inputs in calls:
                part.run(name, inputs)
                advance()
                if part.problems:
                    break
    else:
        part = _spread(module, name, list(calls), executor)
    if part.problems:
        raise EtcError(part.problems)
    if not part.count:
        raise EtcError([_no_data(method)])
    return part.statistics


@dataclass
class _Part:
    """A part of the data, being observed."""

    module: ModuleOp
    statistics: Statistics = field(default_factory=dict[str, Observer])
    problems: list[Problem] = field(default_factory=list[Problem])
    count: int = 0
    first: int = 0
    """The number of samples before this part."""

    def __post_init__(self) -> None:
        from etc.runtime.torch_executor import Executor as OnTorch

        self._sources = {op for method in program.methods(self.module) for op in sources(method)}
        self._finite = True
        self._torch = OnTorch(self.module, self._on_result)

    def run(self, method: str, inputs: Sequence[Any]) -> None:
        """Observe one call; the first that has NaN or infinities becomes a problem."""
        self._torch.run(method, *inputs)
        self.count += 1
        if not self._finite:
            self.problems = _origins(self.module, method, inputs, self.first + self.count - 1)

    def _on_result(self, result: SSAValue, value: Any) -> Any:
        op = result.owner
        if isinstance(op, ObserveOp) and op in self._sources:
            if not bool(value.isfinite().all()):
                self._finite = False
            else:
                key: str = op.argument("key")
                observer = self.statistics.get(key)
                if observer is None:
                    observer = self.statistics[key] = OBSERVER_TYPES[op.argument("observer")]()
                observer.observe(value)
        return value


def sources(method: FuncOp) -> list[ObserveOp]:
    """The pending observers that see values for the first time: not where these are moved or carried, under one key."""
    pending = _pending(method)
    fresh = [op for op in pending if not _is_moved(op, method)]
    keys = {op.argument("key") for op in fresh}
    return fresh + [op for op in pending if op.argument("key") not in keys]


def _is_moved(op: ObserveOp, method: FuncOp) -> bool:
    owner = op.input.owner
    if isinstance(owner, Block):
        return owner is not method.body.block
    if owner.regions:
        return True
    if type(owner) not in MOVING or isinstance(owner, edge.ConstantPadNdOp | edge.MaskedFillOp):
        return False
    before = [v.owner for v in owner.operands if is_real(v)]
    key = op.argument("key")
    return all(isinstance(o, ObserveOp) and o.argument("key") == key for o in before)


def _origins(module: ModuleOp, method: str, inputs: Sequence[Any], number: int) -> list[Problem]:
    """Where NaN and infinities come from: inputs that have them, and operations that make them of other values."""
    from etc.runtime.torch_executor import Executor as OnTorch

    infinite: dict[SSAValue, Any] = {}
    executor = OnTorch(module, lambda result, value: _note(infinite, result, value))
    arguments = executor.methods[method].body.block.args
    for argument, value in zip(arguments, inputs, strict=True):
        _note(infinite, argument, value)
    names = [f"input {argument.name_hint or ''}".strip() for argument in arguments if argument in infinite]
    if names:
        what = "calibration data have NaN or infinities"
        return [Problem(what, found=f"{name} of sample {number}", next_step="clean the data") for name in names]
    executor.run(method, *inputs)
    made = [v for v in infinite if not any(operand in infinite for operand in _read_by(v))]
    return list(dict.fromkeys(problem for v in made for problem in _not_finite(v, infinite[v], number)))


def _read_by(value: SSAValue) -> Sequence[SSAValue]:
    return value.owner.operands if isinstance(value.owner, Operation) else ()


def _note(infinite: dict[SSAValue, Any], value: SSAValue, content: Any) -> Any:
    """Remember a value that has NaN or infinities; gives what it is given."""
    import torch

    if isinstance(content, torch.Tensor) and content.dtype.is_floating_point and not bool(content.isfinite().all()):
        infinite.setdefault(value, content)
    return content


def _not_finite(value: SSAValue, content: Any, number: int) -> list[Problem]:
    """What to say of a value that has NaN or infinities, which nothing before it has."""
    op = value.owner
    assert isinstance(op, Operation)
    if is_constant(value):
        return problems_of_values(next((use.operation for use in value.uses), op), value)
    kind = "NaN" if bool(content.isnan().any()) else "an infinity"
    return [
        problem_at(
            op,
            f"{kind} where values are to be quantised",
            expected="finite activations",
            found=f"{int((~content.isfinite()).sum())} of {content.numel()} values in sample {number}",
            next_step="clean the data" + _or_float(value),
        )
    ]


def _or_float(value: SSAValue) -> str:
    """The advice to leave what makes and what uses a value in float, by names that they have; empty for inputs."""
    while isinstance(value.owner, ObserveOp):
        value = value.owner.input
    if not isinstance(value.owner, EdgeOp):
        return ""
    names = dict.fromkeys(next(reversed(modules_of(op)), op.name) for op in (value.owner, *_users(value)))
    return ", or leave this part in float: overrides={" + ", ".join(f'"{name}": "float"' for name in names) + "}"


def _users(value: SSAValue) -> Iterator[EdgeOp]:
    for use in value.uses:
        if isinstance(use.operation, ObserveOp):
            yield from _users(use.operation.result)
        elif isinstance(use.operation, EdgeOp):
            yield use.operation


def _write_params(observed: Sequence[ObserveOp], statistics: Mapping[str, Observer]) -> list[Problem]:
    """Set the parameters of observers; problems for those that have seen nothing."""
    problems: dict[str, Problem] = {}
    for op in observed:
        key: str = op.argument("key")
        observer, spec = statistics.get(key), op.attributes[SPEC]
        assert isinstance(spec, SpecAttr)
        if observer is not None and not observer.is_empty:
            op.attributes[PARAMS] = ParamsAttr(params_of(observer.range_for(spec.data), spec.data))
            continue
        problems.setdefault(
            key,
            problem_at(
                op,
                f'the range of "{key}" is empty: no calibration sample has such a value',
                next_step="add samples that reach it" + _or_float(op.result),
            ),
        )
    return list(problems.values())


# Scale-out: a program is sent as text and bytes.


@dataclass(frozen=True)
class _Sent:
    """A program as it goes to another process."""

    text: str
    blobs: tuple[bytes, ...]


def _send(module: ModuleOp) -> _Sent:
    from io import StringIO

    from xdsl.printer import Printer

    from etc.dialects.weights_file import blobs_by_key

    text = StringIO()
    Printer(text, print_debuginfo=True).print_op(module)
    return _Sent(text.getvalue(), tuple(bytes(blob.data) for blob in blobs_by_key(module).values()))


@lru_cache(maxsize=1)
def _received(sent: _Sent) -> tuple[ModuleOp, list[Blob]]:
    """A program that was sent, and its weights, which live as long."""
    from xdsl.parser import Parser

    from etc.compiler import context

    blobs = [Blob.from_bytes(data) for data in sent.blobs]
    for blob in blobs:
        _ = blob.key  # the text names them by it
    return Parser(context(), sent.text).parse_module(), blobs


@dataclass(frozen=True)
class _Seen:
    statistics: Statistics
    problems: Sequence[Problem]


def _observe_part(sent: _Sent, method: str, calls: Sequence[Sequence[Any]], first: int) -> _Seen:
    """What the observers of a method see in a part of the data; runs in any process."""
    module, _ = _received(sent)
    part = _Part(module, first=first)
    for inputs in calls:
        part.run(method, inputs)
        if part.problems:
            break
    return _Seen(part.statistics, part.problems)


def _spread(module: ModuleOp, method: str, calls: list[list[Any]], executor: Executor) -> _Part:
    """Observe parts of the data in parallel, and merge them in order."""
    whole, sent = _Part(module, count=len(calls)), _send(module)
    size = max(1, -(-len(calls) // PARTS))
    starts = range(0, len(calls), size)
    futures = [executor.submit(_observe_part, sent, method, calls[i : i + size], i) for i in starts]
    with _progress(method, futures) as advance:
        for future in futures:
            seen = future.result()
            advance()
            whole.problems += seen.problems
            for key, observer in seen.statistics.items():
                if key in whole.statistics:
                    whole.statistics[key].merge(observer)
                else:
                    whole.statistics[key] = observer
    return whole


@contextmanager
def _progress(method: str, data: Any) -> Generator[Callable[[], object]]:
    """Show progress on a terminal; yields what to call after each step."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    total = len(data) if hasattr(data, "__len__") and not isinstance(data, str) else None
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"calibrating {method}", total=total)
        yield lambda: progress.advance(task)
