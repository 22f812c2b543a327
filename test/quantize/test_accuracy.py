"""The accuracy report: healthy networks have no divergent layer, planted errors are named with their source line."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from quantised import Programs, fake_quantised, in_float, in_integers, net, walk
from rich.console import Console
from torch import Tensor, nn
from xdsl.dialects.builtin import FloatAttr, ModuleOp, f64

from etc.dialects import edge, program, quant
from etc.dialects.blob import BlobAttr
from etc.dialects.on_torch import to_blob
from etc.emit.report import AccuracyReport, ProgramReport, page
from etc.errors import EtcError
from etc.program_report import write_report
from etc.quantize.accuracy import compare
from etc.quantize.accuracy_table import render
from etc.quantize.flow import run
from etc.quantize.recipe import Recipe
from etc.transforms.edge_builder import array_of

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def programs() -> Programs:
    return net()


@pytest.fixture(scope="module")
def report(programs: Programs) -> AccuracyReport:
    return compare(programs.reference, programs.quantised, programs.data, integer=programs.integer)


def line_of(text: str) -> str:
    lines = (HERE / "quantised.py").read_text().splitlines()
    return f"quantised.py:{next(number for number, line in enumerate(lines, 1) if text in line)}"


def test_layers_of_a_healthy_network(report: AccuracyReport):
    assert report.divergent is None
    assert report.samples == 12
    layers = {layer.title: layer for layer in report.layers}
    assert [layer.title for layer in report.layers] == ["x", "conv1", "pool", "conv2", "pool", "flatten", "head"]
    assert layers["conv1"].operators == ("edge.conv", "edge.relu")
    assert layers["conv1"].line == line_of("self.norm(self.conv1(x))")
    assert layers["conv2"].line == line_of("torch.relu(self.conv2(x))")
    assert all(layer.local.sqnr > 30 and layer.accumulated.sqnr > 30 for layer in report.layers)
    assert all(
        layer.weights is not None and layer.weights > 40 for n, layer in layers.items() if n in ("conv1", "head")
    )
    weakest = min(report.layers, key=lambda layer: layer.local.sqnr)
    most = f"{weakest.title} costs most, {weakest.local.sqnr:.1f} dB alone"
    assert report.verdict() == f"No layer is worse than its integers have to be; {most}."


def test_ratios_are_those_of_torch(programs: Programs, report: AccuracyReport):
    """The input's own ratio, computed by hand."""
    x = torch.cat([sample[0] for sample in programs.data]).double()
    (first, *_) = walk(programs.quantised, quant.QuantizeOp)
    scale, zero = first.argument("scale"), first.argument("zero_point")
    y = ((x.float() * (1 / torch.tensor(scale))).round() + zero).clamp(-128, 127).double().sub(zero) * scale
    expected = 10 * math.log10(float((x * x).sum() / ((x - y) ** 2).sum()))
    assert report.layers[0].local.sqnr == pytest.approx(expected, abs=1e-3)
    assert report.layers[0].accumulated.sqnr == report.layers[0].local.sqnr
    cosine = float((x * y).sum() / (x.norm() * y.norm()))
    assert report.layers[0].local.cosine == pytest.approx(cosine, abs=1e-6)


def test_integers_are_one_rounding_from_fake_quantisation(report: AccuracyReport):
    assert len(report.integer_outputs) == 1
    assert all(layer.integer is not None for layer in report.layers)
    assert all(layer.local_steps is not None and layer.local_steps <= 1 for layer in report.layers)
    assert abs(report.integer_outputs[0].sqnr - report.outputs[0].sqnr) < 1


def test_histograms_count_every_value(programs: Programs, report: AccuracyReport):
    histogram = report.layers[1].histogram
    assert histogram is not None
    assert histogram.total == len(programs.data) * 8 * 8 * 8
    assert len(histogram.counts) == 32
    assert histogram.clipped == 0


# ---- planted errors --------------------------------------------------------------------------------------------------


def scale_values(module: ModuleOp, factor: float) -> ModuleOp:
    """A copy in which the scale of what the second convolution makes is another one."""
    copy = module.clone()
    _, relu = walk(copy, edge.ReluOp)
    (made,) = relu.result.uses
    scale = made.operation.argument("scale")
    for op in walk(copy, quant.QuantizeOp | quant.DequantizeOp):
        if op.argument("scale") == scale:
            op.properties["scale"] = FloatAttr(op.argument("scale") * factor, f64)
    return copy


