"""Programs that write in place: the functional program gives eager's outputs, inputs and buffers."""

# pyright: reportUnknownLambdaType=false, reportOperatorIssue=false, reportCallIssue=false, reportArgumentType=false
# pyright: reportPrivateUsage=false, reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from import_harness import check_against_eager, export, names, op_names
from torch import nn

from etc.errors import EtcError
from etc.lowering.import_torch import import_program
from etc.lowering.import_torch_files import load_pt2


class Function(nn.Module):
    """A function of the module and a tensor, with buffers to write to."""

    def __init__(self, function: Callable[..., Any]):
        super().__init__()
        self.function = function
        self.register_buffer("count", torch.zeros(1, dtype=torch.int64))
        self.register_buffer("state", torch.arange(12.0).reshape(3, 4))

    def forward(self, x: torch.Tensor) -> Any:
        return self.function(self, x)


def relu_keeps_no_old_value(m: Any, x: Any) -> Any:
    y = x + 1
    z = y * 2
    y.relu_()
    return y + z, y


def alias_of_result(m: Any, x: Any) -> Any:
    y = x - 1
    z = torch.relu_(y)
    y.mul_(3)
    return z, y


def write_to_input(m: Any, x: Any) -> Any:
    x.add_(1)
    return x * 2


def output_is_input(m: Any, x: Any) -> Any:
    x[0] = 5
    return x


def count_calls(m: Any, x: Any) -> Any:
    m.count.add_(1)
    m.state[1].mul_(2)
    return x + m.count + m.state


def select_then_read_base(m: Any, x: Any) -> Any:
    y = x * 1
    v = y[0]
    v.add_(10)
    return y, v


def write_base_then_read_view(m: Any, x: Any) -> Any:
    y = x * 1
    v = y[:, 1:3]
    w = v.t()
    y.mul_(-1)
    return v + 0, w + 0


def views_of_views(m: Any, x: Any) -> Any:
    y = x.clone()
    y[1:][:, ::2][0].fill_(7)
    return y


def siblings(m: Any, x: Any) -> Any:
    y = x.clone()
    a, b = y[:2], y[1:]
    a.add_(1)
    b.mul_(2)
    a.sub_(b[:2].clone())
    return a, b, y


def through_view(m: Any, x: Any) -> Any:
    y = x.clone()
    y.view(-1)[3:9].neg_()
    y.view(2, 6)[:, 0] = torch.tensor([1.0, 2.0])
    return y


def through_transpose_and_permute(m: Any, x: Any) -> Any:
    y = x.clone()
    y.t()[1].add_(3)
    y.permute(1, 0)[2:].mul_(2)
    y.unsqueeze(0).transpose(0, 2)[0].sub_(1)
    return y


def through_movedim(m: Any, x: Any) -> Any:
    y = torch.stack([x, x + 1])
    y.movedim(0, 2)[0].add_(1)
    y.movedim((0, 1), (2, 0))[1].mul_(3)
    y.swapaxes(0, 1)[2].sub_(4)
    return y


def through_squeeze(m: Any, x: Any) -> Any:
    y = x.clone().unsqueeze(1)
    y.squeeze(1)[0].zero_()
    y.flatten(1)[1].fill_(2)
    return y


def through_diagonal(m: Any, x: Any) -> Any:
    y = x.clone()
    y.diagonal(1).add_(5)
    return y


def through_narrow(m: Any, x: Any) -> Any:
    y = x.clone()
    y.narrow(1, 1, 2).exp_()
    return y


def through_split(m: Any, x: Any) -> Any:
    with torch.no_grad():
        y = x.clone()
        a, b = y.split([1, 3], 1)
        b.add_(1)
        c, d, e = y.unbind(0)
        d.mul_(2)
        f, g = y.chunk(2, 1)
        g.sub_(1)
        return a + 0, b + 0, c + 0, d, e + 0, f + 0, g, y


def reshape_that_copies(m: Any, x: Any) -> Any:
    y = x.clone()
    z = y.t().reshape(-1)
    z.add_(100)
    return y, z


def reshape_that_views(m: Any, x: Any) -> Any:
    y = x.clone()
    z = y.reshape(-1)
    z.add_(100)
    return y, z


