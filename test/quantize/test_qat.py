"""Training with fake quantisation: it trains, and what it computes is what the integer program computes."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
import torch
from quantised import in_float, in_integers, walk
from torch import Tensor, nn

import etc
from etc.dialects import edge, quant
from etc.dialects.edge.base import EdgeOp
from etc.errors import EtcError
from etc.quantize import prepare_qat
from etc.quantize.accuracy import compare
from etc.quantize.qat import FakeQuantize, QATLayer, QATModule
from etc.quantize.runs import Run
from etc.runtime.torch_executor import execute


class Net(nn.Module):
    """Convolutions with batch norm, a depthwise one, a residual sum, a concatenation, pooling, and a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU())
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.norm = nn.BatchNorm2d(8)
        self.pool = nn.MaxPool2d(2)
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(16, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(self.first(x))
        y = torch.relu(self.norm(self.depthwise(x)) + x)
        z = self.mean(torch.cat([x, y], 1))
        return self.head(z.flatten(1)).softmax(1)


def data(count: int) -> tuple[Tensor, Tensor]:
    """Images whose brightest quarter is their class."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(count, 1, 8, 8, generator=generator)
    y = torch.randint(0, 4, (count,), generator=generator)
    for image, label in zip(x, y.tolist(), strict=True):
        image[0, label // 2 * 4 :, label % 2 * 4 :][:4, :4] += 1
    return x, y


def trained(model: QATModule, steps: int = 30) -> tuple[QATModule, list[float]]:
    x, y = data(64)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses: list[float] = []
    model.train()
    for step in range(steps):
        if step == 2 * steps // 3:
            model.freeze()
        optimizer.zero_grad()
        loss = nn.functional.nll_loss((model(x) + 1e-3).log(), y)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    model.eval()
    return model, losses


@pytest.fixture(scope="module")
def model() -> QATModule:
    torch.manual_seed(0)
    return trained(prepare_qat(Net()))[0]


def test_it_trains_every_parameter():
    torch.manual_seed(0)
    original = Net()
    before = deepcopy(original.state_dict())
    model = prepare_qat(original)
    start = [p.detach().clone() for p in model.parameters()]
    assert len(start) == len(list(original.parameters()))
    _, losses = trained(model)
    assert losses[-1] < losses[0] - 0.2
    assert all(not torch.equal(a, b) for a, b in zip(start, model.parameters(), strict=True))
    assert all(torch.equal(value, before[name]) for name, value in original.state_dict().items())


def test_batch_norms_and_scales_learn_until_they_are_frozen():
    torch.manual_seed(0)
    model = prepare_qat(Net()).train()
    x, _ = data(16)
    model(x)
    layers = [m for m in model.modules() if isinstance(m, QATLayer) and m.norm is not None]
    assert len(layers) == 2
    ranges = [float(m.high) for m in model.modules() if isinstance(m, FakeQuantize) and m.fixed is None]
    means = [layer.norm.running_mean.clone() for layer in layers]
    model(2 * x)
    assert [float(m.high) for m in model.modules() if isinstance(m, FakeQuantize) and m.fixed is None] != ranges
    assert not torch.equal(layers[0].norm.running_mean, means[0])
    model.freeze()
    ranges = [float(m.high) for m in model.modules() if isinstance(m, FakeQuantize)]
    means = [layer.norm.running_mean.clone() for layer in layers]
    model(3 * x)
    assert [float(m.high) for m in model.modules() if isinstance(m, FakeQuantize)] == ranges
    assert all(torch.equal(layer.norm.running_mean, mean) for layer, mean in zip(layers, means, strict=True))


def test_in_training_it_is_near_the_model_itself():
    torch.manual_seed(0)
    original = Net().train()
    model = prepare_qat(original)
    x, _ = data(32)
    torch.testing.assert_close(model(x), original(x), atol=0.02, rtol=0)


def test_gradients_go_through_rounding_but_not_where_values_are_clipped():
    rounding = FakeQuantize(quant_spec()).train()
    rounding(torch.tensor([-1.0, 1.0]))
    rounding.is_frozen = True
    x = torch.tensor([-3.0, -0.9, 0.1234, 0.9, 3.0], requires_grad=True)
    rounding(x).sum().backward()
    assert x.grad is not None
    assert x.grad.tolist() == [0, 1, 1, 1, 0]


def quant_spec() -> quant.attributes.Spec:
    from etc.transforms.quantization_configs import INT8

    return INT8


# ---- what it converts to ---------------------------------------------------------------------------------------------


def test_the_integers_of_training_are_those_of_the_program(model: QATModule):
    """Bit by bit: every quantised value of the model in PyTorch, and of the program with fake quantisation on torch."""
    x, _ = data(8)
    program = in_float(model.convert(), (x[:1],))
    quantized = list(walk(program, quant.QuantizeOp))
    run = Run(program, "forward", {op.result for op in quantized})
    compared = 0
    for row in x:
        expected, integers = watched(model, row[None])
        (found,) = run([row[None]])
        assert torch.equal(found, expected)
        for value in (value.long() for op in quantized for value in run.seen[op.result]):
            assert any(value.shape == other.shape and torch.equal(value, other) for other in integers)
            compared += 1
    assert compared >= 8 * 8


def watched(model: QATModule, x: Tensor) -> tuple[Tensor, list[Tensor]]:
    """What the model gives, and all integers on the way."""
    integers: list[Tensor] = []

    def note(module: nn.Module, _: object, rounded: Tensor) -> None:
        assert isinstance(module, FakeQuantize)
        integers.append(integers_of(module, rounded))

    hooks = [m.register_forward_hook(note) for m in model.modules() if isinstance(m, FakeQuantize)]
    with torch.no_grad():
        result = model(x)
    for hook in hooks:
        hook.remove()
    return result, integers


def integers_of(module: FakeQuantize, rounded: Tensor) -> Tensor:
    params = module.params
    assert params is not None
    return (rounded.detach().double() / params.scale).round().long() + params.zero_point


def test_the_program_is_of_integers_alone(model: QATModule):
    x, _ = data(1)
    program = in_integers(in_float(model.convert(), (x,)))
    names = {op.name for op in program.walk() if isinstance(op, EdgeOp)}
    assert {"quant.conv", "quant.linear", "quant.add", "quant.softmax", "quant.requantize"} <= names
    assert not any(isinstance(op, edge.ConvOp | edge.LinearOp | edge.AddOp | edge.ReluOp) for op in program.walk())


def test_integers_differ_by_one_rounding(model: QATModule):
    x, _ = data(24)
    program = in_float(model.convert(), (x[:1],))
    samples = [(row[None],) for row in x]
    report = compare(program, program, samples, integer=in_integers(program))
    steps = [layer.local_steps for layer in report.layers if layer.local_steps is not None]
    assert len(steps) >= 6
    assert max(steps) <= 1


def test_it_compiles_as_it_is(model: QATModule):
    x, y = data(40)
    compiled = etc.compile(model, (x[:1],), target="host")
    found = torch.cat([compiled.run(row[None]) for row in x])
    expected = model(x).detach()
    assert float((found - expected).abs().max()) <= 6 / 256
    assert float((found.argmax(1) == expected.argmax(1)).float().mean()) >= 0.95
    assert float((expected.argmax(1) == y).float().mean()) > 0.7
    reference = in_integers(in_float(model.convert(), (x[:1],)))
    for row in x[:8]:
        assert torch.equal(compiled.run(row[None]), execute(reference, "forward", [row[None]])[0])


def test_on_the_stock_runtime(model: QATModule):
    x, _ = data(4)
    compiled = etc.compile(model, (x[:1],))
    for row in x:
        torch.testing.assert_close(compiled.run(row[None]), model(row[None]), atol=2 / 256, rtol=0)


def test_16_bit_activations():
    torch.manual_seed(0)
    model, _ = trained(prepare_qat(Net(), "int16x8"), 6)
    x, _ = data(2)
    program = in_float(model.convert(), (x[:1],))
    assert {str(op.argument("dtype")) for op in walk(program, quant.QuantizeOp)} == {"int16"}
    assert torch.equal(execute(program, "forward", [x[:1]])[0], model(x[:1]))


def test_joined_values_share_the_widest_range():
    class Joined(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = nn.Linear(4, 4), nn.Linear(4, 4)
            with torch.no_grad():
                self.b.weight.mul_(100)

        def forward(self, x: Tensor) -> Tensor:
            return torch.cat([self.a(x), self.b(x)], 1)

    torch.manual_seed(0)
    model = prepare_qat(Joined()).train()
    x = torch.randn(32, 4)
    model(x)
    model.eval()
    widest = max(float(m.high) for m in model.modules() if isinstance(m, FakeQuantize))
    assert widest == pytest.approx(float(model(x).max()), rel=0.02)
    program = in_float(model.convert(), (x,))
    scales = [op.argument("scale") for op in walk(program, quant.QuantizeOp)]
    assert len(scales) == 4
    assert len(set(scales)) == 2


# ---- errors ----------------------------------------------------------------------------------------------------------


class Branches(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x if x.sum() > 0 else -x


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: prepare_qat(Net(), "int9"), 'there is no config of quantization "int9"\n  next: did you mean int8'),
        (
            lambda: prepare_qat(Net(), "int8-weight"),
            "config int8-weight has no scales to train with\n  expected: int8 or",
        ),
        (lambda: prepare_qat("net"), "this cannot be trained\n  expected: a torch.nn.Module\n  found: str"),  # pyright: ignore[reportArgumentType]
        (lambda: prepare_qat(Branches()), "torch.fx cannot trace the model"),
        (lambda: prepare_qat(Net()).convert(), "no data have been seen at x\n  expected: a scale for its integers"),
    ],
)
def test_errors(make: Callable[[], object], message: str):
    with pytest.raises(EtcError) as caught:
        make()
    assert message in str(caught.value)


class Mixed(nn.Module):
    """What stays in float between what is quantised: an embedding, a GRU, a layer norm, a transposed convolution."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(10, 8)
        self.gru = nn.GRU(8, 8, batch_first=True)
        self.norm = nn.LayerNorm(8)
        self.up = nn.ConvTranspose1d(8, 4, 2, 2)
        self.head = nn.Linear(4, 3)

    def forward(self, words: Tensor) -> Tensor:
        x, _ = self.gru(self.embedding(words))
        x = self.up(self.norm(x).transpose(1, 2))
        return self.head(torch.sigmoid(x).mean(2) * 2)


def test_what_has_no_integers_stays_in_float():
    torch.manual_seed(0)
    words = torch.randint(0, 10, (6, 5))
    model = prepare_qat(Mixed()).train()
    model(words).sum().backward()
    assert all(p.grad is not None for p in model.parameters())
    model.eval()
    compiled = etc.compile(model, (words,), target="host")
    torch.testing.assert_close(compiled.run(words), model(words).detach(), atol=0.02, rtol=0)
    program = in_float(model.convert(), (words,))
    assert torch.equal(execute(program, "forward", [words])[0], model(words))


def test_states_are_saved_and_loaded():
    torch.manual_seed(0)
    x, _ = data(8)
    model = prepare_qat(Net()).train()
    model(x)
    model.eval()
    again = prepare_qat(Net())
    again.load_state_dict(model.state_dict())
    again.eval()
    assert torch.equal(again(x), model(x))
    assert torch.equal(again.convert()(x), model(x))
