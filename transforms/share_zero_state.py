"""share-zero-state: state that starts at zero is cleared piece by piece from one small block of zeros.

    exec.data @cache : tensor<1x6x256x48xf32> = …       exec.data @zeros : tensor<16384xui8> = …
    %s = exec.tensor f32 [1, 6, 256, 48]                %s = exec.tensor f32 [1, 6, 256, 48] alloc(1, 0) fqn "cache"
         alloc(1, 0) data @cache fqn "cache"     -->    %0 = exec.tensor ui8 [16384] alloc(1, 0) data @zeros
                                                        %1 = exec.tensor ui8 [16384] alloc(1, 16384) data @zeros
                                                        …

The runtime copies initial values when it loads a method. A file that stores a key-value cache of a language model as
zeros grows by the size of a cache; this way it grows by some kilobytes. Runs after plan-memory, which decides where
state lies.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.dialects import dtypes, exec
from etc.dialects.blob import Blob
from etc.dialects.tensor import tensor
from etc.transforms.rewriting import EtcPass

VALUE_BYTES = 96
"""About what one more tensor takes in the file."""
SMALLEST_BLOCK = 1024


@dataclass(frozen=True)
class ShareZeroStatePass(EtcPass):
    """Clear zero-initialised state of planned exec programs from one small block of zeros."""

    name = "share-zero-state"
    start_stage = "exec"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        for program in module.ops:
            if isinstance(program, exec.ProgramOp):
                _share(program)


def _share(program: exec.ProgramOp) -> None:
    group = next((op for op in program.body.ops if isinstance(op, exec.MutableSegmentOp)), None)
    if group is None:
        return
    zero = {e.sym_name.data: e for e in group.entries if e.nbytes >= 2 * SMALLEST_BLOCK and _is_zero(e.blob)}
    placed = [tensor for plan in program.plans for tensor in _placed(plan)]
    cleared = [t for t in placed if t.data is not None and t.data.string_value() in zero]
    if not cleared:
        return
    block = _block_size([t.nbytes or 0 for t in cleared])
    if block + VALUE_BYTES * sum(-(-(t.nbytes or 0) // block) for t in cleared) >= max(e.nbytes for e in zero.values()):
        return
    zeros = exec.DataOp("zeros", Blob.from_bytes(bytes(block)), tensor(dtypes.uint8, [block]).type)
    for entry in zero.values():
        entry.detach()
    group.body.block.add_op(zeros)
    for state in cleared:
        _clear(state, block)


def _placed(plan: exec.PlanOp) -> Iterator[exec.TensorOp]:
    """The tensors of a plan that have a place."""
    return (op for op in plan.values if isinstance(op, exec.TensorOp) and op.alloc is not None)


def _is_zero(blob: Blob) -> bool:
    return blob.is_loaded and not any(memoryview(blob.data)[:64]) and bytes(blob.data).count(0) == blob.nbytes


def _block_size(sizes: list[int]) -> int:
    """The block for which zeros and pieces take the fewest bytes: a multiple of 16, no larger than any state."""
    best = math.isqrt(sum(sizes) * VALUE_BYTES) // 16 * 16
    return max(SMALLEST_BLOCK, min(best, min(sizes) // 16 * 16))


def _clear(state: exec.TensorOp, block: int) -> None:
    """Replace the initial value of `state` by pieces of zeros; the last piece ends where the state ends."""
    assert state.alloc is not None
    memory, start = state.alloc.get_values()
    end = start + (state.nbytes or 0)
    del state.properties["data"]
    parent = state.parent
    assert parent is not None
    previous: exec.TensorOp = state
    for offset in range(start, end, block):
        piece = exec.TensorOp(dtypes.uint8.ir, [block], alloc=(memory, min(offset, end - block)), data="zeros")
        piece.location = state.location
        parent.insert_op_after(piece, previous)
        previous = piece
