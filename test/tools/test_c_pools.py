"""Programs whose memory is several pools: what etc-compile writes, that it runs, and what it says where it cannot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from etc.c_program import CompiledC
from etc.compiler import compile
from etc.errors import EtcError
from etc.runtime.targets.emulated import EmulatedProgram
from etc.runtime.targets.target import TARGETS
from etc.tools.compile import main

POOLS = {"tcm": 1024, "sram": 16384}
TARGETS_TO_RUN = ("host", "host-sanitized", "cortex-m4", "rv32")


class Net(nn.Module):
    """Two layers, a large one and a small one, and a count of calls."""

    def __init__(self) -> None:
        super().__init__()
        self.wide, self.deep, self.head = nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 4, 3), nn.Linear(4, 3)
        self.register_buffer("count", torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        self.count += 1
        y = torch.relu(self.wide(x)).amax(3, keepdim=True).expand(1, 8, 8, 8) + self.wide(x)
        return torch.softmax(self.head(torch.relu(self.deep(y)).mean((2, 3))), 1) * self.count


X = torch.linspace(-2, 2, 64).reshape(1, 1, 8, 8)


def compiled(pools: Mapping[str, int] = POOLS) -> CompiledC:
    torch.manual_seed(0)
    return compile(Net(), (X,), name="net", target="c", pools=pools)


@pytest.mark.parametrize("target", TARGETS_TO_RUN)
def test_runs_in_two_pools(target: str) -> None:
    try:
        TARGETS[target].require()
    except EtcError as error:
        pytest.skip(f"{target}: {error.problems[0].found}")
    program = compiled()
    program.target = target
    torch.manual_seed(0)
    net = Net().eval()
    for _ in range(2):
        torch.testing.assert_close(program.run(X), net(X), rtol=1e-4, atol=1e-6)
    used = [(pool.name, pool.bytes) for pool in program.c.interface.pools]
    assert [name for name, _ in used] == list(POOLS)
    assert all(0 < size <= POOLS[name] for name, size in used)
    assert program.c.figures.arena_bytes == sum(size for _, size in used)
    if isinstance(program.loaded, EmulatedProgram):
        assert program.loaded.interface == program.c.interface


def test_the_interface_has_a_pointer_for_each_pool() -> None:
    program = compiled()
    header = program.c.files["net.h"]
    assert "int net_run(const net_io_t *io, void *tcm, void *sram, void *state);" in header
    for name, size in ((pool.name.upper(), pool.bytes) for pool in program.c.interface.pools):
        assert f"#define NET_{name}_BYTES {size}U" in header
        assert f"#define NET_{name}_ALIGN 16U" in header
    assert "ARENA" not in header
    assert "(uintptr_t)tcm % NET_TCM_ALIGN != 0U" in program.c.files["net.c"]
    with_test = program.with_selftest((X,), Net().eval()(X))
    assert "int net_selftest(void *tcm, void *sram, void *state, void *scratch);" in with_test.c.files["net.h"]
    maps = [memory for _, memory, _ in program.report.memory_maps()]
    assert [memory.name for memory in maps] == list(POOLS)
    assert maps[0].title.startswith("tcm: ")


class Shift(nn.Module):
    """Blocks of any length, with what went before."""

    last: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("last", torch.zeros(8))
        self.mix = nn.Linear(8, 16)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.relu(self.mix(x + self.last))
        self.last.copy_(x[-1])
        return torch.softmax(y @ self.mix.weight, 1)


def test_sizes_that_change_and_several_methods() -> None:
    torch.manual_seed(0)
    net, shapes = Shift().eval(), {"x": {0: torch.export.Dim("n", max=64)}}
    methods = {"block": (net, (torch.ones(5, 8),), shapes), "one": (net, (torch.ones(1, 8),))}
    pools = {"fast": 700, "middle": 4096, "slow": 65536}
    program = compile(methods, name="net", target="c", pools=pools)
    assert {name for pool in program.c.interface.pools if (name := pool.name) and pool.bytes} > {"middle"}
    reference = Shift().eval()
    reference.load_state_dict(net.state_dict())
    for count in (1, 5, 64):
        x, one = torch.linspace(-1, 1, count * 8).reshape(count, 8), torch.full((1, 8), count / 10)
        torch.testing.assert_close(program.run(x, method="block"), reference(x), rtol=1e-4, atol=1e-6)
        torch.testing.assert_close(program.run(one, method="one"), reference(one), rtol=1e-4, atol=1e-6)


def test_pools_are_for_c() -> None:
    with pytest.raises(EtcError, match="pools and forms of weights are for C programs"):
        compile(Net(), (X,), pools=POOLS)


def test_a_pool_that_is_not_needed_may_be_null() -> None:
    program = compiled(pools={"all": 1 << 20, "none": 1 << 20})
    assert program.c.interface.pools[1].bytes == 0
    assert "`none` may be NULL" in program.c.files["net.h"]
    assert "none == NULL" not in program.c.files["net.c"]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["int"], '"int" cannot be the name of a pool of memory'),
        (["state"], '"state" cannot be the name of a pool of memory'),
        (["my pool"], '"my pool" cannot be the name of a pool of memory'),
        (["a", "A"], "two pools are called A: their macros would be the same"),
    ],
)
def test_names_that_pools_cannot_have(names: list[str], said: str) -> None:
    with pytest.raises(EtcError) as caught:
        compiled(pools=dict.fromkeys(names, 65536))
    assert str(caught.value).startswith(said)


def test_an_input_with_the_name_of_a_pool() -> None:
    program = compiled(pools={"x": 1 << 20})
    assert "const float *x_2; /* x: float32 [1, 1, 8, 8] */" in program.c.files["net.h"]


MODEL = """\
import torch
from test_c_pools import Net, X

