"""The importer: models, weights, signatures, sizes, scalars, locations."""

# pyright: reportUnknownLambdaType=false, reportOperatorIssue=false, reportCallIssue=false, reportArgumentType=false
# pyright: reportPrivateUsage=false, reportAttributeAccessIssue=false

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from import_harness import (
    Of,
    X,
    check_against_eager,
    constants,
    export,
    imported,
    method,
    names,
    op_names,
    text_of,
)
from torch import nn
from torch.export import Dim
from xdsl.dialects.builtin import StringAttr

from etc.dialects import program
from etc.dialects.program import GlobalKind, globals_of, symbol_ranges
from etc.dialects.symbolic import UNBOUNDED, Range
from etc.lowering.import_torch import import_program
from etc.lowering.import_torch_files import load_pt2

# -- models ------------------------------------------------------------------------------------------------------------


class SmallNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU6(inplace=True), nn.Dropout(0.2))
        self.head = nn.Linear(8, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x).mean((2, 3)))


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, norm_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x)


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.gru = nn.LSTM(4, 6, batch_first=True), nn.GRU(6, 3, batch_first=True)

    def forward(self, x: torch.Tensor) -> Any:
        y, (h, c) = self.lstm(x)
        return self.gru(y), h, c


class Cache(nn.Module):
    """A decoder's state: keys written at a position that the caller gives."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("keys", torch.zeros(5, 4))
        self.project = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor, position: torch.Tensor) -> torch.Tensor:
        self.keys.index_copy_(0, position, self.project(x))
        return self.keys @ x.t()


def test_small_convolutional_network() -> None:
    module = check_against_eager(SmallNet().eval(), torch.randn(2, 3, 6, 6))
    assert op_names(module) == ["aten.conv2d", "aten.batch_norm", "aten.hardtanh", "aten.mean.dim", "aten.linear"]
    assert "features.1.num_batches_tracked" not in globals_of(module)


def test_a_saved_program_is_the_program(tmp_path: Path) -> None:
    model = SmallNet().eval()
    torch.export.save(export(model, torch.randn(2, 3, 6, 6)), tmp_path / "model.pt2")
    check_against_eager(model, torch.randn(2, 3, 6, 6), exported=load_pt2(tmp_path / "model.pt2"))


def test_batch_norm_in_training_writes_its_statistics() -> None:
    model = SmallNet()
    model.features[3] = nn.Identity()
    module = check_against_eager(model.train(), torch.randn(2, 3, 6, 6))
    mutable = {name for name, op in globals_of(module).items() if op.mutable is not None}
    assert mutable == {"features.1.running_mean", "features.1.running_var", "features.1.num_batches_tracked"}


def test_transformer_layer() -> None:
    check_against_eager(Attention().eval(), torch.randn(2, 5, 8))


def test_recurrent_layers() -> None:
    check_against_eager(Recurrent().eval(), torch.randn(2, 5, 4))


def test_cache_in_a_mutable_buffer() -> None:
    module = check_against_eager(Cache().eval(), torch.randn(1, 4), torch.tensor([2]), calls=3)
    assert globals_of(module)["keys"].mutable is not None


# -- weights -----------------------------------------------------------------------------------------------------------


def test_weights_are_not_copied() -> None:
    model = nn.Linear(64, 64)
    module = imported(export(model, torch.randn(1, 64)))
    value = globals_of(module)["weight"].value
    assert value is not None
    with torch.no_grad():
        model.weight[0, 0] = 42
    assert memoryview(value.data.data)[:4].cast("f")[0] == 42


def test_a_hundred_megabytes_import_in_a_moment() -> None:
    exported = export(nn.Linear(5000, 5000), torch.randn(1, 5000))
    before = time.process_time()
    import_program(exported)
    assert time.process_time() - before < 0.2


def test_buffers_that_are_written_to_are_copied() -> None:
    model = Cache().eval()
    module = imported(export(model, torch.randn(1, 4), torch.tensor([2])))
    model(torch.randn(1, 4), torch.tensor([1]))
    value = globals_of(module)["keys"].value
    assert value is not None
    assert not any(value.data.data)


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.head = nn.Linear(4, 7, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.embedding(x))


def test_tied_weights_are_one_global() -> None:
    module = check_against_eager(Tied().eval(), torch.tensor([[1, 2]]))
    ((name, op),) = globals_of(module).items()
    assert op_names(module) == ["aten.embedding", "aten.linear"]
    assert {name} | {a.data for a in op.attributes["program.tied"].data} == {"embedding.weight", "head.weight"}  # pyright: ignore
    assert text_of(module).count("program.load") == 1


class Kinds(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4))
        self.register_buffer("kept", torch.randn(4))
        self.register_buffer("dropped_on_save", torch.randn(4), persistent=False)
        self.register_buffer("unused", torch.randn(4))
        self.plain = torch.randn(4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.weight + self.kept - self.dropped_on_save * self.plain + torch.tensor([1.0, 2.0, 3.0, 4.0])


def test_kinds_of_globals() -> None:
    kinds = {name: op.kind.data for name, op in globals_of(check_against_eager(Kinds(), X)).items()}
    assert kinds.pop("plain") is GlobalKind.constant
    assert kinds.pop("lifted_tensor_0") is GlobalKind.constant
    assert kinds == {
        "weight": GlobalKind.parameter,
        "kept": GlobalKind.buffer,
        "dropped_on_save": GlobalKind.buffer,
    }


class Layouts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        base = torch.randn(4, 3)
        self.register_buffer("transposed", base.t())
        self.register_buffer("strided", torch.randn(3, 8)[:, ::2])
        self.register_buffer("expanded", torch.randn(1, 4).expand(3, 4))
        self.register_buffer("scalar", torch.tensor(2.5))
        self.register_buffer("empty", torch.randn(0, 4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x * self.transposed + self.strided * self.scalar - self.expanded
        return torch.cat([y, self.empty])


def test_layouts_of_weights() -> None:
    check_against_eager(Layouts(), X)


@pytest.mark.parametrize(
    "dtype",
    ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64"],
)
def test_element_types(dtype: str) -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("value", torch.tensor([[0, 1, 2, 3]]).to(getattr(torch, dtype)))

        def forward(self, x: torch.Tensor) -> Any:
            return self.value.repeat(2, 1), x.to(self.value.dtype)

    check_against_eager(Model(), X.abs())


def test_conjugated_constant() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("value", torch.tensor([1 + 2j, 3 - 1j]).conj())

        def forward(self, x: torch.Tensor) -> Any:
            return torch.view_as_real(self.value * x)

    check_against_eager(Model(), torch.tensor(2.0))


# -- signatures --------------------------------------------------------------------------------------------------------


def test_nested_inputs_and_outputs() -> None:
    def forward(a: Any, b: Any, *, scale: float, flag: bool, nothing: Any, name: str) -> Any:
        y = a["x"] * scale + b[1] if flag else a["x"]
        return {"sum": y, "list": [b[0] * 2, None, 3, (2.5, "text", True)]}, a["x"]

    module = check_against_eager(
        Of(forward), {"x": X}, [X + 1, X + 2], kwargs={"scale": 2.0, "flag": True, "nothing": None, "name": "n"}
    )
    assert constants(module, "program.constant_inputs") == {3, 4, 5, 6}
    assert constants(module, "program.constant_outputs") == {2, 3, 4, 5, 6}
    assert len(names(module, "program.inputs")) == 3
    spec = method(module).attributes["program.out_spec"]
    assert isinstance(spec, StringAttr)
    leaves = torch.utils._pytree.treespec_loads(spec.data).num_leaves  # pyright: ignore
    assert leaves == 8
    assert json.loads(spec.data)


def test_an_output_may_be_an_input_or_a_weight() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.randn(4))

        def forward(self, x: torch.Tensor) -> Any:
            return x, self.weight, x

    check_against_eager(Model(), X)


def test_methods_share_globals() -> None:
    class Encode(nn.Module):
        def __init__(self, inner: nn.Module):
            super().__init__()
            self.inner = inner
            self.own = nn.Parameter(torch.randn(4))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.inner(x) + self.own

    inner = nn.Linear(4, 4)
    first, second = Encode(inner), Encode(inner)
    module = imported({"encode": export(first, X), "decode": export(second, X)})
    assert [m.sym_name.data for m in program.methods(module)] == ["encode", "decode"]
    assert sorted(globals_of(module)) == ["decode.own", "inner.bias", "inner.weight", "own"]


# -- sizes -------------------------------------------------------------------------------------------------------------


def test_symbolic_sizes_have_ranges() -> None:
    batch = Dim("batch", min=2, max=8)
    model = Of(lambda x: (x.reshape(x.shape[0] * 2, -1), x.shape[0] + 1))
    module = check_against_eager(model, X, dynamic_shapes={"args": ({0: batch},)})
    ((name, limits),) = symbol_ranges(method(module)).items()
    assert limits == Range(2, 8)
    assert str(method(module).function_type.outputs.data[0]) == (
        f"tensor<?x2xf32, #edge.layout<sizes = [{name}*2, 2]>>"
    )


def test_size_expressions() -> None:
    def forward(x: Any) -> Any:
        n = x.shape[0]
        return (
            torch.zeros(n * 2 + 1),
            torch.zeros(n // 2 + 2),
            torch.zeros(n % 3 + 2),
            torch.zeros(torch.sym_max(n, 5)),
            torch.zeros(torch.sym_min(n, 5) + 2),
            torch.zeros((n * n + n) // 4 + 2),
        )

    module = check_against_eager(Of(forward), X, dynamic_shapes={"args": ({0: Dim("n", min=2, max=9)},)})
    n = next(iter(symbol_ranges(method(module))))
    sizes = [re.findall(r"sizes = \[(.*)\]", str(t)) for t in method(module).function_type.outputs.data]
    assert sizes == [
        [f"{n}*2 + 1"],
        [f"floordiv({n}, 2) + 2"],
        [f"mod({n}, 3) + 2"],
        [f"max(5, {n})"],
        [f"min(5, {n}) + 2"],
        [f"floordiv({n} + {n}*{n}, 4) + 2"],
    ]


def test_unbounded_symbols() -> None:
    module = imported(export(Of(lambda x: x + 1), X, dynamic_shapes={"args": ({0: Dim.DYNAMIC},)}))
    assert list(symbol_ranges(method(module)).values()) == [Range(0, UNBOUNDED)]  # torch assumes 2, and checks nothing


def test_related_sizes_share_a_symbol() -> None:
    n = Dim("n", min=2, max=10)
    module = imported(
        export(
            Of(lambda x, y: x[1:] + y), torch.zeros(5), torch.zeros(4), dynamic_shapes={"args": ({0: n}, {0: n - 1})}
        )
    )
    ((name, _),) = symbol_ranges(method(module)).items()
    sizes = {re.findall(r"sizes = \[(.*)\]", str(t))[0] for t in method(module).function_type.inputs.data}
    assert len(sizes) == 2
    assert all(name in s for s in sizes)


def test_integer_inputs_that_change() -> None:
    module = check_against_eager(
        Of(lambda x, k: (x.repeat(k, 1), x * k, k * 2)), X, 3, dynamic_shapes={"args": (None, Dim.DYNAMIC)}
    )
    assert "program.symbol = " in text_of(module)


def test_sizes_that_the_data_decides() -> None:
    def forward(x: Any) -> Any:
        n = x.to(torch.int64).sum().item()
        torch._check(n >= 2)
        torch._check(n <= 9)
        return torch.ones(n) * x.sum()

    module = check_against_eager(Of(forward), torch.tensor([1.0, 2.0]))
    assert list(symbol_ranges(method(module)).values()) == [Range(2, 9)]
    assert not [n for n in op_names(module) if "assert" in n or ".ge" in n or ".le" in n]
    assert '{program.symbol = "u0"}' in text_of(module)


# -- numbers where the schema wants tensors ----------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.int32, torch.bool])
def test_numbers_promote_as_in_eager(dtype: torch.dtype) -> None:
    def forward(x: Any) -> Any:
        return (
            x * 2,
            x * 2.5,
            x + True,
            1 - x.to(torch.int8),
            x.to(torch.int32) // 2,
            x > 1,
            torch.where(x > 0, x, 3.5),
            torch.where(x > 0, 1, 0),
            torch.pow(2, x.float()),
            torch.pow(x.float(), 2),
            torch.remainder(x.float(), 3),
        )

    check_against_eager(Of(forward), (X * 3).to(dtype))


def test_numbers_stand_in_scalar_overloads() -> None:
    module = check_against_eager(Of(lambda x: (x * 2.0 + 1).clamp(0)), X)
    assert op_names(module) == ["aten.mul.Scalar", "aten.add.Scalar", "aten.clamp"]
    assert "other=2.0" in text_of(module)


def test_numbers_without_a_scalar_overload_become_constants() -> None:
    module = check_against_eager(Of(lambda x: torch.logaddexp(x, torch.tensor(1.0)) + torch.ops.aten.atan2(x, x)), X)
    assert "aten.atan2" in op_names(module)


# -- locations ---------------------------------------------------------------------------------------------------------


def test_locations_name_the_model_line_and_the_module() -> None:
    line = SmallNet.forward.__code__.co_firstlineno + 1
    text = text_of(imported(export(SmallNet().eval(), torch.randn(2, 3, 6, 6))))
    here = "test/lowering/test_import_torch.py"
    assert re.search(rf'aten\.conv2d\(.*loc\("features\.0"\("{here}":{line}:0\)\)', text)
    assert re.search(rf'aten\.mean\.dim\(.*loc\("{here}":{line}:0\)', text)
