"""`exec`: what the ExecuTorch runtime executes, one op per table entry of a `.pte` file.

A file read into this dialect, printed, parsed and written again is the same program: see `etc.emit.flatbuffer`.

    exec.program {
      exec.constant_segment {
        exec.data @fc.weight : tensor<2x3xf32> = dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]>
      }
      exec.mutable_segment {
        exec.data @calls : tensor<2xf32> = dense<[0.0, 0.0]>
      }
      exec.plan @forward buffers [0, 48] {
        %x = exec.tensor f32 [3] alloc(1, 0)
        %w = exec.tensor f32 [2, 3] data @fc.weight
        %state = exec.tensor f32 [2] alloc(1, 16) data @calls
        %y = exec.tensor f32 [2] alloc(1, 32)
        %one = exec.int 1
        %no = exec.bool false
        exec.inputs(%x)
        exec.outputs(%y)
        exec.chain {
          exec.kernel "aten::mv.out"(%w, %x, %y, %y)
          exec.kernel "aten::add.out"(%state, %y, %one, %y, %y)
          exec.kernel "aten::copy_"(%state, %y, %no, %state)
        }
      }
    }

* Values (`values.py`, `tensors.py`): one op per entry of the plan's values table, in table order, so that the text of a
  file that was read calls value 12 `%12`. All results are `!exec.value`; the kind is the op.
* Instructions (`instructions.py`): kernels, delegate calls, moves, jumps, frees, in the chain's order. The operators
  table is the kernels' names in order of first use.
* Storage (`storage.py`): tensors name bytes by symbol. Index 0 of every data table is the reserved "no data".
* Program (`program.py`): plans and segments; segments are numbered in the order of their ops.

Before memory is planned the same ops have no `alloc` and plans no `buffers`; a tensor that shares another's storage
says `view_of %base`. A clause that is not written is a field that is absent in the file; lists that a file has although
they are empty are named in the program's `empty`.
"""

from xdsl.ir import Dialect

from etc.dialects.exec.instructions import (
    INSTRUCTION_OPS,
    PRIM_ARITY,
    CompileSpecAttr,
    DelegateCallOp,
    DelegateOp,
    FrameAttr,
    FreeOp,
    InstructionOp,
    JumpFalseOp,
    KernelOp,
    MoveOp,
    OperatorOp,
)
from etc.dialects.exec.program import ChainOp, InputsOp, OutputsOp, PlanOp, ProgramOp
from etc.dialects.exec.storage import (
    DATA_ALIGNMENT,
    DEFAULT_ALIGNMENT,
    BackendDataOp,
    BytesOp,
    ConstantBufferOp,
    ConstantSegmentOp,
    DataGroupOp,
    DataOp,
    MutableSegmentOp,
    NamedDataOp,
    SegmentOp,
)
from etc.dialects.exec.syntax import VALUE, ValueType
from etc.dialects.exec.tensors import DYNAMISM, VALUE_OPS, OptionalTensorListOp, TensorListOp, TensorOp
from etc.dialects.exec.values import (
    BoolListOp,
    BoolOp,
    DoubleListOp,
    DoubleOp,
    IntListOp,
    IntOp,
    NullOp,
    StringOp,
    ValueOp,
    kind_of,
)

__all__ = [
    "DATA_ALIGNMENT",
    "DEFAULT_ALIGNMENT",
    "DYNAMISM",
    "INSTRUCTION_OPS",
    "PRIM_ARITY",
    "VALUE",
    "VALUE_OPS",
    "BackendDataOp",
    "BoolListOp",
    "BoolOp",
    "BytesOp",
    "ChainOp",
    "CompileSpecAttr",
    "ConstantBufferOp",
    "ConstantSegmentOp",
    "DataGroupOp",
    "DataOp",
    "DelegateCallOp",
    "DelegateOp",
    "DoubleListOp",
    "DoubleOp",
    "Exec",
    "FrameAttr",
    "FreeOp",
    "InputsOp",
    "InstructionOp",
    "IntListOp",
    "IntOp",
    "JumpFalseOp",
    "KernelOp",
    "MoveOp",
    "MutableSegmentOp",
    "NamedDataOp",
    "NullOp",
    "OperatorOp",
    "OptionalTensorListOp",
    "OutputsOp",
    "PlanOp",
    "ProgramOp",
    "SegmentOp",
    "StringOp",
    "TensorListOp",
    "TensorOp",
    "ValueOp",
    "ValueType",
    "kind_of",
]

Exec = Dialect(
    "exec",
    [
        ProgramOp,
        ConstantSegmentOp,
        MutableSegmentOp,
        ConstantBufferOp,
        DataOp,
        SegmentOp,
        BackendDataOp,
        NamedDataOp,
        PlanOp,
        ChainOp,
        InputsOp,
        OutputsOp,
        OperatorOp,
        DelegateOp,
        *VALUE_OPS,
        *INSTRUCTION_OPS,
    ],
    [ValueType, FrameAttr, CompileSpecAttr],
)
