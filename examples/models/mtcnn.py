"""MTCNN's three face detectors (arXiv:1604.02878) with trained weights."""

from __future__ import annotations

import functools

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from examples.models.packages import package
from examples.models.spec import Example, Facts, ModelSpec, Run

PACKAGE = "facenet-pytorch"
PICTURES = 40


def _pool(size: int) -> nn.MaxPool2d:
    return nn.MaxPool2d(size, 2, ceil_mode=True)


class PNet(nn.Module):
    """f32[N, 3, H, W] -> box corrections f32[N, 4, h, w], no-face/face f32[N, 2, h, w]; a cell sees 12x12 pixels."""

    def __init__(self):
        super().__init__()
        self.conv1, self.prelu1, self.pool1 = nn.Conv2d(3, 10, 3), nn.PReLU(10), _pool(2)
        self.conv2, self.prelu2 = nn.Conv2d(10, 16, 3), nn.PReLU(16)
        self.conv3, self.prelu3 = nn.Conv2d(16, 32, 3), nn.PReLU(32)
        self.conv4_1, self.conv4_2 = nn.Conv2d(32, 2, 1), nn.Conv2d(32, 4, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.pool1(self.prelu1(self.conv1(x)))
        x = self.prelu3(self.conv3(self.prelu2(self.conv2(x))))
        return self.conv4_2(x), torch.softmax(self.conv4_1(x), 1)


def _columns_first(x: Tensor) -> Tensor:
    """The order of features in which the dense layers were trained: columns, rows, channels."""
    return x.permute(0, 3, 2, 1).reshape(x.shape[0], -1)


class RNet(nn.Module):
    """f32[N, 3, 24, 24] -> box corrections f32[N, 4], no-face/face f32[N, 2]."""

    def __init__(self):
        super().__init__()
        self.conv1, self.prelu1, self.pool1 = nn.Conv2d(3, 28, 3), nn.PReLU(28), _pool(3)
        self.conv2, self.prelu2, self.pool2 = nn.Conv2d(28, 48, 3), nn.PReLU(48), _pool(3)
        self.conv3, self.prelu3 = nn.Conv2d(48, 64, 2), nn.PReLU(64)
        self.dense4, self.prelu4 = nn.Linear(576, 128), nn.PReLU(128)
        self.dense5_1, self.dense5_2 = nn.Linear(128, 2), nn.Linear(128, 4)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        x = self.pool1(self.prelu1(self.conv1(x)))
        x = self.pool2(self.prelu2(self.conv2(x)))
        x = self.prelu3(self.conv3(x))
        x = self.prelu4(self.dense4(_columns_first(x)))
        return self.dense5_2(x), torch.softmax(self.dense5_1(x), 1)


class ONet(nn.Module):
    """f32[N, 3, 48, 48] -> box corrections f32[N, 4], landmarks f32[N, 10], no-face/face f32[N, 2]."""

    def __init__(self):
        super().__init__()
        self.conv1, self.prelu1, self.pool1 = nn.Conv2d(3, 32, 3), nn.PReLU(32), _pool(3)
        self.conv2, self.prelu2, self.pool2 = nn.Conv2d(32, 64, 3), nn.PReLU(64), _pool(3)
        self.conv3, self.prelu3, self.pool3 = nn.Conv2d(64, 64, 3), nn.PReLU(64), _pool(2)
        self.conv4, self.prelu4 = nn.Conv2d(64, 128, 2), nn.PReLU(128)
        self.dense5, self.prelu5 = nn.Linear(1152, 256), nn.PReLU(256)
        self.dense6_1, self.dense6_2, self.dense6_3 = nn.Linear(256, 2), nn.Linear(256, 4), nn.Linear(256, 10)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.pool1(self.prelu1(self.conv1(x)))
        x = self.pool2(self.prelu2(self.conv2(x)))
        x = self.pool3(self.prelu3(self.conv3(x)))
        x = self.prelu4(self.conv4(x))
        x = self.prelu5(self.dense5(_columns_first(x)))
        return self.dense6_2(x), self.dense6_3(x), torch.softmax(self.dense6_1(x), 1)


def _example(module: nn.Module, weights: str, size: int) -> Example:
    path = package(PACKAGE) / "facenet_pytorch" / "data" / weights
    module.load_state_dict(torch.load(path, weights_only=True))
    return Example(module.eval(), (torch.rand(1, 3, size, size, generator=torch.Generator().manual_seed(0)) * 2 - 1,))


def mtcnn_pnet() -> Example:
    return _example(PNet(), "pnet.pt", 48)


def mtcnn_rnet() -> Example:
    return _example(RNet(), "rnet.pt", 24)


def mtcnn_onet() -> Example:
    return _example(ONet(), "onet.pt", 48)


@functools.cache
def pictures(size: int) -> tuple[Tensor, Tensor]:
    """Labelled pictures f32[40, 3, size, size] in -1..1 and whether they show a face, bool[40], half and half.

    They are scikit-image's `lfw_subset`: grey 25x25 crops, faces first.
    """
    import numpy as np

    data = np.load(package("scikit-image") / "skimage" / "data" / "lfw_subset.npy")
    chosen = torch.from_numpy(data).float()[:: len(data) // PICTURES][:, None].expand(-1, 3, -1, -1)
    resized = F.interpolate(chosen, size=(size, size), mode="bilinear", align_corners=False)
    return (resized * 255 - 127.5) / 128, torch.arange(PICTURES) < PICTURES // 2


def _accuracy(probabilities: list[float], faces: Tensor, least: float) -> Facts:
    accuracy = ((torch.tensor(probabilities) > 0.5) == faces).float().mean().item()
    assert accuracy >= least, f"accuracy on labelled pictures: {accuracy:.3f}, expected at least {least}"
    return {"accuracy": accuracy}


def check_pnet(run: Run) -> Facts:
    """Pictures are shown sixteen at a time, as a mosaic of 12x12 tiles, one cell of the output for each."""
    tiles, faces = pictures(12)
    tiles = torch.cat((tiles, tiles[:8])).view(3, 4, 4, 3, 12, 12)
    mosaics = tiles.permute(0, 3, 1, 4, 2, 5).reshape(3, 1, 3, 48, 48)
    cells = [run(mosaic)[1][0, 1, ::6, ::6].flatten() for mosaic in mosaics]
    return _accuracy(torch.cat(cells)[:PICTURES].tolist(), faces, 0.9)


def check_rnet(run: Run) -> Facts:
    images, faces = pictures(24)
    return _accuracy([run(image[None])[1][0, 1].item() for image in images], faces, 1.0)


def check_onet(run: Run) -> Facts:
    images, faces = pictures(48)
    return _accuracy([run(image[None])[2][0, 1].item() for image in images], faces, 0.9)


SPECS = (
    ModelSpec("mtcnn_pnet", mtcnn_pnet, PACKAGE, "MTCNN P-Net: where faces may be", check_pnet),
    ModelSpec("mtcnn_rnet", mtcnn_rnet, PACKAGE, "MTCNN R-Net: whether a crop is a face", check_rnet),
    ModelSpec("mtcnn_onet", mtcnn_onet, PACKAGE, "MTCNN O-Net: face, box and five landmarks", check_onet),
)
