"""The public names of etc."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

import etc


def test_importing_costs_nothing() -> None:
    code = "import sys, etc; print([m for m in sys.modules if m.split('.')[0] in ('torch', 'numpy', 'xdsl', 'rich')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", etc.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(etc, name) is not None
    assert name in dir(etc)


def test_errors_are_those_of_the_family() -> None:
    from etc.errors import EtcError

    assert etc.Error is EtcError


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="module 'etc' has no attribute 'compiel'"):
        _ = etc.compiel  # pyright: ignore[reportAttributeAccessIssue]


class TestArguments:
    """A module with keyword-only arguments, given in another order than it takes them."""

    @staticmethod
    def compiled() -> tuple[Any, Any]:
        import torch

        class Affine(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.dropout = torch.nn.Dropout()

            def forward(self, x: Any, *, scale: Any, shift: Any) -> Any:
                return self.dropout(x) * scale + shift

        model = Affine().train()
        return model, etc.compile(
            model, (torch.ones(3),), example_kwargs={"shift": torch.ones(1), "scale": torch.ones(1)}
        )

    def test_keywords(self) -> None:
        import torch

        pytest.importorskip("executorch")
        _, compiled = self.compiled()
        found = compiled.run(torch.tensor([1.0, 2.0, 3.0]), scale=torch.tensor([2.0]), shift=torch.tensor([5.0]))
        assert found.tolist() == [7.0, 9.0, 11.0]
        with pytest.raises(etc.Error) as caught:
            compiled.run(torch.ones(3), scale=torch.ones(1))
        assert str(caught.value) == (
            "method forward takes other keyword arguments\n"
            "  expected: shift, scale\n"
            "  found: scale\n"
            "  next: pass each argument as it was passed when the model was exported"
        )

    def test_the_model_keeps_its_mode(self) -> None:
        model, _ = self.compiled()
        assert model.training
        assert model.dropout.training
