"""Schemas of operators, read without torch: `aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`.

`parse` reads one line of that language. `table()` is the checked-in list of the functional overloads of ATen
(`aten_schemas.txt`, written by `generate_aten.py`); it parses only the lines that are asked for.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from etc.dialects.dtypes import BY_SCALAR_TYPE, Dtype

TABLE_PATH = Path(__file__).with_name("aten_schemas.txt")


class Missing(Enum):
    """The type of `REQUIRED`."""

    REQUIRED = "required"

    def __repr__(self) -> str:
        return self.value


REQUIRED: Final = Missing.REQUIRED
"""The default of an argument that has none."""


@dataclass(frozen=True, slots=True)
class Arg:
    """An argument. `default` is a Python value, names such as `contiguous_format` being strings."""

    name: str
    type: str
    """normalised: "Tensor", "Tensor?", "SymInt[]", "int[]?"; without list length and alias set"""
    default: object = REQUIRED
    kwarg_only: bool = False
    alias: str = ""
    """the alias set: "" none, "a" shares memory, "a!" is written to, "a -> *" goes into a list"""
    length: int | None = None
    """2 for `int[2]`, which takes a single number for both"""

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    @property
    def is_written(self) -> bool:
        return "!" in self.alias

    @property
    def is_tensor(self) -> bool:
        """True for tensors, optional tensors and lists of them."""
        return self.type.startswith("Tensor")

    def __str__(self) -> str:
        element, mark, rest = self.type.partition("[]")
        suffix = f"[{self.length or ''}]{rest}" if mark else rest
        base, optional = (element[:-1], "?") if element.endswith("?") else (element, "")
        head = f"{base}{f'({self.alias})' if self.alias else ''}{optional}{suffix} {self.name}"
        return head if self.required else f"{head}={_default_text(self)}"


@dataclass(frozen=True, slots=True)
class Return:
    """A result; `name` is "" when the schema gives none."""

    type: str
    alias: str = ""
    name: str = ""


@dataclass(frozen=True)
class Schema:
    """The signature of one overload of an operator."""

    namespace: str
    name: str
    overload: str
    args: tuple[Arg, ...]
    returns: tuple[Return, ...]

    @cached_property
    def key(self) -> str:
        """`add.Tensor`, or `relu` for the overload without a name."""
        return f"{self.name}.{self.overload}" if self.overload else self.name

    @property
    def op_name(self) -> str:
        """`aten.add.Tensor`, the operation's name in the IR."""
        return f"{self.namespace}.{self.key}"

    @property
    def is_mutable(self) -> bool:
        """True when an argument is written to: in-place and out variants."""
        return any(a.is_written for a in self.args)

    @property
    def is_view(self) -> bool:
        """True when a result shares the memory of an argument that is only read."""
        return not self.is_mutable and any(r.alias for r in self.returns)

    def arg(self, name: str) -> Arg | None:
        return next((a for a in self.args if a.name == name), None)

    def __str__(self) -> str:
        parts: list[str] = []
        for arg in self.args:
            if arg.kwarg_only and "*" not in parts:
                parts.append("*")
            parts.append(str(arg))
        returns = [_return_text(r) for r in self.returns]
        result = returns[0] if len(returns) == 1 else f"({', '.join(returns)})"
        return f"{self.namespace}::{self.key}({', '.join(parts)}) -> {result}"


def _return_text(value: Return) -> str:
    head = Arg(value.name, value.type, alias=value.alias)
    return str(head).rstrip()


def _default_text(arg: Arg) -> str:
    value = arg.default
    if isinstance(value, str):
        if arg.type.rstrip("?") not in ("str", "Device"):
            return value
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"  # pyright: ignore[reportUnknownArgumentType]
    return str(value.scalar_type if isinstance(value, Dtype) else value)


_HEAD = re.compile(r"\s*([\w.]+)::(\w+)(?:\.(\w+))?\((.*)\)\s*->\s*(.+?)\s*$", re.DOTALL)
_TYPE = r"(?P<base>[A-Za-z_]\w*)(?:\((?P<alias>[^)]*)\))?(?P<suffix>(?:\?|\[\d*\])*)(?:\((?P<list_alias>[^)]*)\))?"
_ARG = re.compile(_TYPE + r"\s+(?P<name>\w+)(?:\s*=\s*(?P<default>.+))?$", re.DOTALL)
_RETURN = re.compile(_TYPE + r"(?:\s+(?P<name>\w+))?$")
_LENGTH = re.compile(r"\[(\d+)\]")
_MEMORY_FORMATS = ("contiguous_format", "preserve_format", "channels_last", "channels_last_3d")
"""In the order of c10's enumeration: some schemas give a default by number."""
_INTEGER = re.compile(r"-?\d+$")


