"""The passes that `etc-compile` and `etc.compile` run, by stage. Everything can be run by hand with `etc-opt -p`."""

from __future__ import annotations

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

TO_C: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("core-aten", ("decompose-aten",)),
    ("edge", ("aten-to-edge",)),
    ("optimised", OPTIMISATIONS_FOR_C),
    ("linalg", ("edge-to-linalg", "fold-padding", "fuse-elementwise", "dce")),
    ("loops", ("bufferize", "linalg-to-loops")),
    ("planned", ("outline-kernels", "plan-arena")),
)
"""Stages on the way from ATen to C."""
