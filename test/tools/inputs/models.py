"""Models for the tests of etc-compile."""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

import torch
from torch import Tensor, nn
from torch.export import Dim, ExportedProgram, export


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.fc = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x).relu() + 1


class Counter(nn.Module):
    """Counts its calls."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(1, dtype=torch.int64))

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return x + self.calls


class Scale(nn.Module):
    def forward(self, x: Tensor, by: Tensor) -> tuple[Tensor, Tensor]:
        return x * by, (x > 0)


class Eigenvalues(nn.Module):
    """What the stock runtime has no kernel for, and nothing decomposes."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.linalg.eigvals(x).abs()


class Branches(nn.Module):
    """What torch.export cannot capture."""

    def forward(self, x: Tensor) -> Tensor:
        return x + 1 if x.sum() > 0 else x


class Spec(NamedTuple):
    module: nn.Module
    inputs: tuple[Tensor, ...]
    dynamic_shapes: Any


class Holder:
    module = Net()
    example_inputs = (torch.ones(2, 4),)


def net() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return Net(), (torch.ones(2, 4),)


def one_tensor() -> tuple[nn.Module, Tensor]:
    return Net(), torch.ones(2, 4)


def dynamic() -> Spec:
    return Spec(Net(), (torch.ones(2, 4),), {"x": {0: Dim("batch", min=1, max=8)}})


def holder() -> Holder:
    return Holder()


def exported() -> ExportedProgram:
    return export(Net().eval(), (torch.ones(2, 4),))


def two() -> dict[str, Any]:
    return {"encode": net(), "decode": exported()}


def counter() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return Counter(), (torch.zeros(2, dtype=torch.int64),)


def scale() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return Scale(), (torch.ones(3), torch.ones(3))


def eigenvalues() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return Eigenvalues(), (torch.eye(3),)


def branches() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return Branches(), (torch.ones(3),)


def fails() -> NoReturn:
    raise ZeroDivisionError("by zero")


def number() -> int:
    return 3


def only_module() -> tuple[nn.Module]:
    return (Net(),)


def nothing() -> dict[str, Any]:
    return {}


def bad_inputs() -> tuple[nn.Module, int]:
    return Net(), 3


class Keywords(nn.Module):
    """Takes an argument by its name alone."""

    def forward(self, x: Tensor, *, by: Tensor) -> Tensor:
        return x * by


class WithKeywords:
    module = Keywords()
    example_inputs = (torch.ones(3),)
    example_kwargs: Any = {"by": torch.ones(3)}


class WithBadKeywords(WithKeywords):
    example_kwargs = 3


def keywords() -> WithKeywords:
    return WithKeywords()


def bad_keywords() -> WithBadKeywords:
    return WithBadKeywords()


def all_by_name() -> tuple[nn.Module, dict[str, Tensor]]:
    return Keywords(), {"x": torch.ones(3), "by": torch.ones(3)}


def names_of_two_types() -> dict[Any, Any]:
    return {1: net(), "1": net()}


def nameless() -> dict[str, Any]:
    return {"": net()}


def no_shapes() -> tuple[nn.Module, tuple[Tensor, ...], int]:
    return Net(), (torch.ones(2, 4),), 17


def sparse() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return Net(), (torch.ones(2, 4).to_sparse(),)
