"""The passes that `etc-compile` and `etc.compile` run, by stage. Everything can be run by hand with `etc-opt -p`."""

from __future__ import annotations

OPTIMISATIONS = (
    "canonicalize",
    "fold-constants",
    "fold-batch-norm",
    "fuse-linear",
    "fuse-clamp",
    "conv-to-matmul",
    "push-permutes",
    "fold-constants",
    "canonicalize",
    "cse",
    "dce",
)
"""What improves an edge program without changing what it computes."""

TO_PTE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("core-aten", ("decompose-aten",)),
    ("edge", ("aten-to-edge",)),
    ("optimised", OPTIMISATIONS),
    ("exec", ("edge-to-exec",)),
    ("planned", ("plan-memory",)),
)
"""Stages on the way from ATen to a `.pte` program; `etc-compile --save-temps` writes the IR after each."""
