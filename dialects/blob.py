"""Weights beside the IR: content-addressed bytes, and the attribute that names them.

A `Blob` is a piece of memory, usually a parameter of the model that nobody has copied. Its key is the SHA-256 of its
content, computed when first asked for: printing and equality of large blobs need it, rewriting and emission do not. In
text a blob of up to 32 elements is written out, a larger one is its key, and the bytes are in a `.safetensors` file
beside the text (weights_file.py):

    program.constant dense<[1.0, 2.0]> : tensor<2xf32>
    program.global parameter @conv1.weight : tensor<64x3x7x7xf32> = #program.blob<"sha256:5e1f…">
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Callable, Sequence
from typing import Any
from weakref import WeakValueDictionary

from xdsl.dialects.builtin import TensorType
from xdsl.ir import Data
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer

from etc.dialects.dtypes import BY_IR, BY_NAME, Dtype, Kind, bfloat16
from etc.errors import EtcError

INLINE_ELEMENTS = 32
"""A constant of at most this many elements is printed in place."""

_known: WeakValueDictionary[str, Blob] = WeakValueDictionary()
"""Blobs alive in this process by key. A key names one content, so runs cannot disturb each other through it."""


class Blob:
    """Immutable bytes. Equal when the content is equal."""

    __slots__ = ("__weakref__", "_data", "_key", "_load", "nbytes")

    def __init__(
        self,
        nbytes: int,
        data: memoryview | None = None,
        key: str | None = None,
        load: Callable[[], memoryview] | None = None,
    ):
        self.nbytes, self._data, self._key, self._load = nbytes, data, key, load
        if key is not None:
            _known[key] = self

    @staticmethod
    def from_bytes(data: bytes | bytearray | memoryview) -> Blob:
        """Wrap memory without copying it; the caller must not change it afterwards."""
        view = memoryview(data).cast("B") if len(data) else memoryview(b"")
        return Blob(view.nbytes, view)

    @staticmethod
    def from_key(key: str, nbytes: int = -1) -> Blob:
        """The blob with this key; without content until a file that holds it is read."""
        found = _known.get(key)
        return found if found is not None else Blob(nbytes, key=key)

    def provide(self, load: Callable[[], memoryview], nbytes: int) -> None:
        """Tell a blob known by key alone where its content can be had."""
        self._load, self.nbytes = load, nbytes

    @property
    def is_loaded(self) -> bool:
        return self._data is not None or self._load is not None

    @property
    def data(self) -> memoryview:
        """The bytes. Raises EtcError when only the key is known."""
        if self._data is None:
            if self._load is None:
                raise EtcError(
                    "the bytes of a weight are not at hand",
                    expected="a .safetensors file beside the .mlir file, of the same name",
                    found=f"only the key {self._key}",
                    next_step="keep the two files together, or write both again with `etc-opt -o`",
                )
            self._data = self._load()
        return self._data

    @property
    def key(self) -> str:
        """`sha256:` and the digest of the content in hexadecimal."""
        if self._key is None:
            self._key = "sha256:" + hashlib.sha256(self.data).hexdigest()
            _known.setdefault(self._key, self)
        return self._key

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Blob) or hash(self) != hash(other):
            return False
        return self.key == other.key if self._key and other._key else self.data == other.data

    def __hash__(self) -> int:
        return hash(self.nbytes)

    def __repr__(self) -> str:
        return f"Blob({self.nbytes} bytes)"


@irdl_attr_definition
class BlobAttr(Data[Blob]):
    """`#program.blob<"sha256:…">`: content of a constant tensor, in the tensor's dim order, little endian."""

    name = "program.blob"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Blob:
        with parser.in_angle_brackets():
            position = parser.pos
            key = parser.parse_str_literal(" as the key of a blob")
            if not key.startswith("sha256:"):
                parser.raise_error('a blob\'s key must start with "sha256:"', position)
        return Blob.from_key(key)

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string_literal(self.data.key)


_FORMATS = {
    "int8": "b",
    "uint8": "B",
    "int16": "h",
    "uint16": "H",
    "int32": "i",
    "uint32": "I",
    "int64": "q",
} | {
    "uint64": "Q",
    "float16": "e",
    "float32": "f",
    "float64": "d",
    "bool": "?",
}


def unpack(blob: Blob, dtype: Dtype) -> tuple[Any, ...]:
    """The elements as Python numbers. For small constants only: weights stay bytes."""
    if dtype is bfloat16:
        halves = struct.unpack(f"<{blob.nbytes // 2}H", blob.data)
        return struct.unpack(f"<{len(halves)}f", struct.pack(f"<{len(halves)}I", *(h << 16 for h in halves)))
    if dtype.kind is Kind.COMPLEX:
        width = "f" if dtype.size == 8 else "d"
        flat = struct.unpack(f"<{blob.nbytes // (dtype.size // 2)}{width}", blob.data)
        return tuple(complex(re, im) for re, im in zip(flat[::2], flat[1::2], strict=True))
    return struct.unpack(f"<{blob.nbytes // dtype.size}{_FORMATS[dtype.name]}", blob.data)


