"""Programs of stage exec on torch: real models, hand-written instructions, and plans that must not be believed."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._higher_order_ops.map import map as map_rows  # pyright: ignore[reportPrivateUsage]
from torch._higher_order_ops.scan import scan  # pyright: ignore[reportPrivateUsage]
from torch._higher_order_ops.while_loop import while_loop  # pyright: ignore[reportPrivateUsage]
from torch.utils import _pytree as pytree
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

import etc
from etc.compiler import context
from etc.errors import EtcError
from etc.runtime.exec_on_torch import ExecOnTorch
from etc.transforms.verification import verify_program
from examples.models import load_model

MODELS = ("ds_cnn", "fc_autoencoder", "mobilenet_v3_small", "llama")


def program(*lines: str, buffers: str = "") -> ExecOnTorch:
    """A program whose only method has these values and, after a line "do", these instructions."""
    split = lines.index("do")
    text = "\n".join(
        [
            "exec.program { exec.constant_segment {",
            "exec.data @two : tensor<2xf32> = dense<[2.0, 2.0]> }",
            "exec.mutable_segment { exec.data @start : tensor<2xf32> = dense<[10.0, 20.0]> }",
            f"exec.plan @forward {buffers} {{",
            *lines[:split],
            "exec.chain {",
            *lines[split + 1 :],
            "} } }",
        ]
    )
    module = Parser(context(), text).parse_module()
    verify_program(module)
    return ExecOnTorch(module)


def run(found: ExecOnTorch, *inputs: Any) -> list[Any]:
    return [v.tolist() if isinstance(v, torch.Tensor) else v for v in found.run("forward", inputs)]


@pytest.mark.parametrize("name", MODELS)
def test_models_compute_what_eager_does(name: str) -> None:
    module, inputs, dynamic_shapes = load_model(name)
    with torch.no_grad():
        expected = pytree.tree_leaves(copy.deepcopy(module)(*inputs))
    found: dict[str, Sequence[torch.Tensor]] = {}

    def execute(stage: str, program: ModuleOp) -> None:
        if stage in ("exec", "planned"):
            found[stage] = ExecOnTorch(program).run("forward", inputs)

    etc.compile(copy.deepcopy(module), inputs, dynamic_shapes=dynamic_shapes, on_stage=execute)
    assert set(found) == {"exec", "planned"}
    for outputs in found.values():
        for ours, theirs in zip(outputs, expected, strict=True):
            assert (ours - theirs).abs().max() <= 1e-4 * theirs.abs().max()


class Cond(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.cond(x.sum() > 0, lambda x: x + 1, lambda x: x * 2, (x,))


class Loop(nn.Module):
    def forward(self, x: Tensor) -> Any:
        return while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * 2), (torch.tensor(0), x))


class Map(nn.Module):
    def forward(self, x: Tensor) -> Any:
        return map_rows(lambda row: row.sin() + 1, x)  # pyright: ignore[reportArgumentType]


class Scan(nn.Module):
    def forward(self, x: Tensor) -> Any:
        return scan(lambda total, row: (total + row, total * row), torch.zeros(2), x)


@pytest.mark.parametrize("module", [Cond(), Loop(), Map(), Scan()])
@pytest.mark.parametrize("sign", [1, -1])
def test_control_flow(module: nn.Module, sign: int) -> None:
    x = sign * torch.rand(3, 2)
    compiled = etc.compile(module, (torch.ones(3, 2),))
    for found, expected in zip(
        ExecOnTorch(compiled.module).run("forward", [x]), pytree.tree_leaves(module(x)), strict=True
    ):
        torch.testing.assert_close(found, expected)


def test_state_lives_on() -> None:
    module, inputs, _ = load_model("llama")
    compiled = etc.compile(copy.deepcopy(module), inputs)
    ours, theirs = ExecOnTorch(compiled.module), copy.deepcopy(module)
    token, position = inputs
    for step in range(4):
        given = (torch.full_like(token, step + 5), torch.full_like(position, step))
        with torch.no_grad():
            expected = theirs(*given)
        (found,) = ours.run("forward", given)
        assert (found - expected).abs().max() <= 1e-4 * expected.abs().max(), step


def test_kernels_lists_and_numbers() -> None:
    found = program(
        "%x = exec.tensor f32 [2]",
        "%c = exec.tensor f32 [2] data @two",
        "%y = exec.tensor f32 [4]",
        "%zero = exec.int 0",
        "%list = exec.tensor_list(%x, %c)",
        "exec.inputs(%x)",
        "exec.outputs(%y)",
        "do",
        'exec.kernel "aten::cat.out"(%list, %zero, %y, %y)',
    )
    assert run(found, torch.tensor([1.0, 3.0])) == [[1.0, 3.0, 2.0, 2.0]]


def test_an_initial_value_is_state() -> None:
    found = program(
        "%s = exec.tensor f32 [2] alloc(1, 0) data @start",
        "%c = exec.tensor f32 [2] data @two",
        "%one = exec.int 1",
        "exec.inputs()",
        "exec.outputs(%s)",
        "do",
        'exec.kernel "aten::add.out"(%s, %c, %one, %s, %s)',
        buffers="buffers [0, 16]",
    )
    assert [run(found), run(found)] == [[[12.0, 22.0]], [[14.0, 24.0]]]


def test_a_plan_that_overlaps_computes_nonsense() -> None:
    """%a is still needed when %b is written over it: the arena is really shared."""

    def planned(at: int) -> ExecOnTorch:
        return program(
            "%x = exec.tensor f32 [2] alloc(1, 0)",
            "%a = exec.tensor f32 [2] alloc(1, 16)",
            f"%b = exec.tensor f32 [2] alloc(1, {at})",
            "%y = exec.tensor f32 [2] alloc(1, 48)",
            "%one = exec.int 1",
            "exec.inputs(%x)",
            "exec.outputs(%y)",
            "do",
            'exec.kernel "aten::neg.out"(%x, %a, %a)',
            'exec.kernel "aten::exp.out"(%x, %b, %b)',
            'exec.kernel "aten::add.out"(%a, %b, %one, %y, %y)',
            buffers="buffers [0, 64]",
        )

    x = torch.tensor([0.0, 1.0])
    assert run(planned(32), x)[0] == pytest.approx([1.0, 1.718281828])
    assert run(planned(16), x)[0] == pytest.approx([2.0, 5.436563656])


def test_an_offset_is_counted_from_the_tensor() -> None:
    found = program(
        "%x = exec.tensor f32 [4] alloc(1, 32)",
        "%y = exec.tensor f32 [2] alloc(1, 0)",
        "%one = exec.int 1",
        "%two = exec.int 2",
        "%size = exec.int_list(%two)",
        "%stride = exec.int_list(%two)",
        "exec.inputs(%x)",
        "exec.outputs(%y)",
        "do",
        'exec.kernel "aten::as_strided_copy.out"(%x, %size, %stride, %one, %y, %y)',
        buffers="buffers [0, 48]",
    )
    assert run(found, torch.tensor([5.0, 6.0, 7.0, 8.0])) == [[6.0, 8.0]]


def test_dim_order_and_views_of_bytes() -> None:
    found = program(
        "%x = exec.tensor f32 [2, 3]",
        "%t = exec.tensor f32 [2, 3] dim_order [1, 0]",
        "%flat = exec.tensor f32 [6] view_of %t",
        "%no = exec.bool false",
        "%one = exec.int 1",
        "%zero = exec.int 0",
        "%order = exec.int_list(%one, %zero)",
        "exec.inputs(%x)",
        "exec.outputs(%t, %flat)",
        "do",
        'exec.kernel "dim_order_ops::_to_dim_order_copy.out"(%x, %no, %order, %t, %t)',
    )
    x = torch.arange(6.0).reshape(2, 3)
    assert run(found, x) == [x.tolist(), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]]


def test_sizes_numbers_moves_and_jumps() -> None:
    """y = -x when x has 3 elements, else exp(x)."""
    found = program(
        "%x = exec.tensor f32 [4] dynamism bound",
        "%y = exec.tensor f32 [4] dynamism bound",
        "%n = exec.tensor f32 [4] dynamism bound",
        "%e = exec.tensor f32 [4] dynamism bound",
        "%zero = exec.int 0",
        "%three = exec.int 3",
        "%size = exec.int 0",
        "%same = exec.bool false",
        "%never = exec.bool false",
        "exec.inputs(%x)",
        "exec.outputs(%y)",
        "do",
        'exec.kernel "aten::sym_size.int"(%x, %zero, %size)',
        'exec.kernel "executorch_prim::eq.Scalar"(%size, %three, %same)',
        "exec.jump_false %same to 6",
        'exec.kernel "aten::neg.out"(%x, %n, %n)',
        "exec.move %n -> %y",
        "exec.jump_false %never to 8",
        'exec.kernel "aten::exp.out"(%x, %e, %e)',
        "exec.move %e -> %y",
    )
    assert run(found, torch.tensor([1.0, 2.0, 3.0])) == [[-1.0, -2.0, -3.0]]
    assert run(found, torch.zeros(2)) == [[1.0, 1.0]]
    with pytest.raises(EtcError, match="a tensor becomes larger than its upper bound"):
        run(found, torch.zeros(5))


def test_a_row_at_an_index() -> None:
    found = program(
        "%x = exec.tensor f32 [2]",
        "%y = exec.tensor f32 [3, 2] dynamism bound",
        "%zero = exec.int 0",
        "%one = exec.int 1",
        "exec.inputs(%x)",
        "exec.outputs(%y)",
        "do",
        'exec.kernel "executorch_prim::et_copy_index.tensor"(%y, %x, %zero)',
        'exec.kernel "executorch_prim::et_copy_index.tensor"(%y, %x, %one)',
    )
    assert run(found, torch.tensor([1.0, 3.0])) == [[[1.0, 3.0], [1.0, 3.0]]]


@pytest.mark.parametrize(
    ("instruction", "message"),
    [
        ('"aten::nonsense.out"(%x, %x)', r"torch refuses to execute aten::nonsense.out: "),
        ('"aten::mm.out"(%x, %x, %x, %x)', r"torch refuses to execute aten::mm.out: "),
    ],
)
def test_what_torch_cannot_execute(instruction: str, message: str) -> None:
    lines = ("%x = exec.tensor f32 [2]", "exec.inputs(%x)", "exec.outputs(%x)", "do", f"exec.kernel {instruction}")
    with pytest.raises(EtcError, match=message):
        run(program(*lines), torch.ones(2))


def test_an_unknown_method() -> None:
    found = program("exec.inputs()", "exec.outputs()", "do")
    with pytest.raises(EtcError, match="there is no method backward\n  found: forward"):
        found.run("backward", ())
