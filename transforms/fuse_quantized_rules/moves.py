"""Operations that move, select or compare elements do the same to integers.

    %r = quant.dequantize(%x, …)                   %i = edge.view_copy(%x, size=[8, 16])
    %y = edge.view_copy(%r, size=[8, 16])   -->    %y = quant.dequantize(%i, …)

    %y = edge.cat(tensors=[%a, %b])                %i = quant.quantize(%a, …)
    %q = quant.quantize(%y, …)              -->    %j = quant.quantize(%b, …)
                                                   %q = edge.cat(tensors=[%i, %j])

Both are exact. The first wants operands of one scale and zero point; the second any, and users that all quantise alike.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import Rewriter

from etc.dialects import edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Elementwise
from etc.dialects.quant.attributes import Params
from etc.transforms.edge_builder import known
from etc.transforms.fuse_quantized_rules.site import IntegerBuilder
from etc.transforms.fuse_quantized_rules.values import (
    Refusal,
    content_of,
    declare,
    integer_of,
    params_of,
    quantised,
    same_meaning,
)
from etc.transforms.quantisable import MOVING
from etc.transforms.rewriting import PatternRewriter

COMPARED: Mapping[type[EdgeOp], tuple[str, ...]] = {
    edge.ArgmaxOp: ("self",),
    edge.ArgminOp: ("self",),
    edge.EqOp: ("self", "other"),
    edge.GeOp: ("self", "other"),
    edge.GtOp: ("self", "other"),
    edge.LeOp: ("self", "other"),
    edge.LtOp: ("self", "other"),
    edge.NeOp: ("self", "other"),
}
"""Arguments whose order decides on results, which are no reals."""


def _check_moves(op: EdgeOp) -> None:
    """Refuse forms of an operation that change elements."""
    if isinstance(op, edge.IndexPutOp) and op.argument("accumulate"):
        raise Refusal("it adds up elements")
    if isinstance(op, edge.ToDimOrderCopyOp) and known(op.self_).dtype is not known(op.result).dtype:
        raise Refusal("it changes the precision of reals")


def elements(op: EdgeOp, names: Sequence[str]) -> list[SSAValue]:
    """The operands of these names, those of lists one by one."""
    found: list[SSAValue] = []
    for name in names:
        value = op.argument(name)
        found += value if isinstance(value, list) else [value]
    return found


def _on_integers(
    op: EdgeOp, names: Sequence[str], integers: Sequence[SSAValue], params: Params, build: IntegerBuilder
) -> EdgeOp:
    """`op` with integers in the place of its elements."""
    given: Iterator[SSAValue] = iter(integers)

    def replaced(name: str, value: Any) -> Any:
        if name in names:
            return [next(given) for _ in value] if isinstance(value, list) else next(given)  # pyright: ignore[reportUnknownVariableType]
        match name:
            case "value":
                return integer_of(value, params)
            case "dtype":
                return params.dtype
            case _:
                return value

    arguments = {arg.name: replaced(arg.name, value) for arg, value in op.arguments()}
    types = [known(r).like(dtype=params.dtype).type if known(r).dtype.is_float else r.type for r in op.results]
    new = type(op).make(arguments, types)
    return build.operation(new)


def _common(values: Sequence[SSAValue]) -> Params:
    """What the integers of all values stand for. Raises Refusal when they do not stand for the same."""
    found = [q.params for q in map(quantised, values) if q is not None]
    if not all(same_meaning(found[0], other) for other in found):
        raise Refusal("its operands have different scales or zero points")
    first = found[0]
    low, high = min(p.quant_min for p in found), max(p.quant_max for p in found)
    return Params(first.dtype, low, high, first.scale, first.zero_point)


def exact(real: float, params: Params) -> bool:
    """Whether an integer stands for exactly this number."""
    return abs(real) < 1e38 and real == _single(_single(params.scale) * (integer_of(real, params) - params.zero_point))


def _single(real: float) -> float:
    """The float32 number next to a real."""
    return struct.unpack("f", struct.pack("f", real))[0]


def _integers(value: SSAValue, params: Params, build: IntegerBuilder) -> Callable[[], SSAValue]:
    """What makes the integers of an operand; constants of reals are quantised where that is exact."""
    given = quantised(value)
    if given is not None:
        return lambda: given.integers
    content = content_of(value)
    if content is None:
        raise Refusal("one of its operands is not quantised")
    if not all(exact(number, params) for number in content.double().unique().tolist()):
        raise Refusal("its constant operand has numbers that no integer stands for")
    return lambda: build.quantised(content, params)


def on_dequantised(op: EdgeOp, rewriter: PatternRewriter, functions: bool) -> None:
    """move(dequantize(x)) -> dequantize(move(x)), for `functions` of one value or for all else. Raises Refusal."""
    names = MOVING.get(type(op)) or COMPARED[type(op)]
    values = elements(op, names)
    build = IntegerBuilder(rewriter, op)
    if not all(known(value).dtype.is_float for value in (*values, op.results[0])) and type(op) in MOVING:
        return
    varying = [operand for operand in dict.fromkeys(op.operands) if content_of(operand) is None]
    if not varying or (len(varying) == 1 and op.has_trait(Elementwise)) is not functions:
        return
    if not any(map(quantised, values)):
        return
    params = _common(values)
    if isinstance(op, edge.ConstantPadNdOp | edge.MaskedFillOp) and not exact(float(op.argument("value")), params):
        raise Refusal(f"no integer stands for the value {op.argument('value')}")
    _check_moves(op)
    pending = [_integers(v, params, build) for v in values]
    new = _on_integers(op, names, [make() for make in pending], params, build)
    results = [_dequantised(r, old, params, build) for r, old in zip(new.results, op.results, strict=True)]
    rewriter.replace(op, (), results)


def _dequantised(integers: SSAValue, old: SSAValue, params: Params, build: IntegerBuilder) -> SSAValue:
    if integers.type == old.type:
        return integers
    declare(integers, params)
    p = params
    out_dtype = known(old).dtype
    reals = build(
        quant.DequantizeOp, integers, p.scale, p.zero_point, p.quant_min, p.quant_max, p.dtype, out_dtype=out_dtype
    )
    return reals if reals.type == old.type else Rewriter.replace_value_with_new_type(reals, old.type)


def quantised_before(op: quant.QuantizeOp, rewriter: PatternRewriter) -> bool:
    """quantize(move(x)) -> move(quantize(x)); False where a quantize has no move before it. Raises Refusal."""
    move = op.input.owner
    names = MOVING.get(type(move)) if isinstance(move, EdgeOp) else None
    if names is None or not isinstance(move, EdgeOp) or op.input is not move.results[0]:
        return False
    into = params_of(op)
    users: list[Operation] = [use.operation for use in op.input.uses]
    if not all(isinstance(user, quant.QuantizeOp) and params_of(user) == into for user in users):
        raise Refusal("its result has another user")
    if isinstance(move, edge.SplitWithSizesCopyOp | edge.UnbindCopyOp):
        raise Refusal("it has other results")
    _check_moves(move)
    build = IntegerBuilder(rewriter, move)
    before = [_quantised(value, op, build) for value in elements(move, names)]
    new = _on_integers(move, names, before, into, build)
    build.replace(op, declare(new.results[0], into))
    return True


def _quantised(value: SSAValue, like: quant.QuantizeOp, build: IntegerBuilder) -> SSAValue:
    content = content_of(value) if quantised(value) is None else None
    if content is not None:
        return build.quantised(content, params_of(like))
    arguments = {arg.name: given for arg, given in like.arguments()} | {"input": value}
    return build(quant.QuantizeOp, **arguments)
