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
    alone = npz(tmp_path / "3.npz", images=array)
    np.save(tmp_path / "4.npy", array)
    for file in (by_name, by_position, alone, tmp_path / "4.npy"):
        assert torch.equal(torch.cat([inputs[0] for inputs in samples(method, str(file))]), IMAGES)
    assert len(list(samples(method, tmp_path))) == 20


def test_rows_beyond_whole_batches_are_left_out(two: FuncOp):
    rows = torch.arange(15.0).reshape(5, 3)
    found = list(samples(two, [(rows, rows + 1)]))
    assert [left[0, 0].item() for left, _ in found] == [0, 6]
    assert all(torch.equal(left + 1, right) for left, right in found)


WRONG: dict[str, tuple[Any, str]] = {
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
    with pytest.raises(EtcError, match="the arrays are not the inputs of method forward") as error:
        list(samples(two, npz(tmp_path / "1.npz", left=IMAGES, other=IMAGES)))
    assert "expected: left, right" in str(error.value)
    (tmp_path / "2.npz").write_text("not a zip file")
    with pytest.raises(EtcError, match="cannot be read"):
        list(samples(two, tmp_path / "2.npz"))


def test_inputs_with_different_numbers_of_rows(two: FuncOp):
    with pytest.raises(EtcError, match="different numbers of rows"):
        list(samples(two, [(torch.zeros(4, 3), torch.zeros(6, 3))]))
