"""Recurrent networks: short sequences are written out step by step, long ones and those of unknown length are loops.

The projection of the inputs is one matrix product for all steps, with all biases in it that it can take; a step is left
with one addmm of the hidden state. Gate formulas are those of torch.nn.LSTM, torch.nn.GRU and torch.nn.RNN
(https://pytorch.org/docs/stable/nn.html#recurrent-layers).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from xdsl.ir import SSAValue

from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.aten_loops import Values, scan
from etc.transforms.decompositions import Rule, decomposes

State = tuple[SSAValue, ...]
"""The hidden state, and for an LSTM the cell state: (batch, size) each."""


@dataclass(frozen=True)
class Weights:
    """One layer's parameters for one direction; `projection` is that of an LSTM with projected hidden states."""

    input: SSAValue
    hidden: SSAValue
    input_bias: SSAValue | None = None
    hidden_bias: SSAValue | None = None
    projection: SSAValue | None = None


@dataclass(frozen=True)
class Prepared:
    """What all steps of one direction share: matrices as mm takes them on the right, (features, gates * size)."""

    hidden: SSAValue
    hidden_bias: SSAValue | None
    projection: SSAValue | None
    size: int


Outputs = list[SSAValue] | SSAValue
"""The hidden state after every step: one by one, (batch, size) each, or as one tensor (steps, batch, size)."""

Step = Callable[[AtenBuilder, Prepared, SSAValue, State], State]
"""(projected input of one step, state) -> new state"""


@dataclass(frozen=True)
class Cell:
    """A kind of recurrent cell. `joins_biases`: the bias of the hidden state is added to that of the input."""

    gates: int
    step: Step
    joins_biases: bool = True


def _transposed(build: AtenBuilder, weight: SSAValue) -> SSAValue:
    return build("permute", weight, [1, 0])


def _gate(build: AtenBuilder, gates: SSAValue, number: int, size: int, count: int = 1) -> SSAValue:
    return build("slice.Tensor", gates, 1, number * size, (number + count) * size)


def lstm_step(build: AtenBuilder, weights: Prepared, x: SSAValue, state: State) -> State:
    """c' = f * c + i * g, h' = o * tanh(c'); gates in the order i, f, g, o"""
    h, c = state
    size = weights.size
    gates = build("addmm", x, h, weights.hidden)
    input_and_forget = build("sigmoid", _gate(build, gates, 0, size, 2))
    i, f = _gate(build, input_and_forget, 0, size), _gate(build, input_and_forget, 1, size)
    g = build("tanh", _gate(build, gates, 2, size))
    o = build("sigmoid", _gate(build, gates, 3, size))
    c = build("add.Tensor", build("mul.Tensor", f, c), build("mul.Tensor", i, g))
    h = build("mul.Tensor", o, build("tanh", c))
    return (h if weights.projection is None else build("mm", h, weights.projection), c)


def gru_step(build: AtenBuilder, weights: Prepared, x: SSAValue, state: State) -> State:
    """n = tanh(x_n + r * h_n), h' = n + z * (h - n); gates in the order r, z, n"""
    (h,) = state
    size, bias = weights.size, weights.hidden_bias
    own = build("mm", h, weights.hidden) if bias is None else build("addmm", bias, h, weights.hidden)
    first_two = build("add.Tensor", _gate(build, x, 0, size, 2), _gate(build, own, 0, size, 2))
    reset_and_update = build("sigmoid", first_two)
    r, z = _gate(build, reset_and_update, 0, size), _gate(build, reset_and_update, 1, size)
    reset = build("mul.Tensor", r, _gate(build, own, 2, size))
    n = build("tanh", build("add.Tensor", _gate(build, x, 2, size), reset))
    return (build("add.Tensor", n, build("mul.Tensor", z, build("sub.Tensor", h, n))),)


def _simple_step(activation: str) -> Step:
    def step(build: AtenBuilder, weights: Prepared, x: SSAValue, state: State) -> State:
        return (build(activation, build("addmm", x, state[0], weights.hidden)),)

    return step


LSTM = Cell(4, lstm_step)
GRU = Cell(3, gru_step, joins_biases=False)
TANH = Cell(1, _simple_step("tanh"))
RELU = Cell(1, _simple_step("relu"))


