"""Gives tensors their new order of dimensions: types, indexing maps, sizes of slices, bytes of constants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from xdsl.dialects import arith, linalg, tensor
from xdsl.dialects.builtin import (
    DYNAMIC_INDEX,
    AffineMapAttr,
    ArrayAttr,
    DenseArrayBase,
    IntegerAttr,
    TensorType,
    i64,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue
from xdsl.ir.affine import AffineMap
from xdsl.rewriter import Rewriter

from etc.dialects import program
from etc.dialects.blob import Blob
from etc.dialects.dtypes import BY_IR
from etc.lowering.choose_layouts.groups import constant_of
from etc.lowering.choose_layouts.wishes import Order

_T = TypeVar("_T")
_REINDEXED = (linalg.ops.GenericOp, tensor.ExtractOp)
"""Operations that read a constant in any order."""


class Constants:
    """The bytes of constants in their new order; each is made once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, tuple[int, ...], Order], Blob] = {}

    def reordered(self, blob: Blob, type: TensorType, order: Order) -> Blob:
        """The content of a constant of `type` after its dimensions changed places."""
        import numpy as np

        shape = type.get_shape()
        key = blob.key, shape, order
        if key not in self._known:
            elements = np.frombuffer(blob.data, np.dtype(f"V{BY_IR[type.element_type].size}")).reshape(shape)
            self._known[key] = Blob.from_bytes(elements.transpose(order).tobytes())
        return self._known[key]


def reorder(method: FuncOp, orders: Mapping[SSAValue, Order], constants: Constants) -> None:
    """Change the order of the dimensions of tensors; what they hold stays the same."""
    for op in list(method.body.walk()):
        _reindex(op, orders)
    for value, order in orders.items():
        type = value.type
        assert isinstance(type, TensorType)
        new_type = TensorType(type.element_type, _permuted(type.get_shape(), order))
        blob = constant_of(value)
        if blob is None:
            Rewriter.replace_value_with_new_type(value, new_type)
            continue
        owner = value.owner
        assert isinstance(owner, Operation)
        assert owner.parent is not None
        constant = program.ConstantOp(constants.reordered(blob, type, order), new_type)
        constant.location = owner.location
        constant.result.name_hint = name_of(value)
        owner.parent.insert_op_before(constant, owner)
        value.replace_uses_with_if(constant.result, lambda use: isinstance(use.operation, _REINDEXED))


def name_of(value: SSAValue) -> str | None:
    """What a constant is called, whatever its shape: a global by its name in the model, `_0.weight` where that is no
    name of a value."""
    while isinstance(value.owner, tensor.ReshapeOp):
        value = value.owner.source
    name = value.owner.symbol if isinstance(value.owner, program.LoadOp) else value.name_hint
    return name if name is None or SSAValue.is_valid_name(name) else f"_{name}"


def _permuted(values: Sequence[_T], order: Order) -> list[_T]:
    return [values[i] for i in order]


def _reindex(op: Operation, orders: Mapping[SSAValue, Order]) -> None:
    """Let an operation reach the elements of tensors that are about to be reordered where they will be."""
    match op:
        case linalg.ops.GenericOp():
            maps = [
                AffineMapAttr(AffineMap(m.data.num_dims, 0, tuple(_permuted(m.data.results, orders[value]))))
                if value in orders
                else m
                for value, m in zip(op.operands, op.indexing_maps, strict=True)
            ]
            op.properties["indexing_maps"] = ArrayAttr(maps)
        case tensor.EmptyOp() if op.tensor in orders:
            shape = op.tensor.type.get_shape()
            sizes = iter(op.dynamic_sizes)
            mixed = [next(sizes) if size == DYNAMIC_INDEX else None for size in shape]
            op.operands = [size for size in _permuted(mixed, orders[op.tensor]) if size is not None]
        case tensor.PadOp() if op.source in orders:
            for name in ("static_low", "static_high"):
                _permute_property(op, name, orders[op.source])
        case tensor.DimOp() if op.source in orders:
            number = op.index.owner
            assert isinstance(number, arith.ConstantOp)
            assert isinstance(number.value, IntegerAttr)
            moved = arith.ConstantOp(IntegerAttr.from_index_int_value(orders[op.source].index(number.value.value.data)))
            assert op.parent is not None
            op.parent.insert_op_before(moved, op)
            op.operands[1] = moved.result
        case tensor.ExtractOp() if op.tensor in orders:
            op.operands = [op.tensor, *_permuted(op.indices, orders[op.tensor])]
        case tensor.ExtractSliceOp() | tensor.InsertSliceOp() if op.source in orders:
            _permute_slice(op, orders[op.source])
        case _:
            pass


def _permute_property(op: Operation, name: str, order: Order) -> None:
    values = op.properties[name]
    assert isinstance(values, DenseArrayBase)
    op.properties[name] = DenseArrayBase.from_list(i64, _permuted([int(v) for v in values.get_values()], order))


def _permute_slice(op: tensor.ExtractSliceOp | tensor.InsertSliceOp, order: Order) -> None:
    tensors = [value for value in op.operands if isinstance(value.type, TensorType)]
    moved: list[SSAValue] = []
    for name, dynamic in (("static_offsets", op.offsets), ("static_sizes", op.sizes), ("static_strides", op.strides)):
        values = op.properties[name]
        assert isinstance(values, DenseArrayBase)
        left = iter(dynamic)
        mixed = [next(left) if int(v) == DYNAMIC_INDEX else None for v in values.get_values()]
        moved += [value for value in _permuted(mixed, order) if value is not None]
        _permute_property(op, name, order)
    op.operands = [*tensors, *moved]
