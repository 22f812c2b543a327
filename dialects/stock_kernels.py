"""The kernels of the stock ExecuTorch runtime, from the table `stock_kernels.txt`.

    gather.out                   T, int64 -> T                int float bool

A line is an operator of the runtime's registry (without `aten::`) and a rule of the dtypes that it takes: tensor
arguments in the order of the schema, then results, with `T` for each of the dtypes that follow, and `a|b` for either;
`int` and `float` are families. An operator with several rules has several lines. A name alone is an operator that was
not tried. The table is written by `python -m etc.runtime.probe_stock_kernels`, which tries every kernel with every
dtype and tells in comments what computes wrong or ends the process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path

from etc.dialects.dtypes import BY_NAME, Dtype

TABLE_PATH = Path(__file__).with_name("stock_kernels.txt")

FAMILIES = {
    "int": frozenset({"uint8", "int8", "int16", "int32", "int64"}),
    "float": frozenset({"float16", "bfloat16", "float32", "float64"}),
}

Signature = tuple[Dtype, ...]
"""Dtypes of the tensor arguments in the order of the schema (a list of tensors counts once), then of the results."""


@cache
def _rules() -> Mapping[str, Sequence[Sequence[str]]]:
    found: dict[str, list[Sequence[str]]] = {}
    for line in TABLE_PATH.read_text().splitlines():
        if words := line.partition("#")[0].split():
            found.setdefault(words[0], []).append(words[1:])
    return found


def operators() -> Collection[str]:
    """The operators in the runtime's registry, those of ATen without `aten::`."""
    return _rules().keys()


@cache
def signatures(kernel: str) -> frozenset[Signature]:
    """What an operator takes; nothing where it was not tried."""
    return frozenset(signature for rule in _rules()[kernel] for signature in _signatures(rule))


def _signatures(rule: Sequence[str]) -> Iterator[Signature]:
    """The signatures that `["T,", "int64", "->", "T", "float32", …]` stands for."""
    if not rule:
        return
    arrow = rule.index("->")
    last = next((i for i in range(arrow + 1, len(rule)) if not rule[i].endswith(",")), arrow)
    places = [place.strip(",").split("|") for place in (*rule[:arrow], *rule[arrow + 1 : last + 1])]
    for shared in _dtypes(rule[last + 1 :]) or [None]:
        yield from product(*([d for p in place for d in _dtypes([p], shared)] for place in places))


def _dtypes(words: Sequence[str], shared: Dtype | None = None) -> list[Dtype]:
    if shared is not None and list(words) == ["T"]:
        return [shared]
    return [BY_NAME[name] for word in words for name in sorted(FAMILIES.get(word, {word}))]


def takes(kernel: str, signature: Sequence[Dtype | None]) -> bool:
    """Whether a kernel computes right on tensors of these dtypes; None stands for an argument that is not given.

    Of a kernel that the table has no rule for, nothing is known: it may.
    """
    if kernel not in operators():
        return False
    known = signatures(kernel)
    return not known or any(
        all(want is None or want is have for want, have in zip(signature, rule, strict=True)) for rule in known
    )
