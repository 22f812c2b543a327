"""The whole way from a float program to one with quantize and dequantize: numbers, data, and what can be wrong."""

from __future__ import annotations

import json
import math
import re
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from quantised import Net, Sample, in_float, run, walk
from torch import Tensor, nn
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import ReturnOp

from etc.compiler import export
from etc.dialects import edge, quant
from etc.dialects.quant.attributes import PARAMS
from etc.errors import EtcError
from etc.lowering.import_torch import import_program
from etc.pipelines import OPTIMISATIONS_FOR_C
from etc.quantize import Recipe, calibrate
from etc.quantize import run as quantize
from etc.runtime.torch_executor import execute
from etc.transforms.module_names import ModuleNames


class Recurrent(nn.Module):
    """A GRU or an LSTM with a classifier on its last output."""

    def __init__(self, kind: type[nn.GRU] | type[nn.LSTM]):
        super().__init__()
        self.cells = kind(6, 16, batch_first=True)
        self.head = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.cells(x)[0][:, -1]).softmax(-1)


class Residual(nn.Module):
    """Depthwise, grouped and transposed convolutions, joins, pools, resizing, and activations that become tables."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.grouped = nn.Conv2d(8, 8, 1, groups=2, bias=False)
        self.up = nn.ConvTranspose2d(16, 4, 2, stride=2)
        self.head = nn.Linear(4, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.nn.functional.silu(self.stem(x))
        y = torch.nn.functional.hardswish(self.depthwise(x))
        y = torch.cat([x + torch.sigmoid(self.grouped(y)) * y, torch.tanh(x)], 1)
        y = nn.functional.pad(self.up(y), (1, 1, 0, 0))
        y = nn.functional.max_pool2d(y, 2) - nn.functional.avg_pool2d(y, 2)
        return self.head(nn.functional.leaky_relu(y).mean((2, 3)))


def data_for(example: Tensor, count: int = 16) -> list[Sample]:
    generator = torch.Generator().manual_seed(1)
    return [(torch.randn(example.shape, generator=generator),) for _ in range(count)]


def sqnr(expected: Tensor, found: Tensor) -> float:
    """Signal-to-noise ratio in dB."""
    return 10 * math.log10(float((expected**2).sum() / ((expected - found) ** 2).sum()))


MODELS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "convolutions": (Net, (1, 1, 8, 8)),
    "residual": (Residual, (2, 3, 16, 16)),
    "gru": (lambda: Recurrent(nn.GRU), (1, 12, 6)),
    "lstm": (lambda: Recurrent(nn.LSTM), (1, 12, 6)),
}


def program(name: str) -> tuple[ModuleOp, list[Sample]]:
    build, shape = MODELS[name]
    torch.manual_seed(0)
    model = build()
    data = data_for(torch.zeros(shape))
    return in_float(model, data[0]), data


def outputs(module: ModuleOp, data: list[Sample]) -> Tensor:
    return torch.stack([execute(module, "forward", inputs)[0] for inputs in data])


@pytest.mark.parametrize(
    ("config", "least"), [("int8", 22.0), ("int16x8", 32.0), ("int8-weight", 32.0), ("float", math.inf)]
)
@pytest.mark.parametrize("name", MODELS)
def test_results_stay_near(name: str, config: str, least: float):
    module, data = program(name)
    expected = outputs(module, data)
    quantize(module, Recipe(config, data))
    module.verify()
    found = outputs(module, data)
    assert torch.equal(found, expected) if least == math.inf else sqnr(expected, found) > least


@pytest.mark.parametrize("name", MODELS)
def test_static_programs_have_integers_between_operations(name: str):
    """All that contractions read comes from integers, and nothing is left to calibrate or to convert."""
    module, data = program(name)
    quantize(module, Recipe("int8", data))
    assert not list(walk(module, quant.ObserveOp))
    for op in walk(module, edge.ConvOp | edge.LinearOp):
        assert isinstance(op.input.owner, quant.DequantizeOp)
        assert isinstance(op.weight.owner, quant.DequantizePerChannelOp)
    for op in walk(module, quant.QuantizeOp):
        assert PARAMS in op.attributes


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_loops_carry_one_scale(name: str):
    """What a step yields is quantised as what the next one reads."""
    module, data = program(name)
    quantize(module, Recipe("int8", data))
    (scan,) = walk(module, edge.ScanOp)

    def scales(values: Any) -> list[Any]:
        return [v.owner.argument("scale") for v in values]

    region = scan.combine_region
    read = [next(iter(a.uses)).operation.argument("scale") for a in region.block.args[: len(scan.init)]]
    assert scales(scan.yielded(region)[: len(scan.init)]) == scales(scan.init) == read


@pytest.mark.parametrize("observer", ["minmax", "moving-average", "percentile", "mse", "entropy"])
def test_observers(observer: str):
    module, data = program("convolutions")
    expected = outputs(module, data)
    quantize(module, Recipe("int8", data, observer))
    assert sqnr(expected, outputs(module, data)) > 14


class Processes(Executor):
    """Sends everything through pickle, as executors over processes do."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        import pickle

        future: Future[Any] = Future()
        function, given = pickle.loads(pickle.dumps((fn, args)))
        future.set_result(pickle.loads(pickle.dumps(function(*given, **kwargs))))
        return future


