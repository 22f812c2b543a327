"""Integer networks in C: the oracle's bits on every target, and nothing of floating point in their objects."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import torch
from c_harness import Case, case, module_of, to_loops
from quant_cases import constant, integers, requantized

from etc.dialects import dtypes, edge, quant
from etc.emit.c import emit_c
from etc.errors import EtcError
from etc.runtime.targets.arrays import from_torch
from etc.runtime.targets.build import MODEL_FLAGS
from etc.runtime.targets.programs import open_program
from etc.runtime.targets.target import TARGETS
from etc.runtime.torch_executor import execute

ON = ("host", "host-sanitized", "cortex-m3", "cortex-m4", "cortex-m55", "rv32")


def _conv(x: Any, weight: torch.Tensor, padding: int, groups: int = 1, zero: int = -128, stride: int = 1) -> Any:
    channels = weight.shape[0]
    offsets = integers(channels, dtype=torch.int16, seed=2).to(torch.int32)
    made = quant.conv(
        x,
        constant(weight),
        constant(offsets),
        stride=[stride, stride],
        padding=[padding, padding],
        dilation=[1, 1],
        transposed=False,
        output_padding=[0, 0],
        groups=groups,
        padding_value=zero,
    )
    factors = [(0.5 + i / channels) / (40 * weight[0].numel() ** 0.5) for i in range(channels)]
    return requantized(made, factors, zero_point=-128)


def _network(x: Any) -> Any:
    """Every operator that makes integers of integers, small enough to be read in C."""
    stem = _conv(x, integers(16, 1, 5, 4), 2, zero=17, stride=2)
    depthwise = _conv(stem, integers(16, 1, 3, 3), 1, groups=16)
    pointwise = _conv(depthwise, integers(16, 16, 1, 1), 0)
    added = quant.add(stem, pointwise, -128, 700001, -128, -150000, 20, -3, -128, 127, dtypes.int8)
    table = torch.round(127 * torch.tanh(torch.arange(-128, 128) / 40)).to(torch.int8)
    curved = quant.lookup(added, constant(table))
    gate = requantized(quant.mul(curved, stem, 0, -128), [0.007])
    pooled = requantized(quant.sum_pool2d(gate, [2, 2], [], [0, 0], False, 0), [0.25])
    tokens = edge.view_copy(pooled, [16, -1])
    scores = requantized(quant.matmul(tokens, edge.permute_copy(tokens, [1, 0]), 0, 0), [0.002])
    mean = requantized(quant.sum(scores, [0], True, 0), [1 / 16])
    features = requantized(quant.linear(mean, constant(integers(10, 16)), None), [0.004] * 10, zero_point=5)
    powers = torch.round(torch.exp(-torch.arange(256) * 0.05) * 2**20).to(torch.int32)
    return quant.softmax(features, constant(powers), 1, 256, -128, -128, 127, dtypes.int8), features


def _wide_network(x: Any) -> Any:
    """Activations of 16 bits."""
    hidden = requantized(quant.linear(x, constant(integers(24, 40)), None), [2e-4] * 24, dtype=torch.int16)
    points = torch.round(32767 * torch.tanh(torch.arange(513) / 64 - 4)).to(torch.int16)
    curved = quant.interpolate(hidden, constant(points))
    return quant.add(hidden, curved, 0, 1 << 29, 0, 1 << 28, 30, 0, -32768, 32767, dtypes.int16)


CASES = {
    "network": case(_network, integers(1, 1, 20, 10)),
    "wide": case(_wide_network, integers(3, 40, dtype=torch.int16)),
}


def _written(folder: Path, cases: dict[str, Case], target: str) -> Path:
    lowered = module_of(cases)
    to_loops(lowered, target if target != "host-sanitized" else "host")
    folder.mkdir(exist_ok=True)
    for name, text in emit_c(lowered, "net").files.items():
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize("target", ON)
def test_the_oracles_bits_on_every_target(tmp_path: Path, target: str):
    try:
        TARGETS[target].require()
    except EtcError as error:
        pytest.skip(f"{target}: {error.problems[0].found}")
    program = open_program(_written(tmp_path / "c", CASES, target), target)
    module = module_of(CASES)
    for name, each in CASES.items():
        expected = execute(module, name, list(each.inputs))
        found = program.call(name, [from_torch(x) for x in each.inputs])
        for have, want in zip(found, expected, strict=True):
            assert have.tolist() == want.tolist()


FLOATS = re.compile(
    r"\b(v(ldr|str|mov|add|sub|mul|div|cvt|cmp|neg|abs|fma|mla)\S*\.(f16|f32|f64)|vldr|vstr|vldm|vstm)\b"
)
CALLED = {"memcpy", "memset", "memmove"}


def test_no_floating_point_in_objects(tmp_path: Path):
    """Compiled for a processor without floats, to see calls, and for one with them, to see instructions."""
    target = TARGETS["cortex-m4"]
    try:
        target.require()
    except EtcError as error:
        pytest.skip(f"{error.problems[0].found}")
    folder = _written(tmp_path / "c", CASES, "cortex-m4")
    built = tmp_path / "net.o"
    for abi in ("-mfloat-abi=soft", "-mfloat-abi=hard"):
        flags = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", abi, *MODEL_FLAGS, "-O2", f"-I{folder}"]
        subprocess.run([target.compiler, *flags, "-c", str(folder / "net.c"), "-o", str(built)], check=True)
        undefined = _said("arm-none-eabi-nm", "--undefined-only", built)
        names = {line.split()[-1] for line in undefined.splitlines()}
        assert {name for name in names if not name.startswith("net_")} <= CALLED
        assert FLOATS.findall(_said("arm-none-eabi-objdump", "-d", "--no-show-raw-insn", built)) == []
    source = (folder / "net.c").read_text()
    assert "float" not in source
    assert "double" not in source
    assert "math.h" not in source


def test_sums_ask_for_their_order_where_code_is_to_be_small(tmp_path: Path):
    source = (_written(tmp_path / "c", CASES, "cortex-m4") / "net.c").read_text()
    assert re.search(r"^static NET_KERNEL NET_SUMS void net_conv", source, re.MULTILINE)
    assert "NET_SUMS" not in (_written(tmp_path / "host", CASES, "host") / "net.c").read_text()


def test_weights_are_bytes(tmp_path: Path):
    text = (_written(tmp_path / "c", CASES, "cortex-m4") / "net_weights.c").read_text()
    arrays = re.findall(r"^const (\w+) \w+\[(\d+)\] =", text, re.MULTILINE)
    assert {element for element, _ in arrays} == {"int8_t", "int16_t", "int32_t"}
    of_bytes = sorted(int(size) for element, size in arrays if element == "int8_t")
    assert of_bytes == sorted([16 * 5 * 4, 16 * 9, 16 * 16, 256, 10 * 16, 24 * 40])


def _said(tool: str, *arguments: Any) -> str:
    return subprocess.run([tool, *map(str, arguments)], check=True, capture_output=True, text=True).stdout
