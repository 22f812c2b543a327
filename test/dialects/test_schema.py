"""The schema language, and the checked-in table as text."""

from __future__ import annotations

import pytest

from etc.dialects.schema import REQUIRED, Arg, Return, Table, parse, table


def test_parts_of_a_schema() -> None:
    schema = parse(
        'myns::op.two(Tensor x, int[2] s=1, *, Scalar k=1.5, str m="a, (b", float e=1) -> (Tensor, Tensor[] y)'
    )
    assert (schema.namespace, schema.name, schema.overload) == ("myns", "op", "two")
    assert schema.args == (
        Arg("x", "Tensor"),
        Arg("s", "int[]", [1, 1], length=2),
        Arg("k", "Scalar", 1.5, kwarg_only=True),
        Arg("m", "str", "a, (b", kwarg_only=True),
        Arg("e", "float", 1.0, kwarg_only=True),
    )
    assert schema.returns == (Return("Tensor"), Return("Tensor[]", name="y"))
    assert isinstance(schema.args[4].default, float)


@pytest.mark.parametrize(
    ("text", "mutable", "view"),
    [
        ("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor", False, False),
        ("aten::add_.Tensor(Tensor(a!) self, Tensor other, *, Scalar alpha=1) -> Tensor(a!)", True, False),
        ("aten::add.out(Tensor self, Tensor other, *, Scalar alpha=1, Tensor(a!) out) -> Tensor(a!)", True, False),
        ("aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)", False, True),
        ("aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]", False, True),
        ("my::f(Tensor(a!)? x, Tensor(b!)[] y) -> ()", True, False),
    ],
)
def test_aliases(text: str, mutable: bool, view: bool) -> None:
    schema = parse(text)
    assert (schema.is_mutable, schema.is_view) == (mutable, view)
    assert "(" not in "".join(a.type for a in schema.args)
    assert str(schema) == text


def test_no_results_and_no_arguments() -> None:
    schema = parse("my::f() -> ()")
    assert (schema.args, schema.returns) == ((), ())
    assert str(schema) == "my::f() -> ()"


def test_defaults() -> None:
    schema = parse("my::f(MemoryFormat a=1, Layout? b=None, bool c=True, int[] d=[-1, 2], float e=-inf, int? f) -> ()")
    assert [a.default for a in schema.args] == ["preserve_format", None, True, [-1, 2], float("-inf"), REQUIRED]


@pytest.mark.parametrize("text", ["", "relu(Tensor x) -> Tensor", "my::f(Tensor) -> Tensor", "my::f(Tensor x) -> 3"])
def test_what_is_no_schema(text: str) -> None:
    with pytest.raises(ValueError, match="schema"):
        parse(text)


def test_every_line_of_the_table_reads_and_writes() -> None:
    lines = table()
    assert len(lines) > 1600
    for key in lines:
        schema = lines[key]
        assert schema.key == key
        assert not schema.is_mutable
        assert parse(str(schema)) == schema


def test_tags() -> None:
    lines = Table("# comment\nmy::f(Tensor x) -> Tensor  # core pointwise\nmy::g.a(Tensor x) -> Tensor\n")
    assert list(lines) == ["f", "g.a"]
    assert lines.tags("f") == {"core", "pointwise"}
    assert not lines.has_tag("g.a", "core")
    assert lines.text("f") == "my::f(Tensor x) -> Tensor"