def model():
    torch.manual_seed(0)
    return Net().eval(), (X,)
"""


def command(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    (folder / "model.py").write_text(MODEL)
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.chdir(folder)
    return main(["model.py:model", "--target", "c", "-o", "out", "--name", "net", *options])


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = ("--pool", "tcm:1K", "--pool", "sram:16K", "--max-ram", "17K", "--weights", "blob", "--report")
    assert command(tmp_path, monkeypatch, *options) == 0
    facts = json.loads((tmp_path / "out" / "net.json").read_text())
    assert [pool["name"] for pool in facts["pools"]] == ["tcm", "sram"]
    assert (tmp_path / "out" / "net_weights.bin").stat().st_size >= 4 * (8 * 9 + 4 * 8 * 9 + 12)
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert list(report["memory"]) == ["tcm", "sram", "state"]
    assert [memory["name"] for memory in report["methods"][0]["memory"]] == ["tcm", "sram"]
    page = (tmp_path / "out" / "report.html").read_text()
    assert ">tcm: " in page
    assert ">sram: " in page


def test_pools_that_are_too_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(tmp_path, monkeypatch, "--pool", "tcm:1K", "--pool", "sram:1K") == 1
    said = capsys.readouterr().err
    assert "the memory of method forward does not fit into its pools: sram has to hold" in said
    assert "expected: at most 1,024 B" in said
    assert "found: live at once: 2,048 B at " in said
    assert "test_c_pools.py:" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--pool", "tcm"), "'tcm' is no pool such as sram:64K"),
        (("--pool", "tcm:much"), "'much' is no size such as 65536, 64K or 2M"),
        (("--pool", "tcm:1K", "--pool", "tcm:2K"), "the pool tcm is given twice"),
        (("--pool", "tcm:1K", "--target", "pte"), "pools and forms of weights are for C programs"),
        (("--weights", "blob", "--target", "pte"), "pools and forms of weights are for C programs"),
    ],
)
def test_a_wrong_command_line(
    options: tuple[str, ...],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command(tmp_path, monkeypatch, *options) == 2
    assert said in capsys.readouterr().err
