"""Write `aten_schemas.txt` and `aten.pyi` from the installed torch: `python -m etc.dialects.generate_aten`.

The table holds every overload of ATen that writes to none of its arguments, has a tensor among its arguments or
results (or is an assertion), and whose types the dialect has. The schemas of the operations on sizes are ours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from etc.dialects.autograd_table import is_safe
from etc.dialects.schema import TABLE_PATH, Arg, Schema, Table, parse
from etc.dialects.schema_class import class_name, field_name, unsupported
from etc.dialects.schema_verify import result_constraint

STUB_PATH = Path(__file__).with_name("aten.pyi")

AUTOGRAD = "autograd"
"""The mark of overloads that autograd can go through."""

KEPT_TAGS = (
    "core",
    AUTOGRAD,
    "pointwise",
    "reduction",
    "view_copy",
    "nondeterministic_seeded",
    "data_dependent_output",
    "dynamic_output_shape",
)
"""Those of torch's tags that the compiler uses, and our own."""

_BINARY = ["add", "sub", "mul", "floordiv", "truediv", "mod", "pow", "lshift", "rshift", "max", "min"]
_COMPARE = ["eq", "ne", "lt", "le", "gt", "ge", "and", "or"]
_UNARY = ["neg", "sqrt", "log2"]
_ROUNDING = ["int", "ceil", "floor", "trunc", "round"]
SYMBOLIC_SCHEMAS = (
    *(f"aten::sym.{name}(Scalar a, Scalar b) -> Scalar" for name in _BINARY),
    *(f"aten::sym.{name}(Scalar a, Scalar b) -> SymBool" for name in _COMPARE),
    *(f"aten::sym.{name}(Scalar a) -> Scalar" for name in _UNARY),
    *(f"aten::sym.{name}(Scalar a) -> SymInt" for name in _ROUNDING),
    "aten::sym.float(Scalar a) -> SymFloat",
    "aten::sym.not(Scalar a) -> SymBool",
    "aten::sym.ite(Scalar b, Scalar t, Scalar f) -> Scalar",
    "aten::sym.sum(Scalar[] args) -> SymInt",
)

_TABLE_HEAD = """\
# The functional overloads of ATen that the `aten` dialect has; `# tags` at the end of a line.
# Written by `python -m etc.dialects.generate_aten`. Do not edit.
"""


def table_text() -> str:
    """The table as the installed torch gives it."""
    lines = sorted(_lines(), key=lambda line: line.lower())
    return _TABLE_HEAD + "\n".join(lines) + "\n"


def _lines() -> Iterator[str]:
    from torch import _C  # pyright: ignore[reportPrivateUsage]  torch lists its operators nowhere else

    registry: Any = _C
    dispatched: set[str] = set(registry._dispatch_get_all_op_names())
    for found in registry._jit_get_all_schemas():
        qualified = f"{found.name}.{found.overload_name}" if found.overload_name else found.name
        if not found.name.startswith("aten::") or found.is_mutable or qualified not in dispatched:
            continue
        try:
            schema = parse(str(found))
        except ValueError:
            continue  # types of TorchScript: Dict(…), Future(…)
        if unsupported(schema) is None and _is_tensor_program(schema):
            yield _line(str(found), schema, _torch_tags(schema) | ({AUTOGRAD} if is_safe(schema) else set()))
    for text in SYMBOLIC_SCHEMAS:
        yield _line(text, parse(text), {AUTOGRAD})


def _is_tensor_program(schema: Schema) -> bool:
    has_tensor = any(a.is_tensor for a in schema.args) or any(r.type.startswith("Tensor") for r in schema.returns)
    return has_tensor or not schema.returns or _has_side_effect(schema)


def _has_side_effect(schema: Schema) -> bool:
    """Assertions; also those that return a token for their order."""
    return not schema.returns or "assert" in schema.name or "sym_constrain" in schema.name


def _torch_tags(schema: Schema) -> set[str]:
    import torch

    overload: Any = getattr(getattr(torch.ops.aten, schema.name), schema.overload or "default")
    return {tag.name for tag in overload.tags}


def _line(text: str, schema: Schema, torch_tags: set[str]) -> str:
    tags = [tag for tag in KEPT_TAGS if tag in torch_tags]
    if _has_side_effect(schema):
        tags.append("side_effect")
    return f"{text}  # {' '.join(tags)}" if tags else text


