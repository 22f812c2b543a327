"""Which values of an integer program have channels that go with each other, and where these are summed up.

A convolution or a linear makes a group of values: its result, and what is made of it channel by channel, by rescaling,
depthwise convolutions, clamps, tables, pooling, additions, moves. The group ends where other convolutions sum over the
channels (its exits). Everything else that sees one of its values needs all channels: the group is pinned.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from etc.dialects import edge, quant, symbolic
from etc.dialects.edge.base import EdgeOp
from etc.transforms.edge_builder import is_constant, known

Product: TypeAlias = quant.ConvOp | quant.LinearOp


class Place(NamedTuple):
    """Where the channels of a value are: dimension `axis` has outer * channels * inner elements.

    Images that are flattened have `inner` elements for each channel, those whose channels come last are `outer` of
    them.
    """

    axis: int
    outer: int = 1
    inner: int = 1


class Group:
    """Values whose channels go with each other. `pinned`: something needs all of them."""

    def __init__(self, channels: int):
        self.channels = channels
        self.pinned = False
        self.exits: list[tuple[Product, Place]] = []
        """operations that sum over the channels of their input, and where these are"""
        self._parent: Group | None = None

    @property
    def root(self) -> Group:
        return self if self._parent is None else self._parent.root

    def join(self, other: Group) -> None:
        a, b = self.root, other.root
        if a is not b:
            a.pinned |= b.pinned or a.channels != b.channels
            a.exits += b.exits
            b._parent = a


class Channels(NamedTuple):
    """The channels of a value: where they are, and the group that they belong to."""

    place: Place
    group: Group


def _same(op: EdgeOp, place: Place) -> Place | None:
    return place


def _over_images(op: EdgeOp, place: Place) -> Place | None:
    """Windows slide over the last two dimensions."""
    return place if place.axis < known(op.operands[0]).rank - 2 else None


def _summed(op: quant.SumOp, place: Place) -> Place | None:
    rank = known(op.input).rank
    dims = {d % rank for d in op.argument("dim")} or set(range(rank))
    if place.axis in dims:
        return None
    gone = 0 if op.argument("keepdim") else sum(d < place.axis for d in dims)
    return place._replace(axis=place.axis - gone)


def _padded(op: edge.ConstantPadNdOp, place: Place) -> Place | None:
    return place if place.axis < known(op.self_).rank - len(op.argument("pad")) // 2 else None


def _permuted(op: edge.PermuteCopyOp, place: Place) -> Place | None:
    return place._replace(axis=[d % known(op.self_).rank for d in op.argument("dims")].index(place.axis))


def _reshaped(op: EdgeOp, place: Place) -> Place | None:
    """The dimension of the result that the channels are in, with as many elements before and after them."""
    have, want = known(op.operands[0]).sizes, known(op.results[0]).sizes
    size = have[place.axis]
    if not isinstance(size, int):
        return None
    channels = size // (place.outer * place.inner)
    before = symbolic.product([*have[: place.axis], place.outer])
    for axis, extent in enumerate(want):
        if not isinstance(extent, int) or extent % channels or channels == 1:
            continue
        for outer in (n for n in range(1, extent // channels + 1) if extent // channels % n == 0):
            if symbolic.product([*want[:axis], outer]) == before:
                return Place(axis, outer, extent // channels // outer)
    return None


def _joined(op: edge.CatOp, place: Place) -> Place | None:
    return place if op.argument("dim") % known(op.result).rank != place.axis else None


CHANNELWISE: Mapping[type[EdgeOp], Callable[[Any, Place], Place | None]] = {
    edge.CatOp: _joined,
    edge.ClampOp: _same,
    edge.CloneDimOrderOp: _same,
    edge.ConstantPadNdOp: _padded,
    edge.MaxPool2dOp: _over_images,
    edge.PermuteCopyOp: _permuted,
    edge.SqueezeCopyOp: _reshaped,
    edge.ToDimOrderCopyOp: _same,
    edge.UnsqueezeCopyOp: _reshaped,
    edge.UpsampleNearest2dOp: _over_images,
    edge.ViewCopyOp: _reshaped,
    quant.AddOp: _same,
    quant.InterpolateOp: _same,
    quant.LookupOp: _same,
    quant.MulOp: _same,
    quant.RequantizeOp: _same,
    quant.SumOp: _summed,
    quant.SumPool2dOp: _over_images,
}
"""Operations that make each channel of the result of that of the operands: where they go, or None."""


_ELEMENTWISE = (quant.AddOp, quant.MulOp)
"""Operations whose operands broadcast."""


def channel_axis(op: Product) -> int:
    """The dimension of the result's channels."""
    return 1 if isinstance(op, quant.ConvOp) else known(op.result).rank - 1


