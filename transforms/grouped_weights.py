"""Weights of four bits: groups of a row's columns share a scale, which is chosen for the least error of rounding.

    weight = scale * (integer - zero_point)

A group starts with a scale that cuts off a little at either end of its range, and goes by turns: integers are the
nearest ones for the scale, and the scale (with the zero point, where there is one) is that of least squares for the
integers. The best of several starts counts. Zero points are reals. Columns may be given an importance, the mean square
of what they are multiplied with.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from etc.dialects.quant.attributes import Spec

if TYPE_CHECKING:
    import torch

_ENDS = (0.8, 0.9, 1.0)
"""How much of the range of a group is kept at the start."""
_TURNS = 3
_AT_A_TIME = 2**17
"""Elements whose copies a processor's cache holds."""


@dataclass(frozen=True)
class GroupedWeights:
    """Rows x columns of integers (int8), rows x groups of scales and, unless they are symmetric, of zero points."""

    integers: torch.Tensor
    scales: torch.Tensor
    zero_points: torch.Tensor | None


def packed(integers: torch.Tensor) -> torch.Tensor:
    """Rows x columns of integers in [-8, 7] as rows x columns / 2 of bytes (uint8), as embedding_4bit reads them.

    The first of a pair is in the high half of its byte; each is stored with 8 added.
    """
    import torch

    halves = (integers.to(torch.int16) + 8).reshape(len(integers), -1, 2)
    return (halves[..., 0] * 16 + halves[..., 1]).to(torch.uint8)


def group_weights(rows: torch.Tensor, spec: Spec, importance: torch.Tensor | None = None) -> GroupedWeights:
    """Round rows x columns of reals in groups of `spec.group_size`, which divides the columns.

    `importance` has a factor for each column, by which squares of errors count.
    """
    import torch

    groups = rows.float().reshape(len(rows), -1, spec.group_size)
    weights = torch.ones(groups.shape[1:]) if importance is None else importance.float().reshape(groups.shape[1:])
    at_a_time = max(1, _AT_A_TIME // max(1, rows.shape[1]))
    parts = [_rounded(part, weights, spec) for part in groups.split(at_a_time)]
    integers, scales, offsets = (torch.cat(part) for part in zip(*parts, strict=True))
    zero_points = None if spec.symmetric else (-offsets / scales).squeeze(-1)
    return GroupedWeights(integers.to(torch.int8).reshape(rows.shape), scales.squeeze(-1), zero_points)


def _rounded(
    groups: torch.Tensor, weights: torch.Tensor, spec: Spec
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Integers, scales and offsets: `groups` is about `integers * scales + offsets`."""
    import torch

    low, high = spec.quant_min, spec.quant_max
    best: tuple[torch.Tensor, torch.Tensor, torch.Tensor] | None = None
    least = torch.empty(0)
    for scale, offset in _starts(groups, spec):
        for turn in range(_TURNS + 1):
            integers = ((groups - offset) / scale).round_().clamp_(low, high)
            error = ((integers * scale + offset - groups).square_() * weights).sum(-1, keepdim=True)
            if best is None:
                least, best = error, (integers, scale, offset)
            else:
                better = error < least
                least = torch.where(better, error, least)
                kept = zip((integers, scale, offset), best, strict=True)
                integers_, scale_, offset_ = (torch.where(better, new, old) for new, old in kept)
                best = integers_, scale_, offset_
            if turn < _TURNS:
                scale, offset = _least_squares(groups, integers, weights, scale, offset, spec.symmetric)
    assert best is not None
    return best


def _starts(groups: torch.Tensor, spec: Spec) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Scales and offsets to begin with."""
    import torch

    low, high = groups.amin(-1, keepdim=True), groups.amax(-1, keepdim=True)

    def positive(scale: torch.Tensor) -> torch.Tensor:
        return torch.where(scale > torch.finfo(torch.float32).tiny, scale, 1.0)

    if spec.symmetric:
        largest = torch.maximum(-low, high)
        scales = [positive(largest * end / steps) for steps in {-spec.quant_min, spec.quant_max} for end in _ENDS]
        return [(scale, torch.zeros_like(scale)) for scale in scales]
    found: list[tuple[torch.Tensor, torch.Tensor]] = []
    for first, last in product(_ENDS, _ENDS):
        scale = positive((high * last - low * first) / (spec.quant_max - spec.quant_min))
        found.append((scale, low * first - scale * spec.quant_min))
    return found


def _least_squares(
    groups: torch.Tensor,
    integers: torch.Tensor,
    weights: torch.Tensor,
    scale: torch.Tensor,
    offset: torch.Tensor,
    symmetric: bool,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The scale and offset with which the integers are nearest to `groups`; the old ones where there are none."""
    import torch

    if symmetric:
        moment = (integers * groups * weights).sum(-1, keepdim=True)
        spread = (integers.square() * weights).sum(-1, keepdim=True)
        return torch.where((moment > 0) & (spread > 0), moment / spread, scale), offset
    total = weights.sum(-1, keepdim=True)
    middle = (integers * weights).sum(-1, keepdim=True) / total
    centre = (groups * weights).sum(-1, keepdim=True) / total
    from_middle = integers - middle
    moment = (from_middle * (groups - centre) * weights).sum(-1, keepdim=True)
    spread = (from_middle.square() * weights).sum(-1, keepdim=True)
    is_better = (moment > 0) & (spread > 0)
    scale = torch.where(is_better, moment / spread, scale)
    return scale, torch.where(is_better, centre - scale * middle, offset)
