"""Programs that train: each step on the stock runtime is the step that PyTorch makes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import etc
from etc.errors import EtcError
from etc.lowering.import_torch import import_program
from etc.lowering.import_torch_training import Step, export_joint
from etc.runtime.exec_on_torch import ExecOnTorch
from etc.runtime.torch_executor import Executor
from etc.training import SGD, compile_training
from etc.transforms.stages import check_stage
from examples import digits
from examples.models.packages import ModelUnavailable

LABELS = torch.tensor([1, 7, 3, 3, 0, 9])


class Embedded(nn.Module):
    """Means of normalised embeddings of i64[6, 5]."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(20, 8, padding_idx=3)
        self.norm = nn.LayerNorm(8)
        self.last = nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(F.gelu(self.norm(self.embedding(x))).mean(1))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True)
        self.last = nn.Linear(8, 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.layer(x)[:, 0])


def flat(features: int) -> tuple[nn.Module, nn.Module]:
    return nn.Flatten(), nn.Linear(features, 10)


def pooled() -> tuple[nn.Module, nn.Module]:
    return nn.AdaptiveAvgPool2d(1), nn.Flatten()


NETS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "mlp": (lambda: nn.Sequential(nn.Linear(8, 16), nn.Hardswish(), nn.Linear(16, 10)), (6, 8)),
    "conv": (lambda: nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), *flat(36)), (6, 1, 8, 8)),
    "batch norm": (
        lambda: nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.AvgPool2d(2), *flat(36)),
        (6, 1, 8, 8),
    ),
    "padded average pool": (
        lambda: nn.Sequential(nn.Conv2d(1, 4, 3), nn.AvgPool2d(3, 2, padding=1, count_include_pad=False), *flat(36)),
        (6, 1, 8, 8),
    ),
    "depthwise": (
        lambda: nn.Sequential(nn.Conv2d(4, 4, 3, groups=4, stride=2), nn.ReLU6(), nn.Conv2d(4, 10, 1), *pooled()),
        (6, 4, 9, 9),
    ),
    "transposed": (
        lambda: nn.Sequential(nn.ConvTranspose2d(2, 4, 3, stride=2), nn.SiLU(), *pooled(), nn.Linear(4, 10)),
        (6, 2, 4, 4),
    ),
    "one dimension": (lambda: nn.Sequential(nn.Conv1d(3, 4, 3), nn.Tanh(), *flat(24)), (6, 3, 8)),
    "group norm": (lambda: nn.Sequential(nn.Conv2d(2, 4, 3), nn.GroupNorm(2, 4), *flat(64)), (6, 2, 6, 6)),
    "encoder": (Encoder, (6, 5, 8)),
    "embedding": (Embedded, (6, 5)),
}


def network(name: str) -> tuple[nn.Module, Tensor]:
    make, shape = NETS[name]
    torch.manual_seed(3)
    return make(), torch.randint(0, 20, shape) if name == "embedding" else torch.rand(shape)


def steps_in_eager(net: nn.Module, x: Tensor, optimizer: SGD, count: int) -> tuple[list[Tensor], list[Tensor], Tensor]:
    """Losses and outputs before each step, and the outputs in evaluation mode after the last."""
    net = copy.deepcopy(net).train()
    update = torch.optim.SGD(
        net.parameters(), optimizer.lr, optimizer.momentum, 0, optimizer.weight_decay, optimizer.nesterov
    )
    losses: list[Tensor] = []
    outputs: list[Tensor] = []
    for _ in range(count):
        update.zero_grad()
        out = net(x)
        loss = F.cross_entropy(out, LABELS)
        loss.backward()
        update.step()
        losses.append(loss.detach())
        outputs.append(out.detach())
    with torch.no_grad():
        return losses, outputs, net.eval()(x)


@pytest.mark.parametrize("name", NETS)
def test_steps_are_those_of_eager(name: str) -> None:
    pytest.importorskip("executorch")
    net, x = network(name)
    optimizer = SGD(lr=0.1, momentum=0.9)
    compiled = compile_training(net, F.cross_entropy, (x,), (LABELS,), optimizer)
    losses, outputs, predicted = steps_in_eager(net, x, optimizer, 4)
    for loss, out in zip(losses, outputs, strict=True):
        found = compiled.run((x,), (LABELS,), method="train")
        torch.testing.assert_close(found, (loss, out), rtol=1e-4, atol=2e-5)
    torch.testing.assert_close(compiled.run(x), predicted, rtol=1e-4, atol=2e-5)
    assert not torch.allclose(losses[0], losses[-1], atol=1e-2), "the steps change nothing"


