"""Custom operators: one class per schema, declared in the module that uses it."""

from __future__ import annotations

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp, StringAttr, TensorType, f32
from xdsl.dialects.test import Test
from xdsl.dialects.test import TestOp as SourceOp
from xdsl.parser import Parser
from xdsl.traits import Pure

from etc.dialects import custom
from etc.dialects.program import Program
from etc.errors import EtcError

TENSOR = TensorType(f32, [4])
BLUR = "myns::blur(Tensor x, *, int radius=3) -> Tensor"


def test_equal_schemas_share_a_class() -> None:
    assert custom.op_class(BLUR) is custom.op_class(BLUR.replace(", *,", ",   *,"))
    assert custom.op_class(BLUR).name == "myns.blur"
    assert custom.op_class("myns::blur.wide(Tensor x) -> Tensor").name == "myns.blur.wide"


def test_a_module_declares_an_operator_once() -> None:
    source = SourceOp(result_types=[TENSOR])
    module = ModuleOp([source])
    for _ in range(2):
        op = custom.declare(module, BLUR).make({"x": source.results[0], "radius": 5}, [TENSOR])
        module.body.block.add_op(op)
    module.verify()
    assert str(module).count("program.custom_op") == 1
    context = Context()
    for dialect in (Builtin, Test, Program):
        context.load_dialect(dialect)
    again = Parser(context, str(module)).parse_module()
    assert str(again) == str(module)
    assert isinstance(again.body.block.last_op, custom.CustomOp)


def test_writes_become_results() -> None:
    op = custom.op_class("myns::step(Tensor(a!) state, Tensor x, Tensor(b!) count) -> Tensor")
    assert [r.type for r in op.schema().returns] == ["Tensor"] * 3
    assert not op.schema().is_mutable
    assert [a.name for a in custom.written(op.DECLARED)] == ["state", "count"]
    assert op.has_trait(Pure)
    # `Tensor(a!)` as a result is the argument itself: it is there once.
    inplace = custom.op_class("myns::step_(Tensor(a!) state, Tensor x) -> Tensor(a!)")
    assert len(inplace.schema().returns) == 1


def test_an_operator_without_results_has_effects() -> None:
    assert not custom.op_class("myns::log(Tensor x) -> ()").has_trait(Pure)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("myns::f(Dict(str, Tensor) x) -> Tensor", "argument `x` has type Dict"),
        ("myns::f(Tensor", "the schema of a custom operator cannot be read"),
        (
            "myns::f(Stream s) -> Tensor",
            "the custom operator myns::f cannot be represented: argument `s` has type Stream",
        ),
        ("myns::f(Tensor x) -> Stream", "a result has type Stream"),
    ],
)
def test_what_cannot_be_represented(schema: str, expected: str) -> None:
    with pytest.raises(EtcError) as error:
        custom.op_class(schema)
    assert expected in str(error.value)


@pytest.mark.parametrize(
    ("schema", "kernel"),
    [
        ("myns::f(Tensor x) -> Tensor", "myns::f.out"),
        ("myns::f.wide(Tensor x) -> (Tensor, Tensor)", "myns::f.wide_out"),
        ("myns::f_(Tensor(a!) x) -> Tensor(a!)", "myns::f_"),
        ("myns::f.on(Tensor(a!) x, Tensor y) -> ()", "myns::f.on"),
        ("myns::f(Tensor(a!) x) -> Tensor", "myns::f.out"),
    ],
)
def test_the_kernel_of_an_operator(schema: str, kernel: str) -> None:
    assert custom.kernel_of(custom.op_class(schema).DECLARED) == kernel


def test_a_module_tells_which_kernels_there_are() -> None:
    module = ModuleOp([])
    custom.declare(module, BLUR)
    custom.declare(module, "myns::sharpen(Tensor x) -> Tensor")
    custom.link_kernels(module, {"myns::blur.out", "others::f.out"})
    kernels = {name: op.kernel for name, op in custom.declared(module).items()}
    assert kernels == {"myns.blur": StringAttr("myns::blur.out"), "myns.sharpen": None}
    context = Context()
    for dialect in (Builtin, Program):
        context.load_dialect(dialect)
    again = Parser(context, str(module)).parse_module()
    assert str(again) == str(module)
    assert {name: op.kernel for name, op in custom.declared(again).items()} == kernels
