"""The public header of a program: what its user includes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from etc.dialects.symbolic import UNBOUNDED
from etc.emit.c.interface import CInterface, CMethod
from etc.emit.c.interfaces import C_ELEMENTS, c_elements
from etc.emit.c.memory_statements import comment
from etc.emit.c.method_text import tensor_comment
from etc.emit.c.values import float_text

ABI_VERSION = 1
"""Changes when programs that call generated ones must change."""

STATUS_NAMES = {
    0: "OK",
    -1: "ERROR_NULL",
    -2: "ERROR_ALIGNMENT",
    -3: "ERROR_SIZE",
    -4: "ERROR_INDEX",
    -5: "ERROR_SELFTEST",
}

SELFTEST_DIFFERS = (-5, "the self-test's outputs differ")


@dataclass(frozen=True)
class Figures:
    """Sizes of a program, in bytes and multiply-accumulates; None where not known, or for what is not there.

    `arena_bytes` are those of all pools, `selftest_bytes` those of the self-test's scratch memory. A call takes at most
    `stack_bytes` when it is compiled as `compiled_with` says.
    """

    arena_bytes: int
    state_bytes: int
    weights_bytes: int
    macs: int | None = None
    selftest_bytes: int | None = None
    stack_bytes: int | None = None
    compiled_with: str = ""


def print_header(interface: CInterface, figures: Figures, model_hash: str) -> str:
    """`<model>.h`, in C99 and C++."""
    guard = f"{interface.model.upper()}_H"
    return "\n".join(
        [
            f"/* {interface.model}: a compiled model. Include this file; compile {', '.join(interface.sources)}. */",
            f"#ifndef {guard}",
            f"#define {guard}",
            "",
            "#include <stddef.h>",
            "#include <stdint.h>",
            "",
            *_program_macros(interface, figures, model_hash),
            "",
            *(line for m in interface.methods for line in _tensor_macros(interface, m)),
            "#ifdef __cplusplus",
            'extern "C" {',
            "#endif",
            "",
            *_statuses(interface),
            "",
            *(line for m in interface.methods for line in _method(interface, m)),
            *_state_init(interface),
            *(_selftest(interface, figures.selftest_bytes) if figures.selftest_bytes is not None else ()),
            "#ifdef __cplusplus",
            "}",
            "#endif",
            "",
            f"#endif /* {guard} */",
            "",
        ]
    )


def _program_macros(interface: CInterface, figures: Figures, model_hash: str) -> Iterator[str]:
    macro = interface.model.upper()
    yield f"#define {macro}_ABI_VERSION {ABI_VERSION}"
    yield f'#define {macro}_MODEL_HASH "{model_hash}"'
    yield ""
    yield "/* Memory that the caller provides. */"
    for part in interface.memory:
        yield f"#define {macro}_{part.macro}_BYTES {part.bytes}U"
        yield f"#define {macro}_{part.macro}_ALIGN {interface.align}U"
    yield ""
    yield f"#define {macro}_WEIGHTS_BYTES {figures.weights_bytes}U"
    if figures.stack_bytes is not None:
        yield comment(f"The most stack that a call takes, compiled with {figures.compiled_with}")
        yield f"#define {macro}_STACK_BYTES {figures.stack_bytes}U"
    if figures.macs is not None:
        yield f"#define {macro}_MACS UINT64_C({figures.macs})"


def tensor_macro(interface: CInterface, method: CMethod, identifier: str) -> str:
    """What the macros of an input or output start with."""
    middle = f"{method.function.removeprefix(interface.model + '_')}_" if len(interface.methods) > 1 else ""
    return f"{interface.model}_{middle}{identifier}".upper()


def _tensor_macros(interface: CInterface, method: CMethod) -> Iterator[str]:
    for tensor, element, numbers in c_elements((*method.inputs, *method.outputs)):
        name = tensor_macro(interface, method, tensor.identifier)
        dims = ", ".join(map(str, tensor.bounds))
        yield comment(f"{tensor_comment(tensor)}{'; the largest sizes' if tensor.bounds != tensor.sizes else ''}")
        yield f"#define {name}_BYTES {prod(tensor.bounds) * tensor.dtype.size}U"
        yield f"#define {name}_ELEMS {numbers // C_ELEMENTS[tensor.dtype][1]}U"
        yield f"#define {name}_RANK {len(tensor.bounds)}"
        if dims:
            yield f"#define {name}_DIMS {{{dims}}}"
        yield f'#define {name}_DTYPE "{tensor.dtype}"'
        yield f"#define {name}_TYPE {element}"
        if tensor.quantised is not None:
            yield f"#define {name}_SCALE {float_text(tensor.quantised.scale, single=True)}"
            yield f"#define {name}_ZERO_POINT ({tensor.quantised.zero_point})"
        yield ""


def _statuses(interface: CInterface) -> Iterator[str]:
    macro = interface.model.upper()
    yield "/* What the functions return. */"
    yield f"enum {interface.model}_status {{"
    codes = list(interface.statuses.items())
    for i, (code, meaning) in enumerate(codes):
        name = f"{macro}_{STATUS_NAMES[code]}"
        yield f"  {name} = {code}{',' if i + 1 < len(codes) else ''} {comment(meaning)}"
    yield "};"


def _method(interface: CInterface, method: CMethod) -> Iterator[str]:
    yield "typedef struct {"
    for const, tensors in (("const ", method.inputs), ("", method.outputs)):
        for tensor, element, _ in c_elements(tensors):
            yield f"  {const}{element} *{tensor.identifier}; {comment(tensor_comment(tensor))}"
    for symbol in method.symbols:
        high = "" if symbol.range.high >= UNBOUNDED else f" to {symbol.range.high}"
        pointer = "" if symbol.given else "*"
        role = "" if symbol.given else ", found by the call"
        yield f"  size_t {pointer}{symbol.identifier}; {comment(f'{symbol.range.low}{high}{role}')}"
    if not (method.inputs or method.outputs or method.symbols):
        yield "  char nothing;"
    yield f"}} {method.io_type};"
    yield ""
    yield from _contract(interface, method)
    yield f"int {method.function}(const {method.io_type} *io, {interface.memory_parameters});"
    yield ""


def _contract(interface: CInterface, method: CMethod) -> Sequence[str]:
    macro = interface.model.upper()
    memory = [
        f"`{part.name}` has {macro}_{part.macro}_BYTES" if part.bytes else f"`{part.name}` may be NULL"
        for part in interface.memory
    ]
    return [
        f"/* Runs {method.name}. The buffers must not overlap; {', '.join(memory)}.",
        f" * Nothing is kept between calls but the state. Returns {macro}_OK or a negative status. */",
    ]


def _state_init(interface: CInterface) -> Iterator[str]:
    if interface.state_bytes:
        yield "/* Gives the state its initial values: once, before the first call. */"
    else:
        yield "/* There is no state to initialise; does nothing. */"
    yield f"void {interface.model}_state_init(void *state);"
    yield ""


def _selftest(interface: CInterface, scratch_bytes: int) -> Iterator[str]:
    model, macro = interface.model, interface.model.upper()
    yield f"#define {macro}_SELFTEST_BYTES {scratch_bytes}U"
    yield f"/* Calls the model with known inputs, `scratch` having {macro}_SELFTEST_BYTES, and initialises the state."
    yield f" * Returns {macro}_OK, or {macro}_ERROR_SELFTEST if the outputs are not as they should be. */"
    yield f"int {model}_selftest({interface.memory_parameters}, void *scratch);"
    yield ""
