"""What cannot be imported: every problem with its place, what was expected and what to do."""

# pyright: reportUnknownLambdaType=false, reportOperatorIssue=false, reportCallIssue=false, reportArgumentType=false
# pyright: reportPrivateUsage=false, reportAttributeAccessIssue=false

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from import_harness import (
    Of,
    X,
    check_against_eager,
    export,
)
from torch import nn

from etc.errors import EtcError
from etc.lowering.import_torch import import_program
from etc.lowering.import_torch_files import load_pt2


def refusal(exported: Any) -> EtcError:
    with pytest.raises(EtcError) as error:
        import_program(exported)
    return error.value


def test_a_missing_file() -> None:
    with pytest.raises(EtcError) as error:
        load_pt2("nowhere/model.pt2")
    assert str(error.value) == (
        "nowhere/model.pt2: there is no such file\n  expected: a .pt2 file, as torch.export.save writes it"
    )


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 damaged"])
def test_a_file_that_is_no_program(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.pt2"
    path.write_bytes(content)
    with pytest.raises(EtcError, match="model.pt2: the file cannot be read as an exported program\n  expected: a .pt2"):
        load_pt2(path)


def test_a_truncated_file(tmp_path: Path) -> None:
    path = tmp_path / "model.pt2"
    torch.export.save(export(nn.Linear(4, 4), X), path)
    content = path.read_bytes()
    for kept in (len(content) // 4, len(content) // 2, len(content) - 40):
        path.write_bytes(content[:kept])
        with pytest.raises(EtcError, match="the file cannot be read as an exported program"):
            load_pt2(path)


def test_sparse_weights() -> None:
    class Sparse(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("table", torch.eye(3).to_sparse())

        def forward(self, x: Any) -> Any:
            return self.table @ x

    found = str(refusal(export(Sparse(), torch.ones(3, 3))))
    assert "table: a sparse tensor has no counterpart in a compiled program\n  expected: a dense tensor\n" in found


def test_every_problem_is_reported_at_once() -> None:
    def forward(x: Any) -> Any:
        y = torch.quantize_per_tensor(x, 0.1, 0, torch.qint8)
        z = x.to(torch.float8_e4m3fn)
        return y.dequantize() + 1, z.float()

    error = refusal(export(Of(forward), X))
    line = test_every_problem_is_reported_at_once.__code__.co_firstlineno
    wheres = [p.where for p in error.problems]
    assert wheres == [f"test/lowering/test_import_refusals.py:{line + n}" for n in (2, 3)]
    assert error.problems[1].what == "element type float8_e4m3fn is not supported"


def test_strides_of_a_view() -> None:
    check_against_eager(Of(lambda x: torch.as_strided(x + 1, (2, 2), (1, 2), 1)), X)

    def forward(x: Any) -> Any:
        return torch.as_strided(x.t(), (2, 2), (1, 2))

    error = refusal(export(Of(forward), X))
    line = forward.__code__.co_firstlineno + 1
    assert str(error) == (
        f"test/lowering/test_import_refusals.py:{line}: aten.as_strided.default: "
        "the strides of a tensor are those of the memory that it is a part of\n"
        "  expected: a contiguous tensor that begins where its memory does\n"
        "  found: sizes [4, 3], strides [1, 4], offset 0\n"
        "  next: index the tensor instead, or make it contiguous() before"
    )


def test_an_unknown_function() -> None:
    exported = export(Of(lambda x: x + 1), X)
    node = next(n for n in exported.graph.nodes if n.op == "call_function")
    node.target = divmod
    assert [(p.op, p.what) for p in refusal(exported).problems] == [
        ("builtins.divmod", "this Python function has no counterpart in a compiled program")
    ]


def test_weights_without_content() -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode(allow_non_fake_inputs=True):
        exported = export(nn.Linear(4, 4), torch.randn(1, 4))
    assert [p.what for p in refusal(exported).problems] == [
        "the parameter weight: a weight has no content",
        "the parameter bias: a weight has no content",
    ]


def test_weights_that_overlap_and_are_written_to() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            base = torch.zeros(6)
            self.register_buffer("a", base[:4])
            self.register_buffer("b", base[2:])

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.a.add_(x)
            return self.b * 2

    error = refusal(export(Model(), torch.ones(4)))
    assert str(error) == (
        "the buffer a is written to and shares memory with b\n"
        "  next: give each of them memory of its own (clone()) before the export"
    )
