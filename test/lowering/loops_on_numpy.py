"""Runs functions over buffers on NumPy arrays: loops as they are, and `linalg.generic` by its definition.

The definition is what the passes that write loops are compared with: it visits the points of the iteration space one
by one, in order, and knows nothing of schedules. Reads of a padded operand outside of it skip the point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np
from xdsl.dialects import arith, func, linalg, memref, scf
from xdsl.dialects import math as mlir_math
from xdsl.dialects.builtin import FloatAttr, IntegerAttr, MemRefType, ModuleOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.ir.affine import AffineDimExpr

DTYPES: dict[str, Any] = {"f32": np.float32, "f64": np.float64, "i8": np.int8, "i32": np.int32, "i64": np.int64}

_COMPARE: tuple[Callable[[Any, Any], Any], ...] = (
    lambda a, b: a == b,
    lambda a, b: a != b,
    lambda a, b: a < b,
    lambda a, b: a <= b,
    lambda a, b: a > b,
    lambda a, b: a >= b,
)
_SCALAR: dict[type[Operation], Callable[..., Any]] = {
    arith.AddiOp: lambda a, b: a + b,
    arith.AddfOp: lambda a, b: a + b,
    arith.SubiOp: lambda a, b: a - b,
    arith.SubfOp: lambda a, b: a - b,
    arith.MuliOp: lambda a, b: a * b,
    arith.MulfOp: lambda a, b: a * b,
    arith.DivfOp: lambda a, b: a / b,
    arith.DivSIOp: lambda a, b: math.trunc(a / b),
    arith.RemSIOp: lambda a, b: int(math.fmod(a, b)),
    arith.MinSIOp: min,
    arith.MaxSIOp: max,
    arith.MaximumfOp: np.maximum,
    arith.MinimumfOp: np.minimum,
    arith.SelectOp: lambda c, a, b: a if c else b,
    mlir_math.ExpOp: np.exp,
}


def run(module: ModuleOp, name: str, *arrays: np.ndarray[Any, Any]) -> None:
    """Call a function of `module`; it changes the arrays."""
    function = next(op for op in module.ops if isinstance(op, func.FuncOp) and op.sym_name.data == name)
    values: dict[SSAValue, Any] = dict(zip(function.body.block.args, arrays, strict=True))
    _block(function.body.block, values)


def _block(block: Block, values: dict[SSAValue, Any]) -> list[Any]:
    for op in block.ops:
        operands = [values[operand] for operand in op.operands]
        if isinstance(op, scf.YieldOp | linalg.ops.YieldOp):
            return operands
        values.update(zip(op.results, _results(op, operands, values), strict=True))
    return []


def _results(op: Operation, operands: Sequence[Any], values: dict[SSAValue, Any]) -> Sequence[Any]:
    scalar = _SCALAR.get(type(op))
    return [scalar(*operands)] if scalar is not None else _OTHERS[type(op)](op, operands, values)


def _constant(op: arith.ConstantOp, _: Sequence[Any], values: dict[SSAValue, Any]) -> Sequence[Any]:
    assert isinstance(op.value, IntegerAttr | FloatAttr)
    return [DTYPES.get(str(op.result.type), int)(op.value.value.data)]


def _compare(op: arith.CmpfOp | arith.CmpiOp, operands: Sequence[Any], _: dict[SSAValue, Any]) -> Sequence[Any]:
    number = op.predicate.value.data
    ordered = {1: 0, 2: 4, 3: 5, 4: 2, 5: 3}
    return [_COMPARE[ordered[number] if isinstance(op, arith.CmpfOp) else number](*operands)]


def _convert(op: Operation, operands: Sequence[Any], _: dict[SSAValue, Any]) -> Sequence[Any]:
    return [DTYPES.get(str(op.results[0].type), int)(operands[0])]


def _allocate(op: memref.AllocOp, operands: Sequence[Any], _: dict[SSAValue, Any]) -> Sequence[Any]:
    sizes = iter(operands)
    shape = [next(sizes) if s < 0 else s for s in op.memref.type.get_shape()]
    return [np.full(shape, 77, DTYPES[str(op.memref.type.element_type)])]


def _store(_: Operation, operands: Sequence[Any], values: dict[SSAValue, Any]) -> Sequence[Any]:
    operands[1][_checked(operands[1], operands[2:])] = operands[0]
    return []


def _for(op: scf.ForOp, operands: Sequence[Any], values: dict[SSAValue, Any]) -> Sequence[Any]:
    lower, upper, step, *carried = operands
    for index in range(lower, upper, step):
        values.update(zip(op.body.block.args, [index, *carried], strict=True))
        carried = _block(op.body.block, values)
    return carried


def _if(op: scf.IfOp, operands: Sequence[Any], values: dict[SSAValue, Any]) -> Sequence[Any]:
    return _block((op.true_region if operands[0] else op.false_region).block, values)


def _checked(array: np.ndarray[Any, Any], indices: Sequence[int]) -> tuple[int, ...]:
    assert min(indices, default=0) >= 0, f"{indices} of {array.shape}"
    return tuple(indices)


def _generic(op: linalg.ops.GenericOp, operands: Sequence[Any], values: dict[SSAValue, Any]) -> Sequence[Any]:
    may_miss = [i for i, value in enumerate(op.inputs) if "loops.padded" in getattr(value.owner, "attributes", ())]
    maps = [attribute.data for attribute in op.indexing_maps]
    extents: dict[int, int] = {}
    for map, operand in zip(maps, operands, strict=True):
        for expr, size in zip(map.results, np.shape(operand), strict=True):
            if isinstance(expr, AffineDimExpr):
                extents[expr.position] = size
    for point in product(*(range(extents[dim]) for dim in range(len(op.iterator_types)))):
        places = [map.eval(point, []) for map in maps]
        if any(not _inside(operands[number], places[number]) for number in may_miss):
            continue
        for arg, operand, place in zip(op.body.block.args, operands, places, strict=True):
            is_buffer = isinstance(operand, np.ndarray)
            values[arg] = operand[_checked(operand, place)] if is_buffer else operand
        for inner in op.body.walk():
            if isinstance(inner, linalg.ops.IndexOp):
                values[inner.result] = point[inner.dim.value.data]
        inner_ops = [inner for inner in op.body.block.ops if not isinstance(inner, linalg.ops.IndexOp)]
        for inner in inner_ops[:-1]:
            arguments = [values[operand] for operand in inner.operands]
            values.update(zip(inner.results, _results(inner, arguments, values), strict=True))
        first = len(op.inputs)
        for out, place, value in zip(operands[first:], places[first:], inner_ops[-1].operands, strict=True):
            out[place] = values[value]
    return []


def _inside(array: np.ndarray[Any, Any], indices: Sequence[int]) -> bool:
    return all(0 <= i < size for i, size in zip(indices, array.shape, strict=True))


_OTHERS: dict[type[Operation], Callable[..., Sequence[Any]]] = {
    arith.CmpfOp: _compare,
    arith.CmpiOp: _compare,
    arith.ConstantOp: _constant,
    arith.ExtSIOp: _convert,
    arith.IndexCastOp: _convert,
    arith.SIToFPOp: _convert,
    func.ReturnOp: lambda op, operands, values: [],
    linalg.ops.GenericOp: _generic,
    memref.AllocOp: _allocate,
    memref.AllocaOp: _allocate,
    memref.CastOp: lambda op, operands, values: operands,
    memref.DeallocOp: lambda op, operands, values: [],
    memref.DimOp: lambda op, operands, values: [operands[0].shape[operands[1]]],
    memref.LoadOp: lambda op, operands, values: [operands[0][_checked(operands[0], operands[1:])]],
    memref.StoreOp: _store,
    scf.ForOp: _for,
    scf.IfOp: _if,
}


def arrays_for(module: ModuleOp, name: str, sizes: int = 5) -> list[np.ndarray[Any, Any]]:
    """Random arguments of a function; unknown sizes are `sizes`."""
    random = np.random.default_rng(0)
    function = next(op for op in module.ops if isinstance(op, func.FuncOp) and op.sym_name.data == name)
    found: list[np.ndarray[Any, Any]] = []
    for type in function.function_type.inputs:
        assert isinstance(type, MemRefType)
        shape = [sizes if s < 0 else s for s in type.get_shape()]
        found.append(np.asarray(random.standard_normal(shape) * 8, DTYPES[str(type.element_type)]))
    return found
