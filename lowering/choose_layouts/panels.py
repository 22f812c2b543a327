"""Constants that a reduction reads in blocks, stored block by block.

    loops d0 (64 output channels), …                          loops d0 (4 panels), …, d7 (16 channels)
    %w : tensor<3x3x32x64xf32> at (d5, d6, d4, d0)     -->    %w : tensor<4x3x3x32x16xf32> at (d0, d5, d6, d4, d7)
    %y : tensor<1x8x8x64xf32>  at (d1, d2, d3, d0)            %y at (d1, d2, d3, d0 * 16 + d7)

The loop over neighbours becomes one over panels and one inside a panel, which lies in one piece: rows of a wide matrix
are a power of two apart all too often, and then compete for the same places of the cache.
"""

from __future__ import annotations

from math import prod

from xdsl.dialects import linalg
from xdsl.dialects.builtin import AffineMapAttr, ArrayAttr, IntegerType, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation
from xdsl.ir.affine import AffineDimExpr, AffineExpr, AffineMap

from etc.dialects import program
from etc.lowering.choose_layouts.groups import Groups, constant_of
from etc.lowering.choose_layouts.rewrite import Constants, name_of
from etc.lowering.choose_layouts.wishes import GenericOp, Operand, Wish, wish_of
from etc.lowering.linalg_to_loops.schedule import block_width, registers_width

_PARALLEL = linalg.attrs.IteratorTypeAttr(linalg.attrs.IteratorType.PARALLEL)


def store_in_panels(method: FuncOp, vector: int, registers: int, constants: Constants) -> None:
    """Store the constants of reductions in panels as wide as the blocks that `linalg-to-loops` makes.

    `registers` is the width of those of integers, 0 where they are as those of floats.
    """
    groups = Groups(method)
    for op in list(method.body.walk()):
        wish = wish_of(op, groups) if isinstance(op, GenericOp) else None
        if wish is None or any(isinstance(inner, linalg.ops.IndexOp) for inner in wish.op.body.walk()):
            continue
        for operand in wish.operands:
            if constant_of(operand.value) is None or not operand.has_last(wish.position(operand)):
                continue
            width = _panel_width(wish, operand, vector, registers if is_of_integers(op) else 0)
            if width is not None:
                _split(wish, operand, width, constants)
                break


def is_of_integers(op: Operation) -> bool:
    """Whether all results are tensors of integers."""
    return all(isinstance(r.type, TensorType) and isinstance(r.type.element_type, IntegerType) for r in op.results)


def _panel_width(wish: Wish, operand: Operand, vector: int, registers: int) -> int | None:
    """The width of a panel; None when the constant is one already, or does not divide into them."""
    extent = operand.shape[-1]
    loops = {i for i, kind in enumerate(wish.op.iterator_types) if kind == _PARALLEL}
    shared = bool(loops - operand.map.used_dims())
    width = registers_width(extent, registers) if registers else block_width(extent, vector, shared=shared)
    if width >= extent or extent % width or prod(operand.shape[:-1]) == 1:
        return None
    return width


def _split(wish: Wish, operand: Operand, width: int, constants: Constants) -> None:
    op, rank, dim = wish.op, len(wish.op.iterator_types), wish.dim
    panel, inside = AffineDimExpr(dim), AffineDimExpr(rank)
    moved: list[AffineExpr] = [AffineDimExpr(i) for i in range(rank)]
    moved[dim] = panel * width + inside
    maps: list[AffineMapAttr] = []
    for number, attribute in enumerate(op.indexing_maps):
        results = [expr.replace_dims_and_symbols(moved, []) for expr in attribute.data.results]
        if number == operand.number:
            results = [panel, *results[:-1], inside]
        maps.append(AffineMapAttr(AffineMap(rank + 1, 0, tuple(results))))
    op.properties["indexing_maps"] = ArrayAttr(maps)
    op.properties["iterator_types"] = ArrayAttr([*op.iterator_types, _PARALLEL])
    op.operands[operand.number] = _panels(operand, width, constants).result


def _panels(operand: Operand, width: int, constants: Constants) -> program.ConstantOp:
    """The constant with its last dimension split in two, of which the first comes first."""
    value = operand.value
    blob, type, owner = constant_of(value), value.type, value.owner
    assert blob is not None
    assert isinstance(type, TensorType)
    assert isinstance(owner, Operation)
    assert owner.parent is not None
    *rows, columns = type.get_shape()
    split = TensorType(type.element_type, [*rows, columns // width, width])
    order = (len(rows), *range(len(rows)), len(rows) + 1)
    new_type = TensorType(type.element_type, [columns // width, *rows, width])
    constant = program.ConstantOp(constants.reordered(blob, split, order), new_type)
    constant.location = owner.location
    constant.result.name_hint = name_of(value)
    owner.parent.insert_op_after(constant, owner)
    return constant