def contiguous_that_views(m: Any, x: Any) -> Any:
    y = x.clone()
    y.contiguous().add_(1)
    y.t().contiguous().add_(1)
    return y


def to_that_views(m: Any, x: Any) -> Any:
    y = x.clone()
    y.to(torch.float32).add_(1)
    y.to(torch.float64).add_(1)
    y.to(torch.float32, copy=True).add_(1)
    y.detach().mul_(2)
    return y


def expanded_view_is_read(m: Any, x: Any) -> Any:
    y = x[:1].clone()
    z = y.expand(3, 4)
    y.add_(1)
    return z + x


def strided_view_is_read(m: Any, x: Any) -> Any:
    y = x.clone()
    z = y.unfold(1, 2, 1)
    y.mul_(2)
    return z.sum(-1)


def strided_view_is_written(m: Any, x: Any) -> Any:
    y = x.clone()
    y.as_strided((2, 2), (4, 1), 1).add_(1)
    return y


def dropout_in_evaluation(m: Any, x: Any) -> Any:
    y = x.clone()
    z = nn.functional.dropout(y, 0.5, training=False)
    z.add_(1)
    return y


def undeclared_views(m: Any, x: Any) -> Any:
    y = x.clone()
    y.type_as(x).add_(1)
    torch.atleast_2d(y).mul_(2)
    torch.atleast_3d(y).sub_(1)
    t = torch.einsum("ij->ji", y)
    a, b = torch.broadcast_tensors(y, x)
    y.add_(1)
    nn.functional.pad(y, (0, 0)).add_(7)
    nn.functional.pad(y, (1, 0)).add_(7)
    y.sum_to_size(3, 4).mul_(3)
    return y, b, a + 1, t + 1


def identities(m: Any, x: Any) -> Any:
    y = x.clone()
    y.expand(3, 4).add_(1)
    y[:].mul_(2)
    y.view(3, 4).sub_(1)
    y.expand_as(x).mul_(2)
    y.positive().add_(1)
    return y, y.clone().add_(1)


def view_after_a_write_through_a_transpose(m: Any, x: Any) -> Any:
    y = x.clone()
    y.t().copy_(torch.arange(12.0).reshape(4, 3))
    y.t().view(2, 2, 3).mul_(2)
    return y.view(-1)


def complex_parts(m: Any, x: Any) -> Any:
    y = torch.complex(x, x + 1)
    z = torch.view_as_real(y)
    y.mul_(2)
    return z + 0


def index_put(m: Any, x: Any) -> Any:
    y = x.clone()
    y[torch.tensor([0, 2]), 1] = 9.0
    y[y > 5] = 0
    m.state.index_copy_(0, torch.tensor([1]), x[:1])
    return y


def setitem_augmented(m: Any, x: Any) -> Any:
    y = x.clone()
    y[0] += 1
    y[:, 1] *= y[:, 2]
    y[1:, 2:] = y[:2, :2]
    return y


def copies_convert(m: Any, x: Any) -> Any:
    y = torch.zeros(3, 4, dtype=torch.int32)
    y.copy_(x * 3)
    z = torch.zeros(2, 3, 4)
    z.copy_(y)
    z[1] = 2
    return y, z


def narrow_type_stays(m: Any, x: Any) -> Any:
    y = x.to(torch.float16)
    y.add_(x)
    z = x.to(torch.int32)
    z.mul_(torch.tensor([3]))
    b = x.clone()
    b.gt_(4)
    return y, z, b


def number_arguments(m: Any, x: Any) -> Any:
    y = x.clone()
    y.add_(2, alpha=3).clamp_(min=1.5).pow_(2).masked_fill_(y > 100, -1.0)
    y.div_(3, rounding_mode="floor")
    return torch.where(y > 4, y, 0.5), torch.maximum(y, torch.tensor(2.0))


def cache_update(m: Any, x: Any) -> Any:
    m.state[:, 1:3].copy_(x[:, :2])
    m.state.view(-1)[0] = x.sum()
    return m.state @ x.t()


def zero_and_fill(m: Any, x: Any) -> Any:
    y = x.clone()
    v = y[1]
    y.zero_()
    v.fill_(3)
    return y


