"""What holds for every edge op, and that no core operator, rule or op is left out of the tests."""

import re
from importlib import import_module
from inspect import cleandoc
from pathlib import Path

import pytest
from infer_harness import TESTED
from xdsl.irdl import OptionalDef

from etc.dialects import edge, infer, schema
from etc.dialects.edge.base import EdgeOp
from etc.dialects.schema_op import plan_of

HERE = Path(__file__).parent
FAMILIES = sorted(path.stem for path in HERE.glob("test_infer_*.py"))
TENSOR_OPTIONS = {"layout", "device", "pin_memory", "memory_format", "generator"}
"""Arguments that say nothing on this level: one device, dim order in the type."""

NOT_FUNCTIONAL = {"atan2.out", "resize_"}
WITHOUT_TENSOR_RESULT = ("sym_", "_local_scalar_dense")


every_op = pytest.mark.parametrize("cls", edge.OPERATIONS, ids=lambda cls: cls.name)


def held_against_torch() -> set[str]:
    """The overloads whose rules some test holds against torch."""
    for family in FAMILIES:
        import_module(family)
    return set(TESTED)


@every_op
def test_fields_are_the_arguments_of_the_schema(cls: type[EdgeOp]) -> None:
    definition = cls.get_irdl_definition()
    operands = [name.rstrip("_") for name, _ in definition.operands]
    holes = {slot.mask for slot in plan_of(cls).slots}
    properties = {name for name in definition.properties if not name.endswith("SegmentSizes")} - holes
    arguments = {arg.name: arg for arg in cls.schema().args}
    assert operands == [arg.name for arg in arguments.values() if arg.is_tensor]
    others = {arg.name for arg in arguments.values() if not arg.is_tensor}
    assert properties <= others
    assert others - properties <= TENSOR_OPTIONS
    for name in properties:
        may_be_absent = arguments[name].default is None or arguments[name].type.endswith("?")
        assert isinstance(definition.properties[name], OptionalDef) == may_be_absent, name
    assert len(definition.results) == len(cls.schema().returns)
    assert {*cls.DTYPES, *cls.SAME_DTYPE} <= set(operands)
    plan_of(cls)


@every_op
def test_documentation(cls: type[EdgeOp]) -> None:
    text = cleandoc(cls.__dict__.get("__doc__") or "")
    assert len(text) > 10
    assert text.split("\n\n")[0].rstrip().endswith(".")


def test_names_are_their_own() -> None:
    names = [cls.name for cls in edge.OPERATIONS]
    assert sorted(set(names)) == names
    overloads = [cls.ATEN for cls in edge.OPERATIONS if cls.ATEN]
    assert len(set(overloads)) == len(overloads)


def test_every_op_has_a_rule_that_is_tested() -> None:
    assert not sorted({cls.schema().key for cls in edge.OPERATIONS} - held_against_torch())
    assert all(infer.has_rule(cls.schema().key) for cls in edge.OPERATIONS)


def test_every_core_operator_has_a_rule_that_is_tested() -> None:
    table = schema.table()
    core = {key for key in table if table.has_tag(key, "core")} - NOT_FUNCTIONAL
    core = {key for key in core if not key.startswith(WITHOUT_TENSOR_RESULT)}
    assert len(core) > 150
    assert not sorted(key for key in core if not infer.has_rule(key))
    assert not sorted(core - held_against_torch())


def test_every_op_is_in_a_round_trip_test() -> None:
    text = "".join(path.read_text() for path in (HERE / "edge").glob("*.mlir") if "invalid" not in path.name)
    written = set(re.findall(r"CHECK(?:-NEXT)?: .*?(edge\.\w+)\(", text))
    assert not sorted({cls.name for cls in edge.OPERATIONS} - written)
