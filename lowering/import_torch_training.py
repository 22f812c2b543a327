"""Joint forward and backward graphs: PyTorch's autograd, traced at export, becomes part of the program."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.exported_program import (
    _decompose_exported_program,  # pyright: ignore[reportPrivateUsage]  what torch.export.experimental calls
)
from torch.nn import Module
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._pytree import tree_map

from etc.errors import EtcError

Loss = Callable[..., torch.Tensor]


class Step(Module):
    """(inputs, targets) -> (loss, outputs): what is differentiated."""

    def __init__(self, model: Module, loss: Loss):
        super().__init__()
        self.model, self.loss = model, loss

    def forward(self, inputs: Sequence[Any], targets: Sequence[Any]) -> tuple[torch.Tensor, Any]:
        outputs = self.model(*inputs)
        return self.loss(outputs, *targets), tree_map(_detached, outputs)


def _detached(value: Any) -> Any:
    return value.detach() if isinstance(value, torch.Tensor) else value


def export_joint(model: Module, loss: Loss, inputs: Sequence[Any], targets: Sequence[Any]) -> ExportedProgram:
    """`(inputs, targets) -> (loss, outputs), gradients` of a model in training mode, without decompositions.

    The graph gives the gradient of the loss by each parameter that requires one. Attention is traced as products and
    softmax, since the gradient of the fused operator has no decomposition. The model is left in its mode.
    Raises EtcError with torch's reason when there is no such graph.
    """
    mode = model.training
    try:
        with torch.enable_grad(), sdpa_kernel(SDPBackend.MATH), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exported = torch.export.export(Step(model.train(), loss), (tuple(inputs), tuple(targets)))
            return _decompose_exported_program(
                exported,
                cia_to_decomp={},
                python_decomp_table={},
                joint_loss_index=0,
                decompose_custom_triton_ops=False,
            )
    except Exception as error:  # torch.export and autograd raise many kinds, all of them about the model
        raise EtcError(
            "torch cannot capture the model together with its gradients",
            expected="a model that torch.export takes, and a loss function that gives one number",
            found=(str(error).strip().splitlines() or [type(error).__name__])[0],
            next_step="run loss(model(*inputs), *targets).backward() alone to see whether it can be differentiated",
        ) from error
    finally:
        model.train(mode)
