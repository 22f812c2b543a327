"""Equalisation, bias correction and learned rounding: what each is for gets better, by a clear margin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
from quantised import Sample, fake_quantised, in_float, in_integers, run, walk
from torch import Tensor, nn
from xdsl.dialects.builtin import ModuleOp

import etc
from etc.dialects import edge
from etc.errors import EtcError
from etc.quantize.accuracy import compare
from etc.quantize.adaround import learn_rounding
from etc.quantize.bias_correction import correct_biases
from etc.quantize.flow import run as quantise
from etc.quantize.recipe import Recipe
from etc.runtime.torch_executor import execute
from etc.transforms.edge_builder import array_of

Correct = Callable[[ModuleOp, ModuleOp, Sequence[Sample]], int]


class Uneven(nn.Module):
    """Channels in ranges of 1 to 1000, as batch norms leave them behind when they are folded."""

    def __init__(self) -> None:
        super().__init__()
        self.expand = nn.Conv2d(4, 16, 1)
        self.depthwise = nn.Conv2d(16, 16, 3, padding=1, groups=16)
        self.project = nn.Conv2d(16, 4, 1)
        with torch.no_grad():
            factors = torch.logspace(0, 3, 16)
            self.expand.weight *= factors.reshape(-1, 1, 1, 1)
            assert self.expand.bias is not None
            self.expand.bias *= factors
            self.depthwise.weight /= factors.reshape(-1, 1, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.expand(x))
        return self.project(torch.relu(self.depthwise(x)))


def test_equalisation_serves_uneven_channels():
    torch.manual_seed(0)
    data = [(torch.randn(1, 4, 8, 8),) for _ in range(8)]
    reference = in_float(Uneven(), data[0])
    equalised = run(reference.clone(), "equalise-layers")
    (expected,), (found,) = (execute(module, "forward", data[0]) for module in (reference, equalised))
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4 * float(expected.abs().max()))
    plain = compare(reference, fake_quantised(reference, data), data).sqnr
    better = compare(reference, fake_quantised(equalised, data), data).sqnr
    assert better > plain + 10


class Biased(nn.Module):
    """One weight of each output is so large that the others, all of one sign, are rounded to nothing."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        make: dict[str, Callable[[], nn.Module]] = {
            "linear": lambda: nn.Linear(64, 8),
            "linear without bias": lambda: nn.Linear(64, 8, bias=False),
            "conv": lambda: nn.Conv2d(16, 8, 3, padding=1),
            "grouped": lambda: nn.Conv2d(16, 8, 3, padding=1, stride=2, groups=2),
            "conv1d": lambda: nn.Conv1d(16, 8, 3, dilation=2),
        }
        self.layer = make[kind]()
        with torch.no_grad():
            weight = self.layer.get_parameter("weight")
            weight.copy_(0.2 + 0.25 * torch.rand(weight.shape))
            weight.flatten(1)[:, 0] = 127.0

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x)


SHAPES = {"conv": (2, 16, 6, 6), "grouped": (2, 16, 6, 6), "conv1d": (2, 16, 9)}
KINDS = ("linear", "linear without bias", "conv", "grouped", "conv1d")


def biased(kind: str) -> tuple[ModuleOp, ModuleOp, list[Sample]]:
    torch.manual_seed(0)
    data: list[Sample] = [(torch.rand(SHAPES.get(kind, (2, 64))),) for _ in range(16)]
    reference = in_float(Biased(kind), data[0])
    return reference, fake_quantised(reference, data), data


def shift(reference: ModuleOp, quantised: ModuleOp, data: Sequence[Sample]) -> float:
    """The largest mean difference of a channel."""
    differences = [execute(quantised, "forward", s)[0] - execute(reference, "forward", s)[0] for s in data]
    dim = 1 if next(walk(reference, edge.ConvOp), None) else -1
    return float(torch.cat(differences).movedim(dim, 0).flatten(1).mean(1).abs().max())


@pytest.mark.parametrize("kind", KINDS)
def test_bias_correction_takes_the_shift_out(kind: str):
    reference, quantised, data = biased(kind)
    before, plain = shift(reference, quantised, data), compare(reference, quantised, data).sqnr
    assert correct_biases(quantised, reference, data) == 1
    quantised.verify()
    assert shift(reference, quantised, data) < before / 10
    assert compare(reference, quantised, data).sqnr > plain + 6
    report = compare(reference, quantised, data, integer=in_integers(quantised))
    assert report.layers[-1].local_steps is not None
    assert report.layers[-1].local_steps <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_learned_rounding_serves_weights_that_are_nearly_nothing(kind: str):
    reference, quantised, data = biased(kind)
    plain = compare(reference, quantised, data).sqnr
    assert learn_rounding(quantised, reference, data) == 1
    quantised.verify()
    assert compare(reference, quantised, data).sqnr > plain + 10
    report = compare(reference, quantised, data, integer=in_integers(quantised))
    assert report.layers[-1].local_steps is not None
    assert report.layers[-1].local_steps <= 1