@pytest.mark.parametrize("executor", [Processes(), ThreadPoolExecutor(2)])
@pytest.mark.parametrize("observer", ["minmax", "moving-average", "entropy"])
def test_calibration_in_parts(executor: Executor, observer: str):
    module, data = program("convolutions")
    run(module, "annotate-quantization", f"insert-observers{{observer={observer}}}")
    spread = module.clone()
    calibrate(module, data)
    calibrate(spread, data, executor)
    for one, other in zip(walk(module, quant.ObserveOp), walk(spread, quant.ObserveOp), strict=True):
        params, found = one.attributes[PARAMS].data, other.attributes[PARAMS].data
        assert found.scale == pytest.approx(params.scale, rel=1e-6)
        assert found.zero_point == params.zero_point


def test_passes_by_name(tmp_path: Path):
    """The flow as passes with text between them is the flow of a recipe."""
    module, data = program("convolutions")
    np.savez(tmp_path / "data.npz", x=torch.cat([x for (x,) in data]).numpy())
    by_recipe = module.clone()
    quantize(by_recipe, Recipe("int8", data))
    calibration = f'calibrate{{data="{tmp_path / "data.npz"}"}}'
    run(module, "annotate-quantization", "insert-observers", calibration, "convert-quantization")
    assert str(module) == str(by_recipe)


def test_overrides_leave_parts_in_float():
    module, data = program("convolutions")
    quantize(module, Recipe("int8", data, overrides={"conv1": "float", "Linear": "int8-weight", "pool": "int8"}))
    first, second = walk(module, edge.ConvOp)
    (head,) = walk(module, quant.MixedLinearOp)
    assert not isinstance(first.weight.owner, quant.DequantizePerChannelOp)
    assert isinstance(second.weight.owner, quant.DequantizePerChannelOp)
    assert isinstance(second.input.owner, quant.DequantizeOp)
    assert not list(walk(module, edge.LinearOp))
    (output,) = next(walk(module, ReturnOp)).operands
    assert isinstance(output.owner, edge.AddOp)
    assert output.owner.self_ is head.result


def test_methods_have_data_of_their_own():
    model, example = Net().eval(), torch.zeros(1, 1, 8, 8)
    exported = export(model, (example,))
    module = import_program({"first": exported, "second": exported})
    run(module, "decompose-aten", "aten-to-edge", *OPTIMISATIONS_FOR_C, "annotate-quantization", "insert-observers")
    with pytest.raises(EtcError, match="no calibration data for method second"):
        calibrate(module.clone(), {"first": [example + 1]})
    with pytest.raises(EtcError, match="methods that the program does not have"):
        calibrate(module.clone(), {"third": [example + 1]})
    calibrate(module, {"first": [example + 1], "second": [example + 2]})
    found = {op.argument("key"): op.attributes[PARAMS].data.scale for op in walk(module, quant.ObserveOp)}
    assert found["x:2"] == pytest.approx(2 * found["x"])


# What can be wrong.


def test_no_data():
    for data in (None, [], torch.zeros(0, 1, 8, 8)):
        module, _ = program("convolutions")
        with pytest.raises(EtcError, match="there is no calibration data for method forward") as error:
            quantize(module, Recipe("int8", data))
        assert "samples of its inputs: x" in str(error.value)


@pytest.mark.parametrize(("value", "kind"), [(math.nan, "NaN"), (math.inf, "infinity")])
def test_inputs_that_are_not_finite(value: float, kind: str):
    module, data = program("convolutions")
    data[3][0][0, 0, 0, 0] = value
    with pytest.raises(EtcError, match="calibration data have NaN or infinities") as error:
        quantize(module, Recipe("int8", data))
    assert "input x of sample 3" in str(error.value)


