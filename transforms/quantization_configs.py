"""The configs of quantisation by name: which operations each quantises, and to what.

int8              static: activations of 8 bits with one scale for a tensor, weights with one per output channel
int8-dynamic      weights of 8 bits; activations of 8 bits with scales found at run time
int8-weight       weights of 8 bits, activations in float
int4-weight-g32   weights of 4 bits with a scale for each 32 columns of a row (also g64, g128)
int16x8           static: activations of 16 bits, weights of 8
"""

from __future__ import annotations

from collections.abc import Mapping

from etc.dialects import dtypes, edge
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.attributes import Granularity, Mode, Scheme, Spec
from etc.transforms.quantisable import CONTRACTIONS, MOVING, NORMALISED, RESCALED

FLOAT = "float"
"""In the place of a config: leave operations in float."""

Config = Mapping[type[EdgeOp], Scheme]
"""The scheme of each class of operations. Those that are not listed stay in float.

In static configs, elementwise functions of one value are quantised too, whatever their class: they become tables.
"""

INT8 = Spec(dtypes.int8, -128, 127)
INT8_PER_TOKEN = Spec(dtypes.int8, -128, 127, granularity=Granularity.TOKEN)
INT16 = Spec(dtypes.int16, -32768, 32767, symmetric=True)
INT8_WEIGHT = Spec(dtypes.int8, -127, 127, symmetric=True, granularity=Granularity.CHANNEL)


def _int4_weight(group_size: int) -> Spec:
    return Spec(dtypes.int8, -8, 7, granularity=Granularity.GROUP, group_size=group_size)


def _static(activations: Spec) -> Config:
    """Contractions have weights of 8 bits; all other operands are activations."""
    weighted = {op: Scheme(Mode.STATIC, activations, INT8_WEIGHT) for op in CONTRACTIONS}
    return {op: Scheme(Mode.STATIC, activations, None) for op in RESCALED | NORMALISED | MOVING.keys()} | weighted


def _dynamic() -> Config:
    """Rows have scales of their own, images one each."""
    rows = Scheme(Mode.DYNAMIC, INT8_PER_TOKEN, INT8_WEIGHT)
    return {
        edge.ConvOp: Scheme(Mode.DYNAMIC, INT8, INT8_WEIGHT),
        edge.EmbeddingOp: Scheme(Mode.WEIGHTS, None, INT8_WEIGHT),
        edge.LinearOp: rows,
        edge.MmOp: rows,
    }


def _weights(spec: Spec) -> Config:
    """Groups lie in the rows of linear layers and embeddings; other weights have 8 bits and a scale per channel."""
    rows, others = Scheme(Mode.WEIGHTS, None, spec), Scheme(Mode.WEIGHTS, None, INT8_WEIGHT)
    return {
        edge.BmmOp: others,
        edge.ConvOp: others,
        edge.EmbeddingOp: rows,
        edge.LinearOp: rows,
        edge.MmOp: others,
    }


CONFIGS: Mapping[str, Config] = {
    "int8": _static(INT8),
    "int8-dynamic": _dynamic(),
    "int8-weight": _weights(INT8_WEIGHT),
    "int4-weight-g32": _weights(_int4_weight(32)),
    "int4-weight-g64": _weights(_int4_weight(64)),
    "int4-weight-g128": _weights(_int4_weight(128)),
    "int16x8": _static(INT16),
}


def table_scheme(config: Config) -> Scheme | None:
    """The scheme of elementwise functions of one value; None where activations stay in float."""
    scheme = config.get(edge.ViewCopyOp)
    return scheme if scheme is not None and scheme.mode is Mode.STATIC else None
