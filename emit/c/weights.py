"""Weights as constant arrays, or as a file of bytes that the assembler includes.

Floats of large arrays are hexadecimal, which is exact and which compilers read fastest. Equal arrays are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from etc.dialects.blob import Blob, unpack
from etc.dialects.dtypes import Dtype
from etc.dialects.tensor import Tensor
from etc.emit.c.interfaces import C_ELEMENTS
from etc.emit.c.values import float_text

READABLE = 4096
"""Arrays of at most this many floats are printed in decimal."""

ALIGN = 16
"""Of each array, in bytes."""


@dataclass(frozen=True)
class Weight:
    """An array of constants: its C name, what it is in the model, its content. Integers are signed, as memory is."""

    name: str
    origin: str
    tensor: Tensor
    content: Blob

    @property
    def element(self) -> str:
        return C_ELEMENTS[self.tensor.dtype][0]

    @property
    def numbers(self) -> int:
        dtype = self.tensor.dtype
        return self.content.nbytes // dtype.size * C_ELEMENTS[dtype][1]


def print_weights_header(model: str, weights: Sequence[Weight]) -> str:
    """`<model>_weights.h`: the arrays' declarations, for the program's own sources."""
    macro = model.upper()
    declarations = [f"extern const {w.element} {w.name}[{max(1, w.numbers)}];" for w in weights]
    return "\n".join(
        [
            f"/* The weights of {model}; private to its sources. */",
            f"#ifndef {macro}_WEIGHTS_H",
            f"#define {macro}_WEIGHTS_H",
            "",
            "#include <stdint.h>",
            "",
            "#ifdef __cplusplus",
            'extern "C" {',
            "#endif",
            "",
            *declarations,
            "",
            "#ifdef __cplusplus",
            "}",
            "#endif",
            "",
            f"#endif /* {macro}_WEIGHTS_H */",
            "",
        ]
    )


def print_weights(model: str, weights: Sequence[Weight]) -> str:
    """`<model>_weights.c`: the arrays. Define `<MODEL>_WEIGHTS_SECTION` to place them."""
    macro = model.upper()
    parts = [
        f"/* The weights of {model}. */\n",
        f'#include "{model}_weights.h"\n',
        "\n#include <math.h>\n" if any(_is_special(w) for w in weights) else "",
        f"""
#ifndef {macro}_WEIGHTS_SECTION
#define {macro}_WEIGHTS_SECTION
#endif
#ifndef {macro}_WEIGHTS_ALIGN
#if defined(__GNUC__)
#define {macro}_WEIGHTS_ALIGN __attribute__((aligned({ALIGN})))
#elif defined(_MSC_VER)
#define {macro}_WEIGHTS_ALIGN __declspec(align({ALIGN}))
#elif defined(__ICCARM__)
#define {macro}_WEIGHTS_ALIGN _Pragma("data_alignment={ALIGN}")
#else
#define {macro}_WEIGHTS_ALIGN
#endif
#endif
""",
    ]
    if not weights:
        parts.append(f"\nextern const int {model}_has_no_weights; /* A file in C must not be empty. */\n")
    for w in weights:
        sizes = "x".join(map(str, w.tensor.shape)) or "scalar"
        parts.append(f"\n/* {w.origin}: {w.tensor.dtype} {sizes} */\n")
        parts.append(f"{macro}_WEIGHTS_SECTION {macro}_WEIGHTS_ALIGN\n")
        parts.append(f"const {w.element} {w.name}[{max(1, w.numbers)}] = {{\n{elements_text(w)}}};\n")
    return "".join(parts)


def print_weights_assembly(model: str, weights: Sequence[Weight]) -> tuple[str, bytes]:
    """`<model>_weights.S` and the bytes of `<model>_weights.bin`, which must be on the assembler's include path."""
    lines = [f"/* The weights of {model}: names for the parts of {model}_weights.bin. */", "  .section .rodata", ""]
    data = bytearray()
    for w in weights:
        data += b"\0" * (-len(data) % ALIGN)
        lines += [
            f"  .balign {ALIGN}",
            f"  .global {w.name}",
            f"  .type {w.name}, %object",
            f"{w.name}:",
            f'  .incbin "{model}_weights.bin", {len(data)}, {w.content.nbytes}',
            f"  .size {w.name}, {w.content.nbytes}",
            "",
        ]
        data += w.content.data
    lines += ["#if defined(__linux__) && defined(__ELF__)", '  .section .note.GNU-stack, "", %progbits', "#endif", ""]
    return "\n".join(lines), bytes(data)


