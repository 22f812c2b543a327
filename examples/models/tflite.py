"""Read an int8 network of TensorFlow Lite (`.tflite`) as an edge program with quantize and dequantize around operators.

Only what small image networks consist of: `OPERATORS`. The file is a flatbuffer of the public schema
(tensorflow/lite/schema/schema.fbs), whose fields are read here by their numbers. Images are NCHW here and NHWC there.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue

from etc.dialects import dtypes, edge, program, quant
from etc.dialects.edge.base import EdgeOp
from etc.dialects.on_torch import to_blob
from etc.dialects.tensor import tensor
from etc.errors import EtcError


class Table:
    """A table of a flatbuffer at a position; fields are known by number."""

    def __init__(self, data: bytes, position: int):
        self._data, self._position = data, position
        self._fields = position - self._at("<i", position)

    def _at(self, format: str, position: int) -> int:
        return struct.unpack_from(format, self._data, position)[0]

    def _field(self, number: int) -> int:
        """The position of a field; 0 when it has its default."""
        entry = 4 + 2 * number
        inside = entry < self._at("<H", self._fields)
        offset = self._at("<H", self._fields + entry) if inside else 0
        return self._position + offset if offset else 0

    def number(self, number: int, format: str = "<i") -> int:
        position = self._field(number)
        return self._at(format, position) if position else 0

    def _target(self, number: int) -> int:
        position = self._field(number)
        return position + self._at("<I", position) if position else 0

    def table(self, number: int) -> Table | None:
        position = self._target(number)
        return Table(self._data, position) if position else None

    def vector(self, number: int, format: str) -> tuple[Any, ...]:
        position = self._target(number)
        count = self._at("<I", position) if position else 0
        return struct.unpack_from(f"<{count}{format}", self._data, position + 4)

    def tables(self, number: int) -> list[Table]:
        position = self._target(number)
        count = self._at("<I", position) if position else 0
        places = [position + 4 + 4 * i for i in range(count)]
        return [Table(self._data, place + self._at("<I", place)) for place in places]


_ELEMENTS = {0: torch.float32, 2: torch.int32, 9: torch.int8}
"""torch's types by the codes of TensorType."""


@dataclass
class Value:
    """A tensor of the file: its shape, its content if it is constant, and what its integers stand for."""

    shape: tuple[int, ...]
    content: Tensor | None
    scales: tuple[float, ...]
    zero_points: tuple[int, ...]
    axis: int
    real: SSAValue | None = None
    """in the program, dequantised; images are NCHW"""


class Reader:
    """Builds the program of one file, operator by operator."""

    def __init__(self, data: bytes):
        model = Table(data, struct.unpack_from("<I", data, 0)[0])
        self.block = Block()
        self._buffers = model.tables(4)
        self._codes = [max(code.number(0, "<b"), code.number(3)) for code in model.tables(1)]
        (self._graph,) = model.tables(2)
        self.values = [self._value(entry) for entry in self._graph.tables(0)]

    def _value(self, entry: Table) -> Value:
        shape, scaling = entry.vector(0, "i"), entry.table(4)
        content = bytes(self._buffers[entry.number(2, "<I")].vector(0, "B"))
        constant = None
        if content:
            constant = torch.frombuffer(bytearray(content), dtype=_ELEMENTS[entry.number(1, "<b")]).reshape(shape)
        if scaling is None:
            return Value(shape, constant, (), (), 0)
        return Value(shape, constant, scaling.vector(2, "f"), scaling.vector(3, "q"), scaling.number(6))

    def build(self, cls: type[EdgeOp], *args: Any, **kwargs: Any) -> SSAValue:
        op = cls.of(*args, **kwargs)
        self.block.add_op(op)
        return op.results[0]

    def constant(self, content: Tensor) -> SSAValue:
        dtype = dtypes.BY_NAME[str(content.dtype).removeprefix("torch.")]
        blob = to_blob(content, range(content.dim()))
        op = program.ConstantOp(blob, tensor(dtype, tuple(content.shape)).type)
        self.block.add_op(op)
        return op.result

    def weights(self, value: Value, content: Tensor) -> SSAValue:
        """Constant integers as reals; `content` is in PyTorch's order, output channels first."""
        low, high = (-127, 127) if content.dtype is torch.int8 else (-(2**31), 2**31 - 1)
        dtype = dtypes.int8 if content.dtype is torch.int8 else dtypes.int32
        scales = torch.tensor(value.scales).expand(content.shape[0]).contiguous()
        zeros = torch.zeros(content.shape[0], dtype=torch.int64)
        given = self.constant(content.contiguous()), self.constant(scales), self.constant(zeros)
        return self.build(quant.DequantizePerChannelOp, *given, 0, low, high, dtype)

    def quantised(self, real: SSAValue, value: Value) -> SSAValue:
        """`real` as it is known in the integers of `value`."""
        params = value.scales[0], value.zero_points[0], -128, 127, dtypes.int8
        return self.build(quant.DequantizeOp, self.build(quant.QuantizeOp, real, *params), *params)

    def run(self) -> ModuleOp:
        """The program. Raises EtcError for an operator that is not in `OPERATORS`."""
        inputs, outputs = self._graph.vector(1, "i"), self._graph.vector(2, "i")
        for number in inputs:
            n, h, w, c = self.values[number].shape
            type = tensor(dtypes.float32, (n, c, h, w)).type
            self.values[number].real = self.block.insert_arg(type, len(self.block.args))
        for op in self._graph.tables(3):
            code = self._codes[op.number(0, "<I")]
            if code not in OPERATORS:
                raise EtcError(f"operator {code} of TensorFlow Lite is not supported")
            operands = [self.values[i] for i in op.vector(1, "i") if i >= 0]
            (result,) = (self.values[i] for i in op.vector(2, "i"))
            real = OPERATORS[code](self, op.table(4), operands, result)
            result.real = self.quantised(real, result) if result.scales else real
        results = [self.values[i].real for i in outputs]
        self.block.add_op(ReturnOp(*(real for real in results if real is not None)))
        types = [a.type for a in self.block.args], [real.type for real in results if real is not None]
        return ModuleOp([FuncOp("forward", types, Region(self.block))])


