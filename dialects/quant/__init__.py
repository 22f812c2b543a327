"""`quant`: quantised values, from observing what they are to arithmetic on integers alone.

    real = scale * (integer - zero_point)

A program is quantised on stage "edge", in three forms: with observers, which calibration reads; with quantize and
dequantize around operators on reals, which the stock runtime executes; and in integers, for generated C:

    %q = quant.quantize(%x, scale=0.05, zero_point=-3, quant_min=-128, quant_max=127, dtype=i8)
    %a = quant.conv(%q, %w, bias=%b, stride=[1, 1], padding=[1, 1], …, padding_value=-3) : (…) -> tensor<1x8x16x16xi32>
    %y = quant.requantize(%a, %multiplier, %shift, axis=1, …, dtype=i8) : (…) -> tensor<1x8x16x16xi8>

`quant.conv(…)` builds a `quant.ConvOp` and computes its type.
"""

from __future__ import annotations

from typing import Any

from xdsl.ir import Dialect

from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant import arithmetic, conversion, dynamic, observer, weights
from etc.dialects.quant.arithmetic import *  # noqa: F403
from etc.dialects.quant.attributes import *  # noqa: F403
from etc.dialects.quant.attributes import ParamsAttr, SchemeAttr, SpecAttr
from etc.dialects.quant.conversion import *  # noqa: F403
from etc.dialects.quant.dynamic import *  # noqa: F403
from etc.dialects.quant.observer import *  # noqa: F403
from etc.dialects.quant.weights import *  # noqa: F403

OPERATIONS: tuple[type[EdgeOp], ...] = tuple(
    sorted(
        (*arithmetic.OPS, *conversion.OPS, *dynamic.OPS, *observer.OPS, *weights.OPS),
        key=lambda op: op.name,
    )
)
"""All classes of operators, by name."""

Quant = Dialect("quant", [*OPERATIONS], [ParamsAttr, SchemeAttr, SpecAttr])

_BUILDERS = {op.name.removeprefix("quant."): op.of for op in OPERATIONS}


def __getattr__(name: str) -> Any:
    """`quant.conv`: the builder of `quant.ConvOp`."""
    if name in _BUILDERS:
        return _BUILDERS[name]
    raise AttributeError(f"the quant dialect has no {name}")