def scale_weights(module: ModuleOp, name: str, factor: float) -> ModuleOp:
    """A copy in which the scales of the weights `name` are others."""
    copy = module.clone()
    for op in walk(copy, quant.DequantizePerChannelOp):
        if op.input.name_hint == name:
            constant = op.scales.owner
            assert isinstance(constant, program.ConstantOp)
            constant.value = BlobAttr(to_blob(array_of(op.scales) * factor, (0,)))
    return copy


def test_a_scale_too_small_is_named(programs: Programs):
    planted = scale_values(programs.quantised, 0.25)
    found = compare(programs.reference, planted, programs.data).divergent
    assert found is not None
    assert (found.title, found.line) == ("conv2", line_of("torch.relu(self.conv2(x))"))
    assert found.reason.startswith("its scale clips ")
    assert found.histogram is not None
    assert found.histogram.above > 0
    assert found.histogram.high == pytest.approx(found.high / 4, rel=0.02)
    assert "Calibrate again" in found.suggestion


def test_a_scale_too_large_is_named(programs: Programs):
    planted = scale_values(programs.quantised, 4.0)
    found = compare(programs.reference, planted, programs.data).divergent
    assert found is not None
    assert (found.title, found.line) == ("conv2", line_of("torch.relu(self.conv2(x))"))
    assert found.reason.startswith("its scale is too coarse")
    assert "which is 25 % of" in found.reason


def test_a_scale_that_is_another_where_values_are_read_is_named(programs: Programs):
    planted = programs.quantised.clone()
    _, relu = walk(planted, edge.ReluOp)
    (made,) = relu.result.uses
    (read,) = made.operation.results[0].uses
    read.operation.properties["scale"] = FloatAttr(4 * made.operation.argument("scale"), f64)
    found = compare(programs.reference, planted, programs.data).divergent
    assert found is not None
    assert (found.title, found.line) == ("conv2", line_of("torch.relu(self.conv2(x))"))
    assert found.reason.startswith("what is read is 4 times what was stored")


@pytest.mark.parametrize("factor", [0.25, 4.0])
@pytest.mark.parametrize("layer", ["conv1", "conv2", "head"])
def test_scales_of_weights_are_named(programs: Programs, layer: str, factor: float):
    planted = scale_weights(programs.quantised, f"{layer}.weight", factor)
    report = compare(programs.reference, planted, programs.data, integer=in_integers(planted))
    found = report.divergent
    assert found is not None
    assert found.title == layer
    assert found.line == line_of(f"self.{layer}(x")
    assert f"weights are {factor:.3g} times those in float" in found.reason
    others = report.layers[found.number + 1 :]
    assert not any(other.reason for other in others)
    assert all(other.accumulated.sqnr < 15 < other.local.sqnr for other in others)


