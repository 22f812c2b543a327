"""What all edge ops share: the schema they take from ATen, inference as constructor and as verifier, dtype tables.

Fields of a class carry the schema's argument names, in the schema's order; names that xDSL reserves get a trailing
underscore (`self_`). Tensors are operands, all else are properties, made by the field helpers of this module.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Self

from xdsl.dialects.builtin import LocationAttr, TensorType
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import AnyAttr, MessageConstraint, base, opt_prop_def, prop_def
from xdsl.utils.exceptions import VerifyException

from etc.dialects import dtypes, infer, schema
from etc.dialects.dtypes import Dtype
from etc.dialects.schema import Schema
from etc.dialects.schema_kinds import KINDS
from etc.dialects.schema_op import SchemaOp, plan_of
from etc.dialects.schema_verify import verify as verify_schema
from etc.dialects.tensor import Tensor
from etc.errors import EtcError

TENSOR = MessageConstraint(base(TensorType), "expected a tensor")

FLOAT = frozenset({dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64})
INTEGER = frozenset({dtypes.uint8, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64})
BOOL = frozenset({dtypes.bool_})
COMPLEX = frozenset({dtypes.complex64, dtypes.complex128})
REAL = FLOAT | INTEGER
REAL_AND_BOOL = REAL | BOOL
ANY = frozenset(dtypes.DTYPES)
INDEX = frozenset({dtypes.int32, dtypes.int64})


def field(kind: str, *, optional: bool = False, name: str | None = None) -> Any:
    """A property that holds an argument of schema type `kind`; `name` where the field's own name is reserved."""
    definition = opt_prop_def if optional else prop_def
    assert kind in KINDS
    return definition(AnyAttr(), prop_name=name)  # the schema's verifier checks the kind


def dims(*, optional: bool = False, name: str | None = None) -> Any:
    """Sizes: numbers or expressions over symbols (schema type `SymInt[]`)."""
    return field("SymInt[]", optional=optional, name=name)


def dim(*, optional: bool = False, name: str | None = None) -> Any:
    """A size (schema type `SymInt`)."""
    return field("SymInt", optional=optional, name=name)


def integers(*, optional: bool = False, name: str | None = None) -> Any:
    return field("int[]", optional=optional, name=name)


def integer(*, optional: bool = False, name: str | None = None) -> Any:
    return field("int", optional=optional, name=name)


def boolean(*, optional: bool = False, name: str | None = None) -> Any:
    return field("bool", optional=optional, name=name)


def real(*, optional: bool = False, name: str | None = None) -> Any:
    return field("float", optional=optional, name=name)


def reals(*, optional: bool = False, name: str | None = None) -> Any:
    return field("float[]", optional=optional, name=name)


def scalar(*, optional: bool = False, name: str | None = None) -> Any:
    """A number of either kind (schema type `Scalar`)."""
    return field("Scalar", optional=optional, name=name)


def string(*, optional: bool = False, name: str | None = None) -> Any:
    return field("str", optional=optional, name=name)


def element_type(*, optional: bool = False, name: str | None = None) -> Any:
    """An element type (schema type `ScalarType`)."""
    return field("ScalarType", optional=optional, name=name)


