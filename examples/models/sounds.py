"""Recordings to listen to: eight spoken phrases and a noise, from Debian's `alsa-utils`."""

from __future__ import annotations

import functools
import math
import wave
from pathlib import Path

import torch
from torch import Tensor

from examples.models.packages import debian_package

DIRECTORY = Path("usr/share/sounds/alsa")
RATE = 16_000
_LOWPASS_TAPS = 97


@functools.cache
def recording(name: str) -> Tensor:
    """A recording, `"Front_Center"` or `"Noise"` say, as f32[samples] in -1..1 at 16 kHz.

    Raises `ModelUnavailable` when the package is neither installed nor to be downloaded.
    """
    installed = Path("/") / DIRECTORY
    directory = installed if installed.is_dir() else debian_package("alsa-utils") / DIRECTORY
    path = directory / f"{name}.wav"
    with wave.open(str(path)) as file:
        samples = torch.frombuffer(bytearray(file.readframes(file.getnframes())), dtype=torch.int16)
        channels, rate = file.getnchannels(), file.getframerate()
    mono = samples.reshape(-1, channels).float().mean(1) / 32768
    return _decimate(mono, rate // RATE)


def _decimate(signal: Tensor, factor: int) -> Tensor:
    """Every `factor`-th sample behind a windowed-sinc low-pass at the new Nyquist frequency."""
    middle = _LOWPASS_TAPS // 2
    taps = torch.sinc((torch.arange(_LOWPASS_TAPS) - middle) / factor) * torch.hann_window(_LOWPASS_TAPS, False)
    taps = (taps / taps.sum()).reshape(1, 1, -1)
    return torch.conv1d(signal.reshape(1, 1, -1), taps, stride=factor, padding=middle).flatten()


def hum(seconds: float) -> Tensor:
    """A quiet 50 Hz hum, f32[samples] at 16 kHz: sound, but nobody speaks."""
    return 0.02 * torch.sin(2 * math.pi * 50 / RATE * torch.arange(int(seconds * RATE)))