class Logarithms(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.log(x)
        return self.fc(y) + self.fc(torch.sqrt(x))


def test_activations_that_are_not_finite():
    module = in_float(Logarithms(), (torch.ones(1, 4),))
    with pytest.raises(EtcError) as error:
        quantize(module, Recipe("int8", [torch.ones(1, 4), torch.tensor([[1.0, 0.0, -1.0, 2.0]])]))
    text = str(error.value)
    assert "edge.log: NaN where values are to be quantised" in text
    assert "edge.sqrt: NaN where values are to be quantised" in text
    assert "test_flow.py:" in text
    assert "2 of 4 values in sample 1" in text


def advised(error: EtcError) -> dict[str, str]:
    """The overrides that an error advises."""
    found = re.findall(r"overrides=(\{.*\})", str(error))
    return {name: config for text in found for name, config in json.loads(text).items()}


def test_overrides_that_are_advised_exist():
    data = [torch.ones(1, 4), torch.tensor([[1.0, 0.0, -1.0, 2.0]])]
    module = in_float(Logarithms(), (torch.ones(1, 4),))
    with pytest.raises(EtcError) as error:
        quantize(module.clone(), Recipe("int8", data))
    names = advised(error.value)
    assert set(names) == {"edge.log", "edge.sqrt", "fc"}
    ModuleNames(module).check(list(names))
    branches, one = in_float(Branches(), (torch.ones(1, 4),)), [torch.ones(1, 4)]
    with pytest.raises(EtcError) as error:
        quantize(branches.clone(), Recipe("int8", one))
    quantize(branches, Recipe("int8", one, overrides=advised(error.value)))


@pytest.mark.parametrize(("value", "kind"), [(math.nan, "NaN"), (-math.inf, "infinities")])
@pytest.mark.parametrize("config", ["int8", "int8-weight", "int8-dynamic"])
def test_weights_that_are_not_finite(config: str, value: float, kind: str):
    model = Net()
    model.conv2.weight.data[1, 2, 0, 0] = value
    module = in_float(model, (torch.ones(1, 1, 8, 8),))
    with pytest.raises(EtcError, match=f'edge.conv: parameter "conv2.weight" has {kind}') as error:
        quantize(module, Recipe(config, data_for(torch.ones(1, 1, 8, 8), 2)))
    text = str(error.value)
    assert "quantised.py:" in text
    assert "next: repair the model" in text
    assert "overrides" not in text
    assert len(error.value.problems) == 1


class Branches(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.left = nn.Linear(4, 4)
        self.right = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cond(x.sum() > 0, self.left, self.right, (x,))


def test_values_that_no_sample_reaches():
    module = in_float(Branches(), (torch.ones(1, 4),))
    with pytest.raises(EtcError, match=r'the range of ".*" is empty: no calibration sample has such a value'):
        quantize(module.clone(), Recipe("int8", [torch.ones(1, 4)]))
    quantize(module, Recipe("int8", [torch.ones(1, 4), -torch.ones(1, 4)]))


def test_iterators_are_kept():
    """Data are read several times: to calibrate, to correct, to compare."""
    data: Any = Recipe("int8", (inputs for inputs in data_for(torch.zeros(1, 1, 8, 8), 3))).data
    assert [len(list(data)) for _ in range(2)] == [3, 3]


def test_recipes_say_all_that_is_wrong():
    with pytest.raises(EtcError) as error:
        Recipe("int7", observer="maximum", overrides={"fc": "int5"}, max_accuracy_drop=0.5)
    assert len(error.value.problems) == 4
    assert "did you mean int8?" in str(error.value)


def test_recipes_of_wrong_kinds():
    wrong: dict[str, Any] = {"overrides": ["fc"], "executor": 2, "evaluate": 0.9, "min_sqnr": math.nan}
    with pytest.raises(EtcError) as error:
        Recipe("int8", max_accuracy_drop="much", **wrong)  # pyright: ignore[reportArgumentType]
    assert [problem.what for problem in error.value.problems] == [
        "overrides is no mapping",
        "evaluate is no function",
        "executor is no executor",
        "min_sqnr is no finite number",
        "max_accuracy_drop is no finite number",
    ]
    with pytest.raises(EtcError, match="there is no config") as error:
        Recipe(["int8"], overrides={"fc": []})  # type: ignore[arg-type]
    assert len(error.value.problems) == 2


def test_modules_that_do_not_exist():
    module, data = program("convolutions")
    with pytest.raises(EtcError, match="did you mean conv2") as error:
        quantize(module, Recipe("int8", data, overrides={"conv3": "float", "nothing.like.it": "int8"}))
    assert len(error.value.problems) == 2
