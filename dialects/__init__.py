"""The dialects of etc programs: our own, and the upstream ones below our levels. Each is imported on first use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xdsl.ir import Dialect

OURS = ("aten", "edge", "exec", "program", "quant")
UPSTREAM = ("affine", "arith", "builtin", "cf", "func", "linalg", "math", "memref", "scf", "test")


def _load(module_name: str, dialect_name: str) -> Dialect:
    from xdsl.ir import Dialect

    members = vars(import_module(module_name)).values()
    return next(d for d in members if isinstance(d, Dialect) and d.name == dialect_name)


def get_own_dialects() -> dict[str, Callable[[], Dialect]]:
    """The dialects defined in this package: name and a function that imports it."""
    return {name: partial(_load, f"etc.dialects.{name}", name) for name in OURS}


def get_all_dialects() -> dict[str, Callable[[], Dialect]]:
    """Every dialect that our tools read: our own and the upstream ones."""
    upstream = {name: partial(_load, f"xdsl.dialects.{name}", name) for name in UPSTREAM}
    return get_own_dialects() | upstream | {"tensor": partial(_load, "etc.dialects.upstream_tensor", "tensor")}
