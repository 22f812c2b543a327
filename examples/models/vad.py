"""Voice activity detectors with trained weights: silero-vad (LSTM) and akiki (GRU).

Both hear 576 samples at 16 kHz, of which the last `hop` are new, through the same network: a convolution with Fourier
kernels, four convolutions over time, one recurrent step; they differ in that step and in the hop.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from examples.models.packages import package
from examples.models.sounds import hum, recording
from examples.models.spec import Example, Facts, ModelSpec, Run

WINDOW = 576
STATE = 128
SILERO_HOP, AKIKI_HOP = 512, 256


class SpeechEncoder(nn.Module):
    """f32[1, 576] samples -> f32[1, 128] features."""

    def __init__(self):
        super().__init__()
        self.fourier = nn.Conv1d(1, 258, 256, stride=128, bias=False)
        self.convs = nn.Sequential(
            *(nn.Conv1d(129, 128, 3, padding=1), nn.ReLU()),
            *(nn.Conv1d(128, 64, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Conv1d(64, 64, 3, stride=2, padding=1), nn.ReLU()),
            *(nn.Conv1d(64, 128, 3, padding=1), nn.ReLU()),
        )

    def forward(self, audio: Tensor) -> Tensor:
        spectrum = self.fourier(F.pad(audio, (0, 64), mode="reflect").unsqueeze(1))
        real, imaginary = spectrum[:, :129], spectrum[:, 129:]
        return self.convs(torch.sqrt(real**2 + imaginary**2)).squeeze(-1)


class SileroVAD(nn.Module):
    """audio f32[1, 576], state f32[2, 1, 128] (hidden, cell) -> probability of speech f32[1, 1], next state."""

    def __init__(self):
        super().__init__()
        self.encoder = SpeechEncoder()
        self.cell = nn.LSTMCell(STATE, STATE)
        self.head = nn.Conv1d(STATE, 1, 1)

    def forward(self, audio: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        hidden, cell = self.cell(self.encoder(audio), (state[0], state[1]))
        probability = torch.sigmoid(self.head(torch.relu(hidden).unsqueeze(-1)))
        return probability.squeeze(-1), torch.stack((hidden, cell))


class AkikiVAD(nn.Module):
    """audio f32[1, 576], state f32[1, 1, 128] -> probability of speech f32[1], next state."""

    def __init__(self):
        super().__init__()
        self.encoder = SpeechEncoder()
        self.gru = nn.GRU(STATE, STATE, batch_first=True)
        self.head = nn.Linear(STATE, 1)

    def forward(self, audio: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        features, state = self.gru(self.encoder(audio).unsqueeze(1), state)
        return torch.sigmoid(self.head(torch.relu(features[:, 0]))).squeeze(-1), state


def _load(module: nn.Module, weights: dict[str, Tensor], names: dict[str, str]) -> nn.Module:
    """Load weights whose modules the checkpoint calls by the keys of `names`, and we by its values."""
    ours = {name: value for name, value in weights.items()}
    for theirs, mine in names.items():
        ours = {
            f"{mine}{name.removeprefix(theirs)}" if name.startswith(theirs) else name: value
            for name, value in ours.items()
        }
    module.load_state_dict(ours)
    return module.eval()


def silero_vad() -> Example:
    from safetensors.torch import load_file

    weights = load_file(package("silero-vad") / "silero_vad" / "data" / "silero_vad_16k.safetensors")
    convs = {f"conv{index + 1}.": f"encoder.convs.{2 * index}." for index in range(4)}
    names = {**convs, "stft_conv.": "encoder.fourier.", "lstm_cell.": "cell.", "final_conv.": "head."}
    return Example(_load(SileroVAD(), weights, names), (hum(WINDOW / 16_000)[None], torch.zeros(2, 1, STATE)))


def akiki_vad() -> Example:
    from safetensors.torch import load_file

    weights = load_file(package("akiki") / "akiki" / "models" / "akiki-vad-native" / "model.safetensors")
    convs = {f"encoder.{index}.": f"encoder.convs.{2 * index}." for index in range(4)}
    names = {**convs, "basis": "encoder.fourier.weight", "rnn.": "gru."}
    return Example(_load(AkikiVAD(), weights, names), (hum(WINDOW / 16_000)[None], torch.zeros(1, 1, STATE)))


def listen(run: Run, audio: Tensor, hop: int, state: Tensor) -> Tensor:
    """The probabilities f32[windows] of speech, one for each `hop` samples of audio f32[samples]."""
    padded = F.pad(audio, (WINDOW - hop, 0))
    probabilities: list[Tensor] = []
    for window in padded.unfold(0, WINDOW, hop):
        probability, state = run(window[None], state)
        probabilities.append(probability.flatten())
    return torch.cat(probabilities)


def _check(run: Run, hop: int, states: int, quiet: float) -> Facts:
    """A voice is heard in a spoken phrase, none in noise."""
    state = torch.zeros(states, 1, STATE)
    voice = listen(run, recording("Front_Center"), hop, state).max().item()
    silence = listen(run, recording("Noise"), hop, state).max().item()
    assert voice > 0.95, f"probability of speech in a spoken phrase: {voice:.3f}"
    assert silence < quiet, f"probability of speech in noise: {silence:.3f}"
    return {"speech in a phrase": voice, "speech in noise": silence}


check_silero_vad: Callable[[Run], Facts] = partial(_check, hop=SILERO_HOP, states=2, quiet=0.3)
check_akiki_vad: Callable[[Run], Facts] = partial(_check, hop=AKIKI_HOP, states=1, quiet=0.5)

SPECS = (
    ModelSpec("silero_vad", silero_vad, "silero-vad", "silero voice activity detector, LSTM", check_silero_vad),
    ModelSpec("akiki_vad", akiki_vad, "akiki", "akiki voice activity detector, GRU", check_akiki_vad),
)
