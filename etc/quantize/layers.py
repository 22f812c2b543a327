"""The layers of a program with quantised weights beside those of the program in float, and what they read and make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from etc.dialects import edge, program, quant
from etc.dialects.blob import BlobAttr
from etc.dialects.on_torch import to_blob
from etc.dialects.program import ConstantOp
from etc.quantize.matching import has_known_bias, method_of, points_of, same_values
from etc.quantize.runs import Run, Values
from etc.quantize.samples import Data, samples
from etc.transforms.edge_builder import array_of, is_constant
from etc.transforms.grouped_weights import packed
from etc.transforms.quantisable import weights_of

if TYPE_CHECKING:
    import torch

Dequantize: TypeAlias = quant.DequantizePerChannelOp | quant.DequantizePerGroupOp | quant.Embedding4bitOp
"""What makes reals of the integers of weights, with one scale for each output, or for groups of its inputs."""


@dataclass(frozen=True)
class Layer:
    """A convolution or linear layer whose weights are integers, and the same in float."""

    op: edge.ConvOp | edge.LinearOp
    reference: edge.ConvOp | edge.LinearOp
    weights: Dequantize

    @property
    def float_weights(self) -> torch.Tensor:
        return array_of(self.reference.weight)

    @property
    def channel_dim(self) -> int:
        """The dimension of the result's channels."""
        return 1 if isinstance(self.op, edge.ConvOp) else -1

    @property
    def range(self) -> tuple[int, int]:
        """The smallest and the largest integer."""
        prefix = "weight_" if isinstance(self.weights, quant.Embedding4bitOp) else ""
        return self.weights.argument(f"{prefix}quant_min"), self.weights.argument(f"{prefix}quant_max")

    def scales(self) -> torch.Tensor:
        """float32 [outputs, weights of one output]"""
        return self._per_weight(self.weights.operands[1])

    def zero_points(self) -> torch.Tensor:
        """Of the same shape; also reals that are no integers."""
        import torch

        zero_points = self.weights.operands[2] if len(self.weights.operands) > 2 + self._has_indices else None
        return torch.zeros(1, 1) if zero_points is None else self._per_weight(zero_points)

    @property
    def _has_indices(self) -> bool:
        return isinstance(self.weights, quant.Embedding4bitOp)

    def _per_weight(self, value: SSAValue) -> torch.Tensor:
        found, (rows, columns) = array_of(value), self.float_weights.flatten(1).shape
        return found.reshape(rows, -1).repeat_interleave(columns // (found.numel() // rows), 1)

    def store(self, integers: torch.Tensor) -> None:
        """Replace the integers of the weights, [outputs, weights of one output]."""
        import torch

        constant = self.weights.operands[0].owner
        assert isinstance(constant, ConstantOp)
        whole = integers.reshape(self.float_weights.shape).to(torch.int8)
        stored = packed(whole) if self._has_indices else whole
        constant.value = BlobAttr(to_blob(stored, range(stored.dim())))


def layers_of(quantised: FuncOp, reference: FuncOp) -> list[Layer]:
    """Layers with weights of their own and one scale for each output, or for groups of its inputs; in program order."""
    same = same_values(reference, quantised)
    return list(_layers(quantised, lambda op: same[op.results[0]].owner if op.results[0] in same else None))


def _layers(quantised: FuncOp, reference_of: Callable[[Any], Any]) -> Iterator[Layer]:
    for op in quantised.walk():
        if not isinstance(op, edge.ConvOp | edge.LinearOp):
            continue
        weights, reference = op.weight.owner, reference_of(op)
        if not isinstance(weights, Dequantize) or not isinstance(reference, type(op)):
            continue
        if has_known_bias(op) != has_known_bias(reference):
            continue
        stored, scales = weights.operands[:2]
        if not (stored.has_one_use() and weights.result.has_one_use() and is_constant(scales)):
            continue
        found = weights_of(reference)
        if found is not None and found.axis == 0 and isinstance(stored.owner, ConstantOp):
            yield Layer(op, reference, weights)


def observe_layers(
    quantised: ModuleOp,
    reference: ModuleOp,
    data: Data,
    see: Callable[[Layer, torch.Tensor, torch.Tensor, torch.Tensor], None],
) -> list[Layer]:
    """Run both programs on data, the quantised layers reading values in float, and show what each layer does.

    `see` is called with a layer, what it reads, what it makes of it, and what the layer in float makes. Returns these
    layers: all but those that read what a loop carries, which is no result of an operation. Of data for several
    methods, each gets its own.
    """
    found: list[Layer] = []
    for method in program.methods(reference):
        name = method.sym_name.data
        given = _data_of(data, name)
        here = method_of(quantised, name)
        layers = [layer for layer in layers_of(here, method) if _is_seen(layer.reference.input, method)]
        if given is None or not layers:
            continue
        found += layers
        points = points_of(here, same_values(method, here))
        wanted = {v for layer in layers for v in (layer.reference.input, layer.reference.result)}
        in_float = Run(reference, name, wanted | {point.reference for point in points})
        alone = Run(quantised, name, {layer.op.result for layer in layers})
        for inputs in samples(method, given):
            in_float(inputs)
            instead = {v: in_float.seen[p.reference] for p in points if p.reference in in_float.seen for v in p.values}
            alone(inputs, instead)
            for layer in layers:
                _show(layer, alone.seen[layer.op.result], in_float.seen, see)
    return found


def _is_seen(value: SSAValue, method: FuncOp) -> bool:
    """Whether a `Run` notes a value."""
    return isinstance(value.owner, Operation) or value in method.body.block.args


def _show(layer: Layer, made: list[Any], seen: Values, see: Callable[..., None]) -> None:
    for x, y, expected in zip(seen[layer.reference.input], made, seen[layer.reference.result], strict=True):
        see(layer, x, y, expected)


def _data_of(data: Data, method: str) -> Any:
    """The data of one method: those under its name, or all."""
    return data.get(method) if isinstance(data, Mapping) else data
