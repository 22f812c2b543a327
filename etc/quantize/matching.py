"""Which value of a quantised program stands for which value of the program in float.

Passes keep source locations, and the order of what they do not touch, so programs are aligned by both: first operations
that are the same, then what is left by location and shape. Quantised values stand for what was quantised.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from etc.dialects import edge, program, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.attributes import PARAMS, Params
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, describe_location

CONVERSIONS: tuple[type[EdgeOp], ...] = (
    quant.QuantizeOp,
    quant.DequantizeOp,
    quant.QuantizePerChannelOp,
    quant.DequantizePerChannelOp,
    quant.DequantizePerGroupOp,
    quant.ChooseQparamsOp,
    quant.QuantizeDynamicOp,
    quant.DequantizeDynamicOp,
    quant.ChooseQparamsPerTokenOp,
    quant.QuantizePerTokenOp,
    quant.DequantizePerTokenOp,
    quant.ObserveOp,
)
"""What quantisation adds; a program in float has other operations only."""

WITH_INTEGERS: tuple[type[EdgeOp], ...] = (quant.EmbeddingByteOp, quant.Embedding4bitOp, quant.MixedLinearOp)
"""Operations on reals with integers for weights."""

WEIGHTED = (edge.ConvOp, edge.LinearOp, edge.MmOp, edge.BmmOp, edge.AddmmOp, edge.EmbeddingOp)


def method_of(module: ModuleOp, name: str) -> FuncOp:
    """Raises EtcError when there is no such method."""
    found = {f.sym_name.data: f for f in program.methods(module)}
    if name not in found:
        raise EtcError(f"there is no method {name}", found=", ".join(found) or "none")
    return found[name]


def params_of(op: quant.QuantizeOp) -> Params:
    """What the integers of a quantize stand for."""
    dtype, low, high = op.argument("dtype"), op.argument("quant_min"), op.argument("quant_max")
    return Params(dtype, low, high, op.argument("scale"), op.argument("zero_point"))


def _computes(op: Operation) -> bool:
    return isinstance(op, EdgeOp) and not isinstance(op, CONVERSIONS)


def _place(op: Operation) -> tuple[str, tuple[Dim, ...]]:
    """The source line, and the shape of what comes out."""
    result = op.results[0].type if op.results else None
    shape = Tensor.of(result).sizes if isinstance(result, TensorType) else ()
    return describe_location(op.location), shape


def _name_and_place(op: Operation) -> Hashable:
    return op.name, *_place(op)


def same_values(reference: FuncOp, quantised: FuncOp) -> Mapping[SSAValue, SSAValue]:
    """For values of the quantised method those of the one in float that they stand for, where these are found."""
    here = [op for op in quantised.walk() if _computes(op)]
    there = [op for op in reference.walk() if _computes(op)]
    found: dict[SSAValue, SSAValue] = {}
    pairs: list[tuple[Operation, Operation]] = []
    for key in (_name_and_place, _place):
        left = [op for op in here if not op.results or op.results[0] not in found]
        taken = {id(b) for _, b in pairs}
        right = [op for op in there if id(op) not in taken]
        pairs += _aligned(left, right, key)
        found |= {a: b for x, y in pairs for a, b in zip(x.results, y.results, strict=False)}
    for op, other in pairs:
        if type(op) is type(other) and has_known_bias(op) and not has_known_bias(other):
            del found[op.results[0]]
            if (total := _sum_behind(op)) is not None:
                found[total] = other.results[0]
    found |= dict(zip(quantised.body.block.args, reference.body.block.args, strict=False))
    return found


def has_known_bias(op: Operation) -> bool:
    """Whether what a layer adds to its products is known at compile time; nothing is."""
    bias = op.bias if isinstance(op, edge.ConvOp | edge.LinearOp) else None
    return bias is None or _is_known(bias) or is_stored_weight(bias)


def _sum_behind(op: Operation) -> SSAValue | None:
    """What an addition makes of a quantised layer, where the layer in float has the other operand for a bias."""
    value = op.results[0]
    while isinstance(user := value.get_user_of_unique_use(), quant.QuantizeOp | quant.DequantizeOp):
        value = user.result
    return user.result if isinstance(user, edge.AddOp) and user.result.type == op.results[0].type else None


def _aligned(
    left: list[Operation], right: list[Operation], key: Callable[[Operation], Hashable]
) -> Iterator[tuple[Operation, Operation]]:
    keys = [[key(op) for op in ops] for ops in (left, right)]
    for a, b, size in SequenceMatcher(None, *keys, autojunk=False).get_matching_blocks():
        yield from zip(left[a : a + size], right[b : b + size], strict=True)


@dataclass(eq=False)
class Point:
    """Where the quantised program is compared with the one in float.

    `values` are the reals that are read further on, all the same; `made` is the one that was quantised, `reference`
    that in float. `stored` are the integers in between; None, and no `params`, for values that stay in float.
    """

    values: list[SSAValue]
    made: SSAValue
    reference: SSAValue
    stored: SSAValue | None
    params: Params | None
    operations: tuple[EdgeOp, ...]

    @property
    def value(self) -> SSAValue:
        return self.values[0]

    @property
    def layer(self) -> Operation | None:
        """The operation that gives the point its name and its line: the last with weights, or else the last."""
        weighted = [op for op in self.operations if isinstance(op, WEIGHTED)]
        return (weighted or [*self.operations] or [None])[-1]


def points_of(quantised: FuncOp, same: Mapping[SSAValue, SSAValue]) -> list[Point]:
    """All points, in program order: quantised activations, and layers that have quantised weights only."""
    found: dict[SSAValue, Point] = {}
    stops: set[SSAValue] = set()
    for op in quantised.walk():
        match op:
            case quant.DequantizeOp() if isinstance(source := op.input.owner, quant.QuantizeOp):
                stops.add(op.result)
                if source.result in found:
                    found[source.result].values.append(op.result)
                elif (reference := _origin(source.input, same)) is not None:
                    made = _between(source.input, stops)
                    point = Point([op.result], source.input, reference, source.result, params_of(source), made)
                    found[source.result] = point
            case EdgeOp() if _has_quantised_weights(op) and _computes(op) and not _is_stored(op):
                result = _with_bias(op)
                stops.add(result)
                if (reference := same.get(op.results[0])) is not None:
                    found[result] = Point([result], result, reference, None, None, (op,))
            case _:
                pass
    return list(found.values())


def _origin(value: SSAValue, same: Mapping[SSAValue, SSAValue]) -> SSAValue | None:
    """What a quantised value stands for; scales may have been changed on the way."""
    while isinstance(value.owner, quant.DequantizeOp) and isinstance(value.owner.input.owner, quant.QuantizeOp):
        value = value.owner.input.owner.input
    return same.get(value)


def _between(value: SSAValue, stops: set[SSAValue]) -> tuple[EdgeOp, ...]:
    """The operations that make a value from points before it, in their order; a single chain or more."""
    seen: dict[Operation, None] = {}
    pending = [value]
    while pending:
        op = pending.pop().owner
        if isinstance(op, Operation) and _computes(op) and op not in seen:
            seen[op] = None
            pending += [operand for operand in op.operands if operand not in stops]
    return tuple(op for op in reversed(seen) if isinstance(op, EdgeOp))


def _with_bias(op: EdgeOp) -> SSAValue:
    """The result of a layer; that of the addition behind it where the operator takes no bias."""
    user = op.results[0].get_user_of_unique_use()
    if isinstance(op, quant.MixedLinearOp) and isinstance(user, edge.AddOp) and any(map(_is_known, user.operands)):
        return user.result
    return op.results[0]


def _has_quantised_weights(op: Operation) -> bool:
    """Whether an operation reads reals that integers at compile time stand for, or such integers themselves."""
    if isinstance(op, WITH_INTEGERS):
        return not all(map(_is_known, op.operands))
    return not is_stored_weight(op.results[0]) and any(map(is_stored_weight, op.operands))


def is_stored_weight(value: SSAValue) -> bool:
    """Whether a value is computed of constants, integers among them."""
    op = value.owner
    if not isinstance(op, EdgeOp) or not op.operands:
        return False
    if isinstance(op, (*CONVERSIONS, *WITH_INTEGERS)):
        return all(map(_is_known, op.operands))
    return any(map(is_stored_weight, op.operands)) and all(is_stored_weight(v) or _is_known(v) for v in op.operands)


def _is_known(value: SSAValue) -> bool:
    return isinstance(value.owner, program.ConstantOp | program.LoadOp)


def _is_stored(op: Operation) -> bool:
    """Whether what an operation makes is quantised, maybe behind a clamp."""
    users = [use.operation for use in op.results[0].uses]
    return bool(users) and all(
        isinstance(user, quant.QuantizeOp)
        or (isinstance(user, edge.ReluOp | edge.HardtanhOp | edge.ClampOp) and _is_stored(user))
        for user in users
    )


def stored_values(method: FuncOp) -> Iterator[tuple[SSAValue, Params]]:
    """The integers of an integer program that say what they stand for."""
    for op in method.walk():
        params = op.attributes.get(PARAMS)
        if isinstance(params, quant.ParamsAttr) and op.results:
            yield op.results[0], params.data


def same_integers(integer: FuncOp, points: list[Point]) -> dict[Point, list[SSAValue]]:
    """For points the values of the integer program that may hold the same integers.

    They have the same scale, zero point and shape, and come from the same line, if any does. Where there are as many of
    them as points, they are told by their order: one is left.
    """
    values = list(stored_values(integer))
    found: dict[Point, list[SSAValue]] = {}
    for point in points:
        if point.params is None:
            continue
        shape = Tensor.of(point.value.type).sizes
        alike = [v for v, params in values if _alike(params, point.params) and Tensor.of(v.type).sizes == shape]
        found[point] = [v for v in alike if line_of(v) == line_of(point.made)] or alike
    groups: dict[tuple[SSAValue, ...], list[Point]] = {}
    for point, candidates in found.items():
        groups.setdefault(tuple(candidates), []).append(point)
    for candidates, members in groups.items():
        if len(candidates) == len(members):
            found |= {point: [value] for point, value in zip(members, candidates, strict=True)}
    return {point: candidates for point, candidates in found.items() if candidates}


def _alike(a: Params, b: Params) -> bool:
    return a.dtype is b.dtype and a.zero_point == b.zero_point and abs(a.scale - b.scale) <= 1e-6 * b.scale


def line_of(value: SSAValue) -> str:
    """`model.py:12`; "" for inputs."""
    return describe_location(value.owner.location) if isinstance(value.owner, Operation) else ""
