"""Write `dialects/stock_kernels.txt` from the installed runtime: `python -m etc.runtime.probe_stock_kernels [OP …]`.

Each kernel that an edge op uses is tried with every dtype that the op takes: a program of one kernel is emitted, run by
the stock runtime in a process of its own (some kernels abort), and its results are held against torch's. With names of
edge ops, only their lines are printed.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from multiprocessing.connection import Connection
from typing import Any

import torch
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region

from etc.dialects import dtypes, edge, program, quant
from etc.dialects.dtypes import BY_NAME, Dtype, Kind
from etc.dialects.edge.base import EdgeOp
from etc.dialects.on_torch import torch_dtypes
from etc.dialects.quant.base import QuantOp
from etc.dialects.stock_kernels import FAMILIES, TABLE_PATH, Signature
from etc.dialects.tensor import Tensor, tensor
from etc.emit.flatbuffer import emit_pte
from etc.errors import EtcError
from etc.lowering.edge_to_exec import EdgeToExecPass
from etc.runtime.probe_samples import SAMPLES, Sample, Shape
from etc.runtime.stock import LoadedProgram, runtime
from etc.runtime.torch_executor import execute
from etc.transforms.plan_memory import PlanMemoryPass

OPERATIONS = (*edge.OPERATIONS, *quant.OPERATIONS)
_TRIED = tuple(d for d in dtypes.DTYPES if d.kind is not Kind.COMPLEX and d.name not in ("uint16", "uint32", "uint64"))
_INDICES, _MASKS = ("index", "indices"), ("mask", "condition")
_SHARED = frozenset({"T"})
_RANDOM = (edge.RandOp, edge.RandnOp, edge.EmptyDimOrderOp)
_HEAD = """\
# What the kernels of the stock ExecuTorch runtime take; see stock_kernels.py.
# Written by `python -m etc.runtime.probe_stock_kernels`. Do not edit.
"""

Verdict = str
"""`ok`, `refused`, `wrong` or `crash`"""


def _choices(cls: type[EdgeOp]) -> Iterator[Mapping[str, Dtype | None]]:
    """Dtypes for the tensor arguments and for `dtype`: one for all, but for indices, masks and `dtype`.

    Those of quantised values, and of what goes with them, have nothing to do with each other.
    """
    names = [a.name for a in cls.schema().args if a.is_tensor]
    has_dtype = cls.schema().arg("dtype") is not None
    special = [_own_dtypes(cls, name) for name in names]
    for common in _TRIED if None in special or not names else (None,):
        for chosen in product(*(s or (common,) for s in special), (None, *_TRIED) if has_dtype else (None,)):
            yield dict(zip((*names, "dtype"), chosen, strict=True))


def _own_dtypes(cls: type[EdgeOp], name: str) -> Sequence[Dtype] | None:
    """What to try for an argument whatever the others are; None for one that shares its dtype with others."""
    if issubclass(cls, QuantOp):
        return [d for d in _TRIED if d in cls.DTYPES[name]]
    return (dtypes.int64, dtypes.int32) if name in _INDICES else (dtypes.bool_,) if name in _MASKS else None


def _program(cls: type[EdgeOp], sample: Sample, chosen: Mapping[str, Dtype | None]) -> ModuleOp | None:
    """A method that applies an op to its inputs; None when the op does not take such arguments."""
    block = Block()
    arguments: dict[str, Any] = {}

    def argument(name: str, shape: Any) -> Any:
        if isinstance(shape, list):
            return [argument(name, s) for s in shape]
        dtype = chosen[name]
        if shape is None or dtype is None:
            return None
        return block.insert_arg(tensor(dtype, shape).type, len(block.args))

    for arg in cls.schema().args:
        if arg.is_tensor:
            arguments[arg.name] = argument(
                arg.name, sample.get(arg.name, None if arg.name in sample else Shape((2, 3)))
            )
        elif arg.name == "dtype":
            arguments["dtype"] = chosen["dtype"]
        elif arg.name in sample:
            arguments[arg.name] = sample[arg.name]
    try:
        op = cls.of(**arguments)
        op.verify_()
    except Exception:  # torch would refuse the arguments too
        return None
    block.add_op(op)
    block.add_op(ReturnOp(*op.results))
    types = [a.type for a in block.args]
    return ModuleOp([FuncOp("forward", (types, [r.type for r in op.results]), Region(block))])


def _signature(module: ModuleOp, cls: type[EdgeOp], chosen: Mapping[str, Dtype | None]) -> Signature:
    (op,) = (op for op in module.walk() if isinstance(op, EdgeOp))
    inputs = [d for a in cls.schema().args if a.is_tensor and (d := chosen[a.name]) is not None]
    results = [Tensor.of(r.type).dtype for r in op.results[: len(cls.schema().returns)]]
    return (*inputs, *results)


def _input(name: str, known: Tensor, seed: int) -> torch.Tensor:
    """Numbers of both signs, none of them 0; indices that are in range; probabilities stay in range too."""
    generator = torch.Generator().manual_seed(seed)
    wanted = torch_dtypes()[known.dtype]
    if name.endswith(("scale", "scales")):
        return (torch.rand(known.shape, generator=generator) + 0.1).to(wanted)
    if name in ("index", "indices"):
        return torch.randint(0, 2, known.shape, generator=generator).to(wanted)
    if name in ("other", "exponent", "repeats", "running_var") or "zero_point" in name:
        return torch.randint(1, 4, known.shape, generator=generator).to(wanted)
    if known.dtype is dtypes.bool_:
        return torch.rand(known.shape, generator=generator) > 0.5
    if known.dtype.is_float:
        return (torch.randn(known.shape, generator=generator) * 2).to(wanted)
    low = 1 if known.dtype is dtypes.uint8 else -5
    values = torch.randint(low, 6, known.shape, generator=generator)
    return torch.where(values == 0, 7, values).to(wanted)


def _verdict(module: ModuleOp, cls: type[EdgeOp]) -> Verdict:
    (method,) = program.methods(module)
    (op,) = (op for op in module.walk() if isinstance(op, EdgeOp))
    names = [arg.name for arg, value in op.arguments() if arg.is_tensor for _ in _flat(value)]
    inputs = [
        _input(name, Tensor.of(a.type), seed)
        for seed, (name, a) in enumerate(zip(names, method.body.block.args, strict=True))
    ]
    if cls is edge.RemainderOp or cls is edge.FloorDivideOp or cls is edge.DivModeOp or cls is edge.FmodOp:
        inputs[1] = torch.where(torch.arange(3) == 1, -inputs[1], inputs[1]) if inputs[1].dtype.is_signed else inputs[1]
    try:
        expected = execute(module, "forward", inputs)
    except EtcError:
        return "untried"
    context = Context()
    try:
        EdgeToExecPass().apply(context, module)
        PlanMemoryPass().apply(context, module)
        found = LoadedProgram(emit_pte(module), module).run("forward", inputs)
    except EtcError:
        return "refused"
    if issubclass(cls, _RANDOM):
        return "ok"
    return "ok" if all(map(_agree, expected, found)) else "wrong"


def _flat(value: Any) -> list[Any]:
    return [v for v in value if v is not None] if isinstance(value, list) else [] if value is None else [value]


def _agree(expected: torch.Tensor, found: torch.Tensor) -> bool:
    tolerance = {torch.float16: 4e-3, torch.bfloat16: 3e-2}.get(expected.dtype, 1e-5)
    return expected.dtype is found.dtype and torch.allclose(
        found.double(), expected.double(), rtol=tolerance, atol=tolerance, equal_nan=True
    )


def _cases(cls: type[EdgeOp]) -> Iterator[tuple[Signature, ModuleOp]]:
    for chosen in _choices(cls):
        for sample in SAMPLES.get(cls, ({},)):
            module = _program(cls, sample, chosen)
            if module is not None:
                yield _signature(module, cls, chosen), module


def _work(pipe: Connection, names: Sequence[str], skip: int) -> None:
    """Send (op, signature) before each case and its verdict after it."""
    torch.set_num_threads(1)
    for name in names:
        cls = next(op for op in OPERATIONS if op.name == name)
        for signature, module in _cases(cls):
            if skip:
                skip -= 1
                continue
            pipe.send((name, tuple(d.name for d in signature)))
            pipe.send(_verdict(module, cls))
    pipe.close()


def probe(operations: Sequence[type[EdgeOp]]) -> Mapping[type[EdgeOp], Mapping[Signature, set[Verdict]]]:
    """The verdicts of all cases of each op, by signature."""
    found: dict[type[EdgeOp], dict[Signature, set[Verdict]]] = {op: {} for op in operations}
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["etc.runtime.probe_stock_kernels", "executorch.extension.pybindings.portable_lib"])
    for op in operations:
        done, finished = 0, False
        while not finished:
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, [op.name], done), daemon=True)
            process.start()
            theirs.close()
            case: Any = None
            try:
                while True:
                    case = ours.recv()
                    verdict = ours.recv() if ours.poll(30) else "crash"
                    found[op].setdefault(tuple(BY_NAME[n] for n in case[1]), set()).add(verdict)
                    done, case = done + 1, None
            except (EOFError, ConnectionError):
                if case is not None:
                    found[op].setdefault(tuple(BY_NAME[n] for n in case[1]), set()).add("crash")
                    done += 1
                finished = case is None
            process.join()
    return found


def _rules(op: type[EdgeOp], signatures: Iterable[Signature]) -> Iterator[str]:
    """Lines for signatures: those that differ in one place only share a line."""
    names = [a.name for a in op.schema().args if a.is_tensor]
    merged: dict[tuple[frozenset[str], ...], frozenset[str]] = {}
    for places, common in _patterns(signatures, op, names).items():
        places = _merge(merged, places, common)
        merged[places] = common
    for places, common in merged.items():
        words = ["T" if p == _SHARED else "|".join(_shortened(p)) for p in places]
        text = f"{', '.join(words[: len(names)])} -> {', '.join(words[len(names) :])}".strip()
        yield f"{text:<28} {' '.join(_shortened(common))}".strip()


def _patterns(
    signatures: Iterable[Signature], op: type[EdgeOp], names: Sequence[str]
) -> Mapping[tuple[frozenset[str], ...], frozenset[str]]:
    """Signatures with `T` for the dtype that arguments share, and the dtypes that it stands for."""
    has_dtype = op.schema().arg("dtype") is not None and bool(names)
    own = [_own_dtypes(op, name) is not None for name in names]
    leader = own.index(False) if False in own else 0
    own[leader : leader + 1] = [False]
    found: dict[tuple[frozenset[str], ...], set[str]] = {}
    for signature in signatures:
        shared = signature[leader]

        def place(i: int, dtype: Dtype, shared: Dtype = shared) -> frozenset[str]:
            is_own = own[i] if i < len(own) else has_dtype
            return frozenset({dtype.name if is_own or dtype is not shared else "T"})

        found.setdefault(tuple(place(i, d) for i, d in enumerate(signature)), set()).add(shared.name)
    for places, common in list(found.items()):
        # A result that is bool for every dtype is `bool` for bool too, not `T`.
        for literal in common if len(common) == 1 else ():
            results = [frozenset({literal}) if p == _SHARED else p for p in places[len(names) :]]
            if (spelled := (*places[: len(names)], *results)) in found and spelled != places:
                found[spelled] |= found.pop(places)
    return {places: frozenset(common) for places, common in found.items()}


def _merge(
    merged: dict[tuple[frozenset[str], ...], frozenset[str]], places: tuple[frozenset[str], ...], common: frozenset[str]
) -> tuple[frozenset[str], ...]:
    for other, same in list(merged.items()):
        if same == common and sum(a != b for a, b in zip(places, other, strict=True)) == 1:
            del merged[other]
            places = tuple(a | b for a, b in zip(places, other, strict=True))
    return places


def _shortened(names: Iterable[str]) -> list[str]:
    """Names of dtypes in the order of the table of dtypes, whole families by the name of the family."""
    left = set(names)
    words: list[str] = []
    for family, members in FAMILIES.items():
        if members <= left:
            words.append(family)
            left -= members
    return [*words, *(d.name for d in dtypes.DTYPES if d.name in left), *(["T"] if "T" in left else [])]


def lines(op: type[EdgeOp], verdicts: Mapping[Signature, set[Verdict]]) -> Iterator[str]:
    """The rules of one kernel, and what is wrong with the rest as a comment."""
    accepted = [s for s, v in verdicts.items() if v == {"ok"}]
    failing = [
        f"{what}: {', '.join(sorted({s[0].name if s else '' for s, v in verdicts.items() if what in v}))}"
        for what in ("wrong", "crash")
        if any(what in v for v in verdicts.values())
    ]
    if failing:
        yield f"# {op.KERNEL}: {'; '.join(failing)}"
    rules = list(_rules(op, accepted))
    yield from (f"{op.KERNEL:<28} {rule}" for rule in rules)
    if not rules:
        yield op.KERNEL


def table_text() -> str:
    """The table as the installed runtime gives it."""
    operations = [op for op in OPERATIONS if op.KERNEL]
    found = probe(operations)
    used = {op.KERNEL for op in operations}
    others = sorted({n.removeprefix("aten::") for n in runtime().operator_registry.operator_names} - used)
    body = [line for op in sorted(operations, key=lambda o: o.KERNEL) for line in lines(op, found[op])]
    return "\n".join([_HEAD, *body, "", "# Operators that no edge op uses.", *others, ""])


def main() -> None:
    if chosen := [op for op in OPERATIONS if op.name.partition(".")[2] in sys.argv[1:] and op.KERNEL]:
        found = probe(chosen)
        print("\n".join(line for op in chosen for line in lines(op, found[op])))
    else:
        TABLE_PATH.write_text(table_text())


if __name__ == "__main__":
    main()
