"""The tables of a `.pte` program as data: each field's name, its slot (by position) and its type.

A union takes two slots, a code and a value; here it is one field that takes both. Codes count the members from 1. Slots
never move: a new field goes to the end. Source of the facts: schema/program.fbs of ExecuTorch 1.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

IDENTIFIER = b"ET12"


@dataclass(frozen=True)
class Scalar:
    """A number stored in the table itself; `code` is `struct`'s letter, which gives its size. The default is 0."""

    code: str
    size: int


U8, I8, BOOL = Scalar("B", 1), Scalar("b", 1), Scalar("?", 1)
I32, U32 = Scalar("i", 4), Scalar("I", 4)
I64, U64, F64 = Scalar("q", 8), Scalar("Q", 8), Scalar("d", 8)


@dataclass(frozen=True)
class String:
    """Text in UTF-8."""


@dataclass(frozen=True)
class Vector:
    """A list of numbers. `blob` lists are bytes that nobody looks into, at multiples of 16 bytes."""

    item: Scalar
    blob: bool = False


@dataclass(frozen=True, eq=False)
class Table:
    """Names of fields in slot order with their types; a union counts as one field and two slots."""

    name: str
    fields: dict[str, Field]

    @cached_property
    def slots(self) -> dict[str, int]:
        """The slot of each field; for a union, that of its code."""
        result: dict[str, int] = {}
        slot = 0
        for name, field in self.fields.items():
            result[name] = slot
            slot += 2 if isinstance(field, Union) else 1
        return result


@dataclass(frozen=True, eq=False)
class Tables:
    """A list of tables."""

    item: Table


@dataclass(frozen=True, eq=False)
class Union:
    members: tuple[Table, ...]


Field: TypeAlias = "Scalar | String | Vector | Table | Tables | Union"


def table(name: str, /, **fields: Field) -> Table:
    return Table(name, fields)


# ---- values -------------------------------------------------------------------------------------------------------

ALLOCATION = table("AllocationDetails", memory_id=U32, memory_offset_low=U32, memory_offset_high=U32)
EXTRA_TENSOR_INFO = table(
    "ExtraTensorInfo",
    mutable_data_segments_idx=U64,
    fully_qualified_name=String(),
    location=I8,
    device_type=I8,
    device_index=I8,
)
NULL = table("Null")
INT = table("Int", int_val=I64)
BOOLEAN = table("Bool", bool_val=BOOL)
DOUBLE = table("Double", double_val=F64)
TENSOR = table(
    "Tensor",
    scalar_type=I8,
    storage_offset=I32,
    sizes=Vector(I32),
    dim_order=Vector(U8),
    requires_grad=BOOL,
    data_buffer_idx=U32,
    allocation_info=ALLOCATION,
    layout=I8,
    shape_dynamism=I8,
    extra_tensor_info=EXTRA_TENSOR_INFO,
)
STRING = table("String", string_val=String())
INT_LIST = table("IntList", items=Vector(I64))
DOUBLE_LIST = table("DoubleList", items=Vector(F64))
BOOL_LIST = table("BoolList", items=Vector(BOOL))
TENSOR_LIST = table("TensorList", items=Vector(I32))
OPTIONAL_TENSOR_LIST = table("OptionalTensorList", items=Vector(I32))
KERNEL_TYPES = Union(
    (
        NULL,
        INT,
        BOOLEAN,
        DOUBLE,
        TENSOR,
        STRING,
        INT_LIST,
        DOUBLE_LIST,
        BOOL_LIST,
        TENSOR_LIST,
        OPTIONAL_TENSOR_LIST,
    )
)
EVALUE = table("EValue", val=KERNEL_TYPES)

# ---- instructions -------------------------------------------------------------------------------------------------

KERNEL_CALL = table("KernelCall", op_index=I32, args=Vector(I32))
DELEGATE_CALL = table("DelegateCall", delegate_index=I32, args=Vector(I32))
MOVE_CALL = table("MoveCall", move_from=I32, move_to=I32)
JUMP_FALSE_CALL = table("JumpFalseCall", cond_value_index=I32, destination_instruction=I32)
FREE_CALL = table("FreeCall", value_index=I32)
INSTRUCTION = table(
    "Instruction", instr_args=Union((KERNEL_CALL, DELEGATE_CALL, MOVE_CALL, JUMP_FALSE_CALL, FREE_CALL))
)
FRAME = table("Frame", filename=String(), lineno=I32, name=String(), context=String())
FRAME_LIST = table("FrameList", items=Tables(FRAME))
CHAIN = table(
    "Chain", inputs=Vector(I32), outputs=Vector(I32), instructions=Tables(INSTRUCTION), stacktrace=Tables(FRAME_LIST)
)

# ---- plans --------------------------------------------------------------------------------------------------------

OPERATOR = table("Operator", name=String(), overload=String())
PROCESSED = table("BackendDelegateDataReference", location=I8, index=U32)
COMPILE_SPEC = table("CompileSpec", key=String(), value=Vector(U8, blob=True))
DELEGATE = table("BackendDelegate", id=String(), processed=PROCESSED, compile_specs=Tables(COMPILE_SPEC))
CONTAINER = table("ContainerMetadata", encoded_inp_str=String(), encoded_out_str=String())
BUFFER_DEVICE = table("NonConstBufferDevice", buffer_idx=I32, device_type=I8, device_index=I8)
EXECUTION_PLAN = table(
    "ExecutionPlan",
    name=String(),
    container_meta_type=CONTAINER,
    values=Tables(EVALUE),
    inputs=Vector(I32),
    outputs=Vector(I32),
    chains=Tables(CHAIN),
    operators=Tables(OPERATOR),
    delegates=Tables(DELEGATE),
    non_const_buffer_sizes=Vector(I64),
    non_const_buffer_device=Tables(BUFFER_DEVICE),
)

# ---- program ------------------------------------------------------------------------------------------------------

BUFFER = table("Buffer", storage=Vector(U8, blob=True))
INLINE_DATA = table("BackendDelegateInlineData", data=Vector(U8, blob=True))
DATA_SEGMENT = table("DataSegment", offset=U64, size=U64)
SUBSEGMENT_OFFSETS = table("SubsegmentOffsets", segment_index=U32, offsets=Vector(U64))
NAMED_DATA = table("NamedData", key=String(), segment_index=U32)
PROGRAM = table(
    "Program",
    version=U32,
    execution_plan=Tables(EXECUTION_PLAN),
    constant_buffer=Tables(BUFFER),
    backend_delegate_data=Tables(INLINE_DATA),
    segments=Tables(DATA_SEGMENT),
    constant_segment=SUBSEGMENT_OFFSETS,
    mutable_data_segments=Tables(SUBSEGMENT_OFFSETS),
    named_data=Tables(NAMED_DATA),
)

SEGMENT, EXTERNAL = 0, 1
"""`TensorDataLocation`"""
INLINE, IN_SEGMENT = 0, 1
"""`DataLocation` of a delegate's bytes"""
