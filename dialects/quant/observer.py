"""Where calibration looks at values."""

from __future__ import annotations

from typing import ClassVar

from xdsl.irdl import irdl_op_definition, operand_def, result_def, traits_def
from xdsl.traits import Pure

from etc.dialects.edge.base import FLOAT, TENSOR, EdgeOp, string
from etc.dialects.edge.traits import Elementwise
from etc.dialects.quant.base import QuantOp


@irdl_op_definition
class ObserveOp(QuantOp):
    """`input` itself. Calibration collects what it is, with the statistics that `observer` names.

    Observers with one `key` share their statistics, and the scale that comes of them. The attribute `quant.spec` says
    what integers the value is to become; calibration adds `quant.params`.
    """

    name = "quant.observe"
    SCHEMA_TEXT: ClassVar = "quant::observe(Tensor input, str key, str observer) -> Tensor"
    REFERENCE: ClassVar = "etc.dialects.quant.on_torch:observe"
    DTYPES: ClassVar = {"input": FLOAT}
    input = operand_def(TENSOR)
    key = string()
    observer = string()
    result = result_def(TENSOR)
    traits = traits_def(Pure(), Elementwise())


OPS: tuple[type[EdgeOp], ...] = (ObserveOp,)
