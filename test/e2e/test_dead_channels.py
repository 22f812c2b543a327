"""The trained visual-wake-words network in int8: channels that are constant are not computed, no output bit changes."""

from __future__ import annotations

from collections.abc import Callable
from zipfile import ZipFile

import pytest
import torch
from xdsl.dialects.builtin import ModuleOp

import etc
from etc.compiler import context, export
from etc.dialects import program
from etc.lowering.import_torch import import_program
from etc.pipelines import to_c
from etc.quantize import Recipe
from etc.quantize.boundary import quantised_inputs
from etc.runtime.torch_executor import execute
from etc.tools.pipeline import PassTable, run_passes
from etc.transforms.fuse_quantized import float_islands
from etc.transforms.remove_dead_channels import multiply_accumulates
from examples.models import Example, ModelUnavailable, mltk
from examples.models.mtcnn import pictures
from examples.models.tflite import read_tflite


def _apply(module: ModuleOp, *names: str) -> None:
    table = PassTable()
    run_passes(context(), module, [step for name in names for step in table.parse(name)])


@pytest.fixture(name="images")
def photographs() -> list[tuple[torch.Tensor]]:
    """Grey pictures of faces and other things, as the network takes them: f32[1, 3, 96, 96] from 0 to 1."""
    try:
        faces, _ = pictures(96)
    except ModelUnavailable as error:
        pytest.skip(error.problems[0].what)
    return [(image[None],) for image in (faces[::4] * 128 + 127.5) / 255]


def test_visual_wake_words(load_or_skip: Callable[[str], Example], images: list[tuple[torch.Tensor]]):
    example = load_or_skip("mltk_visual_wake_words")
    module = import_program(export(example.module, example.inputs))
    for stage, names in to_c("host"):
        _apply(module, *names)
        if stage == "optimised":
            break
    etc.quantize.run(module, Recipe("int8", data=images))
    _apply(module, "fuse-quantized", "quantize-io", "cse", "dce")
    _check(module, images)


def test_the_official_integers(images: list[tuple[torch.Tensor]]):
    """The int8 network that comes with the trained one: the same weights and scales as on other runtimes."""
    try:
        archive = mltk.archive("tinyml/visual_wake_words")
    except ModelUnavailable as error:
        pytest.skip(error.problems[0].what)
    with ZipFile(archive) as content:
        module = read_tflite(content.read("visual_wake_words.tflite"))
    module.verify()
    float_network = mltk.load("tinyml/visual_wake_words").module
    for image in images[:5]:
        torch.testing.assert_close(execute(module, "forward", image)[0], float_network(*image), rtol=0, atol=0.05)
    _apply(module, "fuse-quantized", "quantize-io", "cse", "dce")
    _check(module, images)


def _check(module: ModuleOp, images: list[tuple[torch.Tensor]]) -> None:
    """Everything is computed on integers, and 40 % of it less without dead channels; outputs stay."""
    assert not float_islands(module)
    (method,) = program.methods(module)
    generator = torch.Generator().manual_seed(0)
    noise = torch.randint(-128, 128, images[0][0].shape, generator=generator).to(torch.int8)
    inputs = [quantised_inputs(method, image) for image in images[:5]]
    inputs += [[noise], [torch.full_like(noise, -128)], [torch.full_like(noise, 127)]]
    expected = [execute(module, "forward", given) for given in inputs]
    before = multiply_accumulates(module)
    _apply(module, "remove-dead-channels")
    assert multiply_accumulates(module) <= 0.6 * before
    for given, want in zip(inputs, expected, strict=True):
        torch.testing.assert_close(execute(module, "forward", given), want, rtol=0, atol=0)
