"""How values are to be quantised, and how they are: attributes of operations on the way to an integer program.

quant.scheme = #quant.scheme<static, activations = i8 [-128, 127] affine per_tensor,
                             weights = i8 [-127, 127] symmetric per_channel>
quant.params = #quant.params<i8 [-128, 127], scale = 0.0472, zero_point = -128>
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from xdsl.dialects.builtin import ArrayAttr
from xdsl.ir import Data, Operation
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from etc.dialects.dtypes import BY_IR, Dtype
from etc.dialects.schema_kinds import float_text

SCHEME = "quant.scheme"
"""The attribute by which annotate-quantization marks an operation, a `SchemeAttr`."""
PARAMS = "quant.params"
"""The attribute that tells what the integers of a result stand for, a `ParamsAttr`."""
SPEC = "quant.spec"
"""The attribute of an observer that tells what it observes for, a `SpecAttr`."""

INPUTS, OUTPUTS = "quant.inputs", "quant.outputs"
"""The attributes of a method that takes and gives integers: for each input and output a `ParamsAttr`, or a unit."""


class Granularity(StrEnum):
    """What shares one scale."""

    TENSOR = "per_tensor"
    CHANNEL = "per_channel"
    """the slices along one dimension: output channels of weights"""
    GROUP = "per_group"
    """stretches of `group_size` elements along the last dimension"""
    TOKEN = "per_token"
    """the rows of all but the last dimension, at run time"""


class Mode(StrEnum):
    """When scales are known."""

    STATIC = "static"
    """activations and weights at compile time, the former from calibration"""
    DYNAMIC = "dynamic"
    """those of activations at run time, from the values themselves"""
    WEIGHTS = "weights"
    """activations stay in float"""


@dataclass(frozen=True)
class Spec:
    """The integers that stand for a tensor: `real = scale * (integer - zero_point)`."""

    dtype: Dtype
    quant_min: int
    quant_max: int
    symmetric: bool = False
    """the zero point is 0"""
    granularity: Granularity = Granularity.TENSOR
    group_size: int = 0

    def __str__(self) -> str:
        kind = "symmetric" if self.symmetric else "affine"
        size = f" {self.group_size}" if self.group_size else ""
        return f"{self.dtype.ir} [{self.quant_min}, {self.quant_max}] {kind} {self.granularity}{size}"


@dataclass(frozen=True)
class Scheme:
    """How one operation is computed: `activations` is None where they stay in float."""

    mode: Mode
    activations: Spec | None
    weights: Spec | None

    def __str__(self) -> str:
        parts = [f"activations = {self.activations}"] if self.activations else []
        parts += [f"weights = {self.weights}"] if self.weights else []
        return ", ".join([str(self.mode), *parts])


@dataclass(frozen=True)
class Params:
    """The scale and zero point of a whole tensor: `real = scale * (integer - zero_point)`."""

    dtype: Dtype
    quant_min: int
    quant_max: int
    scale: float
    zero_point: int

    def __str__(self) -> str:
        integers = f"{self.dtype.ir} [{self.quant_min}, {self.quant_max}]"
        return f"{integers}, scale = {float_text(self.scale)}, zero_point = {self.zero_point}"


_WordT = TypeVar("_WordT", bound=StrEnum)
_T = TypeVar("_T")


def _word(parser: AttrParser, words: type[_WordT]) -> _WordT:
    """One of the words of an enumeration."""
    for word in words:
        if parser.parse_optional_keyword(word.value) is not None:
            return word
    parser.raise_error(f"expected one of {', '.join(words)}")


def _dtype(parser: AttrParser) -> Dtype:
    found = parser.parse_type()
    if found not in BY_IR:
        parser.raise_error(f"{found} is no element type of tensors")
    return BY_IR[found]


def _integers(parser: AttrParser) -> tuple[Dtype, int, int]:
    """`i8 [-128, 127]`"""
    dtype = _dtype(parser)
    low, high = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_integer)
    return dtype, low, high


def _spec(parser: AttrParser) -> Spec:
    dtype, low, high = _integers(parser)
    symmetric = parser.parse_optional_keyword("symmetric") is not None
    if not symmetric:
        parser.parse_keyword("affine")
    granularity = _word(parser, Granularity)
    size = parser.parse_integer() if granularity is Granularity.GROUP else 0
    return Spec(dtype, low, high, symmetric, granularity, size)


def _named(parser: AttrParser, name: str, value: Callable[[], _T]) -> _T:
    parser.parse_keyword(name)
    parser.parse_punctuation("=")
    return value()


def _check_integers(dtype: Dtype, low: int, high: int) -> None:
    if not dtype.is_integer:
        raise VerifyException(f"values are quantised to integers, not to {dtype}")
    least = -(1 << (8 * dtype.size - 1)) if dtype.is_signed else 0
    most = least + (1 << (8 * dtype.size)) - 1
    if not least <= low < high <= most:
        raise VerifyException(f"[{low}, {high}] is no range of {dtype}, which holds {least} to {most}")


def _check_spec(spec: Spec) -> None:
    _check_integers(spec.dtype, spec.quant_min, spec.quant_max)
    if spec.symmetric and not spec.quant_min <= 0 <= spec.quant_max:
        raise VerifyException(f"a symmetric range has 0 in it, found [{spec.quant_min}, {spec.quant_max}]")
    if spec.granularity is Granularity.GROUP and spec.group_size < 1:
        raise VerifyException(f"groups have at least one element, found {spec.group_size}")


@irdl_attr_definition
class SpecAttr(Data[Spec]):
    """`#quant.spec<i8 [-128, 127] affine per_tensor>`; also `per_channel`, `per_token`, `per_group 32`."""

    name = "quant.spec"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Spec:
        with parser.in_angle_brackets():
            return _spec(parser)

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(f"<{self.data}>")

    def verify(self) -> None:
        _check_spec(self.data)


@irdl_attr_definition
class SchemeAttr(Data[Scheme]):
    """`#quant.scheme<static, activations = …, weights = …>`: one of static, dynamic, weights; then specs."""

    name = "quant.scheme"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Scheme:
        with parser.in_angle_brackets():
            mode = _word(parser, Mode)
            specs: dict[str, Spec] = {}
            while parser.parse_optional_punctuation(",") is not None:
                name = "activations" if parser.parse_optional_keyword("activations") is not None else "weights"
                if name == "weights":
                    parser.parse_keyword("weights")
                parser.parse_punctuation("=")
                specs[name] = _spec(parser)
        return Scheme(mode, specs.get("activations"), specs.get("weights"))

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(f"<{self.data}>")

    def verify(self) -> None:
        for spec in (self.data.activations, self.data.weights):
            if spec is not None:
                _check_spec(spec)


@irdl_attr_definition
class ParamsAttr(Data[Params]):
    """`#quant.params<i8 [-128, 127], scale = 0.0472, zero_point = -128>`"""

    name = "quant.params"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Params:
        with parser.in_angle_brackets():
            dtype, low, high = _integers(parser)
            parser.parse_punctuation(",")
            scale = _named(parser, "scale", lambda: float(parser.parse_number()))
            parser.parse_punctuation(",")
            zero_point = _named(parser, "zero_point", parser.parse_integer)
        return Params(dtype, low, high, scale, zero_point)

    def print_parameter(self, printer: Printer) -> None:
        printer.print_string(f"<{self.data}>")

    def verify(self) -> None:
        p = self.data
        _check_integers(p.dtype, p.quant_min, p.quant_max)
        if not 0 < p.scale < float("inf"):
            raise VerifyException(f"a scale is positive and finite, found {p.scale}")
        if not p.quant_min <= p.zero_point <= p.quant_max:
            raise VerifyException(f"zero point {p.zero_point} is not in [{p.quant_min}, {p.quant_max}]")


def params_at_border(method: Operation, name: str, count: int) -> list[Params | None]:
    """What `INPUTS` or `OUTPUTS` of a method say of each input or output; None for those that are no integers."""
    listed = method.attributes.get(name)
    if not isinstance(listed, ArrayAttr) or len(listed) != count:
        return [None] * count
    return [entry.data if isinstance(entry, ParamsAttr) else None for entry in listed]