@pytest.mark.parametrize(
    "optimizer",
    [
        SGD(0.1),
        SGD(0.1, momentum=0.5),
        SGD(0.1, weight_decay=0.1),
        SGD(0.1, momentum=0.5, weight_decay=0.1, nesterov=True),
    ],
    ids=str,
)
def test_every_stage_trains_alike(optimizer: SGD) -> None:
    net, x = network("conv")
    expected = torch.stack(steps_in_eager(net, x, optimizer, 3)[0])
    checked: list[str] = []

    def check(stage: str, module: Any) -> None:
        if stage == "exec":
            return  # it has no memory yet
        checked.append(stage)
        if stage == "planned":
            program = ExecOnTorch(module)
            found = [program.run("train", [x, LABELS])[0] for _ in range(3)]
        else:
            executor = Executor(module)
            found = [executor.run("train", x, LABELS)[0] for _ in range(3)]
        torch.testing.assert_close(torch.stack(found), expected, rtol=1e-5, atol=1e-6)

    compile_training(net, F.cross_entropy, (x,), (LABELS,), optimizer, on_stage=check)
    assert {"aten", "core-aten", "edge", "planned"} <= set(checked)


@pytest.mark.parametrize("name", NETS)
def test_what_trains_is_autograd_safe(name: str) -> None:
    net, x = network(name)
    with torch.enable_grad():
        module = import_program(torch.export.export(Step(net.train(), F.cross_entropy), ((x,), (LABELS,))))
    check_stage(module, "autograd-safe")


def test_the_model_stays_as_it_is() -> None:
    pytest.importorskip("executorch")
    net, x = network("batch norm")
    before = copy.deepcopy(net.state_dict())
    compiled = compile_training(net, F.cross_entropy, (x,), (LABELS,), SGD(0.1))
    compiled.run((x,), (LABELS,), method="train")
    for name, value in net.state_dict().items():
        assert torch.equal(value, before[name]), name


def test_a_frozen_parameter_stays() -> None:
    net, x = network("mlp")
    first = next(net.parameters())
    first.requires_grad_(False)
    compiled = compile_training(net, F.cross_entropy, (x,), (LABELS,), SGD(0.1))
    constants, state = str(compiled.module).split("exec.mutable_segment")
    assert '@"0.weight"' in constants
    assert '@"2.weight"' not in constants
    assert '@"2.weight"' in state


def test_a_joint_graph_gives_gradients() -> None:
    """The joint graph itself is a program: gradients are results after the outputs."""
    pytest.importorskip("executorch")
    net, x = network("conv")
    compiled = etc.compile({"gradients": export_joint(net, F.cross_entropy, (x,), (LABELS,))})
    from etc.runtime.stock import LoadedProgram

    _, _, *found = LoadedProgram(compiled.pte, compiled.module).run("gradients", [x, LABELS])
    F.cross_entropy(net(x), LABELS).backward()
    for have, parameter in zip(found, net.parameters(), strict=True):
        torch.testing.assert_close(have, parameter.grad, rtol=1e-4, atol=1e-6)


def test_dropout_is_drawn_anew_each_step() -> None:
    pytest.importorskip("executorch")
    torch.manual_seed(0)
    net, x = nn.Sequential(nn.Linear(8, 10), nn.Dropout(0.5)), torch.rand(6, 8)
    compiled = compile_training(net, F.cross_entropy, (x,), (LABELS,), SGD(0.0))
    losses = [float(compiled.run((x,), (LABELS,), method="train")[0]) for _ in range(3)]
    assert len(set(losses)) == 3
    torch.testing.assert_close(compiled.run(x), net.eval()(x), rtol=1e-5, atol=1e-6)


def test_what_cannot_be_differentiated() -> None:
    net, x = network("mlp")
    with pytest.raises(EtcError) as error:
        compile_training(net, lambda out, _: out.argmax().float(), (x,), (LABELS,), SGD(0.1))
    assert error.value.problems[0].what == "torch cannot capture the model together with its gradients"
    with pytest.raises(EtcError, match="nesterov momentum needs a momentum"):
        compile_training(net, F.cross_entropy, (x,), (LABELS,), SGD(0.1, nesterov=True))


def test_digits_are_learned_on_the_stock_runtime_as_in_eager() -> None:
    """Five epochs reach eager's accuracy to within a point."""
    pytest.importorskip("executorch")
    try:
        data, test = digits.digits()
    except ModelUnavailable as error:
        pytest.skip(f"digits: {error.problems[0].what}")
    expected = digits.train(*digits.in_eager(digits.network()), data, test)
    found = digits.train(*digits.on_stock_runtime(digits.compiled_for_training()), data, test)
    assert abs(found[0][0] - expected[0][0]) < 1e-3, "mean loss of the first epoch"
    assert found[-1][1] > 0.94
    assert abs(found[-1][1] - expected[-1][1]) <= 0.01
