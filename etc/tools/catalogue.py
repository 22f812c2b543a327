"""`etc-opt --list-passes`: the catalogue, in groups, with a line per pass and its options."""

from __future__ import annotations

from dataclasses import MISSING
from typing import TYPE_CHECKING, Any, get_type_hints

from etc.tools.pipeline import PassTable, options_of

if TYPE_CHECKING:
    from xdsl.passes import ModulePass


def list_passes(table: PassTable) -> str:
    """The text of the catalogue."""
    return "\n\n".join(
        "\n".join([f"{title}:", *(line for pass_type in passes for line in _lines(pass_type))])
        for title, passes in table.groups()
    )


def summary_of(pass_type: type[ModulePass]) -> str:
    """The first line of a pass's docstring."""
    lines = (pass_type.__doc__ or "").strip().splitlines()
    return lines[0] if lines else ""


def option_lines(pass_type: type[ModulePass]) -> list[str]:
    """`name: type = default` for each option of a pass."""
    from xdsl.utils.hints import type_repr

    hints = get_type_hints(pass_type)
    lines: list[str] = []
    for name, option in options_of(pass_type).items():
        default = option.default if option.default is not MISSING else None
        if option.default_factory is not MISSING:
            default = option.default_factory()
        required = option.default is MISSING and option.default_factory is MISSING
        lines.append(f"{name}: {type_repr(hints[name])}{' (required)' if required else f' = {_value(default)}'}")
    return lines


def _lines(pass_type: type[ModulePass]) -> list[str]:
    options = [f"      {line}" for line in option_lines(pass_type)]
    return [f"  {pass_type.name:<28}{summary_of(pass_type)}", *options]


def _value(default: Any) -> str:
    """A default as it is written in a pipeline."""
    match default:
        case bool():
            return str(default).lower()
        case tuple():
            return ",".join(map(_value, default))  # pyright: ignore[reportUnknownArgumentType]
        case _:
            return str(default)