class EdgeOp(SchemaOp, ABC):
    """An operator on tensors of stated dtype, shape and dim order.

    A class names the ATen overload that defines its arguments and its meaning, and the stock runtime's kernel that
    executes it.
    """

    # ATEN, inherited: the source of argument names, of the inference rule, and the torch function that executes the op.
    KERNEL: ClassVar[str] = ""
    """Out variant in the stock runtime's registry, without the namespace: `add.out`; empty when it has none."""
    KERNEL_ANY_ORDER: ClassVar[tuple[str, ...]] = ()
    """Tensor arguments that the kernel reads in channels-last order too; it reads others in the plain order only."""
    KERNEL_ADDS: ClassVar[bool] = False
    """The kernel adds to what its result holds, which has to be zero before."""
    SCHEMA_TEXT: ClassVar[str] = ""
    """The schema of an op that ATen does not have."""
    DTYPES: ClassVar[Mapping[str, frozenset[Dtype]]] = {}
    """The dtypes that tensor arguments may have, by argument name; an argument that is not listed may have any."""
    SAME_DTYPE: ClassVar[tuple[str, ...]] = ()
    """Tensor arguments that must share one dtype: edge makes type promotion explicit."""

    @classmethod
    def schema(cls) -> Schema:
        return _parsed(cls.SCHEMA_TEXT) if cls.SCHEMA_TEXT else super().schema()

    @classmethod
    def of(cls, *args: Any, **kwargs: Any) -> Self:
        """Build an op; the result types are computed. `edge.add(a, b, alpha=2)` is `AddOp.of(a, b, alpha=2)`.

        Arguments are the schema's, tensors as values or as ops with one result. Raises EtcError when they do not fit.
        """
        names = [arg.name for arg in cls.schema().args]
        given = {name: _value(v) for name, v in (*zip(names, args, strict=False), *kwargs.items())}
        if len(args) > len(names) or not given.keys() <= set(names):
            raise EtcError("unknown argument", op=cls.name, expected=", ".join(names), found=", ".join(given))
        complete = _defaults(cls) | given
        if missing := [name for name in names if name not in complete]:
            raise EtcError("missing argument", op=cls.name, expected=", ".join(missing), found=", ".join(given))
        return cls.make(complete, [t.type for t in cls.inferred({n: infer.describe(v) for n, v in complete.items()})])

    @classmethod
    def make(
        cls,
        args: Mapping[str, object],
        result_types: Sequence[Attribute | Sequence[Attribute]],
        *,
        attributes: Mapping[str, Attribute] | None = None,
        location: LocationAttr | None = None,
    ) -> Self:
        """As in `SchemaOp`; defaults are filled in, so that every field has a value."""
        return super().make({**_defaults(cls), **args}, result_types, attributes=attributes, location=location)

    @classmethod
    def inferred(cls, arguments: Mapping[str, Any]) -> tuple[Tensor, ...]:
        """The results for arguments with tensors as `Tensor`s. Raises EtcError when they do not fit."""
        try:
            return infer.infer(infer.rule_name(cls.schema()), arguments)
        except infer.InferenceError as error:
            raise EtcError(str(error), op=cls.name) from None

    def described_arguments(self) -> dict[str, Any]:
        """All arguments by schema name, tensors as `Tensor`s, defaults filled in."""
        return {arg.name: infer.describe(value) for arg, value in self.arguments()}

    def tensor_arguments(self) -> Iterator[tuple[str, Tensor]]:
        """Every tensor operand with the name of its argument; the members of a list share one name."""
        for arg, value in self.arguments():
            if arg.is_tensor:
                for member in value if isinstance(value, Sequence) else (value,):
                    if member is not None:
                        yield arg.name, Tensor.of(member.type)

    def verify_(self) -> None:
        verify_schema(self, plan_of(type(self)))
        try:
            tensors = list(self.tensor_arguments())
            found = tuple(Tensor.of(r.type) for r in self.results)
        except TypeError as error:
            raise VerifyException(f"{self.name}: {error}") from None
        self._verify_dtypes(tensors)
        try:
            expected = self.inferred(self.described_arguments())
        except EtcError as error:
            raise VerifyException("; ".join(f"{self.name}: {p.what}" for p in error.problems)) from None
        if len(found) != len(expected):
            raise VerifyException(f"{self.name}: expected {len(expected)} results, found {len(found)}")
        for number, (have, want) in enumerate(zip(found, expected, strict=True)):
            if not _agrees(have, want):
                which = "result" if len(found) == 1 else f"result {number}"
                raise VerifyException(f"{self.name}: {which} is {have}, the operands give {want}")

    def _verify_dtypes(self, tensors: Sequence[tuple[str, Tensor]]) -> None:
        for name, tensor in tensors:
            allowed = self.DTYPES.get(name)
            if allowed is not None and tensor.dtype not in allowed:
                names = ", ".join(sorted(str(d) for d in allowed))
                raise VerifyException(f"{self.name}: `{name}` is {tensor.dtype}, expected one of {names}")
        same = [(name, tensor.dtype) for name, tensor in tensors if name in self.SAME_DTYPE]
        for name, dtype in same[1:]:
            if dtype is not same[0][1]:
                raise VerifyException(
                    f"{self.name}: `{same[0][0]}` is {same[0][1]} and `{name}` is {dtype}; "
                    "edge ops take operands of one dtype, insert edge.to_dim_order_copy"
                )


_parsed = cache(schema.parse)


@cache
def _defaults(cls: type[EdgeOp]) -> dict[str, Any]:
    """Values of the arguments that may be left out; None where the schema has `?` and no default."""
    return {
        arg.name: None if arg.required else arg.default
        for arg in cls.schema().args
        if not arg.required or arg.type.endswith("?")
    }


def _value(value: Any) -> Any:
    """An argument with ops replaced by their single result."""
    if isinstance(value, Operation):
        return SSAValue.get(value)
    if isinstance(value, list | tuple):
        return [_value(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def _agrees(have: Tensor, want: Tensor) -> bool:
    return (
        have.dtype is want.dtype
        and have.order == want.order
        and have.rank == want.rank
        and all(infer.same_size(a, b) for a, b in zip(have.sizes, want.sizes, strict=True))
    )
