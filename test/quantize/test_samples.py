"""Calibration data: from Python objects and files to the inputs of a method; all that can be wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from quantised import Net, in_float
from torch import Tensor, nn
from xdsl.dialects.func import FuncOp

from etc.errors import EtcError
from etc.quantize.matching import method_of
from etc.quantize.samples import samples

IMAGES = torch.arange(5 * 64, dtype=torch.float32).reshape(5, 1, 8, 8)


class Two(nn.Module):
    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        return left + right


@pytest.fixture(scope="module")
def method() -> FuncOp:
    return method_of(in_float(Net(), (torch.zeros(1, 1, 8, 8),)), "forward")


@pytest.fixture(scope="module")
def two() -> FuncOp:
    return method_of(in_float(Two(), (torch.zeros(2, 3), torch.zeros(2, 3))), "forward")


def npz(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


FORMS: dict[str, Any] = {
    "a tensor": IMAGES,
    "an array": IMAGES.numpy(),
    "doubles": [IMAGES.double()],
    "one sample": [(IMAGES,)],
    "rows by name": {"x": IMAGES, "label": torch.arange(5)},
    "tuples": [(image[None],) for image in IMAGES],
    "tensors": [image[None] for image in IMAGES],
    "dicts": [{"x": image[None], "label": 3} for image in IMAGES],
    "a generator": (image[None] for image in IMAGES),
    "images without a batch": IMAGES[:, None],
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(method: FuncOp, form: str):
    found = [inputs[0] for inputs in samples(method, FORMS[form])]
    assert torch.equal(torch.cat(found), IMAGES)
    assert [tuple(value.shape) for value in found] == [(1, 1, 8, 8)] * 5


def test_files(method: FuncOp, tmp_path: Path):
    array = IMAGES.numpy()
    by_name = npz(tmp_path / "1.npz", x=array, labels=np.arange(5))
    by_position = npz(tmp_path / "2.npz", arr_0=array)
    np.save(tmp_path / "3.npy", array)
    for file in (by_name, by_position, tmp_path / "3.npy"):
        assert torch.equal(torch.cat([inputs[0] for inputs in samples(method, str(file))]), IMAGES)
    assert len(list(samples(method, tmp_path))) == 15


def test_rows_beyond_whole_batches_are_left_out(two: FuncOp):
    rows = torch.arange(15.0).reshape(5, 3)
    found = list(samples(two, [(rows, rows + 1)]))
    assert [left[0, 0].item() for left, _ in found] == [0, 6]
    assert all(torch.equal(left + 1, right) for left, right in found)


WRONG: dict[str, tuple[Any, str]] = {
    "text": ([(IMAGES[:1],), "a cat"], "what is no tensor\n.*\n.*str in sample 1 of the calibration data"),
    "texts": ({"x": np.array(["a", "b"])}, "what is no tensor\n.*\n.*array of <U1 in sample 0"),
    "another name": ([{"images": IMAGES}], "sample 0 .* has other inputs than method forward"),
    "another shape": (
        [IMAGES[:1], IMAGES[:1, :, :7]],
        r"x does not fit in sample 1 .*\n.*\n.*7, 8",
    ),
    "another dtype": ([IMAGES[:1].long()], r"x does not fit in sample 0 .*\n.*\n.*int64"),
    "labels": ([(IMAGES[:1], 3)], "sample 0 of the calibration data has other inputs than method forward"),
    "a number": (5, "this is no calibration data"),
    "no file": ("nowhere.npz", "nowhere.npz: this calibration data cannot be read"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_data(method: FuncOp, kind: str):
    data, message = WRONG[kind]
    with pytest.raises(EtcError, match=message):
        list(samples(method, data))


def test_wrong_files(two: FuncOp, tmp_path: Path):
    with pytest.raises(EtcError, match="no calibration data in this directory"):
        list(samples(two, tmp_path))
    with pytest.raises(EtcError, match=r"sample 0 .*1.npz\) has other inputs than method forward") as error:
        list(samples(two, npz(tmp_path / "1.npz", left=IMAGES, other=IMAGES)))
    assert "expected: 2: left, right" in str(error.value)
    with pytest.raises(EtcError, match=r"left does not fit in sample 0 .*2.npz") as error:
        list(samples(two, npz(tmp_path / "2.npz", left=IMAGES, right=IMAGES)))
    assert len(error.value.problems) == 2
    (tmp_path / "3.npz").write_text("not a zip file")
    with pytest.raises(EtcError, match="3.npz: this calibration data cannot be read") as error:
        list(samples(two, tmp_path / "3.npz"))
    assert "pickle" not in str(error.value)
    with pytest.raises(EtcError, match="4.npz: calibration data have what is no tensor") as error:
        list(samples(two, npz(tmp_path / "4.npz", left=np.array([None]), right=IMAGES)))
    assert "pickle" not in str(error.value)


def test_damaged_files(method: FuncOp, tmp_path: Path):
    np.savez_compressed(tmp_path / "data.npz", x=IMAGES.numpy())
    content = (tmp_path / "data.npz").read_bytes()
    for at in range(60, 200, 20):
        (tmp_path / "data.npz").write_bytes(content[:at] + b"damage" + content[at + 6 :])
        with pytest.raises(EtcError, match="data.npz: this calibration data cannot be read"):
            list(samples(method, tmp_path / "data.npz"))


@pytest.mark.parametrize("sample", [{"right": torch.zeros(2, 3), "other": torch.ones(2, 3)}, {"arr_0": 1, "arr_2": 2}])
def test_mappings_by_other_names(two: FuncOp, sample: Any):
    with pytest.raises(EtcError, match="sample 0 of the calibration data has other inputs") as error:
        list(samples(two, [sample]))
    assert f"found: {', '.join(sample)}" in str(error.value)


def test_mappings_by_position(two: FuncOp):
    left, right = torch.zeros(2, 3), torch.ones(2, 3)
    [(first, second)] = samples(two, {"arr_1": right, "arr_0": left})
    assert torch.equal(first, left)
    assert torch.equal(second, right)


def test_inputs_with_different_numbers_of_rows(two: FuncOp):
    with pytest.raises(EtcError, match="different numbers of rows"):
        list(samples(two, [(torch.zeros(4, 3), torch.zeros(6, 3))]))
