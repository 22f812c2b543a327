"""The passes that `etc-compile` and `etc.compile` run, by stage. Everything can be run by hand with `etc-opt -p`."""

from __future__ import annotations

from collections.abc import Mapping

_TO_BEGIN_WITH = (
    "cse",
    "remove-no-ops",
    "fuse-linear",
    "fold-constants",
    "fold-batch-norm",
    "fuse-clamps",
    "sink-permutes",
)
_IN_THE_END = ("remove-no-ops", "fuse-linear", "fold-constants", "cse", "dce", "drop-unused-globals")

OPTIMISATIONS = (
    *_TO_BEGIN_WITH,
    "conv-to-matmul",
    "conv-to-im2col{max-peak=1.15}",
    "sink-permutes",
    *_IN_THE_END,
)
"""What improves an edge program without changing what it computes."""

OPTIMISATIONS_FOR_C = (*_TO_BEGIN_WITH, *_IN_THE_END)
"""The same for programs that become C, where convolutions stay what they are."""

FLOAT, QUANTISED, INTEGER = "optimised", "quantised", "integer"
"""The stages after which a program is in float, has quantize and dequantize in it, and computes on integers."""

AFTER_QUANTIZATION = ("cse", "dce", "drop-unused-globals")
"""What quantization leaves to be tidied up."""


def integer_program(quantize_io: bool = False) -> tuple[str, ...]:
    """What makes a program of integers of one with quantize and dequantize around operators on reals.

    Programs in float stay what they are.
    """
    io = ("quantize-io",) if quantize_io else ()
    return ("fuse-quantized", *io, "remove-dead-channels", "remove-no-ops", *AFTER_QUANTIZATION)


TO_PTE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("core-aten", ("decompose-aten",)),
    ("edge", ("aten-to-edge", "expand-fake-quantize", "fuse-embeddings")),
    (FLOAT, OPTIMISATIONS),
    ("legal", ("legalize-quantized", "legalize-shapes", "legalize-dtypes", "legalize-dim-orders", "check-kernels")),
    ("exec", ("guard-inputs", "edge-to-exec")),
    ("planned", ("compute-in-place", "plan-memory", "share-zero-state")),
)
"""Stages on the way from ATen to a `.pte` program; `etc-compile --save-temps` writes the IR after each."""

PTE = "pte"
"""The target that is the stock ExecuTorch runtime."""

_LAYOUTS, _LOOPS = "choose-layouts", "linalg-to-loops"
_WIDE = (_LAYOUTS, _LOOPS)
"""For processors with SIMD instructions on floats, and for any."""
_COMPACT = (f"{_LAYOUTS}{{integer-vector=4}}", f"{_LOOPS}{{peel=false integer-vector=4}}")
"""The same where code should be small."""
_REGISTERS = (f"{_LAYOUTS}{{vector=4 integer-vector=4}}", f"{_LOOPS}{{vector=4 integer-vector=4}}")
"""For processors with instructions on single floats: blocks of 16 to 20 registers."""
_NARROW = (f"{_LAYOUTS}{{vector=1 integer-vector=4}}", f"{_LOOPS}{{vector=1 peel=false integer-vector=4}}")
"""For processors without: blocks of a few registers, and little code."""

C_TARGETS: Mapping[str, tuple[str, str]] = {
    "c": _WIDE,
    "host": _WIDE,
    "cortex-m3": _NARROW,
    "cortex-m4": _REGISTERS,
    "cortex-m55": _COMPACT,
    "rv32": _NARROW,
}
"""Targets that are programmed in C, and how layouts and loops are made for each; `c` is any processor."""

TARGETS = (PTE, *C_TARGETS)


def to_c(target: str, pools: Mapping[str, int] | None = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Stages on the way from ATen to C for one of `C_TARGETS`; `pools`: bytes by name, without them one arena."""
    layouts, loops = C_TARGETS[target]
    listed = ",".join(f'"{name}={size}"' for name, size in (pools or {}).items())
    return (
        ("core-aten", ("decompose-aten",)),
        ("edge", ("aten-to-edge", "expand-fake-quantize", "fuse-embeddings")),
        (FLOAT, OPTIMISATIONS_FOR_C),
        (INTEGER, integer_program()),
        ("linalg", ("edge-to-linalg", "fold-padding", "fuse-elementwise", layouts, "dce", "drop-unused-globals")),
        ("loops", ("bufferize", loops)),
        ("planned", ("outline-kernels", f"plan-arena{{pools={listed}}}" if listed else "plan-arena")),
    )


def optimisations(target: str, quantised: bool = False) -> tuple[str, ...]:
    """The default optimisations of a target. Convolutions that are quantised stay what they are."""
    return OPTIMISATIONS if target == PTE and not quantised else OPTIMISATIONS_FOR_C


def stages(target: str, pools: Mapping[str, int] | None = None) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Stages on the way from ATen to what is emitted for a target."""
    return TO_PTE if target == PTE else to_c(target, pools)


def stage_names(target: str, quantised: bool = False) -> list[str]:
    """The stages from ATen on, by name."""
    names = [name for name, _ in stages(target)]
    if quantised:
        names.insert(names.index(FLOAT) + 1, QUANTISED)
    return names
