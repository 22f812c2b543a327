"""What the loops of an operation want of the tensors that they go over, and what comes of all these wishes."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from xdsl.dialects import arith, linalg, scf, tensor
from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, IntegerAttr, TensorType, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.ir.affine import AffineDimExpr, AffineMap

from etc.dialects import program
from etc.dialects.c_attributes import INPUTS, MAX_ELEMENTS
from etc.dialects.size_bounds import bounds
from etc.dialects.tensor import Tensor
from etc.lowering.choose_layouts.groups import Groups, constant_of

GenericOp = linalg.ops.GenericOp
Order = tuple[int, ...]
"""Dimension i of the new type is dimension order[i] of the old."""

UNKNOWN_SIZE = 64
"""What a size that only run time tells is taken to be."""
ENOUGH = 16
"""A loop over so many neighbours makes full use of SIMD instructions."""
COPY_COST = 8
"""Points of a reduction that take as long as copying one element to another place."""
_PARALLEL = linalg.attrs.IteratorType.PARALLEL


@dataclass(frozen=True)
class Operand:
    """A tensor that a generic reads or writes, and at which indices."""

    number: int
    value: SSAValue
    map: AffineMap

    @property
    def shape(self) -> tuple[int, ...]:
        value = self.value
        while isinstance(value.owner, tensor.CastOp):
            value = value.owner.source
        assert isinstance(value.type, TensorType)
        return tuple(size if size >= 0 else UNKNOWN_SIZE for size in value.type.get_shape())

    def position(self, dim: int) -> int | None:
        """The dimension that a loop alone goes along; None when there is none, or the loop appears elsewhere too."""
        at = [i for i, expr in enumerate(self.map.results) if dim in expr.used_dims()]
        return at[0] if len(at) == 1 and isinstance(self.map.results[at[0]], AffineDimExpr) else None

    def has_last(self, position: int) -> bool:
        """Whether neighbours along a dimension are neighbours in memory."""
        return all(size == 1 for size in self.shape[position + 1 :])


@dataclass(frozen=True)
class Wish:
    """The operands that a reduction wants to have its loop `dim` last, and the number of its points."""

    op: GenericOp
    dim: int
    operands: Sequence[Operand]
    points: int

    def position(self, operand: Operand) -> int:
        found = operand.position(self.dim)
        assert found is not None
        return found


def operands_of(op: GenericOp) -> list[Operand]:
    """Outputs and the inputs that the body reads."""
    return [
        operand
        for operand in _tensors(op)
        if operand.number >= len(op.inputs) or op.body.block.args[operand.number].first_use is not None
    ]


def _tensors(op: GenericOp) -> list[Operand]:
    return [
        Operand(number, value, map.data)
        for number, (value, map) in enumerate(zip(op.operands, op.indexing_maps, strict=True))
        if isinstance(value.type, TensorType)
    ]


def wish_of(op: GenericOp, groups: Groups) -> Wish | None:
    """What a reduction wants most; None when it wants nothing, or is none."""
    parallel = [i for i, kind in enumerate(op.iterator_types) if kind.data is _PARALLEL]
    if len(parallel) == len(op.iterator_types):
        return None
    operands = operands_of(op)
    extents = {
        expr.position: size
        for operand in _tensors(op)
        for expr, size in zip(operand.map.results, operand.shape, strict=True)
        if isinstance(expr, AffineDimExpr)
    }
    points = prod(extents.values())

    def gain(dim: int, moving: Sequence[Operand]) -> float:
        cost = sum(_cost(operand, operand.position(dim) or 0, groups) for operand in moving)
        return points * (1 - 1 / min(extents[dim], ENOUGH)) - cost

    best: tuple[float, int, list[Operand]] | None = None
    for dim in parallel:
        moving = [operand for operand in operands if dim in operand.map.used_dims()]
        if extents.get(dim, 1) == 1 or any(operand.position(dim) is None for operand in moving):
            continue
        if not all(dim in operand.map.used_dims() for operand in operands if operand.number >= len(op.inputs)):
            continue
        worth = gain(dim, moving)
        if worth > 0 and (best is None or worth > best[0]):
            best = worth, dim, moving
    return None if best is None else Wish(op, best[1], best[2], points)


def _cost(operand: Operand, position: int, groups: Groups) -> int:
    """What it costs to have a dimension last, in points of the reduction."""
    if operand.has_last(position) or constant_of(operand.value) is not None:
        return 0
    return prod(operand.shape) * (COPY_COST if groups.is_pinned(operand.value) else 1)


def copy_what_is_pinned(method: FuncOp) -> None:
    """Copy operands of reductions that keep their order where that is worth it; the copies may have another."""
    groups = Groups(method)
    copies: dict[tuple[SSAValue, int], SSAValue] = {}
    for op in list(method.body.walk()):
        wish = wish_of(op, groups) if isinstance(op, GenericOp) else None
        for operand in wish.operands if wish is not None else ():
            assert wish is not None
            position = wish.position(operand)
            if operand.has_last(position) or constant_of(operand.value) or not groups.is_pinned(operand.value):
                continue
            if operand.number < len(wish.op.inputs):
                if (operand.value, position) not in copies:
                    copies[operand.value, position] = _copy(operand.value)
                wish.op.operands[operand.number] = copies[operand.value, position]
            else:
                result = wish.op.results[operand.number - len(wish.op.inputs)]
                users = [use for use in result.uses]
                copy = _copy(result)
                for use in users:
                    use.operation.operands[use.index] = copy


def _copy(value: SSAValue) -> SSAValue:
    """A copy of a tensor, made right after it."""
    type, owner = value.type, value.owner
    assert isinstance(type, TensorType)
    block = owner if isinstance(owner, Block) else owner.parent
    assert block is not None
    sizes: list[Operation] = []
    for i, size in enumerate(type.get_shape()):
        if size < 0:
            number = arith.ConstantOp(IntegerAttr.from_index_int_value(i))
            sizes += [number, tensor.DimOp(value, number.result)]
    empty = tensor.EmptyOp([op.results[0] for op in sizes[1::2]], type)
    if sizes:
        empty.attributes[MAX_ELEMENTS] = IntegerAttr(_most_elements(value), i64)
    body = Block(arg_types=[type.element_type, type.element_type])
    body.add_op(linalg.ops.YieldOp(body.args[0]))
    rank = len(type.get_shape())
    identity = AffineMapAttr(AffineMap.identity(rank))
    kinds = [linalg.attrs.IteratorTypeAttr(_PARALLEL)] * rank
    copy = GenericOp([value], [empty.tensor], Region(body), [identity, identity], kinds, [type])
    made = [*sizes, empty, copy]
    if isinstance(owner, Operation):
        for op in made:
            op.location = owner.location
        block.insert_ops_after(made, owner)
    elif block.first_op is not None:
        block.insert_ops_before(made, block.first_op)
    copy.results[0].name_hint = value.name_hint
    return copy.results[0]


def _most_elements(value: SSAValue) -> int:
    """The most elements that a tensor can have whose size is known only at run time."""
    match value.owner:
        case Block() as block:
            method = block.parent_op()
            assert isinstance(method, FuncOp)
            known = method.attributes[INPUTS]
            assert isinstance(known, ArrayAttr)
            numel = Tensor.of(known.data[value.index]).numel  # pyright: ignore[reportAttributeAccessIssue]
            return bounds(numel, dict(program.symbol_ranges(method))).high
        case GenericOp() as op:
            return _most_elements(op.outputs[op.results.index(value)])
        case tensor.ReshapeOp(source=source) | tensor.CastOp(source=source):
            return _most_elements(source)
        case tensor.InsertSliceOp(dest=dest):
            return _most_elements(dest)
        case scf.ForOp() as op:
            return _most_elements(op.iter_args[op.results.index(value)])
        case Operation(attributes=attributes):
            most = attributes[MAX_ELEMENTS]
            assert isinstance(most, IntegerAttr)
            return most.value.data


def chosen_orders(method: FuncOp) -> Mapping[SSAValue, Order]:
    """The new order of each tensor that gets one."""
    groups = Groups(method)
    generics = [op for op in method.body.walk() if isinstance(op, GenericOp)]
    wishes = [wish for op in generics if (wish := wish_of(op, groups)) is not None]
    last = _vote(wishes, groups)
    _follow(generics, groups, last)
    orders: dict[SSAValue, Order] = {}
    for op in method.body.walk():
        for value in op.results:
            position = last.get(groups.root(value))
            if position is not None and isinstance(value.type, TensorType) and constant_of(value) is None:
                rank = len(value.type.get_shape())
                orders[value] = (*(i for i in range(rank) if i != position), position)
    for wish in wishes:
        for operand in wish.operands:
            if constant_of(operand.value) is not None:
                orders.setdefault(operand.value, _constant_order(wish, operand, orders))
    return {value: order for value, order in orders.items() if order != tuple(range(len(order)))}


def _vote(wishes: Sequence[Wish], groups: Groups) -> dict[SSAValue, int]:
    """The last dimension of each group, by the number of points of the reductions that want it so."""
    votes: defaultdict[SSAValue, Counter[int]] = defaultdict(Counter)
    for wish in wishes:
        for operand in wish.operands:
            if constant_of(operand.value) is None and not groups.is_pinned(operand.value):
                votes[groups.root(operand.value)][wish.position(operand)] += wish.points
    return {root: counter.most_common(1)[0][0] for root, counter in votes.items()}


def _follow(generics: Sequence[GenericOp], groups: Groups, last: dict[SSAValue, int]) -> None:
    """Elementwise operations pass the order of one operand on to the others, from those that voted outwards."""
    neighbours: defaultdict[SSAValue, list[tuple[Operand, Operand]]] = defaultdict(list)
    for op in generics:
        if all(kind.data is _PARALLEL for kind in op.iterator_types):
            operands = [o for o in operands_of(op) if constant_of(o.value) is None]
            for one, other in _pairs(operands):
                neighbours[groups.root(one.value)].append((one, other))
    pending = deque(last)
    while pending:
        root = pending.popleft()
        for one, other in neighbours[root]:
            target = groups.root(other.value)
            if target in last or groups.is_pinned(target) or len(one.map.results) != len(other.map.results):
                continue
            dim = one.map.results[last[root]]
            if isinstance(dim, AffineDimExpr) and (position := other.position(dim.position)) is not None:
                last[target] = position
                pending.append(target)


def _pairs(operands: Sequence[Operand]) -> Iterator[tuple[Operand, Operand]]:
    return ((one, other) for one in operands for other in operands if one is not other)


def _constant_order(wish: Wish, operand: Operand, orders: Mapping[SSAValue, Order]) -> Order:
    """A constant's dimensions: those of other parallel loops, the reduced ones as another input lies, the last."""
    ahead: list[int] = []
    for other in operands_of(wish.op)[: len(wish.op.inputs)]:
        if constant_of(other.value) is None and other.number < len(wish.op.inputs):
            order = orders.get(other.value, tuple(range(len(other.map.results))))
            ahead += [dim for i in order for dim in sorted(other.map.results[i].used_dims(), reverse=True)]

    def rank(position: int) -> tuple[bool, bool, int]:
        dims = operand.map.results[position].used_dims()
        dim = min(dims, default=-1)
        reduced = dim >= 0 and wish.op.iterator_types.data[dim].data is not _PARALLEL
        return dim == wish.dim, reduced, ahead.index(dim) if reduced and dim in ahead else -1

    return tuple(sorted(range(len(operand.map.results)), key=rank))