class Chain(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 8))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


@pytest.mark.parametrize("correct", [learn_rounding, correct_biases])
def test_layers_do_not_get_worse_on_new_data(correct: Correct):
    """Inputs that go together: 32 of rank 6."""
    torch.manual_seed(0)
    basis = torch.randn(6, 32)
    data = [(torch.randn(16, 6) @ basis,) for _ in range(24)]
    reference = in_float(Chain(), data[0])
    quantised = fake_quantised(reference, data[:16])
    before = compare(reference, quantised, data[16:])
    assert correct(quantised, reference, data[:16]) == 3
    after = compare(reference, quantised, data[16:])
    assert after.sqnr > before.sqnr - 0.2


def test_learned_rounding_keeps_scales_and_range():
    reference, quantised, data = biased("linear")
    before = [array_of(op.operands[1].owner.operands[1]) for op in walk(quantised, edge.LinearOp)]
    learn_rounding(quantised, reference, data)
    after = [array_of(op.operands[1].owner.operands[1]) for op in walk(quantised, edge.LinearOp)]
    assert all(map(torch.equal, before, after))
    (layer,) = walk(quantised, edge.LinearOp)
    integers = array_of(layer.operands[1].owner.operands[0])
    assert integers.dtype == torch.int8
    assert int(integers.abs().max()) <= 127


# ---- as options of a recipe ------------------------------------------------------------------------------------------


def with_recipe(reference: ModuleOp, recipe: Recipe) -> ModuleOp:
    copy = reference.clone()
    quantise(copy, recipe)
    return copy


def test_options_of_a_recipe():
    reference, quantised, data = biased("conv")
    plain = compare(reference, quantised, data).sqnr
    for recipe in (Recipe("int8", data, adaround=True), Recipe("int8", data, bias_correction=True)):
        assert compare(reference, with_recipe(reference, recipe), data).sqnr > plain + 6


def test_equalisation_as_an_option():
    torch.manual_seed(0)
    data = [(torch.randn(1, 4, 8, 8),) for _ in range(8)]
    reference = in_float(Uneven(), data[0])
    results = [with_recipe(reference, Recipe("int8", data, equalise=even)) for even in (False, True)]
    plain, better = (compare(reference, result, data).sqnr for result in results)
    assert better > plain + 10


def test_all_forms_of_a_compiled_program_are_equalised():
    torch.manual_seed(0)
    data = [(torch.randn(1, 4, 8, 8),) for _ in range(4)]
    compiled = etc.compile(Uneven(), data[0], quantize=Recipe("int8", data, equalise=True), target="c")
    assert compiled.forms is not None
    report = compiled.forms.accuracy()
    assert report.divergent is None
    assert all(layer.local.sqnr > 30 and layer.accumulated.sqnr > 25 for layer in report.layers)


def test_options_without_data():
    reference, _, _ = biased("linear")
    with pytest.raises(
        EtcError, match="there are no data to improve the quantised program with\n  found: adaround=True"
    ):
        with_recipe(reference, Recipe("int8-weight", adaround=True))


@pytest.mark.parametrize("config", ["int4-weight-g32", "int8-weight", "int8-dynamic"])
def test_learned_rounding_of_weights_alone(config: str):
    """Inputs that go together: 64 of rank 6, and noise."""
    torch.manual_seed(0)
    basis = torch.randn(6, 64)
    data = [(torch.randn(16, 6) @ basis + 0.05 * torch.randn(16, 64),) for _ in range(24)]
    reference = in_float(nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 32, bias=False)), data[0])
    quantised = with_recipe(reference, Recipe(config))
    before = compare(reference, quantised, data[16:])
    assert learn_rounding(quantised, reference, data[:16]) == 2
    quantised.verify()
    after = compare(reference, quantised, data[16:])
    assert after.sqnr > before.sqnr + (3 if config != "int8-dynamic" else -0.2)
    assert after.layers[0].local.sqnr > before.layers[0].local.sqnr + (6 if config != "int8-dynamic" else -0.2)