def self_argument(m: Any, x: Any) -> Any:
    y = x.clone()
    y.add_(y)
    y[0].mul_(y[1])
    y.add_(y.t().contiguous().t())
    return y


def write_under_no_grad(m: Any, x: Any) -> Any:
    with torch.no_grad():
        y = x * 2
        y[0].add_(1)
        z = y.view(-1)
        m.count += 1
    return z * 2


def inplace_activation_chain(m: Any, x: Any) -> Any:
    y = nn.functional.hardtanh_(x + 1, 0.0, 6.0)
    y = nn.functional.leaky_relu_(y - 3, 0.1)
    return nn.functional.silu(nn.functional.hardswish(y), inplace=True)


def branch_writes(m: Any, x: Any) -> Any:
    y = x.clone()
    y.add_(1)

    def then(a: Any) -> Any:
        b = a * 2
        b[0].relu_()
        return b

    return torch.cond(y.sum() > 0, then, lambda a: a - 1, (y,))


FUNCTIONS = [
    value for name, value in list(globals().items()) if callable(value) and getattr(value, "__module__", "") == __name__
    and not isinstance(value, type) and not name.startswith("test_")
]  # fmt: skip
X = torch.arange(12.0).reshape(3, 4) - 5


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_equals_eager(function: Callable[..., Any]) -> None:
    check_against_eager(Function(function), X)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_equals_eager_after_a_file(function: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "model.pt2"
    model = Function(function)
    torch.export.save(export(model, X), path)
    check_against_eager(model, X, exported=load_pt2(path))


@pytest.mark.parametrize(
    "function",
    [
        count_calls,
        siblings,
        through_view,
        through_transpose_and_permute,
        views_of_views,
        setitem_augmented,
        cache_update,
    ],
    ids=lambda f: f.__name__,
)
def test_equals_eager_with_a_symbolic_size(function: Callable[..., Any]) -> None:
    model = Function(function)
    model.state = torch.arange(12.0).reshape(3, 4)
    try:
        exported = export(model, X, dynamic_shapes={"x": {0: torch.export.Dim.AUTO, 1: torch.export.Dim.AUTO}})
    except Exception as error:
        pytest.skip(f"torch does not export it: {error}")
    check_against_eager(model, X, exported=exported)


def test_functionalizes_without_torchs_decompositions(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("run_decompositions was called")

    monkeypatch.setattr(torch.export.ExportedProgram, "run_decompositions", never)
    slow = {strided_view_is_written}
    for function in FUNCTIONS:
        if function not in slow:
            check_against_eager(Function(function), X)


def test_writes_that_pytorch_itself_would_lose_are_refused(tmp_path: Path) -> None:
    def program(m: Any, x: Any) -> Any:
        y = x.clone()
        torch.einsum("ij->ji", y).add_(4)
        torch.einsum("ij->ji", y).mul_(2)
        return y

    exported = export(Function(program), X)
    torch.export.save(exported, tmp_path / "model.pt2")
    for source in (exported, load_pt2(tmp_path / "model.pt2")):
        with pytest.raises(EtcError) as error:
            import_program(source)
        assert [(p.op, p.what, p.next_step) for p in error.value.problems] == [
            (
                f"aten.{op}",
                "the program writes to memory that a result of einsum shares with its argument",
                "clone() the result in the model",
            )
            for op in ("add_.Tensor", "mul_.Tensor")
        ]


def test_structure() -> None:
    assert op_names(check_against_eager(Function(relu_keeps_no_old_value), X)) == [
        "aten.add.Scalar",
        "aten.mul.Scalar",
        "aten.relu",
        "aten.add.Tensor",
    ]
    module = check_against_eager(Function(select_then_read_base), X)
    assert op_names(module) == ["aten.mul.Scalar", "aten.select.int", "aten.add.Scalar", "aten.select_scatter"]
    module = check_against_eager(Function(write_to_input), X)
    assert names(module, "program.mutated_inputs") == ["x"]
    assert names(module, "program.outputs") == ["mul", "x"]
    module = check_against_eager(Function(setitem_augmented), X)
    assert op_names(module).count("aten.select_scatter") == 2