def pack(values: Sequence[Any], dtype: Dtype) -> Blob:
    """The inverse of `unpack`. Integers wrap, floats are rounded to the nearest value of the type."""
    if dtype is bfloat16:
        words = struct.unpack(f"<{len(values)}I", struct.pack(f"<{len(values)}f", *values))
        rounded = (
            (w + 0x7FFF + ((w >> 16) & 1)) >> 16 if v == v else 0x7FC0 for w, v in zip(words, values, strict=True)
        )
        return Blob.from_bytes(struct.pack(f"<{len(values)}H", *rounded))
    if dtype.kind is Kind.COMPLEX:
        flat = [part for v in values for part in (complex(v).real, complex(v).imag)]
        return Blob.from_bytes(struct.pack(f"<{len(flat)}{'f' if dtype.size == 8 else 'd'}", *flat))
    if dtype.kind is Kind.FLOAT:
        limit = {"float16": 65504.0, "float32": 3.4028234663852886e38}.get(dtype.name, math.inf)
        numbers: list[Any] = [
            math.copysign(math.inf, v) if abs(v) > limit and math.isfinite(v) else float(v) for v in values
        ]
    elif dtype.kind is Kind.BOOL:
        numbers = [bool(v) for v in values]
    else:
        bits, signed = dtype.size * 8, not dtype.name.startswith("u")
        half = 1 << (bits - 1) if signed else 0
        numbers = [((int(v) + half) % (1 << bits)) - half for v in values]
    return Blob.from_bytes(struct.pack(f"<{len(values)}{_FORMATS[dtype.name]}", *numbers))


def is_inline(blob: Blob, type: TensorType[Any]) -> bool:
    """Whether the text of a constant has its elements, so that nothing of it needs to stand in a weights file."""
    return blob.is_loaded and math.prod(type.get_shape()) <= INLINE_ELEMENTS


def print_constant(printer: Printer, value: BlobAttr, type: TensorType[Any]) -> None:
    """`dense<…>` with the elements in order when there are few, else the key of the content."""
    dtype = BY_IR[type.element_type]
    if not is_inline(value.data, type):
        printer.print_attribute(value)
        return
    texts = [_element_text(v, dtype) for v in unpack(value.data, dtype)]
    if len(texts) > 1 and len(set(texts)) == 1:
        printer.print_string(f"dense<{texts[0]}>")
    else:
        printer.print_string(f"dense<[{', '.join(texts)}]>")


def parse_constant(parser: AttrParser) -> Callable[[TensorType[Any]], BlobAttr]:
    """Read what `print_constant` wrote; the result makes the attribute once the type is known.

    It raises EtcError when the number of elements does not fit the type.
    """
    if parser.parse_optional_keyword("dense") is None:
        position = parser.pos
        attribute = parser.parse_attribute()
        if not isinstance(attribute, BlobAttr):
            parser.raise_error('expected the content of a constant: dense<…> or #program.blob<"sha256:…">', position)
        return lambda type: attribute
    with parser.in_angle_brackets():
        listed = parser.parse_optional_comma_separated_list(parser.Delimiter.SQUARE, lambda: _parse_element(parser))
        values = listed if listed is not None else [_parse_element(parser)]

    def of_type(type: TensorType[Any]) -> BlobAttr:
        count = math.prod(type.get_shape())
        if type.element_type not in BY_IR:
            raise EtcError("a constant needs a known element type", found=str(type))
        if len(values) != (1 if listed is None else count):
            raise EtcError(
                "the number of elements does not fit the constant's type",
                expected=f"{count} elements for {type}",
                found=f"{len(values)} elements",
            )
        elements = values if listed is not None else values * count
        return BlobAttr(_pack_parsed(elements, BY_IR[type.element_type]))

    return of_type


def _element_text(value: Any, dtype: Dtype) -> str:
    """The shortest text that gives the same bits back; a NaN is its bits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, complex):
        part = BY_NAME["float32" if dtype.size == 8 else "float64"]
        return f"({_element_text(value.real, part)}, {_element_text(value.imag, part)})"
    if isinstance(value, int):
        return str(value)
    if value != value:
        return "0x" + bytes(reversed(pack([value], dtype).data)).hex().upper()
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    exact = pack([value], dtype).data
    digits = next(n for n in range(6, 18) if pack([float(f"{value:.{n}g}")], dtype).data == exact)
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}{'e' + exponent if exponent else ''}"


def _parse_element(parser: AttrParser) -> Any:
    if parser.parse_optional_punctuation("(") is not None:
        real = _parse_element(parser)
        parser.parse_punctuation(",")
        imaginary = _parse_element(parser)
        parser.parse_punctuation(")")
        return complex(real, imaginary)
    negative = parser.parse_optional_punctuation("-") is not None
    if parser.parse_optional_keyword("inf") is not None:
        return -math.inf if negative else math.inf
    if parser.parse_optional_keyword("true") is not None:
        return True
    if parser.parse_optional_keyword("false") is not None:
        return False
    start = parser.pos
    number = parser.parse_number(allow_boolean=False)
    if parser.lexer.input.at(start) == "0" and parser.lexer.input.at(start + 1) == "x":
        return _Bits(int(number))
    return -number if negative else number


class _Bits(int):
    """An element given by its bits."""


def _pack_parsed(values: list[Any], dtype: Dtype) -> Blob:
    if not any(isinstance(v, _Bits) for v in values):
        return pack(values, dtype)
    parts = [v.to_bytes(dtype.size, "little") if isinstance(v, _Bits) else bytes(pack([v], dtype).data) for v in values]
    return Blob.from_bytes(b"".join(parts))
