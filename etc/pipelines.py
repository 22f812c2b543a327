"""The passes that `etc-compile` and `etc.compile` run, by stage. Everything can be run by hand with `etc-opt -p`."""

from __future__ import annotations

from collections.abc import Mapping

OPTIMISATIONS = (
    "cse",
    "remove-no-ops",
    "fuse-linear",
    "fold-constants",
    "fold-batch-norm",
    "fuse-clamps",
    "sink-permutes",
    "conv-to-matmul",
    "conv-to-im2col{max-peak=1.15}",
    "sink-permutes",
    "remove-no-ops",
    "fuse-linear",
    "fold-constants",
    "cse",
    "dce",
    "drop-unused-globals",
)
"""What improves an edge program without changing what it computes."""

OPTIMISATIONS_FOR_C = (
    "cse",
    "remove-no-ops",
    "fuse-linear",
    "fold-constants",
    "fold-batch-norm",
    "fuse-clamps",
    "sink-permutes",
    "remove-no-ops",
    "fold-constants",
    "cse",
    "dce",
    "drop-unused-globals",
)
"""The same for programs that become C, where convolutions stay what they are."""

TO_PTE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("core-aten", ("decompose-aten",)),
    ("edge", ("aten-to-edge",)),
    ("optimised", OPTIMISATIONS),
    ("legal", ("legalize-shapes", "legalize-dtypes", "legalize-dim-orders", "check-kernels")),
    ("exec", ("guard-inputs", "edge-to-exec")),
    ("planned", ("compute-in-place", "plan-memory", "share-zero-state")),
)
"""Stages on the way from ATen to a `.pte` program; `etc-compile --save-temps` writes the IR after each."""

PTE = "pte"
"""The target that is the stock ExecuTorch runtime."""

LOOPS_FOR: Mapping[str, str] = {
    "c": "linalg-to-loops",
    "host": "linalg-to-loops",
    "cortex-m3": "linalg-to-loops",
    "cortex-m4": "linalg-to-loops",
    "cortex-m55": "linalg-to-loops",
    "rv32": "linalg-to-loops",
}
"""How loops are made for each target that is programmed in C; `c` is any processor, which is taken for a large one."""

TARGETS = (PTE, *LOOPS_FOR)


def to_c(target: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Stages on the way from ATen to C for a target of `LOOPS_FOR`."""
    return (
        ("core-aten", ("decompose-aten",)),
        ("edge", ("aten-to-edge",)),
        ("optimised", OPTIMISATIONS_FOR_C),
        ("linalg", ("edge-to-linalg", "fuse-elementwise", "dce")),
        ("loops", ("bufferize", LOOPS_FOR[target])),
        ("planned", ("outline-kernels", "plan-arena")),
    )


def optimisations(target: str) -> tuple[str, ...]:
    """The default optimisations of a target."""
    return OPTIMISATIONS if target == PTE else OPTIMISATIONS_FOR_C


def stages(target: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Stages on the way from ATen to what is emitted for a target."""
    return TO_PTE if target == PTE else to_c(target)
