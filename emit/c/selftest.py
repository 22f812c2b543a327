"""A program that can check itself: one call with known outputs, compiled in on request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from etc.dialects import dtypes
from etc.dialects.blob import Blob
from etc.dialects.tensor import tensor
from etc.emit.c.interface import CInterface, CMethod, CTensor
from etc.emit.c.interfaces import C_ELEMENTS
from etc.emit.c.values import float_text
from etc.emit.c.weights import Weight, elements_text
from etc.errors import EtcError, Problem

ALIGN = 16
"""Of each output in the scratch memory, in bytes."""


@dataclass(frozen=True)
class Golden:
    """A call of `method`: the bytes of its inputs and outputs, as they lie in memory, and the given sizes.

    Floats may differ by `tolerance`, absolutely and relatively; halves by two units in the last place; others not.
    """

    inputs: Sequence[bytes]
    outputs: Sequence[bytes]
    method: str = "forward"
    sizes: Mapping[str, int] = field(default_factory=dict[str, int])
    tolerance: float = 1e-4


def scratch_bytes(method: CMethod) -> int:
    """What the self-test needs for its outputs."""
    return sum(_aligned(output.bytes) for output in method.outputs)


def _aligned(size: int) -> int:
    return size + -size % ALIGN


def tested_method(interface: CInterface, golden: Golden) -> CMethod:
    """The method that `golden` calls. Raises EtcError when there is none, or when its inputs and outputs do not fit."""
    method = next((m for m in interface.methods if m.name == golden.method), None)
    if method is None:
        raise EtcError(f"there is no method {golden.method} for the self-test to call")
    problems = [
        Problem(f"the self-test has no size {s.name}") for s in method.symbols if s.given and s.name not in golden.sizes
    ]
    for what, tensors, given in (("input", method.inputs, golden.inputs), ("output", method.outputs, golden.outputs)):
        if len(tensors) != len(given):
            problems.append(
                Problem(
                    f"the self-test has another number of {what}s", expected=str(len(tensors)), found=str(len(given))
                )
            )
            continue
        for t, content in zip(tensors, given, strict=True):
            if len(content) > t.bytes or len(content) % t.dtype.size:
                found = f"{len(content)} bytes"
                problems.append(
                    Problem(f"the self-test's {t.name} does not fit", expected=f"at most {t.bytes}", found=found)
                )
    if problems:
        raise EtcError(problems)
    return method


def print_selftest(interface: CInterface, golden: Golden) -> str:
    """`<model>_selftest.c`. Raises EtcError when `golden` does not fit the program."""
    method = tested_method(interface, golden)
    model, macro = interface.model, interface.model.upper()
    arrays = [_array(f"given_{t.identifier}", t, data) for t, data in zip(method.inputs, golden.inputs, strict=True)]
    arrays += [
        _array(f"wanted_{t.identifier}", t, data) for t, data in zip(method.outputs, golden.outputs, strict=True)
    ]
    return "\n".join(
        [
            f"/* The self-test of {model}. */",
            f'#include "{model}.h"',
            "",
            "#include <math.h>",
            "#include <string.h>",
            "",
            *arrays,
            *_comparisons(method),
            f"int {model}_selftest({interface.memory_parameters}, void *scratch)",
            "{",
            *(["  unsigned char *const memory = (unsigned char *)scratch;"] if method.outputs else []),
            f"  {method.io_type} io;",
            "  int status;",
            *_found_declarations(method),
            "  if (scratch == NULL) {",
            f"    return {macro}_ERROR_NULL;",
            "  }",
            *_filled(method, golden),
            f"  {model}_state_init(state);",
            f"  status = {method.function}(&io, {interface.memory_arguments});",
            f"  if (status != {macro}_OK) {{",
            "    return status;",
            "  }",
            *_checks(method, golden, macro),
            f"  return {macro}_OK;",
            "}",
            "",
        ]
    )


def _array(name: str, described: CTensor, content: bytes) -> str:
    """A constant array with the elements' type of the interface, unsigned ones included."""
    dtype = described.dtype
    signed = dtypes.BY_NAME[dtype.name[1:]] if dtype.is_integer and not dtype.is_signed else dtype
    shape = [max(1, len(content) // dtype.size)]
    text = elements_text(Weight(name, name, tensor(signed, shape), Blob.from_bytes(content)))
    element = C_ELEMENTS[signed][0]
    count = shape[0] * C_ELEMENTS[signed][1]
    return f"static const {element} {name}[{count}] = {{\n{text}}};\n"


_KINDS = {
    dtypes.float32: ("float", "differs_float"),
    dtypes.complex64: ("float", "differs_float"),
    dtypes.float64: ("double", "differs_double"),
    dtypes.complex128: ("double", "differs_double"),
    dtypes.float16: ("uint16_t", "differs_half"),
    dtypes.bfloat16: ("uint16_t", "differs_half"),
}


def _comparisons(method: CMethod) -> Iterator[str]:
    """The functions that compare outputs with what is wanted, by kind of element."""
    for element, name in sorted({_KINDS[t.dtype] for t in method.outputs if t.dtype in _KINDS and t.bytes}):
        yield _DIFFERS_HALF if element == "uint16_t" else _DIFFERS.format(name=name, T=element)


_DIFFERS = """\
static int {name}(const {T} *a, const {T} *b, size_t count, {T} tolerance)
{{
  for (size_t i = 0; i < count; ++i) {{
    const {T} size = (b[i] < 0) ? -b[i] : b[i];
    const {T} distance = (a[i] > b[i]) ? (a[i] - b[i]) : (b[i] - a[i]);
    const int are_close = (size < INFINITY) && (distance <= tolerance + tolerance * size);
    const int are_nan = (a[i] != a[i]) && (b[i] != b[i]);
    if ((a[i] != b[i]) && !are_close && !are_nan) {{
      return 1;
    }}
  }}
  return 0;
}}
"""
_DIFFERS_HALF = """\
static int differs_half(const uint16_t *a, const uint16_t *b, size_t count)
{
  for (size_t i = 0; i < count; ++i) {
    const int distance = (a[i] > b[i]) ? (a[i] - b[i]) : (b[i] - a[i]);
    if (distance > 2) {
      return 1;
    }
  }
  return 0;
}
"""


def _found_declarations(method: CMethod) -> Iterator[str]:
    for symbol in method.symbols:
        if not symbol.given:
            yield f"  size_t {symbol.identifier} = 0;"


def _filled(method: CMethod, golden: Golden) -> Iterator[str]:
    for t in method.inputs:
        unsigned = t.dtype.is_integer and not t.dtype.is_signed
        cast = f"(const {C_ELEMENTS[t.dtype][0]} *)" if unsigned else ""
        yield f"  io.{t.identifier} = {cast}given_{t.identifier};"
    at = 0
    for t in method.outputs:
        yield f"  io.{t.identifier} = ({C_ELEMENTS[t.dtype][0]} *)(void *)&memory[{at}];"
        at += _aligned(t.bytes)
    for symbol in method.symbols:
        value = f"{golden.sizes[symbol.name]}U" if symbol.given else f"&{symbol.identifier}"
        yield f"  io.{symbol.identifier} = {value};"
    if not (method.inputs or method.outputs or method.symbols):
        yield "  io.nothing = 0;"


def _checks(method: CMethod, golden: Golden, macro: str) -> Iterator[str]:
    for symbol in method.symbols:
        if not symbol.given and symbol.name in golden.sizes:
            yield from _refuse(f"{symbol.identifier} != {golden.sizes[symbol.name]}U", macro)
    for t, content in zip(method.outputs, golden.outputs, strict=True):
        if not content:
            continue
        pair = f"io.{t.identifier}, wanted_{t.identifier}"
        if t.dtype not in _KINDS:
            yield from _refuse(f"memcmp({pair}, {len(content)}U) != 0", macro)
            continue
        element, function = _KINDS[t.dtype]
        count = len(content) // t.dtype.size * C_ELEMENTS[t.dtype][1]
        tolerance = "" if element == "uint16_t" else f", {float_text(golden.tolerance, single=element == 'float')}"
        yield from _refuse(f"{function}({pair}, {count}U{tolerance}) != 0", macro)


def _refuse(condition: str, macro: str) -> Iterator[str]:
    yield f"  if ({condition}) {{"
    yield f"    return {macro}_ERROR_SELFTEST;"
    yield "  }"
