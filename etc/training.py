"""Programs that train on the device: forward, backward and the update of the weights in one method.

    compiled = compile_training(model, cross_entropy, (images,), (labels,), SGD(lr=0.1, momentum=0.9))
    for images, labels in batches:
        loss, logits = compiled.run((images,), (labels,), method="train")
    logits = compiled.run(images)            # `forward`, in evaluation mode, with the weights as they are now

The weights are state of the program, which both methods share. What `train` does is one step of `torch.optim.SGD`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from etc import pipelines
from etc.compiler import Compiled, OnStage, Passes, export, lower, stages_to

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


@dataclass(frozen=True)
class SGD:
    """`torch.optim.SGD` without dampening; the learning rate is fixed in the program."""

    lr: float
    momentum: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False


def compile_training(
    model: Module,
    loss: Callable[..., Tensor],
    example_inputs: Sequence[Any],
    example_targets: Sequence[Any],
    optimizer: SGD,
    *,
    passes: Passes = pipelines.OPTIMISATIONS,
    on_stage: OnStage | None = None,
) -> Compiled:
    """Compile a model into the methods `train` and `forward`, which share its weights.

    `train((inputs, …), (targets, …)) -> (loss, outputs)` computes `loss(model(*inputs), *targets)`, a tensor of one
    element, in training mode, and makes one step of `optimizer`; the outputs are those before the step. `forward` is
    the model in evaluation mode. Shapes are those of the examples. The model itself does not change.
    Raises EtcError with all that stands in the way.
    """
    from etc.lowering.import_torch import import_program
    from etc.lowering.import_torch_training import export_joint
    from etc.transforms.sgd import SgdPass

    forward = export(model, example_inputs)
    train = export_joint(model, loss, example_inputs, example_targets)
    module = import_program({"forward": forward, "train": train})
    update = SgdPass(optimizer.lr, optimizer.momentum, optimizer.weight_decay, optimizer.nesterov)
    return lower(module, [("aten", (update,)), *stages_to(passes=passes)], on_stage=on_stage)
