"""QDQ programs for tests: edge programs whose values are quantised, as convert-quantization leaves them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch
from edge_graph import Graph
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from etc.dialects import edge, program, quant
from etc.dialects.dtypes import BY_NAME
from etc.dialects.edge.base import EdgeOp
from etc.dialects.on_torch import to_blob
from etc.dialects.quant.attributes import Params
from etc.dialects.quant.base import bounds
from etc.dialects.tensor import tensor
from etc.runtime.torch_executor import execute
from etc.transforms.fuse_quantized import FuseQuantizedPass, float_islands


def params(scale: float, zero_point: int = 0, dtype: str = "int8", low: int | None = None) -> Params:
    least, most = bounds(BY_NAME[dtype])
    return Params(BY_NAME[dtype], least if low is None else low, most, scale, zero_point)


INT8 = params(0.05, 3)
INT16 = params(0.0005, 0, "int16")


class QuantizedGraph(Graph):
    """`Graph` with quantised inputs, weights and results."""

    def constant(self, content: torch.Tensor) -> SSAValue:
        type = tensor(BY_NAME[str(content.dtype).removeprefix("torch.")], tuple(content.shape)).type
        op = program.ConstantOp(to_blob(content, range(content.dim())), type)
        self.block.add_op(op)
        return op.result

    def quantize(self, value: SSAValue, p: Params) -> SSAValue:
        return self(quant.QuantizeOp, value, p.scale, p.zero_point, p.quant_min, p.quant_max, p.dtype)

    def dequantize(self, value: SSAValue, p: Params) -> SSAValue:
        return self(quant.DequantizeOp, value, p.scale, p.zero_point, p.quant_min, p.quant_max, p.dtype)

    def requantized(self, value: SSAValue, p: Params) -> SSAValue:
        """`value` as it is known in integers."""
        return self.dequantize(self.quantize(value, p), p)

    def integers(self, *shape: int, p: Params = INT8) -> SSAValue:
        """A dequantised input, all integers of its range alike."""
        generator = torch.Generator().manual_seed(len(self.inputs) + 1)
        content = torch.randint(p.quant_min, p.quant_max + 1, shape, generator=generator)
        self.inputs.append(content.to(getattr(torch, p.dtype.name)))
        value = self.block.insert_arg(tensor(p.dtype, shape).type, len(self.block.args))
        return self.dequantize(value, p)

    def weights(self, *shape: int, axis: int | None = 0, scale: float = 0.02) -> SSAValue:
        """Dequantised int8 weights: per channel along `axis`, or with one scale."""
        content = torch.randint(-127, 128, shape, generator=self._random).to(torch.int8)
        if axis is None:
            return self(quant.DequantizeOp, self.constant(content), scale, 0, -127, 127, BY_NAME["int8"])
        scales = self.constant(torch.rand(shape[axis], generator=self._random) * scale + scale / 8)
        zeros = self.constant(torch.zeros(shape[axis], dtype=torch.int64))
        return self(
            quant.DequantizePerChannelOp, self.constant(content), scales, zeros, axis, -127, 127, BY_NAME["int8"]
        )


Build = Callable[[QuantizedGraph], SSAValue | Sequence[SSAValue]]


def names(module: ModuleOp) -> Counter[str]:
    """How many there are of each operation, conversions at the outputs included."""
    return Counter(op.name for op in module.walk() if isinstance(op, EdgeOp | edge.ControlFlowOp))


def fuse(module: ModuleOp) -> Counter[str]:
    FuseQuantizedPass().apply(Context(), module)
    module.verify()
    return names(module)


def distance(found: Sequence[Any], expected: Sequence[Any]) -> int:
    """The largest difference between integers."""
    worst = 0
    for have, want in zip(found, expected, strict=True):
        assert (have.dtype, have.shape) == (want.dtype, want.shape)
        if have.numel():
            worst = max(worst, int((have.long() - want.long()).abs().max()))
    return worst


def fused(build: Build, most: int = 1, inputs: Sequence[torch.Tensor] | None = None) -> Counter[str]:
    """Fuse the program that `build` makes, whose outputs are integers; assert that these change by at most `most`.

    Returns the counts of its operations, which are all on integers.
    """
    graph = QuantizedGraph()
    outputs = build(graph)
    module = graph.module(*([outputs] if isinstance(outputs, SSAValue) else outputs))
    module.verify()
    given = graph.inputs if inputs is None else inputs
    expected = execute(module, "forward", given)
    counts = fuse(module)
    assert not float_islands(module), "\n".join(map(str, float_islands(module)))
    assert not any("quantize" in name and name != "quant.requantize" for name in counts), counts
    assert distance(execute(module, "forward", given), expected) <= most
    return counts


def refused(build: Build) -> list[str]:
    """Why a program has operations that stay on reals."""
    graph = QuantizedGraph()
    outputs = build(graph)
    module = graph.module(*([outputs] if isinstance(outputs, SSAValue) else outputs))
    expected = execute(module, "forward", graph.inputs)
    fuse(module)
    assert distance(execute(module, "forward", graph.inputs), expected) == 0
    return [f"{island.op}: {island.reason}" for island in float_islands(module)]
