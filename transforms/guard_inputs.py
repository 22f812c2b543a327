"""guard-inputs: check the sizes of inputs against what the method was compiled for.

    func.func @f(%x: tensor<?x4xf32, #edge.layout<sizes = [s0, 4]>>, %y: …<sizes = [s0*2]>) …
                                                                          attributes {program.symbols = <s0 = [2, 8]>}
      -->
      program.guard size(%x, 0) >= 2, "input 0 (x): dimension 0 must be at least 2"
      program.guard size(%x, 0) <= 8, "input 0 (x): dimension 0 must be at most 8"
      program.guard size(%x, 1) == 4, "input 0 (x): dimension 1 must be 4"
      program.guard size(%y, 0) == s0*2, "input 1 (y): dimension 0 must be s0*2, where s0 is dimension 0 of input 0 (x)"

Runtimes compare the element type, the rank, and the sizes of inputs whose shape is fixed; what a size that may change
must be, they do not know. Guards that other passes left and that hold for all sizes in the symbols' ranges are dropped.
Numbers that the method reads from data are checked where it reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import BlockArgument

from etc.dialects import program
from etc.dialects.size_bounds import bounds
from etc.dialects.size_ops import Comparison, GuardOp, SymbolOp
from etc.dialects.sizes import SymbolSource, input_text, symbol_sources, where_text
from etc.dialects.symbolic import UNBOUNDED, Dim, Expr, Range, symbol
from etc.dialects.tensor import Tensor
from etc.transforms.rewriting import EtcPass

_MADE_UP = re.compile(r"[su]\d+")
"""Names of symbols that nobody has given a name."""


@dataclass(frozen=True)
class GuardInputsPass(EtcPass):
    """Check, where a method begins, that inputs have sizes for which it was compiled."""

    name = "guard-inputs"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        for method in program.methods(module):
            block = method.body.block
            ranges = program.symbol_ranges(method)
            for op in list(method.walk()):
                if isinstance(op, GuardOp) and any(c.holds(ranges) for c in op.comparisons):
                    op.detach()
                    op.erase()
            for guard in reversed([*_Guards(method)]):
                assert block.first_op is not None
                block.insert_op_before(guard, block.first_op)
            for op in list(method.walk()):
                if isinstance(op, SymbolOp):
                    _guard_number(op, ranges.get(op.symbol.data, Range(-UNBOUNDED)))


class _Guards:
    """The guards of one method's inputs."""

    def __init__(self, method: FuncOp):
        self._arguments = method.body.block.args
        self._ranges = program.symbol_ranges(method)
        self._sources = symbol_sources(method)

    def __iter__(self) -> Iterator[GuardOp]:
        for argument in self._arguments:
            if isinstance(argument.type, TensorType) and not (known := Tensor.of(argument.type)).is_static:
                for dimension, size in enumerate(known.sizes):
                    yield from self._of_size(argument, dimension, size)

    def _of_size(self, argument: BlockArgument, dimension: int, size: Dim) -> Iterator[GuardOp]:
        def guard(relation: str, right: Dim, must_be: str) -> GuardOp:
            message = f"{input_text(argument)}: dimension {dimension} must be {must_be}"
            return GuardOp([Comparison(None, relation, right)], message, (argument, dimension))

        if isinstance(size, int):
            yield guard("==", size, str(size))
            return
        is_source = SymbolSource(argument, dimension, size) in self._sources.values()
        if is_source:
            allowed, dim = bounds(size, self._ranges), _dims(size)
            if allowed.low > 0:
                yield guard(">=", allowed.low, f"at least {allowed.low}{dim}")
            if allowed.high < UNBOUNDED:
                yield guard("<=", allowed.high, f"at most {allowed.high}{dim}")
        if not is_source or size.symbol_name is None:
            names = [symbol.name for symbol in size.symbols()]
            yield guard("==", size, f"{size}{where_text(names, self._sources)}")


def _guard_number(op: SymbolOp, allowed: Range) -> None:
    """Check, after a number was read from data, that it is in the range of its symbol."""
    number, block = symbol(op.symbol.data), op.parent
    assert block is not None
    for relation, limit, words in ((">=", allowed.low, "at least"), ("<=", allowed.high, "at most")):
        if abs(limit) < UNBOUNDED:
            message = f"the number {op.symbol.data} that the model reads from data must be {words} {limit}"
            guard = GuardOp([Comparison(number, relation, limit)], message)
            guard.location = op.location
            block.insert_op_after(guard, op)


def _dims(size: Expr) -> str:
    """` (Dim length)`: what the model's author calls the symbols of a size."""
    names = [name for name in dict.fromkeys(s.name for s in size.symbols()) if not _MADE_UP.fullmatch(name)]
    return f" (Dim {', '.join(names)})" if names else ""
