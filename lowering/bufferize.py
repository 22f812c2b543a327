"""bufferize: tensors become memrefs, and every result is written to a destination.

    %e = tensor.empty() : tensor<4xf32>
    %y = linalg.generic … ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {…} -> tensor<4xf32>
    func.return %y : tensor<4xf32>
      -->
    func.func @forward(%x: memref<4xf32>, %out: memref<4xf32>)
      linalg.generic … ins(%x : memref<4xf32>) outs(%out : memref<4xf32>) {…}
      func.return

Results of methods become arguments. A destination is, in this order: the output or the part of a larger tensor that
the value ends up in; the storage of an operand that nothing needs any more (`inplace.py` decides); a new memref.alloc.
What cannot be written where it should be is copied there. Slices and reshapes are views.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from xdsl.context import Context
from xdsl.dialects import func
from xdsl.dialects.builtin import ArrayAttr, FunctionType, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Region

from etc.dialects import program
from etc.dialects.blob import Blob
from etc.dialects.c_attributes import INPUTS, OUTPUTS
from etc.dialects.size_bounds import bounds
from etc.dialects.tensor import Tensor
from etc.lowering.bufferization.conversion import Conversion
from etc.lowering.bufferization.inplace import Storage
from etc.lowering.bufferization.operations import CONVERSIONS
from etc.lowering.bufferization.views import memref_type
from etc.transforms.rewriting import EtcPass


@dataclass(frozen=True)
class BufferizePass(EtcPass):
    """Give every tensor storage: in place, in its final place, or newly allocated."""

    name = "bufferize"
    start_stage = "linalg"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        constants: dict[tuple[Blob, Attribute], str] = {}
        for method in program.methods(module):
            _bufferize(method, Conversion(module, method, CONVERSIONS, constants))


def _bufferize(method: FuncOp, c: Conversion) -> None:
    old = method.body.block
    returned = old.last_op
    assert isinstance(returned, func.ReturnOp)
    inputs = [memref_type(a.type) for a in old.args]
    outputs = [memref_type(v.type) for v in returned.operands]
    block = Block(arg_types=[*inputs, *outputs])
    given, made = block.args[: len(inputs)], block.args[len(inputs) :]
    for value, most in zip(block.args, _limits(method), strict=True):
        c.limit(value, most)
    for argument, new in zip(old.args, given, strict=True):
        new.name_hint = argument.name_hint
        c.hold(argument, new, Storage(writable=False))
    for value, new, name in zip(returned.operands, made, _names(method, len(outputs)), strict=True):
        new.name_hint = name
        c.places.want(value, lambda new=new: new)
    c.convert_block(old, block)
    with c.inside(block):
        for value, new in zip(returned.operands, made, strict=True):
            c.copy_out(c.memory(value), new)
        c.insert(func.ReturnOp())
    for op in reversed(list(old.ops)):
        op.detach()
        op.drop_all_references()
    method.detach_region(method.body)
    method.add_region(Region(block))
    method.properties["function_type"] = FunctionType.from_lists([*inputs, *outputs], [])


def _limits(method: FuncOp) -> list[int]:
    """The most elements of each input and output."""
    ranges = program.symbol_ranges(method)
    return [
        bounds(Tensor.of(type).numel, ranges).high
        for name in (INPUTS, OUTPUTS)
        for type in cast("ArrayAttr[Attribute]", method.attributes[name]).data
    ]


def _names(method: FuncOp, count: int) -> list[str | None]:
    """What outputs are called."""
    names = method.attributes.get("program.outputs")
    found = [n.data for n in names.data if isinstance(n, StringAttr)] if isinstance(names, ArrayAttr) else []
    return [*found] if len(found) == count else [None] * count
