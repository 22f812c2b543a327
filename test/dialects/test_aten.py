"""`aten`: every operation builds, prints, parses and gives its arguments back; the generated files are torch's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp, TensorType, f32, f64, i1, i64
from xdsl.dialects.test import Test
from xdsl.dialects.test import TestOp as SourceOp
from xdsl.ir import Attribute, SSAValue
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure

from etc.dialects import aten, dtypes
from etc.dialects.program import Program
from etc.dialects.schema import Arg, parse, table
from etc.dialects.schema_class import class_name, field_name
from etc.dialects.symbolic import symbol
from etc.errors import EtcError

TENSOR = TensorType(f32, [2, 3])
EXAMPLES: dict[str, Any] = {
    "int": -3,
    "bool": True,
    "float": 1e-05,
    "str": 'a "b"',
    "SymInt": symbol("s0") * 2 + 1,
    "Scalar": 2.0,
    "ScalarType": dtypes.bfloat16,
    "Layout": "strided",
    "MemoryFormat": "channels_last",
    "Device": "cpu",
    "int[]": [1, -2],
    "bool[]": [True, False],
    "float[]": [0.5, float("inf")],
    "SymInt[]": [4, 5 - symbol("s0")],
    "Scalar[]": [1, 2.0, True],
    "str[]": ["a", "b"],
}
RESULTS: dict[str, Attribute] = {"Tensor": TENSOR, "float": f64, "bool": i1, "SymBool": i1, "SymFloat": f64}


def context() -> Context:
    """What plain xdsl-opt does: dialects by name, loaded when first used."""
    found = Context()
    for dialect in (Builtin, Test, Program):
        found.load_dialect(dialect)
    found.register_dialect("aten", lambda: aten.Aten)
    return found


def text(op: Any, **options: Any) -> str:
    stream = StringIO()
    Printer(stream=stream, **options).print_op(op)
    return stream.getvalue()


def example(arg: Arg, tensor: SSAValue, number: SSAValue) -> Any:
    """A value for an argument that differs from its default; a hole or an operand wherever one may stand."""
    if arg.type.startswith("Generator"):
        return None
    if arg.is_tensor:
        return {"Tensor[]": [tensor, tensor], "Tensor?[]": [None, tensor]}.get(arg.type, tensor)
    base = arg.type.rstrip("?")
    if EXAMPLES[base] == arg.default:
        return {"bool": False, "Scalar": number}.get(base, 7)
    return [number, *EXAMPLES[base]] if base in ("SymInt[]", "Scalar[]") else EXAMPLES[base]


def result_example(type: str) -> Attribute | list[Attribute]:
    if type.endswith("[]"):
        return [RESULTS.get(type.removesuffix("[]"), i64)] * 2
    return RESULTS.get(type, i64)


def all_examples(tensor: SSAValue, number: SSAValue) -> Iterator[tuple[Any, dict[str, Any]]]:
    for key, schema in table().items():
        args = {arg.name: example(arg, tensor, number) for arg in schema.args}
        types = [result_example(r.type.rstrip("?")) for r in schema.returns]
        yield aten.op_class(key).make(args, types), args


def test_every_operation_round_trips() -> None:
    source = SourceOp(result_types=[TENSOR, i64])
    given = list(all_examples(*source.results))
    module = ModuleOp([source, *(op for op, _ in given)])
    module.verify()
    for op, args in given:
        assert {arg.name: value for arg, value in op.arguments()} == args, op.name
        assert all(op.argument(name) == value for name, value in args.items()), op.name
    printed = text(module)
    for form in (printed, text(module, print_generic_format=True)):
        again = Parser(context(), form).parse_module()
        again.verify()
        assert module.is_structurally_equivalent(again)
        assert text(again) == printed


def test_defaults_are_filled_in_and_not_printed() -> None:
    x = SourceOp(result_types=[TENSOR]).results[0]
    for key, schema in table().items():
        if all(not arg.required or arg.is_tensor for arg in schema.args) and len(schema.returns) == 1:
            given = [a for a in schema.args if a.required and a.type != "Tensor?"]
            args = {a.name: [x] if a.type.endswith("[]") else x for a in given}
            kind = schema.returns[0].type
            if kind not in ("Tensor", "Tensor[]"):
                continue
            op = aten.op_class(key).make(args, [[TENSOR]] if kind == "Tensor[]" else [TENSOR])
            assert "=" not in text(op).partition("(")[2].partition(")")[0], text(op)
            for arg, value in op.arguments():
                if not arg.required:
                    assert value == arg.default, (key, arg)


def test_classes_have_names_of_their_own() -> None:
    names = [class_name(key) for key in table()]
    assert len(set(names)) == len(names)
    assert aten.AddTensorOp is aten.op_class("add.Tensor")
    assert aten.PrivateSoftmaxOp.name == "aten._softmax"
    assert aten.DunderAndTensorOp.name == "aten.__and__.Tensor"
    for schema in table().values():
        fields = [field_name(a.name) for a in schema.args]
        assert len(set(fields)) == len(fields)
    with pytest.raises(AttributeError, match="NoSuchOp"):
        _ = aten.NoSuchOp  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]


def test_fields() -> None:
    x, w = SourceOp(result_types=[TENSOR, TENSOR]).results
    op = aten.LayerNormOp.make({"input": x, "normalized_shape": [3], "weight": w}, [TENSOR])
    assert op.input is x
    assert op.weight is w
    assert op.bias is None
    assert op.normalized_shape.data == (3,)
    assert op.result.type == TENSOR


def test_purity() -> None:
    assert aten.AddTensorOp.has_trait(Pure)
    for key in ("rand", "bernoulli", "_assert_async", "_functional_assert_async.msg", "sym_constrain_range"):
        assert not aten.op_class(key).has_trait(Pure), key


@pytest.mark.parametrize(
    ("key", "args", "expected"),
    [
        ("relu", {}, "argument `self` is missing"),
        (
            "relu",
            {"self": 1.0},
            "argument `self` has a value of the wrong kind\n  expected: a tensor\n  found: 1.0 (float)",
        ),
        ("cat", {"tensors": 3}, "expected: a list of tensors\n  found: 3 (int)"),
        ("softmax.int", {"self": None, "dim": 1}, "argument `self` is missing"),
        ("full", {"size": [1.5], "fill_value": 1}, "expected: a list of integers or size expressions"),
        ("full", {"size": [1], "fill_value": "1"}, "expected: a number, true or false, or a size expression"),
        ("full", {"size": [1], "fill_value": 1, "dtype": "f23"}, "expected: an element type"),
        ("full", {"size": [1], "fil_value": 1}, "argument `fill_value` is missing"),
        ("full", {"size": [1], "fill_value": 1, "dtyp": 1}, "aten.full has no argument `dtyp` (did you mean `dtype`?)"),
    ],
)
def test_what_make_rejects(key: str, args: dict[str, Any], expected: str) -> None:
    with pytest.raises(EtcError) as error:
        aten.op_class(key).make(args, [TENSOR])
    assert expected in str(error.value)
    assert f"aten.{key}" in str(error.value)


def test_a_size_that_is_an_operand() -> None:
    source = SourceOp(result_types=[i64, i64])
    n, m = source.results
    op = aten.FullOp.make({"size": [n, 4, m], "fill_value": n}, [TensorType(f32, [-1, 4, -1])])
    assert list(op.operands) == [n, m, n]
    assert op.argument("size") == [n, 4, m]
    assert op.argument("fill_value") is n


def test_table_and_stub_are_what_torch_gives() -> None:
    pytest.importorskip("torch")
    from etc.dialects import generate_aten

    found = generate_aten.table_text()
    assert found == generate_aten.TABLE_PATH.read_text(), "run python -m etc.dialects.generate_aten"
    assert generate_aten.stub_text(table().values()) == generate_aten.STUB_PATH.read_text()


def test_core_is_torchs_core() -> None:
    torch = pytest.importorskip("torch")
    core: set[str] = set()
    for key, schema in table().items():
        if schema.name != "sym":
            overload = getattr(getattr(torch.ops.aten, schema.name), schema.overload or "default")
            core |= {key} if torch.Tag.core in overload.tags else set()
    assert len(core) > 180
    assert {key for key in table() if aten.is_core(aten.op_class(key))} == core
    assert not aten.is_core(aten.CondOp)


def test_functional_twins() -> None:
    """Each in-place and out variant of torch: the twin takes the same arguments, and no twin is missed."""
    pytest.importorskip("torch")
    from torch import _C  # pyright: ignore[reportPrivateUsage]

    registry: Any = _C
    dispatched: set[str] = set(registry._dispatch_get_all_op_names())
    signatures = {key: {a.name: a.type for a in schema.args} for key, schema in table().items()}
    by_name: dict[str, list[str]] = {}
    for key, schema in table().items():
        by_name.setdefault(schema.name.strip("_").removesuffix("_functional"), []).append(key)
    twins = 0
    for found in registry._jit_get_all_schemas():
        qualified = f"{found.name}.{found.overload_name}" if found.overload_name else found.name
        if not found.name.startswith("aten::") or not found.is_mutable or qualified not in dispatched:
            continue
        variant = parse(str(found))
        signature = {a.name: a.type for a in variant.args if not (a.is_written and a.kwarg_only)}
        base = variant.name.strip("_")
        same = by_name.get(base, []) + (by_name.get(base[1:], []) if variant.name.startswith("__i") else [])
        exact = [key for key in same if signatures[key] == signature]
        twin = aten.functional_of(variant.key)
        if twin is None:
            assert not exact, variant.key
            continue
        twins += 1
        assert twin in exact or not exact, (variant.key, twin, exact)
        assert signature.items() <= signatures[twin].items(), (variant.key, twin)
        assert all(not a.required for a in aten.schema(twin).args if a.name not in signature), (variant.key, twin)
    assert twins > 1400
    assert aten.functional_of("add.Tensor") == "add.Tensor"


def test_functions_on_sizes_exist() -> None:
    pytest.importorskip("torch")
    from importlib import import_module

    assert {key for key in table() if aten.schema(key).name == "sym"} == set(aten.SYMBOLIC)
    for path in aten.SYMBOLIC.values():
        module, _, name = path.rpartition(".")
        assert callable(getattr(import_module(module), name))


def test_starts_without_torch_and_numpy() -> None:
    code = (
        "import sys; from etc.dialects import aten, custom; list(aten.Aten.operations);"
        "sys.exit(bool({'torch', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
