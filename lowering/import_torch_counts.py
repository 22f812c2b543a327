"""Sizes that depend on data, where PyTorch's own bounds are too small, missing, or wider than what is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import comb
from typing import Any

import torch
from torch.fx import Node

from etc.dialects import symbolic
from etc.dialects.infer import broadcast
from etc.dialects.size_bounds import bounds
from etc.dialects.symbolic import Range
from etc.lowering.import_torch_types import Sizes


def _chosen(sizes: Sizes, node: Node) -> Range | None:
    """Elements that a mask chooses: torch bounds them by those of the tensor, before it is expanded to the mask."""
    own, mask = (tuple(map(sizes.dim, value.shape)) for value in _tensors(node))
    common = broadcast(own, mask)
    whole = symbolic.product(common)
    is_bounded = common == own and not (isinstance(whole, int) and whole <= 2)
    return None if is_bounded else Range(0, bounds(whole, sizes.ranges).high)


def _tensors(node: Node) -> list[Any]:
    return [argument.meta["val"] for argument in node.args if isinstance(argument, Node)]


def _nonzero(sizes: Sizes, node: Node) -> Range | None:
    """At most all: torch sets no bound for one or two elements."""
    whole = symbolic.product(map(sizes.dim, _tensors(node)[0].shape))
    return Range(0, whole) if isinstance(whole, int) and whole <= 2 else None


def _combinations(sizes: Sizes, node: Node) -> Range | None:
    """As many as there are of r out of n, which is known when n is."""
    arguments: dict[str, Any] = {"r": 2, "with_replacement": False, **node.kwargs}
    arguments.update(zip(("self", "r", "with_replacement"), node.args, strict=False))
    count, r = sizes.dim(_tensors(node)[0].shape[0]), arguments["r"]
    if not isinstance(count, int):
        return None
    number = comb(count + r - 1, r) if arguments["with_replacement"] and r else comb(count, r)
    return Range(number, number)


_COUNTS: Mapping[str, Callable[[Sizes, Node], Range | None]] = {
    "argwhere": _nonzero,
    "masked_select": _chosen,
    "nonzero": _nonzero,
    "combinations": _combinations,
}
"""By operator: the range of the first size of its result."""


def correct_count(sizes: Sizes, key: str, node: Node) -> None:
    """Tell `sizes` what is known of the first size of a call's result."""
    rule = _COUNTS.get(key)
    if rule is None:
        return
    count = node.meta["val"].shape[0]
    if isinstance(count, torch.SymInt) and (limits := rule(sizes, node)) is not None:
        sizes.limit(count, limits, not_below=_tensors(node)[0].numel())
