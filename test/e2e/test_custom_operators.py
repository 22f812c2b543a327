"""Custom operators: kernel calls by their names in the file, decompositions by users, refusals that say what to do."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from xdsl.ir import SSAValue

import etc
from etc.dialects import exec
from etc.emit.flatbuffer import read_pte
from etc.errors import EtcError
from etc.runtime.exec_on_torch import ExecOnTorch
from etc.runtime.torch_executor import execute
from etc.tools import compile as tool
from etc.transforms import decompositions
from etc.transforms.aten_builder import AtenBuilder

NAMESPACE = "etc_e2e"


@torch.library.custom_op(f"{NAMESPACE}::scaled", mutates_args=())
def scaled(x: Tensor, factor: float, power: int = 1) -> Tensor:
    return factor * x**power


@scaled.register_fake
def _(x: Tensor, factor: float, power: int = 1) -> Tensor:
    return torch.empty_like(x)


@torch.library.custom_op(f"{NAMESPACE}::halves", mutates_args=())
def halves(x: Tensor, at: int, bias: Tensor | None = None) -> tuple[Tensor, Tensor]:
    return x[:, :at].clone(), x[:, at:] + (0 if bias is None else bias)


@halves.register_fake
def _(x: Tensor, at: int, bias: Tensor | None = None) -> tuple[Tensor, Tensor]:
    return x.new_empty(x.shape[0], at), x.new_empty(x.shape[0], x.shape[1] - at)


@torch.library.custom_op(f"{NAMESPACE}::count_", mutates_args=("state",))
def count(state: Tensor, x: Tensor) -> None:
    state.add_(x.sum())


torch.library.define(f"{NAMESPACE}::with_out", "(Tensor x) -> Tensor")
torch.library.define(f"{NAMESPACE}::with_out.out", "(Tensor x, *, Tensor(a!) out) -> Tensor(a!)")


@torch.library.impl(f"{NAMESPACE}::with_out", "CompositeExplicitAutograd")
def _(x: Tensor) -> Tensor:
    return x + 3


@torch.library.impl(f"{NAMESPACE}::with_out.out", "CompositeExplicitAutograd")
def _(x: Tensor, *, out: Tensor) -> Tensor:
    return torch.add(x, 3, out=out)


@torch.library.register_fake(f"{NAMESPACE}::with_out")  # pyright: ignore[reportUntypedFunctionDecorator]
def _(x: Tensor) -> Tensor:
    return torch.empty_like(x)


class Scaled(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return scaled(x.relu(), 0.5, 2) + 1


class Halves(nn.Module):
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        left, right = halves(x, 1)
        return left * 2, halves(right, 1, torch.ones(1))[1]


class Counts(nn.Module):
    total: Tensor

    def __init__(self):
        super().__init__()
        self.register_buffer("total", torch.full((1,), 2.0))

    def forward(self, x: Tensor) -> Tensor:
        count(self.total, x)
        return x + self.total


class WithOut(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.ops.etc_e2e.with_out(x) * 2


KERNELS = [f"{NAMESPACE}::{name}" for name in ("scaled.out", "halves.out", "count_")]
X = torch.tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])


def calls_in_file(compiled: etc.Compiled) -> list[tuple[str, list[Any]]]:
    """Custom kernel calls of the written file with their arguments: numbers, shapes of tensors, lists of these."""
    (program,) = (op for op in read_pte(compiled.pte).ops if isinstance(op, exec.ProgramOp))
    (plan,) = program.plans
    instructions = [op for chain in plan.chains for op in chain.instructions if isinstance(op, exec.KernelOp)]
    return [(op.full_name, [shown(v) for v in op.operands]) for op in instructions if "aten" not in op.full_name]


def shown(value: SSAValue) -> Any:
    match value.owner:
        case exec.TensorOp() as op:
            return tuple(op.shape)
        case exec.TensorListOp() as op:
            return [shown(v) for v in op.operands]
        case exec.DoubleOp() | exec.IntOp() as op:
            return op.value.value.data
        case op:
            return type(op).__name__


@pytest.mark.parametrize(
    ("module", "calls"),
    [
        (Scaled(), [("etc_e2e::scaled.out", [(2, 3), 0.5, 2, (2, 3), (2, 3)])]),
        (
            Halves(),
            [
                ("etc_e2e::halves.out", [(2, 3), 1, "NullOp", (2, 1), (2, 2), [(2, 1), (2, 2)]]),
                ("etc_e2e::halves.out", [(2, 2), 1, (1,), (2, 1), (2, 1), [(2, 1), (2, 1)]]),
            ],
        ),
    ],
    ids=["one result", "two results"],
)
def test_calls_by_name(module: nn.Module, calls: list[Any]) -> None:
    compiled = etc.compile(module, (X,), custom_kernels=KERNELS)
    assert calls_in_file(compiled) == calls
    expected = module(X)
    found = ExecOnTorch(compiled.module).run("forward", [X])
    torch.testing.assert_close(found, list(expected) if isinstance(expected, tuple) else [expected])


def test_an_operator_that_writes() -> None:
    """Its kernel writes to a copy, which becomes the new state."""
    compiled = etc.compile(Counts(), (X,), custom_kernels=KERNELS)
    assert ("etc_e2e::count_", [(1,), (2, 3), (1,)]) in calls_in_file(compiled)
    program, eager = ExecOnTorch(compiled.module), Counts()
    for _ in range(3):
        torch.testing.assert_close(program.run("forward", [X]), [eager(X)])


def test_a_registered_out_variant_is_a_kernel() -> None:
    compiled = etc.compile(WithOut(), (X,))
    assert calls_in_file(compiled) == [("etc_e2e::with_out.out", [(2, 3), (2, 3), (2, 3)])]
    torch.testing.assert_close(ExecOnTorch(compiled.module).run("forward", [X]), [WithOut()(X)])


def test_the_stock_runtime_says_which_kernel_it_lacks() -> None:
    pytest.importorskip("executorch")
    with pytest.raises(EtcError, match="Missing operator.*etc_e2e::scaled.out"):
        etc.compile(Scaled(), (X,), custom_kernels=KERNELS).run(X)


def test_dynamic_sizes_and_memory_formats() -> None:
    """A kernel gets sizes as numbers that the runtime computes, and tensors in the order of their dimensions."""

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(2, 3, 1)

        def forward(self, x: Tensor) -> Tensor:
            y = self.conv(x).to(memory_format=torch.channels_last)
            return scaled(y, 0.5, x.shape[0]) + 1

    x = torch.randn(2, 2, 4, 4)
    batch = torch.export.Dim("batch", min=1, max=4)
    compiled = etc.compile(Model(), (x,), dynamic_shapes={"x": {0: batch}}, custom_kernels=KERNELS)
    ((_, arguments),) = [call for call in calls_in_file(compiled) if "scaled" in call[0]]
    assert arguments[0] == (4, 3, 4, 4)
    (program,) = (op for op in compiled.module.ops if isinstance(op, exec.ProgramOp))
    (plan,) = program.plans
    instructions = [i for chain in plan.chains for i in chain.instructions if isinstance(i, exec.KernelOp)]
    called = next(i for i in instructions if "scaled" in i.full_name)
    tensor = called.operands[0].owner
    assert isinstance(tensor, exec.TensorOp)
    assert list(tensor.order) == [0, 1, 2, 3]


def test_without_a_kernel_the_error_says_what_to_do() -> None:
    class Model(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return halves(scaled(x, 2.0), 1)[1]

    with pytest.raises(EtcError) as error:
        etc.compile(Model(), (X,))
    assert [p.op for p in error.value.problems] == ["etc_e2e.scaled", "etc_e2e.halves"]
    first = error.value.problems[0]
    assert first.what == "the stock runtime has no kernel for the custom operator etc_e2e::scaled"
    assert first.expected == "a kernel etc_e2e::scaled.out linked into the runtime, or a decomposition"
    assert first.next_step == (
        'say that your runtime has it: compile(custom_kernels=["etc_e2e::scaled.out"]), etc-compile --custom-kernel '
        'etc_e2e::scaled.out; or register a decomposition: @decomposes("etc_e2e::scaled")'
    )
    assert "test_custom_operators.py" in first.where


def test_on_the_command_line(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "model.py"
    source.write_text(
        "import torch\nfrom test_custom_operators import Scaled\ndef scaled(): return Scaled(), (torch.ones(2, 3),)\n"
    )
    output = str(tmp_path / "scaled.pte")
    assert tool.main([f"{source}:scaled", "-o", output]) == 1
    assert "no kernel for the custom operator etc_e2e::scaled" in capsys.readouterr().err
    assert tool.main([f"{source}:scaled", "-o", output, "--custom-kernel", "etc_e2e::scaled.out"]) == 0


@pytest.fixture
def decomposed() -> Generator[None]:
    """A decomposition of `scaled`, for one test."""

    @decompositions.decomposes("etc_e2e::scaled")
    def rule(build: AtenBuilder, x: SSAValue, factor: float, power: int) -> SSAValue:  # pyright: ignore[reportUnusedFunction]
        """scaled(x, f, p) -> f * x ** p"""
        return build("mul.Scalar", build("pow.Tensor_Scalar", x, power), factor)

    yield
    registered = decompositions.rules()
    assert isinstance(registered, dict)
    del registered["etc_e2e::scaled"]


@pytest.mark.usefixtures("decomposed")
def test_a_decomposition_by_the_user() -> None:
    compiled = etc.compile(Scaled(), (X,))
    assert calls_in_file(compiled) == []
    torch.testing.assert_close(ExecOnTorch(compiled.module).run("forward", [X]), [Scaled()(X)])
    pytest.importorskip("executorch")
    torch.testing.assert_close(compiled.run(X), Scaled()(X))


def test_every_stage_has_its_meaning() -> None:
    def check(stage: str, module: Any) -> None:
        if stage not in ("exec", "planned"):
            torch.testing.assert_close(execute(module, "forward", [X]), [Scaled()(X)])
            assert 'program.custom_op "etc_e2e::scaled(' in str(module)
            assert 'kernel "etc_e2e::scaled.out"' in str(module)

    etc.compile(Scaled(), (X,), custom_kernels=KERNELS, on_stage=check)
