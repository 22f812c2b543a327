"""Which overloads of ATen autograd can go through, by the rules from which PyTorch generates its autograd code.

Used by `generate_aten.py`, which marks them `autograd` in the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from etc.dialects.schema import Schema

_NO_GRADIENT = "not_implemented"
"""What a formula says that is none."""


def is_safe(schema: Schema) -> bool:
    """Whether the gradients of a program with this overload are right.

    So they are where autograd has a formula, for the overload, for the one that writes and that it stands for, or for
    the view that it copies; where no output depends smoothly on the input, such as an argmax; where the operator is
    written in terms of others, through which autograd goes; and where it takes no tensor or gives none.
    """
    overload = f".{schema.overload}" if schema.overload else ""
    names = {schema.name, f"{schema.name}_", *map(schema.name.removesuffix, ("_copy", "_functional"))}
    return (
        not schema.returns
        or not any(arg.is_tensor for arg in schema.args)
        or any(name + overload in _with_formula() for name in names)
        or not names.isdisjoint(_by_hand())
        or _is_composite(schema)
    )


@cache
def _with_formula() -> frozenset[str]:
    """The overloads that derivatives.yaml of the installed torch covers."""
    import torchgen.packaged.autograd as generator
    import yaml

    path = Path(next(iter(generator.__path__))) / "derivatives.yaml"
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text())
    return frozenset(str(e["name"]).partition("(")[0] for e in entries if _is_covered(e))


def _is_covered(entry: dict[str, Any]) -> bool:
    if not any(entry.get("output_differentiability", [True])):
        return True
    formulas = list(_formulas(entry))
    return not formulas or not all(formula.startswith(_NO_GRADIENT) for formula in formulas)


def _formulas(entry: dict[str, Any]) -> Iterator[str]:
    """The gradients by the arguments; those that differ by backend are those of the default."""
    default: dict[str, Any] = entry.get("dispatch", {}).get("Default", entry)
    about = ("name", "output_differentiability", "dispatch", "result")
    return (str(formula) for name, formula in default.items() if name not in about)


@cache
def _by_hand() -> frozenset[str]:
    """Operators whose code is written by hand, and those that are known to need no derivative."""
    from torchgen.packaged.autograd import gen_variable_type

    return frozenset(gen_variable_type.DONT_REQUIRE_DERIVATIVE | gen_variable_type.MANUAL_AUTOGRAD_AND_TRACER)


def _is_composite(schema: Schema) -> bool:
    from torch import _C  # pyright: ignore[reportPrivateUsage]  torch tells its kernels nowhere else

    registry: Any = _C
    name = f"aten::{schema.key}"
    return registry._dispatch_has_kernel_for_dispatch_key(name, "CompositeImplicitAutograd")