def is_depthwise(op: Product) -> bool:
    """Whether each output channel is made of the input channel of the same number."""
    groups = op.argument("groups") if isinstance(op, quant.ConvOp) and not op.argument("transposed") else 1
    return groups > 1 and known(op.weight).sizes[:2] == (groups, 1)


def axis_in_operand(op: EdgeOp, value: SSAValue, axis: int) -> int:
    """Dimension `axis` of the result in an operand that broadcasts; negative where it has no such dimension."""
    return axis - known(op.results[0]).rank + known(value).rank if isinstance(op, _ELEMENTWISE) else axis


def _place_in_result(op: EdgeOp, value: SSAValue, place: Place) -> Place | None:
    if isinstance(op, _ELEMENTWISE):
        place = place._replace(axis=place.axis + known(op.results[0]).rank - known(value).rank)
    return CHANNELWISE[type(op)](op, place)


def _broadcasts(op: EdgeOp, value: SSAValue, axis: int) -> bool:
    """Whether an operand has one element for all channels."""
    if not isinstance(op, _ELEMENTWISE) or known(op.results[0]).sizes[axis] == 1:
        return False
    place = axis_in_operand(op, value, axis)
    return place < 0 or known(value).sizes[place] == 1


def _follow_channels(op: EdgeOp, found: dict[SSAValue, Channels]) -> bool:
    """Put the result of a channelwise operation into the group of its operands, if that is one."""
    places = {v: _place_in_result(op, v, found[v].place) for v in op.operands if v in found}
    place = next((p for p in places.values() if p is not None), None)
    if place is None or any(result.first_use is not None for result in op.results[1:]):
        return False
    whole = [v for v in op.operands if not is_constant(v) and not _broadcasts(op, v, place.axis)]
    if not whole or not all(places.get(v) == place for v in whole):
        return False
    for v in whole:
        found[whole[0]].group.join(found[v].group)
    for v in places:
        if v not in whole:
            found[v].group.root.pinned = True
    found[op.results[0]] = Channels(place, found[whole[0]].group)
    return True


def _follow_product(op: Product, found: dict[SSAValue, Channels]) -> bool:
    """Begin a group with the result of a product; True where its operand's channels are accounted for."""
    axis, channels = channel_axis(op), found.get(op.input)
    outputs = known(op.result).sizes[axis]
    if not is_constant(op.weight) or not (op.bias is None or is_constant(op.bias)) or not isinstance(outputs, int):
        return False
    expected = channels is not None and channels.place.axis == axis
    if isinstance(op, quant.ConvOp) and op.argument("groups") != 1:
        if channels is not None and expected and is_depthwise(op):
            found[op.result] = Channels(channels.place, channels.group)
            return True
        return False
    if channels is not None and expected:
        channels.group.root.exits.append((op, channels.place))
    found[op.result] = Channels(Place(axis), Group(outputs))
    return expected


def channels_of(method: FuncOp) -> dict[SSAValue, Channels]:
    """The values of a method whose channels are known to be made by products, with their groups."""
    found: dict[SSAValue, Channels] = {}
    for op in method.walk():
        if isinstance(op, quant.ConvOp | quant.LinearOp):
            followed = _follow_product(op, found)
        elif isinstance(op, EdgeOp) and type(op) in CHANNELWISE:
            followed = _follow_channels(op, found)
        else:
            followed = False
        if not followed:
            _pin(op, found)
    return found


def _pin(op: Operation, found: Mapping[SSAValue, Channels]) -> None:
    for value in op.operands:
        if value in found:
            found[value].group.root.pinned = True
