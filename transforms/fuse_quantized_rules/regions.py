"""What control flow carries in integers: loops and choices whose values are quantised on one side of their border.

    %y = edge.scan(init=[%h], xs=[%x]) combine(%c, %s) {       %y = edge.scan(init=[%i], xs=[%j]) combine(%c, %s) {
      …                                                          %r = quant.dequantize(%c, …)
      %n = quant.dequantize(%q, …)                      -->      …
      edge.yield %n, %n                                          edge.yield %q, %q
    }                                                          }
                                                               %z = quant.dequantize(%y, …)

A carried value becomes integers where the body yields quantised ones, or uses what it carries in one quantised form
only; what goes in first must then be quantised alike, exactly representable, or used in that form only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from xdsl.ir import Block, BlockArgument, Operation, OpResult, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from etc.dialects import edge, quant
from etc.dialects.quant.attributes import Params
from etc.transforms.edge_builder import known
from etc.transforms.fuse_quantized_rules.moves import exact
from etc.transforms.fuse_quantized_rules.values import Refusal, content_of, params_of, quantised, same_meaning
from etc.transforms.rewriting import PatternRewriter

ControlFlow: TypeAlias = edge.ScanOp | edge.WhileLoopOp | edge.CondOp


@dataclass(frozen=True)
class Source:
    """A value that enters or leaves a region: operand `index` of `op`."""

    op: Operation
    index: int

    @property
    def value(self) -> SSAValue:
        return self.op.operands[self.index]


@dataclass(frozen=True)
class Passage:
    """What is given by any of `sources` is known on the other side of the border as any of `targets`.

    The first of `required` that is quantised says how; the other sources follow.
    """

    what: str
    sources: tuple[Source, ...]
    targets: tuple[BlockArgument | OpResult, ...]
    required: tuple[Source, ...]


def passages(op: ControlFlow) -> Iterable[Passage]:
    """All values that go through the borders of an operation's regions."""
    bodies = [region.block for region in op.regions]
    lasts = [block.last_op for block in bodies]
    match op:
        case edge.CondOp():
            for i, result in enumerate(op.results):
                sources = tuple(Source(last, i) for last in lasts if last is not None)
                yield Passage(f"result {i}", sources, (result,), sources)
        case edge.WhileLoopOp():
            for i, result in enumerate(op.results):
                arguments = tuple(block.args[i] for block in bodies)
                carried = (Source(lasts[1], i),) if lasts[1] is not None else ()
                yield Passage(f"carried value {i}", (Source(op, i), *carried), (*arguments, result), carried)
        case edge.ScanOp():
            count = len(op.init)
            last = lasts[0]
            assert last is not None
            for i, result in enumerate(op.results):
                given = Source(last, i)
                if i < count:
                    targets = bodies[0].args[i], result
                    yield Passage(f"carried value {i}", (Source(op, i), given), targets, (given,))
                else:
                    yield Passage(f"stacked result {i - count}", (given,), (result,), (given,))
            for i in range(len(op.xs)):
                source = Source(op, count + i)
                yield Passage(f"sliced value {i}", (source,), (bodies[0].args[count + i],), (source,))


def _used_as(values: Sequence[SSAValue]) -> Params | None:
    """The one form in which values are used, where they are only quantised; None for others and for no users."""
    found: Params | None = None
    for value in values:
        for use in value.uses:
            if not isinstance(use.operation, quant.QuantizeOp):
                return None
            params = params_of(use.operation)
            if found is not None and params != found:
                return None
            found = params
    return found


def _params(passage: Passage) -> Params:
    """What integers a passage carries. Raises Refusal when reals are needed."""
    used = _used_as(passage.targets)
    if used is not None:
        return used
    given = [quantised(source.value) for source in passage.required]
    found = next((q.params for q in given if q is not None), None)
    if found is None:
        raise Refusal(f"its {passage.what} is not quantised")
    for source in passage.sources:
        value = source.value
        if (q := quantised(value)) is not None:
            if not same_meaning(q.params, found):
                raise Refusal(f"its {passage.what} has different scales or zero points")
        elif (content := content_of(value)) is None:
            raise Refusal(f"its {passage.what} is not quantised everywhere")
        elif not all(exact(number, found) for number in content.double().unique().tolist()):
            raise Refusal(f"its {passage.what} starts at numbers that no integer stands for")
    return found


def _quantize(value: SSAValue, p: Params) -> quant.QuantizeOp:
    return quant.QuantizeOp.of(value, p.scale, p.zero_point, p.quant_min, p.quant_max, p.dtype)


def _carry_integers(op: ControlFlow, passage: Passage, p: Params, rewriter: PatternRewriter) -> None:
    for source in passage.sources:
        reals = source.value
        given = quantised(reals)
        if given is not None and same_meaning(given.params, p):
            source.op.operands[source.index] = given.integers
        else:
            made = rewriter.insert(_quantize(reals, p), InsertPoint.before(source.op))
            source.op.operands[source.index] = made.result
        rewriter.notify_op_modified(source.op)
        if reals.first_use is None and isinstance(reals.owner, quant.DequantizeOp):
            rewriter.erase(reals.owner)
    for target in passage.targets:
        start = InsertPoint.at_start(target.owner) if isinstance(target.owner, Block) else InsertPoint.after(op)
        type = known(target).like(dtype=p.dtype).type
        dtype = known(target).dtype
        integers = Rewriter.replace_value_with_new_type(target, type)
        if integers.first_use is None:
            continue
        dequantize = quant.DequantizeOp.of(
            integers, p.scale, p.zero_point, p.quant_min, p.quant_max, p.dtype, out_dtype=dtype
        )
        rewriter.insert(dequantize, start)
        rewriter.replace_uses_with_if(integers, dequantize.result, _other_than(dequantize))


def _other_than(op: Operation) -> Callable[..., bool]:
    return lambda use: use.operation is not op


def carry_integers(op: ControlFlow, rewriter: PatternRewriter) -> str:
    """Make integers of what an operation carries, where that is exact; why not, for what stays in reals."""
    refusals: list[str] = []
    # The values of a list change while it is read: one passage at a time.
    for number in range(len(list(passages(op)))):
        passage = list(passages(op))[number]
        if not all(known(target).dtype.is_float for target in passage.targets):
            continue
        try:
            params = _params(passage)
        except Refusal as refusal:
            refusals.append(str(refusal))
            continue
        _carry_integers(op, passage, params, rewriter)
    return "; ".join(refusals)
