"""Recurrent networks unrolled over a sequence of known length.

The projection of the inputs is one matrix product for all steps; a step is left with the product of the hidden state.
Gate formulas are those of torch.nn.LSTM, torch.nn.GRU and torch.nn.RNN (https://pytorch.org/docs/stable/nn.html#recurrent-layers).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xdsl.ir import SSAValue

from etc.errors import EtcError
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes

State = tuple[SSAValue, ...]
"""The hidden state, and for an LSTM the cell state: (batch, hidden) each."""


@dataclass(frozen=True)
class Weights:
    """One layer's parameters for one direction; `projection` is that of an LSTM with projected hidden states."""

    input: SSAValue
    hidden: SSAValue
    input_bias: SSAValue | None
    hidden_bias: SSAValue | None
    projection: SSAValue | None = None


Step = Callable[[AtenBuilder, Weights, SSAValue, State], State]
"""(projected input of one step, state) -> new state"""


def _linear(build: AtenBuilder, x: SSAValue, weight: SSAValue, bias: SSAValue | None) -> SSAValue:
    return build("linear", x, weight, bias)


def _gate(build: AtenBuilder, gates: SSAValue, number: int, size: int, count: int = 1) -> SSAValue:
    return build("slice.Tensor", gates, 1, number * size, (number + count) * size)


def _hidden_size(build: AtenBuilder, weights: Weights, gates: int) -> int:
    size = build.type(weights.hidden).sizes[0]
    assert isinstance(size, int)
    return size // gates


def lstm_step(build: AtenBuilder, weights: Weights, x: SSAValue, state: State) -> State:
    """c' = f * c + i * g, h' = o * tanh(c'); gates in the order i, f, g, o"""
    h, c = state
    size = _hidden_size(build, weights, 4)
    gates = build("add.Tensor", x, _linear(build, h, weights.hidden, weights.hidden_bias))
    input_and_forget = build("sigmoid", _gate(build, gates, 0, size, 2))
    i, f = _gate(build, input_and_forget, 0, size), _gate(build, input_and_forget, 1, size)
    g = build("tanh", _gate(build, gates, 2, size))
    o = build("sigmoid", _gate(build, gates, 3, size))
    c = build("add.Tensor", build("mul.Tensor", f, c), build("mul.Tensor", i, g))
    h = build("mul.Tensor", o, build("tanh", c))
    return (h if weights.projection is None else _linear(build, h, weights.projection, None), c)


def gru_step(build: AtenBuilder, weights: Weights, x: SSAValue, state: State) -> State:
    """n = tanh(x_n + r * h_n), h' = n + z * (h - n); gates in the order r, z, n"""
    (h,) = state
    size = _hidden_size(build, weights, 3)
    own = _linear(build, h, weights.hidden, weights.hidden_bias)
    first_two = build("add.Tensor", _gate(build, x, 0, size, 2), _gate(build, own, 0, size, 2))
    reset_and_update = build("sigmoid", first_two)
    r, z = _gate(build, reset_and_update, 0, size), _gate(build, reset_and_update, 1, size)
    reset = build("mul.Tensor", r, _gate(build, own, 2, size))
    n = build("tanh", build("add.Tensor", _gate(build, x, 2, size), reset))
    return (build("add.Tensor", n, build("mul.Tensor", z, build("sub.Tensor", h, n))),)


def _simple_step(activation: str) -> Step:
    def step(build: AtenBuilder, weights: Weights, x: SSAValue, state: State) -> State:
        own = _linear(build, state[0], weights.hidden, weights.hidden_bias)
        return (build(activation, build("add.Tensor", x, own)),)

    return step


def _direction(
    build: AtenBuilder, step: Step, weights: Weights, x: SSAValue, state: State, backwards: bool
) -> tuple[list[SSAValue], State]:
    """The hidden state after every step of (steps, batch, features), in the order of the sequence, and the last state."""
    length = build.type(x).sizes[0]
    if not isinstance(length, int):
        raise EtcError(
            "a recurrent network over a sequence whose length is known only at run time cannot be unrolled",
            next_step="export the model with a fixed sequence length, or write the loop with while_loop",
        )
    projected = _linear(build, x, weights.input, weights.input_bias)
    outputs: list[SSAValue] = []
    for position in reversed(range(length)) if backwards else range(length):
        state = step(build, weights, build("select.int", projected, 0, position), state)
        outputs.append(state[0])
    return (outputs[::-1] if backwards else outputs), state