def _prepare(build: AtenBuilder, cell: Cell, weights: Weights, x: SSAValue) -> tuple[Prepared, SSAValue]:
    """What the steps share, and the projection of the input (…, features) of all steps."""
    size = build.type(weights.hidden).sizes[0]
    assert isinstance(size, int)  # weights have fixed sizes
    bias, hidden_bias = weights.input_bias, weights.hidden_bias
    if cell.joins_biases and bias is not None and hidden_bias is not None:
        bias, hidden_bias = build("add.Tensor", bias, hidden_bias), None
    projection = None if weights.projection is None else _transposed(build, weights.projection)
    shared = Prepared(_transposed(build, weights.hidden), hidden_bias, projection, size // cell.gates)
    return shared, build("linear", x, weights.input, bias)


def _direction(
    build: AtenBuilder, cell: Cell, weights: Weights, x: SSAValue, state: State, backwards: bool
) -> tuple[Outputs, State]:
    """The hidden state after every step of (steps, batch, features), in the order of the sequence; the last state."""
    length = build.type(x).sizes[0]
    shared, projected = _prepare(build, cell, weights, x)
    if not isinstance(length, int) or length > build.unroll:
        return _loop(build, cell, shared, projected, state, backwards)
    outputs: list[SSAValue] = []
    for position in reversed(range(length)) if backwards else range(length):
        state = cell.step(build, shared, build("select.int", projected, 0, position), state)
        outputs.append(state[0])
    return (outputs[::-1] if backwards else outputs), state


def _loop(
    build: AtenBuilder, cell: Cell, shared: Prepared, projected: SSAValue, state: State, backwards: bool
) -> tuple[SSAValue, State]:
    names = [f for f in ("hidden", "hidden_bias", "projection") if getattr(shared, f) is not None]

    def step(carried: Values, slices: Values, captured: Values) -> tuple[Values, Values]:
        own = replace(shared, **dict(zip(names, captured, strict=True)))
        following = cell.step(build, own, slices[0], tuple(carried))
        return following, following[:1]

    xs = [build("flip", projected, [0]) if backwards else projected]
    final, (outputs,) = scan(build, state, xs, [getattr(shared, f) for f in names], step)
    return (build("flip", outputs, [0]) if backwards else outputs), tuple(final)


def _network(
    build: AtenBuilder,
    cell: Cell,
    x: SSAValue,
    initial: Sequence[SSAValue],
    params: Sequence[SSAValue],
    has_biases: bool,
    num_layers: int,
    dropout: float,
    train: bool,
    bidirectional: bool,
    batch_first: bool,
) -> list[SSAValue] | None:
    """Output of the last layer, then the last states of all layers, each (layers * directions, batch, size)."""
    if train and dropout and num_layers > 1:
        return None
    if batch_first:
        x = build("permute", x, [1, 0, 2])
    directions = 2 if bidirectional else 1
    per_direction = len(params) // (num_layers * directions)
    finals: list[State] = []
    for layer in range(num_layers):
        sides: list[Outputs] = []
        for direction in range(directions):
            index = layer * directions + direction
            weights = _weights(params[index * per_direction : (index + 1) * per_direction], has_biases)
            state = tuple(build("select.int", s, 0, index) for s in initial)
            outputs, final = _direction(build, cell, weights, x, state, backwards=direction == 1)
            sides.append(outputs)
            finals.append(final)
        x = _sequence(build, sides, stacked_at=1 if batch_first and layer == num_layers - 1 else 0)
    return [x, *(_stack(build, values, 0) for values in zip(*finals, strict=True))]


def _stack(build: AtenBuilder, values: Sequence[SSAValue], dim: int) -> SSAValue:
    return _joined(build, [build("unsqueeze", v, dim) for v in values], dim)


def _joined(build: AtenBuilder, values: Sequence[SSAValue], dim: int) -> SSAValue:
    return values[0] if len(values) == 1 else build("cat", list(values), dim)


def _sequence(build: AtenBuilder, sides: Sequence[Outputs], stacked_at: int) -> SSAValue:
    """The outputs of all steps, those of both directions side by side, as one tensor (steps, batch, size).

    `stacked_at=1` gives (batch, steps, size). A single cat of all outputs costs no operation per step.
    """
    lists = [side for side in sides if isinstance(side, list)]
    if not lists:
        joined = _joined(build, [side for side in sides if isinstance(side, SSAValue)], 2)
        return joined if stacked_at == 0 else build("permute", joined, [1, 0, 2])
    steps, directions = len(lists[0]), len(lists)
    batch, size = build.type(lists[0][0]).sizes
    if stacked_at == 0 and directions == 1:
        return build("view", build("cat", lists[0], 0), [steps, batch, size])
    flat = build("cat", [side[i] for i in range(steps) for side in lists], 1)
    whole = build("view", flat, [batch, steps, directions * size])
    return whole if stacked_at == 1 else build("permute", whole, [1, 0, 2])


def _weights(params: Sequence[SSAValue], has_biases: bool) -> Weights:
    if not has_biases:
        return Weights(params[0], params[1], None, None, *params[2:])
    return Weights(*params)


@decomposes("lstm.input")
def lstm(
    build: AtenBuilder,
    input: SSAValue,
    hx: Sequence[SSAValue],
    params: Sequence[SSAValue],
    **shape: Any,
) -> list[SSAValue] | None:
    """lstm(x, (h, c)) -> its steps"""
    return _network(build, LSTM, input, hx, params, **shape)


def _one_state(cell: Cell) -> Rule:
    """The rule of a network whose only state is the hidden one."""

    def rule(
        build: AtenBuilder, input: SSAValue, hx: SSAValue, params: Sequence[SSAValue], **shape: Any
    ) -> list[SSAValue] | None:
        return _network(build, cell, input, [hx], params, **shape)

    return rule


def _one_step(cell: Cell) -> Rule:
    """The rule of a single cell."""

    def rule(
        build: AtenBuilder,
        input: SSAValue,
        hx: SSAValue | Sequence[SSAValue],
        w_ih: SSAValue,
        w_hh: SSAValue,
        b_ih: SSAValue | None,
        b_hh: SSAValue | None,
    ) -> list[SSAValue]:
        state = tuple(hx) if isinstance(hx, Sequence) else (hx,)
        shared, projected = _prepare(build, cell, Weights(w_ih, w_hh, b_ih, b_hh), input)
        return list(cell.step(build, shared, projected, state))

    return rule


decomposes("gru.input")(_one_state(GRU))
decomposes("rnn_tanh.input")(_one_state(TANH))
decomposes("rnn_relu.input")(_one_state(RELU))
decomposes("lstm_cell")(_one_step(LSTM))
decomposes("gru_cell")(_one_step(GRU))
decomposes("rnn_tanh_cell")(_one_step(TANH))
decomposes("rnn_relu_cell")(_one_step(RELU))
