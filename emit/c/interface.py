"""What a generated C program looks like from outside: the contract between `emit/c` and whoever calls the program.

The emitter makes a `CInterface` and writes it beside the C files as `<model>.json`; the runners of
`etc.runtime.targets` need nothing else to build and call the program.

    CInterface      model "net", sources ("net.c", "net_weights.c"), methods, pools, bytes of state, statuses
      CPool         name "arena", bytes 4096
      CMethod       name "forward", function "net_run", io_type "net_io_t", inputs, outputs, symbols
        CTensor     name "x", identifier "x", dtype float32, sizes (s0, 3, 8), bounds (16, 3, 8), dim order
        CSymbol     name "s0", identifier "s0", range [1, 16], given by the caller or found by the program

The fields of a method's `io_type` stand in this order: a pointer for each input, a pointer for each output, then for
each symbol a `size_t` (given) or a `size_t *` (found). Sizes are expressions over the symbols' names; bounds are their
largest values, and what the caller's buffers must hold. Elements lie in memory in the order of `dim_order`, outermost
first, without gaps.

A method is called as `int function(const io_type *io, void *arena, void *state)`, with a pointer for each pool instead
of the one arena where there are several. `<model>_state_init(void *state)` must run once before, when `state_bytes` is
not 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

from etc.dialects import dtypes, symbolic
from etc.dialects.dtypes import Dtype
from etc.dialects.symbolic import Dim, Range
from etc.errors import EtcError

FORMAT = 2
"""Of the JSON file; a reader refuses others."""

STATUSES: Mapping[int, str] = {
    0: "done",
    -1: "a pointer is NULL",
    -2: "working memory or the state is not aligned",
    -3: "a size is out of its range",
    -4: "an index is out of range",
}
"""What a method returns, for every program; a program may add to them."""


@dataclass(frozen=True)
class CIntegers:
    """What the integers of a tensor stand for: `real = scale * (integer - zero_point)`."""

    scale: float
    zero_point: int


@dataclass(frozen=True)
class CTensor:
    """An input or output: `sizes` in the order of the dimensions, `dim_order` as they lie in memory.

    `quantised`: its elements are integers that stand for reals.
    """

    name: str
    identifier: str
    dtype: Dtype
    sizes: tuple[Dim, ...]
    bounds: tuple[int, ...]
    dim_order: tuple[int, ...]
    quantised: CIntegers | None = None

    @property
    def bytes(self) -> int:
        """What the caller's buffer must hold, at most."""
        return prod(self.bounds) * self.dtype.size


@dataclass(frozen=True)
class CSymbol:
    """A size: `given` by the caller, or found while the method runs."""

    name: str
    identifier: str
    range: Range
    given: bool = True


@dataclass(frozen=True)
class CPool:
    """Working memory that the caller lends for the time of a call; `name` is that of the parameter."""

    name: str
    bytes: int

    @property
    def macro(self) -> str:
        """The middle of its macros: `<MODEL>_ARENA_BYTES`."""
        return self.name.upper()


@dataclass(frozen=True)
class CMethod:
    """A function of the program. `name` is the method's in PyTorch."""

    name: str
    function: str
    io_type: str
    inputs: tuple[CTensor, ...]
    outputs: tuple[CTensor, ...]
    symbols: tuple[CSymbol, ...] = ()


@dataclass(frozen=True)
class CInterface:
    """A generated program: `model` is the prefix of all its names; its header is `<model>.h`.

    `sources` are the files to compile, beside each other; all bytes are for all methods together. `align` is that of
    each pool and of the state.
    """

    model: str
    sources: tuple[str, ...]
    methods: tuple[CMethod, ...]
    pools: tuple[CPool, ...] = (CPool("arena", 0),)
    align: int = 16
    state_bytes: int = 0
    statuses: Mapping[int, str] = field(default_factory=lambda: STATUSES)

    @property
    def arena_bytes(self) -> int:
        """Of all pools together."""
        return sum(pool.bytes for pool in self.pools)

    @property
    def memory(self) -> tuple[CPool, ...]:
        """All that the caller provides: the pools, then the state, in the order of the parameters."""
        return (*self.pools, CPool("state", self.state_bytes))

    @property
    def memory_parameters(self) -> str:
        """`void *arena, void *state`"""
        return ", ".join(f"void *{part.name}" for part in self.memory)

    @property
    def memory_arguments(self) -> str:
        """`arena, state`"""
        return ", ".join(part.name for part in self.memory)

    def to_json(self) -> str:
        """Text for `<model>.json`: the same for equal programs."""
        facts = {"format": FORMAT, **_plain(self)}
        return json.dumps(facts, indent=1, ensure_ascii=False) + "\n"

    @staticmethod
    def from_json(text: str) -> CInterface:
        """Read what `to_json` wrote. Raises EtcError for anything else."""
        try:
            facts = json.loads(text)
            if facts.get("format") != FORMAT:
                raise ValueError(f"format {facts.get('format')}")
            return _interface(facts)
        except (ValueError, TypeError, KeyError, AttributeError, LookupError) as error:
            raise EtcError(
                "this does not describe a generated C program",
                expected=f"JSON of format {FORMAT}, as etc-compile writes it beside the C files",
                found=f"{type(error).__name__}: {error}",
            ) from error


def _plain(value: Any) -> Any:
    match value:
        case Dtype() | symbolic.Expr():
            return str(value)
        case Range():
            return [value.low, value.high]
        case tuple():
            return [_plain(part) for part in value]
        case Mapping():
            return {str(key): _plain(part) for key, part in value.items()}
        case int() | float() | str() | None:
            return value
        case _:
            return {name: _plain(part) for name, part in vars(value).items()}


def _interface(facts: Mapping[str, Any]) -> CInterface:
    return CInterface(
        facts["model"],
        tuple(map(str, facts["sources"])),
        tuple(map(_method, facts["methods"])),
        tuple(CPool(pool["name"], int(pool["bytes"])) for pool in facts["pools"]),
        int(facts["align"]),
        int(facts["state_bytes"]),
        {int(code): text for code, text in facts["statuses"].items()},
    )


def _method(facts: Mapping[str, Any]) -> CMethod:
    return CMethod(
        facts["name"],
        facts["function"],
        facts["io_type"],
        tuple(map(_tensor, facts["inputs"])),
        tuple(map(_tensor, facts["outputs"])),
        tuple(CSymbol(s["name"], s["identifier"], Range(*s["range"]), s["given"]) for s in facts["symbols"]),
    )


def _tensor(facts: Mapping[str, Any]) -> CTensor:
    return CTensor(
        facts["name"],
        facts["identifier"],
        dtypes.BY_NAME[facts["dtype"]],
        tuple(size if isinstance(size, int) else symbolic.parse(size) for size in facts["sizes"]),
        tuple(map(int, facts["bounds"])),
        tuple(map(int, facts["dim_order"])),
        None if facts["quantised"] is None else CIntegers(**facts["quantised"]),
    )
