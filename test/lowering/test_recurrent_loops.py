"""Recurrent networks over many steps are loops: as right as written out, smaller, and for any length."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import Any

import pytest
import torch
from stages_harness import ON_TORCH, assert_equal
from torch import nn
from torch._dispatch.python import enable_python_dispatcher
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._pytree import tree_leaves
from xdsl.dialects.builtin import ModuleOp

from etc import pipelines
from etc.compiler import Compiled, Stages, context, export, lower
from etc.dialects import aten, exec
from etc.lowering.decompose_aten import DecomposeAtenPass
from etc.lowering.import_torch import import_program
from etc.lowering.recurrent_shapes import recurrent_shapes
from etc.runtime.torch_executor import execute

_STEPS = torch.export.Dim("steps", min=2, max=20)
_BATCH = torch.export.Dim("batch", min=2, max=4)
_KINDS: dict[str, type[nn.Module]] = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
_SHAPES: dict[str, dict[str, Any]] = {
    "one_layer": {},
    "two_directions": {"bidirectional": True},
    "two_layers_batch_first": {"num_layers": 2, "bidirectional": True, "batch_first": True},
    "no_bias": {"bias": False},
}


def compiled(model: nn.Module, inputs: tuple[Any, ...], dynamic: Any = None, unroll: int = 4) -> Compiled:
    stages: Stages = [
        (name, (f"decompose-aten{{unroll={unroll}}}",) if name == "core-aten" else passes)
        for name, passes in pipelines.TO_PTE
    ]

    def check(stage: str, module: ModuleOp) -> None:
        module.verify()
        if stage in ON_TORCH:
            assert_equal(execute(module, "forward", tree_leaves(inputs)), eager(model, inputs))

    return lower(import_program(export(model, inputs, dynamic_shapes=dynamic)), stages, on_stage=check)


def eager(model: nn.Module, inputs: tuple[Any, ...]) -> Any:
    with torch.no_grad():
        return model.eval()(*inputs)


def draw(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


@pytest.mark.parametrize("length", ["fixed", "dynamic"])
@pytest.mark.parametrize("shape", _SHAPES)
@pytest.mark.parametrize("kind", _KINDS)
def test_loops_compute_what_eager_does(kind: str, shape: str, length: str) -> None:
    pytest.importorskip("executorch")
    torch.manual_seed(0)
    options = _SHAPES[shape]
    model, first = _KINDS[kind](3, 5, **options), options.get("batch_first", False)
    inputs = [(draw(2, n, 3) if first else draw(n, 2, 3),) for n in ((7, 20, 2, 11) if length == "dynamic" else (12,))]
    program = compiled(model, inputs[0], ({int(first): _STEPS},) if length == "dynamic" else None)
    for given in [*inputs, inputs[0]]:
        assert_equal(tree_leaves(program.run(*given)), eager(model, given))


def test_dynamic_batch_and_length_with_a_given_state() -> None:
    pytest.importorskip("executorch")

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = nn.LSTM(3, 5, proj_size=2)

        def forward(self, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> Any:
            return self.lstm(x, (h, c))

    model = Network()
    inputs = [(draw(n, b, 3), draw(1, b, 2), draw(1, b, 5)) for n, b in ((12, 2), (2, 4), (20, 3), (5, 2))]
    program = compiled(model, inputs[0], ({0: _STEPS, 1: _BATCH}, {1: _BATCH}, {1: _BATCH}))
    for given in inputs:
        assert_equal(tree_leaves(program.run(*given)), eager(model, given))


def test_unbatched_sequences() -> None:
    pytest.importorskip("executorch")
    model, given = nn.LSTM(3, 5), (draw(12, 3),)
    assert_equal(tree_leaves(compiled(model, given).run(*given)), eager(model, given))


def _instructions(program: Compiled) -> int:
    return sum(isinstance(op, exec.InstructionOp) for op in program.module.walk())


def _without_constants(program: Compiled) -> int:
    groups = [op for op in program.module.walk() if isinstance(op, exec.ConstantSegmentOp)]
    return len(program.pte) - sum(entry.nbytes for group in groups for entry in group.entries)


def test_a_loop_is_smaller_than_its_steps() -> None:
    model, given = nn.LSTM(4, 8), (draw(50, 1, 4),)
    loop, steps = compiled(model, given), compiled(model, given, unroll=50)
    assert _instructions(loop) < 30 < 400 < _instructions(steps)
    assert _without_constants(loop) * 10 < _without_constants(steps)


@pytest.mark.parametrize(("steps", "is_loop"), [(4, False), (5, True)])
def test_short_sequences_are_written_out(steps: int, is_loop: bool) -> None:
    module = import_program(export(nn.GRU(3, 5), (draw(steps, 2, 3),)))
    DecomposeAtenPass().apply(context(), module)
    assert any(isinstance(op, aten.ScanOp) for op in module.walk()) == is_loop


@pytest.mark.parametrize("shape", _SHAPES)
@pytest.mark.parametrize("kind", _KINDS)
def test_shapes_are_those_of_torch(kind: str, shape: str) -> None:
    """What export is told of shapes is what executing the network gives."""
    model, x = _KINDS[kind](3, 5, **_SHAPES[shape]), torch.empty(6, 2, 3)
    with FakeTensorMode(allow_non_fake_inputs=True) as fake, enable_python_dispatcher(), recurrent_shapes():
        found = [v.shape for v in tree_leaves(model(fake.from_tensor(x)))]
    assert found == [v.shape for v in tree_leaves(model(x))]


def test_torch_is_as_before_afterwards() -> None:
    key = torch._C.DispatchKey.CompositeImplicitAutograd
    op: Any = torch.ops.aten.gru.input
    before = op.py_kernels[key]
    with recurrent_shapes():
        assert op.py_kernels[key] is not before
    assert op.py_kernels[key] is before
