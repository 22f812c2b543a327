"""Real models as C: what torch computes, on this machine; where they fit, under sanitizers and on microcontrollers."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
from test_models import assert_close, eager
from torch.utils._pytree import tree_leaves

from etc.compiler import context, export
from etc.emit.c import CProgram, emit_c
from etc.errors import EtcError
from etc.lowering.import_torch import import_program
from etc.pipelines import to_c
from etc.runtime.targets.arrays import from_torch, to_torch
from etc.runtime.targets.emulated import EmulatedProgram
from etc.runtime.targets.programs import open_program
from etc.runtime.targets.target import HOST, SANITIZED, TARGETS
from etc.tools.pipeline import PassTable, run_passes
from examples.models import MODELS, Example

RAM, FLASH = 256 * 1024, 3 * 1024 * 1024
"""Arena and state, and weights, of the models that run on microcontrollers."""

FOR_SMALL = (SANITIZED.name, "cortex-m4", "cortex-m55", "rv32")

SMALL = {
    "akiki_vad",
    "ds_cnn",
    "fc_autoencoder",
    "lstm",
    "mltk_anomaly_detection",
    "mltk_audio_example1",
    "mltk_autoencoder_example",
    "mltk_image_classification",
    "mltk_keyword_spotting",
    "mltk_keyword_spotting_alexa",
    "mltk_keyword_spotting_mobilenetv2",
    "mltk_keyword_spotting_on_off_v3",
    "mltk_keyword_spotting_pacman_v3",
    "mltk_keyword_spotting_with_transfer_learning",
    "mltk_magic_wand",
    "mltk_speech",
    "mltk_visual_wake_words",
    "mtcnn_pnet",
    "mtcnn_rnet",
    "silero_vad",
}


def program_of(example: Example, folder: Path) -> CProgram:
    """Compile to C; weights are a blob, which takes the C compiler no time."""
    exported = export(copy.deepcopy(example.module), example.inputs, dynamic_shapes=example.dynamic_shapes)
    module = import_program(exported)
    table = PassTable()
    for _, listed in to_c("c"):
        run_passes(context(), module, [step for name in listed for step in table.parse(name)])
    c = emit_c(module, "net", weights="blob")
    for name, text in c.files.items():
        (folder / name).write_text(text)
    for name, content in c.data.items():
        (folder / name).write_bytes(content)
    return c


def check(example: Example, folder: Path, target: str) -> None:
    """Run on a target; results must be torch's, and the stack must stay within its bound."""
    program = open_program(folder, target)
    [method] = program.interface.methods
    outputs = program.call(method.name, [from_torch(value) for value in tree_leaves(example.inputs)])
    found = [to_torch(array, output.dtype) for array, output in zip(outputs, method.outputs, strict=True)]
    assert_close(found, eager(example), target)
    if isinstance(program, EmulatedProgram) and program.stack_bound is not None:
        assert program.last.stack is not None
        assert program.last.stack <= program.stack_bound.bytes


@pytest.mark.parametrize("name", MODELS)
def test_model(name: str, load_or_skip: Callable[[str], Example], tmp_path: Path) -> None:
    example = load_or_skip(name)
    figures = program_of(example, tmp_path).figures
    check(example, tmp_path, HOST.name)
    is_small = figures.arena_bytes + figures.state_bytes <= RAM and figures.weights_bytes <= FLASH
    assert is_small == (name in SMALL), figures
    missing: list[str] = []
    for target in FOR_SMALL if is_small else ():
        try:
            TARGETS[target].require()
        except EtcError as error:
            missing.append(f"{target}: {error.problems[0].found}")
        else:
            check(example, tmp_path, target)
    if missing:
        pytest.skip("; ".join(missing))
