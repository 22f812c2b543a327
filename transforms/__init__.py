"""The catalogue of passes: one line per pass, in groups, alphabetical within a group.

A pass lives in the file named after it (`fold-batch-norm` in `fold_batch_norm.py`) of its group's package, and is
imported when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from xdsl.passes import ModulePass


@dataclass(frozen=True)
class Group:
    """Passes of one kind. `package` holds their modules."""

    title: str
    package: str
    passes: tuple[str, ...]


CATALOGUE = (
    Group(
        "From one stage to the next",
        "etc.lowering",
        (
            "aten-to-edge",
            "bufferize",
            "check-kernels",
            "choose-layouts",
            "decompose-aten",
            "edge-to-exec",
            "edge-to-linalg",
            "fold-padding",
            "legalize-dim-orders",
            "legalize-dtypes",
            "legalize-quantized",
            "legalize-shapes",
            "linalg-to-loops",
        ),
    ),
    Group("Sizes known at run time", "etc.transforms", ("bound-sizes", "guard-inputs")),
    Group("Simplification", "etc.transforms", ("canonicalize", "cse", "dce")),
    Group(
        "Edge optimisation",
        "etc.transforms",
        (
            "conv-to-im2col",
            "conv-to-matmul",
            "drop-unused-globals",
            "fold-batch-norm",
            "fold-constants",
            "fuse-clamps",
            "fuse-linear",
            "remove-no-ops",
            "sink-permutes",
        ),
    ),
    Group(
        "Quantization",
        "etc.transforms",
        (
            "annotate-quantization",
            "calibrate",
            "convert-dynamic-quantization",
            "convert-quantization",
            "convert-weight-quantization",
            "equalise-layers",
            "expand-fake-quantize",
            "fuse-embeddings",
            "fuse-quantized",
            "insert-observers",
            "quantize-io",
            "remove-dead-channels",
        ),
    ),
    Group("Training", "etc.transforms", ("sgd",)),
    Group("Loops", "etc.transforms", ("fuse-elementwise", "outline-kernels")),
    Group("Memory", "etc.transforms", ("compute-in-place", "plan-arena", "plan-memory", "share-zero-state")),
    Group("Checks", "etc.transforms", ("verify-stage",)),
)


def load_pass(package: str, name: str) -> type[ModulePass]:
    """Import the pass called `name` from its own module in `package`."""
    module = import_module(f"{package}.{name.replace('-', '_')}")
    found = (value for value in vars(module).values() if isinstance(value, type) and getattr(value, "name", "") == name)
    return cast("type[ModulePass]", next(found))


def get_all_passes() -> dict[str, Callable[[], type[ModulePass]]]:
    """Every pass of the catalogue: its name and a function that imports it."""
    return {name: partial(load_pass, group.package, name) for group in CATALOGUE for name in group.passes}