def _same(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME padding before and after one axis."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def _activated(reader: Reader, real: SSAValue, activation: int) -> SSAValue:
    match activation:
        case 1:
            return reader.build(edge.ReluOp, real)
        case 3:
            return reader.build(edge.HardtanhOp, real, 0.0, 6.0)
        case _:
            return real


def _convolution(reader: Reader, options: Table, operands: Sequence[Value], kernel: Tensor, act: int) -> SSAValue:
    """Padding, the width's and the height's stride are the first options of both kinds of convolution."""
    x, weight, bias = operands
    assert x.real is not None
    real, stride = x.real, (options.number(2), options.number(1))
    (top, bottom), (left, right) = (
        _same(*axis) if options.number(0, "<b") == 0 else (0, 0)
        for axis in zip(x.shape[1:3], kernel.shape[2:], stride, strict=True)
    )
    padding = [top, left]
    if (top, left) != (bottom, right):
        real, padding = reader.build(edge.ConstantPadNdOp, real, [left, right, top, bottom], 0.0), [0, 0]
    assert bias.content is not None
    w, b = reader.weights(weight, kernel), reader.weights(bias, bias.content)
    groups = x.shape[3] // kernel.shape[1]
    y = reader.build(edge.ConvOp, real, w, b, list(stride), padding, [1, 1], False, [0, 0], groups)
    return _activated(reader, y, act)


def _conv(reader: Reader, options: Table, operands: Sequence[Value], result: Value) -> SSAValue:
    assert operands[1].content is not None
    return _convolution(reader, options, operands, operands[1].content.permute(0, 3, 1, 2), options.number(3, "<b"))


def _depthwise(reader: Reader, options: Table, operands: Sequence[Value], result: Value) -> SSAValue:
    assert operands[1].content is not None
    return _convolution(reader, options, operands, operands[1].content.permute(3, 0, 1, 2), options.number(4, "<b"))


def _average(reader: Reader, options: Table, operands: Sequence[Value], result: Value) -> SSAValue:
    window, stride = [options.number(4), options.number(3)], [options.number(2), options.number(1)]
    return reader.build(edge.AvgPool2dOp, operands[0].real, window, stride)


def _reshape(reader: Reader, options: Table, operands: Sequence[Value], result: Value) -> SSAValue:
    real = operands[0].real
    if len(operands[0].shape) == 4:
        real = reader.build(edge.PermuteCopyOp, real, [0, 2, 3, 1])
    return reader.build(edge.ViewCopyOp, real, list(result.shape))


def _linear(reader: Reader, options: Table, operands: Sequence[Value], result: Value) -> SSAValue:
    x, weight, bias = operands
    assert weight.content is not None
    assert bias.content is not None
    w, b = reader.weights(weight, weight.content), reader.weights(bias, bias.content)
    return _activated(reader, reader.build(edge.LinearOp, x.real, w, b), options.number(0, "<b"))


def _softmax(reader: Reader, options: Table, operands: Sequence[Value], result: Value) -> SSAValue:
    return reader.build(edge.SoftmaxOp, operands[0].real, -1, False)


def _conversion(reader: Reader, options: Table, operands: Sequence[Value], result: Value) -> SSAValue:
    assert operands[0].real is not None
    return operands[0].real


OPERATORS: Mapping[int, Callable[[Reader, Any, Sequence[Value], Value], SSAValue]] = {
    1: _average,
    3: _conv,
    4: _depthwise,
    6: _conversion,
    9: _linear,
    22: _reshape,
    25: _softmax,
    114: _conversion,
}
"""By the codes of BuiltinOperator: each builds what computes the result on reals."""


def read_tflite(data: bytes) -> ModuleOp:
    """The edge program of an int8 network, with float inputs and outputs. Raises EtcError for other operators."""
    return Reader(data).run()