_STUB_HEAD = '''\
# ruff: noqa
# fmt: off
"""Types of the classes that `aten.py` makes. Written by `python -m etc.dialects.generate_aten`. Do not edit."""

from collections.abc import Sequence
from typing import Any

from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, FloatAttr, IntegerAttr, StringAttr
from xdsl.ir import Attribute, Dialect, Operation, OpResult, SSAValue

from etc.dialects.aten_control_flow import CondOp as CondOp
from etc.dialects.aten_control_flow import MapOp as MapOp
from etc.dialects.aten_control_flow import ScanOp as ScanOp
from etc.dialects.aten_control_flow import WhileLoopOp as WhileLoopOp
from etc.dialects.aten_control_flow import YieldOp as YieldOp
from etc.dialects.schema import Schema
from etc.dialects.schema_class import GeneratedOp
from etc.dialects.symbolic_attrs import DimAttr, DimsAttr

Aten: Dialect
SYMBOLIC: dict[str, str]
BITCASTS: frozenset[str]

class AtenOp(GeneratedOp): ...

def schema(key: str) -> Schema: ...
def tags(key: str) -> frozenset[str]: ...
def op_class(key: str) -> type[AtenOp]: ...
def is_core(op: type[Operation]) -> bool: ...
def functional_of(key: str) -> str | None: ...
'''

_FIELD_TYPES = {
    "int": "IntegerAttr",
    "bool": "IntegerAttr",
    "float": "FloatAttr | DimAttr",
    "SymInt": "DimAttr",
    "SymFloat": "FloatAttr | DimAttr",
    "SymBool": "IntegerAttr | DimAttr",
    "Scalar": "IntegerAttr | FloatAttr | DimAttr",
    "ScalarType": "Attribute",
    "SymInt[]": "DimsAttr",
    "Scalar[]": "ArrayAttr[Attribute]",
    "str[]": "ArrayAttr[StringAttr]",
    "int[]": "DenseArrayBase[Any]",
    "bool[]": "DenseArrayBase[Any]",
    "float[]": "ArrayAttr[Attribute]",
    "str": "StringAttr",
    "Device": "StringAttr",
    "Layout": "StringAttr",
    "MemoryFormat": "StringAttr",
}


def stub_text(table: Iterable[Schema]) -> str:
    """What a type checker sees of the module `aten`."""
    parts = [_STUB_HEAD]
    for schema in table:
        fields = [*_argument_fields(schema), *_result_fields(schema)]
        body = "".join(f"\n    {name}: {type}" for name, type in fields) or " ..."
        parts.append(f"class {class_name(schema.key)}(AtenOp):{body}\n")
    return "\n".join(parts)


def _argument_fields(schema: Schema) -> Iterator[tuple[str, str]]:
    for arg in schema.args:
        if arg.is_tensor:
            type = {"Tensor": "SSAValue", "Tensor?": "SSAValue | None"}.get(arg.type, "Sequence[SSAValue]")
            yield field_name(arg.name), type
            if "?[]" in arg.type:
                yield f"{arg.name}_mask", "DenseArrayBase[Any] | None"
        elif (type := _FIELD_TYPES.get(arg.type.rstrip("?"))) is not None:
            yield field_name(arg.name), f"{type} | None" if _may_be_absent(arg) else type


def _may_be_absent(arg: Arg) -> bool:
    return arg.default is None or (arg.required and arg.type.endswith("?"))


def _result_fields(schema: Schema) -> Iterator[tuple[str, str]]:
    for i, result in enumerate(schema.returns):
        found = result_constraint(result.type)
        assert found is not None
        name = "result" if len(schema.returns) == 1 else f"result{i}"
        yield name, "Sequence[OpResult]" if found[1] else "OpResult"


def main() -> None:
    """Write both files; say what changed."""
    text = table_text()
    for path, content in ((TABLE_PATH, text), (STUB_PATH, stub_text(Table(text).values()))):
        changed = not path.exists() or path.read_text() != content
        path.write_text(content)
        print(f"{path.name}: {'written' if changed else 'unchanged'}", file=sys.stderr)


if __name__ == "__main__":
    main()