def parse(text: str) -> Schema:
    """Read one schema. Raises ValueError that quotes the part which is not understood."""
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(f"not an operator schema `namespace::name(arguments) -> results`: {text.strip()}")
    namespace, name, overload, arguments, results = head.groups()
    args: list[Arg] = []
    kwarg_only = False
    for part in _split(arguments):
        if part == "*":
            kwarg_only = True
        else:
            args.append(_parse_arg(part, kwarg_only, text))
    parts = _split(results[1:-1]) if results.startswith("(") and results.endswith(")") else [results]
    returns: list[Return] = []
    for part in parts:
        match = _RETURN.match(part)
        if match is None:
            raise ValueError(f"the result `{part}` is not understood in the schema {text.strip()}")
        returns.append(Return(match["base"] + _LENGTH.sub("[]", match["suffix"]), _alias(match), match["name"] or ""))
    return Schema(namespace, name, overload or "", tuple(args), tuple(returns))


def _parse_arg(part: str, kwarg_only: bool, text: str) -> Arg:
    match = _ARG.match(part)
    if match is None:
        raise ValueError(f"the argument `{part}` is not understood in the schema {text.strip()}")
    length = _LENGTH.search(match["suffix"])
    type = match["base"] + _LENGTH.sub("[]", match["suffix"])
    size = int(length[1]) if length else None
    default = REQUIRED if match["default"] is None else _parse_default(match["default"].strip(), type, size)
    return Arg(match["name"], type, default, kwarg_only, _alias(match), size)


def _alias(match: re.Match[str]) -> str:
    return match["alias"] or match["list_alias"] or ""


def _parse_default(text: str, type: str, length: int | None) -> object:
    value: object
    if _INTEGER.match(text):
        value = int(text)
    else:
        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            value = text  # an enumerator: contiguous_format, strided
    base = type.rstrip("?")
    if base == "ScalarType" and isinstance(value, int):
        return BY_SCALAR_TYPE[value]
    if base == "MemoryFormat" and isinstance(value, int):
        return _MEMORY_FORMATS[value]
    if base == "float" and isinstance(value, int | str):
        return float(value)
    if base.endswith("[]") and value is not None and not isinstance(value, list):
        return [value] * (length or 1)
    return value


_STRING = re.compile(r"""\"(?:[^"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'""")


def _split(text: str) -> list[str]:
    """Split at the commas that no bracket and no quote encloses."""
    masked = _STRING.sub(lambda match: "s" * len(match[0]), text)
    parts: list[str] = []
    depth, start = 0, 0
    for i, char in enumerate(masked):
        if char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == "," and not depth:
            parts.append(text[start:i].strip())
            start = i + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


class Table(Mapping[str, Schema]):
    """Schemas by `name.overload`, in the order of the file: a line is `schema  # tags`, or a comment."""

    def __init__(self, text: str):
        self._lines = {
            line[line.index("::") + 2 : line.index("(")]: line
            for line in text.splitlines()
            if line and not line.startswith("#")
        }
        self._schemas: dict[str, Schema] = {}

    def __getitem__(self, key: str) -> Schema:
        schema = self._schemas.get(key)
        if schema is None:
            schema = self._schemas[key] = parse(self.text(key))
        return schema

    def __contains__(self, key: object) -> bool:
        return key in self._lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def text(self, key: str) -> str:
        """The schema as it stands in the file. Raises KeyError."""
        return self._lines[key].partition("  # ")[0]

    def tags(self, key: str) -> frozenset[str]:
        """Marks of the line: torch's tags (`core`, `pointwise`, `nondeterministic_seeded`, …) and `side_effect`."""
        return frozenset(self._lines[key].partition("  # ")[2].split())

    def has_tag(self, key: str, tag: str) -> bool:
        return tag in self._lines[key].partition("  # ")[2].split()


@cache
def table() -> Table:
    """The checked-in table of functional ATen overloads."""
    return Table(TABLE_PATH.read_text())