def elements_text(weight: Weight) -> str:
    """The elements in lines, each followed by a comma."""
    dtype = weight.tensor.dtype
    if not weight.content.nbytes:
        return "  0\n"
    if dtype.name in ("float16", "bfloat16"):
        numbers: Sequence[Any] = memoryview(bytes(weight.content.data)).cast("H")
        return _lines([f"0x{n:04X}" for n in numbers], 12)
    if dtype.is_float and weight.numbers > READABLE:
        return _hexadecimal(weight.content, dtype)
    if C_ELEMENTS[dtype][0] in ("float", "double"):
        return _lines(_decimals(weight.content, C_ELEMENTS[dtype][0] == "float"), 8)
    numbers = unpack(weight.content, dtype)
    return _lines(_integers(numbers, dtype), 24 if dtype.size == 1 else 12)


def _decimals(content: Blob, single: bool) -> list[str]:
    """The shortest literals that give the same numbers back."""
    import numpy as np

    numbers = np.frombuffer(content.data, np.float32 if single else np.float64)
    if not np.isfinite(numbers).all():
        return [float_text(n, single) for n in numbers.tolist()]
    return [text + "f" for text in numbers.astype("U").tolist()] if single else numbers.astype("U").tolist()


def _integers(numbers: Sequence[int], dtype: Dtype) -> list[str]:
    """Literals; the smallest numbers of large types have none."""
    if dtype.name == "bool":
        return ["1" if n else "0" for n in numbers]
    if dtype.size < 4:
        return list(map(str, numbers))
    bits = dtype.size * 8
    lowest = -(1 << (bits - 1))
    form = "INT64_C(%d)" if bits == 64 else "%d"
    return [f"INT{bits}_MIN" if n == lowest else form % n for n in numbers]


def _lines(texts: Sequence[str], columns: int) -> str:
    rows = (", ".join(texts[i : i + columns]) for i in range(0, len(texts), columns))
    return "  " + ",\n  ".join(rows) + "\n"


def _is_special(weight: Weight) -> bool:
    """Whether there is an infinity or a NaN among the elements."""
    dtype = weight.tensor.dtype
    if dtype.name not in ("float32", "float64", "complex64", "complex128") or not weight.content.nbytes:
        return False
    import numpy as np

    return not np.isfinite(np.frombuffer(weight.content.data, dtype.numpy)).all()


def _hexadecimal(content: Blob, dtype: Dtype) -> str:
    """All elements in hexadecimal, each in as many characters: `-0x1.8a3d70p-004f`."""
    import numpy as np

    if dtype.size == 4:
        kind, fraction, bias, digits = np.uint32, 23, 127, 6
    else:
        kind, fraction, bias, digits = np.uint64, 52, 1023, 13
    bits = np.frombuffer(content.data, kind)
    mantissa = (bits & kind((1 << fraction) - 1)) << kind(4 * digits - fraction)
    exponent = ((bits >> kind(fraction)) & kind(2 * bias + 1)).astype(np.int64)
    normal = exponent != 0
    power = np.where(normal, exponent - bias, 1 - bias)
    power = np.where((~normal) & (mantissa == 0), 0, power)
    wide = 5 + digits + 6 + (dtype.size == 4)
    text = np.full((bits.size, wide + 2), ord(" "), np.uint8)
    text[:, 0] = np.where(bits >> kind(8 * dtype.size - 1), ord("-"), ord(" "))
    text[:, 1:5] = np.frombuffer(b"0x1.", np.uint8)
    text[:, 3] = np.where(normal, ord("1"), ord("0"))
    hexadecimal = np.frombuffer(b"0123456789abcdef", np.uint8)
    for i in range(digits):
        text[:, 5 + i] = hexadecimal[((mantissa >> kind(4 * (digits - 1 - i))) & kind(15)).astype(np.intp)]
    at = 5 + digits
    text[:, at] = ord("p")
    text[:, at + 1] = np.where(power < 0, ord("-"), ord("+"))
    for i, unit in enumerate((1000, 100, 10, 1)):
        text[:, at + 2 + i] = ord("0") + np.abs(power) // unit % 10
    if dtype.size == 4:
        text[:, at + 6] = ord("f")
    for row in np.flatnonzero(exponent == 2 * bias + 1):
        negative = text[row, 0] == ord("-")
        word = b"NAN" if mantissa[row] else b"-INFINITY" if negative else b"INFINITY"
        text[row, :wide] = np.frombuffer(word.rjust(wide), np.uint8)
    text[:, wide] = ord(",")
    text[:, wide + 1] = np.where(np.arange(bits.size) % 8 == 7, ord("\n"), ord(" "))
    text[-1, wide + 1] = ord("\n")
    return text.tobytes().decode("ascii")


def total_bytes(weights: Sequence[Weight]) -> int:
    """Bytes of all arrays."""
    return sum(w.content.nbytes for w in weights)