def _network(
    build: AtenBuilder,
    step: Step,
    x: SSAValue,
    initial: Sequence[SSAValue],
    params: Sequence[SSAValue],
    has_biases: bool,
    num_layers: int,
    bidirectional: bool,
    batch_first: bool,
) -> list[SSAValue]:
    """Output of the last layer, then the last states of all layers, each (layers * directions, batch, size)."""
    batched = build.type(x).rank == 3
    if not batched:
        x, initial = build("unsqueeze", x, 1), [build("unsqueeze", s, 1) for s in initial]
    elif batch_first:
        x = build("permute", x, [1, 0, 2])
    directions = 2 if bidirectional else 1
    per_direction = len(params) // (num_layers * directions)
    finals: list[State] = []
    for layer in range(num_layers):
        sides: list[list[SSAValue]] = []
        for direction in range(directions):
            index = layer * directions + direction
            weights = _weights(params[index * per_direction : (index + 1) * per_direction], has_biases)
            state = tuple(build("select.int", s, 0, index) for s in initial)
            outputs, final = _direction(build, step, weights, x, state, backwards=direction == 1)
            sides.append(outputs)
            finals.append(final)
        steps = sides[0] if directions == 1 else [build("cat", list(pair), 1) for pair in zip(*sides, strict=True)]
        x = build("stack", steps, 0)
    results = [x, *(build("stack", list(states), 0) for states in zip(*finals, strict=True))]
    if not batched:
        return [build("squeeze.dim", r, 1) for r in results]
    return [build("permute", results[0], [1, 0, 2]), *results[1:]] if batch_first else results


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
    has_biases: bool,
    num_layers: int,
    bidirectional: bool,
    batch_first: bool,
) -> list[SSAValue]:
    """lstm(x, (h, c)) -> its steps, unrolled"""
    shape = (has_biases, num_layers, bidirectional, batch_first)
    return _network(build, lstm_step, input, hx, params, *shape)


def _one_state(step: Step) -> Callable[..., list[SSAValue]]:
    """The rule of a network whose only state is the hidden one."""

    def rule(
        build: AtenBuilder,
        input: SSAValue,
        hx: SSAValue,
        params: Sequence[SSAValue],
        has_biases: bool,
        num_layers: int,
        bidirectional: bool,
        batch_first: bool,
    ) -> list[SSAValue]:
        shape = (has_biases, num_layers, bidirectional, batch_first)
        return _network(build, step, input, [hx], params, *shape)

    return rule


decomposes("gru.input")(_one_state(gru_step))
decomposes("rnn_tanh.input")(_one_state(_simple_step("tanh")))
decomposes("rnn_relu.input")(_one_state(_simple_step("relu")))


def _cell(
    build: AtenBuilder,
    step: Step,
    x: SSAValue,
    state: State,
    w_ih: SSAValue,
    w_hh: SSAValue,
    b_ih: SSAValue | None,
    b_hh: SSAValue | None,
) -> list[SSAValue]:
    weights = Weights(w_ih, w_hh, b_ih, b_hh)
    return list(step(build, weights, _linear(build, x, w_ih, b_ih), state))


@decomposes("lstm_cell")
def lstm_cell(
    build: AtenBuilder,
    input: SSAValue,
    hx: Sequence[SSAValue],
    w_ih: SSAValue,
    w_hh: SSAValue,
    b_ih: SSAValue | None,
    b_hh: SSAValue | None,
) -> list[SSAValue]:
    """lstm_cell(x, (h, c)) -> one step of an LSTM"""
    return _cell(build, lstm_step, input, tuple(hx), w_ih, w_hh, b_ih, b_hh)


@decomposes("gru_cell")
def gru_cell(
    build: AtenBuilder,
    input: SSAValue,
    hx: SSAValue,
    w_ih: SSAValue,
    w_hh: SSAValue,
    b_ih: SSAValue | None,
    b_hh: SSAValue | None,
) -> list[SSAValue]:
    """gru_cell(x, h) -> one step of a GRU"""
    return _cell(build, gru_step, input, (hx,), w_ih, w_hh, b_ih, b_hh)
