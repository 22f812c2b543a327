"""cse: compute once what is computed twice.

    %0 = edge.relu(%x)                        %0 = edge.relu(%x)
    %1 = edge.relu(%x)                 -->    %2 = edge.add(%0, %0)
    %2 = edge.add(%0, %1)

Operations that only read memory are merged when nothing writes between them. One pass over the program: the key of an
operation holds its operands, so that duplicates of duplicates fall in the same pass.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, Region
from xdsl.traits import IsolatedFromAbove, IsTerminator, MemoryEffectKind, get_effects

from etc.transforms.rewrite_log import Rule, current_log
from etc.transforms.rewriting import EtcPass

_READ = frozenset({MemoryEffectKind.READ})


@dataclass
class _Merger:
    """Walks a program in order. `known` has the operations that are in scope, by what they compute."""

    known: dict[Hashable, Operation] = field(default_factory=dict[Hashable, Operation])
    epoch: int = 0  # how many writes came before: part of the key of an operation that reads
    merged: int = 0

    def region(self, region: Region) -> None:
        """Merge within a region; what it adds to the known operations goes out of scope at its end."""
        for block in region.blocks:
            # A region may run many times, so what it reads at its start is not what was read before it.
            self.epoch += 1
            added: list[Hashable] = []
            for op in block.ops:
                for inner in op.regions:
                    self._nested(op, inner)
                if (key := self._key(op)) is None:
                    continue
                if (earlier := self.known.get(key)) is None:
                    self.known[key] = op
                    added.append(key)
                else:
                    self._replace(op, earlier)
            for key in added:
                del self.known[key]
        self.epoch += 1

    def _nested(self, op: Operation, region: Region) -> None:
        if op.has_trait(IsolatedFromAbove, value_if_unregistered=True):
            outside, self.known = self.known, {}
            self.region(region)
            self.known = outside
        else:
            self.region(region)

    def _key(self, op: Operation) -> Hashable | None:
        """What `op` computes; None when it must stay."""
        effects = get_effects(op)
        kinds = frozenset(effect.kind for effect in effects) if effects is not None else None
        if kinds is None or kinds - _READ:
            self.epoch += 1
            return None
        if not op.results or op.regions or op.has_trait(IsTerminator):
            return None
        return (
            type(op),
            tuple(op.operands),
            frozenset(op.properties.items()),
            frozenset(op.attributes.items()),
            tuple(result.type for result in op.results),
            self.epoch if kinds else 0,
        )

    def _replace(self, op: Operation, earlier: Operation) -> None:
        for old, new in zip(op.results, earlier.results, strict=True):
            old.replace_all_uses_with(new)
            new.name_hint = new.name_hint or old.name_hint
        op.detach()
        op.erase()
        self.merged += 1


@dataclass(frozen=True)
class CommonSubexpressionEliminationPass(EtcPass):
    """Compute once what is computed twice."""

    name = "cse"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        merger = _Merger()
        merger.region(module.body)
        if merger.merged and (log := current_log()) is not None:
            log.applied[Rule(self.name, "MergeEqual")] += merger.merged
