"""Small networks of the microcontroller class, with fixed-seed weights.

DS-CNN and the FC autoencoder are the reference networks of MLPerf Tiny v1 (arXiv:2106.07597) for keyword spotting and
anomaly detection; the LSTM listens to the same keywords.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from examples.models.spec import FIXED_SEED, Example, ModelSpec, generator, noise
from examples.models.vision import Classifier, conv_bn, settle

KEYWORDS = 12


def build_ds_cnn() -> nn.Module:
    """f32[N, 1, 49, 10] MFCC frames -> f32[N, 12] scores of the keywords."""
    channels = 64
    # 10x4 kernel, stride 2, padded as TensorFlow's SAME does for 49x10
    layers: list[nn.Module] = [
        nn.ZeroPad2d((1, 1, 4, 5)),
        nn.Conv2d(1, channels, (10, 4), 2, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
        nn.Dropout(0.2),
    ]
    for _ in range(4):
        layers.append(conv_bn(channels, channels, 3, groups=channels, activation=nn.ReLU))
        layers.append(conv_bn(channels, channels, activation=nn.ReLU))
    return Classifier(nn.Sequential(*layers, nn.Dropout(0.4)), nn.Linear(channels, KEYWORDS))


def build_fc_autoencoder() -> nn.Module:
    """f32[N, 640] (five log-mel frames of 128) -> their reconstruction f32[N, 640]."""
    widths = (640, 128, 128, 128, 128, 8, 128, 128, 128, 128)
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(widths):
        layers += (nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.ReLU())
    return nn.Sequential(*layers, nn.Linear(widths[-1], widths[0]))


class KeywordLSTM(nn.Module):
    """Two LSTM layers over f32[N, frames, 40] log-mel frames; the last state is scored: f32[N, 12]."""

    def __init__(self, features: int = 40, hidden: int = 128):
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, num_layers=2, batch_first=True)
        self.head = nn.Linear(hidden, KEYWORDS)

    def forward(self, frames: Tensor) -> Tensor:
        states, _ = self.lstm(frames)
        return self.head(states[:, -1])


def ds_cnn() -> Example:
    return Example(settle(build_ds_cnn(), noise(16, 1, 49, 10, seed=1)), (noise(1, 1, 49, 10, seed=2),))


def fc_autoencoder() -> Example:
    return Example(settle(build_fc_autoencoder(), noise(64, 640, seed=1)), (noise(1, 640, seed=2),))


def lstm() -> Example:
    module, source = KeywordLSTM(), generator()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(-0.15, 0.15, generator=source)
    return Example(module.eval(), (noise(1, 50, 40, seed=2),))


SPECS = (
    ModelSpec("ds_cnn", ds_cnn, FIXED_SEED, "DS-CNN of MLPerf Tiny, keyword spotting"),
    ModelSpec("fc_autoencoder", fc_autoencoder, FIXED_SEED, "FC autoencoder of MLPerf Tiny, anomaly detection"),
    ModelSpec("lstm", lstm, FIXED_SEED, "two-layer LSTM over 50 frames, unrolled by torch.export"),
)
