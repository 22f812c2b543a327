"""By what names a user knows an operation: its modules, their types, the operation itself, the line of the model.

An operation comes from the module that its location names, and from the one that its weights belong to: when a batch
norm was folded into a convolution, these are two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, FusedLoc, ModuleOp, NameLoc, StringAttr
from xdsl.ir import Attribute, Operation

from etc.dialects import edge, program
from etc.dialects.edge.base import EdgeOp
from etc.errors import EtcError, Problem, describe_location, did_you_mean
from etc.transforms.edge_builder import name_of
from etc.transforms.quantisable import weights_of

MODULES = "program.modules"
"""The attribute of a method that tells the types of the modules it ran, by their names."""

_TYPES: Mapping[type[EdgeOp], tuple[str, ...]] = {
    edge.ConvOp: ("Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"),
    edge.EmbeddingOp: ("Embedding",),
    edge.LinearOp: ("Linear",),
}
"""Types of modules that programs which do not tell theirs are taken to have."""


class Rank(NamedTuple):
    """How closely a name names an operation: lines before modules, inner modules before outer ones, then types."""

    kind: int
    length: int = 0


_TYPE, _MODULE, _LINE = 0, 1, 2


def paths_of_location(location: Attribute) -> Iterator[str]:
    """The names of modules in a location."""
    match location:
        case NameLoc():
            yield location.desc.data
        case FusedLoc(locations=ArrayAttr(data=parts)):
            for part in parts:
                yield from paths_of_location(part)
        case _:
            pass


def modules_of(op: Operation) -> list[str]:
    """The paths of the innermost modules that an operation comes from: `layer1.0.conv`."""
    found = list(paths_of_location(op.location))
    weights = weights_of(op)
    if weights is not None and (name := name_of(op.operands[weights.operand])) is not None and "." in name:
        found.append(name.rpartition(".")[0])
    return list(dict.fromkeys(found))


def _nearest(name: str, modules: Collection[str], known: Collection[str]) -> str:
    """The next step after a name that nothing has: a module that is near it, else another name, else all modules."""
    near = did_you_mean(name, modules)
    return near if near.endswith("?") or not did_you_mean(name, known).endswith("?") else did_you_mean(name, known)


def _outwards(path: str) -> Iterator[str]:
    """`a.b.c`, `a.b`, `a`"""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _types_of_modules(module: ModuleOp) -> dict[str, str]:
    found: dict[str, str] = {}
    for method in program.methods(module):
        listed = method.attributes.get(MODULES)
        if isinstance(listed, DictionaryAttr):
            found |= {path: t.data for path, t in listed.data.items() if isinstance(t, StringAttr)}
    return found


class ModuleNames:
    """The names by which the operations of a program can be told."""

    def __init__(self, module: ModuleOp):
        self._types = _types_of_modules(module)
        self._ranks: dict[Operation, Mapping[str, Rank]] = {}
        for op in module.walk():
            if isinstance(op, EdgeOp):
                self._ranks[op] = self._names(op)

    def _names(self, op: EdgeOp) -> Mapping[str, Rank]:
        kind = op.name.removeprefix("edge.")
        taken = () if self._types else _TYPES.get(type(op), ())
        names = dict.fromkeys((op.name, kind, *taken), Rank(_TYPE))
        for path in modules_of(op):
            for outer in _outwards(path):
                if (type_name := self._types.get(outer)) is not None:
                    names[type_name] = Rank(_TYPE, len(outer))
        for path in modules_of(op):
            names |= {outer: Rank(_MODULE, len(outer)) for outer in _outwards(path)}
        line = describe_location(op.location)
        parts = line.replace("\\", "/").split("/") if line else []
        return names | {"/".join(parts[i:]): Rank(_LINE, i) for i in range(len(parts))}

    def closest(self, op: Operation, names: Sequence[str]) -> str | None:
        """The one of `names` that names `op` most closely; None when none does."""
        ranks = self._ranks.get(op) or (self._names(op) if isinstance(op, EdgeOp) else {})
        return max((name for name in names if name in ranks), key=ranks.__getitem__, default=None)

    def check(self, names: Sequence[str]) -> None:
        """Raise an EtcError with each of `names` that nothing in the program has."""
        modules = {outer for path in self._types for outer in _outwards(path)}
        modules |= {n for ranks in self._ranks.values() for n, rank in ranks.items() if rank.kind == _MODULE}
        known = {n for ranks in self._ranks.values() for n in ranks} | modules | set(self._types.values())
        problems = [
            Problem(
                f'the program has no module, type or source line "{name}"',
                expected="a module by its full name, a type of modules or operations, or file.py:12",
                next_step=_nearest(name, modules, known),
            )
            for name in dict.fromkeys(names)
            if name not in known
        ]
        if problems:
            raise EtcError(problems)
