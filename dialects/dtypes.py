"""The one table of element types: IR type, names in torch and numpy, ExecuTorch's `ScalarType` code, size in bytes.

Nothing here imports torch or numpy: both are reached by name from the modules that need them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from xdsl.dialects import builtin
from xdsl.ir import Attribute


class Kind(IntEnum):
    """Categories of torch's type promotion, lowest first."""

    BOOL = 0
    INT = 1
    FLOAT = 2
    COMPLEX = 3


@dataclass(frozen=True)
class Dtype:
    """An element type. `size` is in bytes; `scalar_type` is c10's code, which `.pte` files store."""

    name: str
    """torch's name, without `torch.`"""
    ir: Attribute
    kind: Kind
    size: int
    scalar_type: int
    numpy: str | None
    """numpy's name; None for types that numpy lacks"""

    @property
    def is_float(self) -> bool:
        return self.kind is Kind.FLOAT

    @property
    def is_integer(self) -> bool:
        """True for integers without bool."""
        return self.kind is Kind.INT

    @property
    def is_signed(self) -> bool:
        """Whether there are negative numbers of the type."""
        return self.kind is not Kind.BOOL and not self.name.startswith("u")

    def __str__(self) -> str:
        return self.name


_UI8 = builtin.IntegerType(8, builtin.Signedness.UNSIGNED)
_UI16 = builtin.IntegerType(16, builtin.Signedness.UNSIGNED)
_UI32 = builtin.IntegerType(32, builtin.Signedness.UNSIGNED)
_UI64 = builtin.IntegerType(64, builtin.Signedness.UNSIGNED)

uint8 = Dtype("uint8", _UI8, Kind.INT, 1, 0, "uint8")
int8 = Dtype("int8", builtin.i8, Kind.INT, 1, 1, "int8")
int16 = Dtype("int16", builtin.i16, Kind.INT, 2, 2, "int16")
int32 = Dtype("int32", builtin.i32, Kind.INT, 4, 3, "int32")
int64 = Dtype("int64", builtin.i64, Kind.INT, 8, 4, "int64")
float16 = Dtype("float16", builtin.f16, Kind.FLOAT, 2, 5, "float16")
float32 = Dtype("float32", builtin.f32, Kind.FLOAT, 4, 6, "float32")
float64 = Dtype("float64", builtin.f64, Kind.FLOAT, 8, 7, "float64")
complex64 = Dtype("complex64", builtin.ComplexType(builtin.f32), Kind.COMPLEX, 8, 9, "complex64")
complex128 = Dtype("complex128", builtin.ComplexType(builtin.f64), Kind.COMPLEX, 16, 10, "complex128")
bool_ = Dtype("bool", builtin.i1, Kind.BOOL, 1, 11, "bool")
bfloat16 = Dtype("bfloat16", builtin.bf16, Kind.FLOAT, 2, 15, None)
uint16 = Dtype("uint16", _UI16, Kind.INT, 2, 27, "uint16")
uint32 = Dtype("uint32", _UI32, Kind.INT, 4, 28, "uint32")
uint64 = Dtype("uint64", _UI64, Kind.INT, 8, 29, "uint64")

DTYPES = (
    uint8,
    int8,
    int16,
    int32,
    int64,
    float16,
    float32,
    float64,
    complex64,
    complex128,
    bool_,
    bfloat16,
    uint16,
    uint32,
    uint64,
)
BY_IR: dict[Attribute, Dtype] = {d.ir: d for d in DTYPES}
BY_NAME: dict[str, Dtype] = {d.name: d for d in DTYPES}
BY_SCALAR_TYPE: dict[int, Dtype] = {d.scalar_type: d for d in DTYPES}


def promote(a: Dtype, b: Dtype) -> Dtype:
    """torch's promotion of two tensor dtypes of equal standing (`torch.promote_types`).

    Raises ValueError for pairs that torch refuses (uint16/32/64 with signed integers).
    """
    if a is b:
        return a
    if a.kind is not b.kind:
        high, low = (a, b) if a.kind > b.kind else (b, a)
        return complex128 if high is complex64 and low is float64 else high
    if a.kind is Kind.COMPLEX or a.kind is Kind.FLOAT:
        if {a, b} == {float16, bfloat16}:
            return float32
        return a if a.size > b.size else b
    wide = {uint16, uint32, uint64}
    if a in wide or b in wide:
        raise ValueError(f"torch has no promotion of {a} and {b}")
    if uint8 in (a, b):
        other = b if a is uint8 else a
        return int16 if other is int8 else other
    return a if a.size > b.size else b