def test_an_integer_program_that_differs_is_named(programs: Programs):
    planted = programs.integer.clone()
    requantise = list(walk(planted, quant.RequantizeOp))[1]
    constant = requantise.multiplier.owner
    assert isinstance(constant, program.ConstantOp)
    constant.value = BlobAttr(to_blob(array_of(requantise.multiplier) // 4, (0,)))
    found = compare(programs.reference, programs.quantised, programs.data, integer=planted).divergent
    assert found is not None
    assert found.title == "conv2"
    assert "integers away from fake quantisation" in found.reason
    assert found.local_steps is not None
    assert found.local_steps > 50


class Outlier(nn.Module):
    """One channel is a thousand times larger than the others."""

    def __init__(self) -> None:
        super().__init__()
        self.wide = nn.Linear(8, 64)
        self.head = nn.Linear(64, 4)
        with torch.no_grad():
            self.wide.weight[0] *= 3000
            self.head.weight[:, 0] /= 3000

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.relu(self.wide(x)))


def test_the_layer_that_costs_most_is_named():
    torch.manual_seed(0)
    data = [(torch.randn(1, 8),) for _ in range(8)]
    reference = in_float(Outlier(), data[0])
    found = compare(reference, fake_quantised(reference, data), data)
    assert found.sqnr < 20
    assert found.weakest is not None
    assert found.weakest.title == "head"
    assert f"Errors add up to {found.sqnr:.1f} dB at the outputs: min_sqnr=20 finds" in found.verdict()


# ---- the report ------------------------------------------------------------------------------------------------------


def planted_report(programs: Programs) -> AccuracyReport:
    return compare(programs.reference, scale_values(programs.quantised, 0.25), programs.data, integer=programs.integer)


def test_the_table_in_a_terminal(programs: Programs):
    console = Console(width=140, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(render(planted_report(programs)))
    text = console.export_text()
    assert "accuracy of forward over 12 samples" in text
    assert f"First divergent layer: conv2 ({line_of('torch.relu(self.conv2(x))')}): its scale clips" in text
    assert "█" in text


def test_the_page(programs: Programs, tmp_path: Path):
    accuracy = replace(planted_report(programs), score=(("<accuracy> in float", 0.987),))
    facts = ProgramReport("net", "c", (), {}, {}, accuracy=accuracy)
    html = write_report(facts, tmp_path / "report.html").read_text()
    assert "<h2>Accuracy</h2>" in html
    assert "First divergent layer: conv2" in html
    assert "&lt;accuracy&gt; in float" in html
    assert html.count('<svg class="histogram"') == len(accuracy.layers)
    found = json.loads((tmp_path / "report.json").read_text())["accuracy"]
    assert found["first_divergent"] == accuracy.first_divergent
    assert found["layers"][3]["reason"].startswith("its scale clips")
    assert json.dumps(asdict(accuracy), allow_nan=False)
    assert "Accuracy" not in page(replace(facts, accuracy=None))


def test_in_a_browser(programs: Programs, tmp_path: Path):
    """The histograms are drawn, what is wrong is seen, and the page is not wider than the window."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("chromium is not installed")
    accuracy = planted_report(programs)
    html = write_report(ProgramReport("net", "c", (), {}, {}, accuracy=accuracy), tmp_path / "report.html")
    html.write_text(html.read_text() + PROBE % (accuracy.first_divergent or 0))
    plain = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}")
    command = [browser, *plain, "--window-size=1000,900", "--dump-dom", html.as_uri()]
    found = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True).stdout
    assert f'data-drawn="{len(accuracy.layers)}"' in found
    assert 'data-overflow="false"' in found
    assert 'data-rows="low"' in found
    assert 'data-wrong="its scale clips' in found


PROBE = """<script>
const rows = [...document.querySelectorAll("table.accuracy tbody tr")], data = document.body.dataset;
const bars = [...document.querySelectorAll("table.accuracy .histogram")].map(svg => svg.getBoundingClientRect());
data.drawn = bars.filter(box => box.width > 50 && box.height > 10 && box.height < 60).length;
data.overflow = document.documentElement.scrollWidth > window.innerWidth;
data.rows = rows.every(row => row.getBoundingClientRect().height < 300) ? "low" : "high";
data.wrong = document.querySelectorAll("table.accuracy tbody tr")[%d].cells[4].textContent;
</script>"""


def test_without_data(programs: Programs):
    with pytest.raises(EtcError, match="there are no data to compare on"):
        compare(programs.reference, programs.quantised, [])


def test_a_method_that_there_is_not(programs: Programs):
    with pytest.raises(EtcError, match="there is no method step\n  found: forward"):
        compare(programs.reference, programs.quantised, programs.data, method="step")


# ---- other configs ---------------------------------------------------------------------------------------------------


class Words(nn.Module):
    """An embedding, a layer with a softmax in the middle, and a linear layer with bias."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(20, 32)
        self.layer = nn.TransformerEncoderLayer(32, 2, 64, batch_first=True)
        self.head = nn.Linear(32, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.layer(self.embedding(x)).mean(1))


@pytest.mark.parametrize(
    ("config", "least"), [("int8", 30), ("int8-dynamic", 30), ("int8-weight", 30), ("int4-weight-g32", 12)]
)
def test_every_config_has_its_layers(config: str, least: float):
    torch.manual_seed(0)
    data = [(torch.randint(0, 20, (1, 6)),) for _ in range(4)]
    reference = in_float(Words(), data[0])
    quantised = reference.clone()
    run(quantised, Recipe(config, data))
    report = compare(reference, quantised, data)
    assert {layer.title for layer in report.layers} >= {"embedding", "layer.linear1", "layer.linear2", "head"}
    assert all(layer.local.sqnr > least for layer in report.layers)
    assert report.divergent is None, report.verdict()
