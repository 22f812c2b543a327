"""Custom operators: classes made from the schemas that users register, under the users' own namespaces.

    program.custom_op "myns::blur(Tensor x, *, int radius=3) -> Tensor"
    func.func @forward(…) … {
      %y = myns.blur(%x, radius=5) : (tensor<4x4xf32>) -> tensor<4x4xf32>

A module declares the custom operators that it uses before the first use. Reading the declaration, in either text
form, makes the class known to the parser's context; so the text needs neither torch nor the library that registered
the operator.

The runtime calls an operator by the name of a kernel that is linked into it. A declaration tells that there is one:
`program.custom_op "myns::blur(Tensor x) -> Tensor" kernel "myns::blur.out"`.

An operator that writes to arguments has value semantics here: its operation returns, after the results of its schema,
the new value of each argument that it writes, as torch's `auto_functionalized` does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from typing import ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Data
from xdsl.irdl import IRDLOperation, irdl_attr_definition, irdl_op_definition, opt_prop_def, prop_def
from xdsl.parser import AttrParser, Parser
from xdsl.printer import Printer

from etc.dialects.schema import Arg, Return, Schema, parse
from etc.dialects.schema_class import PURE, GeneratedOp, class_name, shell, unsupported
from etc.errors import EtcError


class CustomOp(GeneratedOp):
    """Base of the classes of custom operators. `SCHEMA` is the signature of the operation, without writes."""

    DECLARED: ClassVar[Schema]
    """The schema as it was registered."""

    STAGES: ClassVar = frozenset({"autograd-safe", "aten", "core-aten", "edge"})
    """The stages (transforms/stages.py) of whose programs it may be part."""


@cache
def op_class(schema: str) -> type[CustomOp]:
    """The class for `myns::op.overload(Tensor x) -> Tensor`; equal schemas share one.

    Raises EtcError for text that is no schema and for types that the IR does not have.
    """
    try:
        declared = parse(schema)
    except ValueError as error:
        raise EtcError(f"the schema of a custom operator cannot be read: {error}") from None
    if str(declared) != schema:
        return op_class(str(declared))
    if (reason := unsupported(declared)) is not None:
        raise EtcError(f"the custom operator {declared.namespace}::{declared.key} cannot be represented: {reason}")
    functional = _without_writes(declared)
    name = "".join(word.capitalize() for word in declared.namespace.split("_")) + class_name(declared.key)
    traits = PURE if functional.returns else ()
    return shell(CustomOp, name, declared.op_name, traits, SCHEMA=functional, DECLARED=declared)  # pyright: ignore


def written(schema: Schema) -> tuple[Arg, ...]:
    """The arguments that an operator writes to, whose new values its operation returns last."""
    return tuple(arg for arg in schema.args if arg.is_written)


def _without_writes(schema: Schema) -> Schema:
    if not schema.is_mutable:
        return schema
    kept = tuple(r for r in schema.returns if "!" not in r.alias)
    new = tuple(Return(arg.type.replace("?", "")) for arg in written(schema))
    return replace(schema, args=tuple(replace(a, alias="") for a in schema.args), returns=(*kept, *new))


def register(context: Context, op: type[CustomOp]) -> None:
    """Make an operation known to a context. Raises EtcError when another operation has its name there."""
    known = next((other for other in context.loaded_ops if other.name == op.name), None)
    if known is None:
        context.load_op(op)
    elif known is not op:
        other = known.DECLARED if issubclass(known, CustomOp) else f"the class {known.__name__}"
        raise EtcError(f"two operators have the name {op.name}: {other} and {op.DECLARED}")


def kernel_of(schema: Schema) -> str:
    """The kernel that computes an operator: its out variant, or itself when it only writes to arguments.

    `myns::blur.out` for `myns::blur`, `myns::blur.wide_out` for `myns::blur.wide`, `myns::step_` for itself.
    """
    if schema.is_mutable and all("!" in result.alias for result in schema.returns):
        return f"{schema.namespace}::{schema.key}"
    overload = f"{schema.overload}_out" if schema.overload else "out"
    return f"{schema.namespace}::{schema.name}.{overload}"


def declared(module: ModuleOp) -> dict[str, CustomOpOp]:
    """What a module declares, by the names of the operations."""
    return {op.operator.data.op_name: op for op in module.ops if isinstance(op, CustomOpOp)}


def link_kernels(module: ModuleOp, kernels: Collection[str]) -> None:
    """Note, for the operators that a module declares, which kernels the runtime is going to have."""
    for declaration in declared(module).values():
        if (kernel := kernel_of(declaration.operator.data)) in kernels:
            declaration.properties["kernel"] = StringAttr(kernel)


def drop_unused(module: ModuleOp) -> None:
    """Erase the declarations of operators that no operation of the module is."""
    used = {type(op) for op in module.walk() if isinstance(op, CustomOp)}
    for declaration in declared(module).values():
        if op_class(str(declaration.operator.data)) not in used:
            declaration.detach()
            declaration.erase()


def declare(module: ModuleOp, schema: str) -> type[CustomOp]:
    """The class of an operator, which `module` declares from now on."""
    op = op_class(schema)
    attribute = OperatorAttr(op.DECLARED)
    block = module.body.block
    if not any(isinstance(o, CustomOpOp) and o.operator == attribute for o in block.ops):
        declaration = CustomOpOp(attribute)
        if block.first_op is None:
            block.add_op(declaration)
        else:
            block.insert_op_before(declaration, block.first_op)
    return op


@irdl_attr_definition
class OperatorAttr(Data[Schema]):
    """`#program.operator<"myns::blur(Tensor x) -> Tensor">`: reading it makes the operator's class known."""

    name = "program.operator"

    @classmethod
    def parse_parameter(cls, parser: AttrParser) -> Schema:
        with parser.in_angle_brackets():
            return _parse_schema(parser)

    def print_parameter(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string_literal(str(self.data))


def _parse_schema(parser: AttrParser) -> Schema:
    position = parser.pos
    text = parser.parse_str_literal(" as the schema of a custom operator")
    try:
        op = op_class(text)
        register(parser.ctx, op)
    except EtcError as error:
        parser.raise_error(str(error), position)
    return op.DECLARED


@irdl_op_definition
class CustomOpOp(IRDLOperation):
    """`program.custom_op "myns::blur(Tensor x) -> Tensor" kernel "myns::blur.out"`: the module uses this operator.

    Without `kernel` nobody has said that the runtime has one.
    """

    name = "program.custom_op"

    operator = prop_def(OperatorAttr)
    kernel = opt_prop_def(StringAttr)

    def __init__(self, operator: OperatorAttr):
        super().__init__(properties={"operator": operator})

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_string_literal(str(self.operator.data))
        if self.kernel is not None:
            printer.print_string(" kernel ")
            printer.print_string_literal(self.kernel.data)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> CustomOpOp:
        op = cls(OperatorAttr(_parse_schema(parser)))
        if parser.parse_optional_keyword("kernel") is not None:
            op.properties["kernel"] = StringAttr(parser.parse_str_literal(" as the name of a kernel"))
        op.attributes.update(parser.parse_optional_attr_dict())
        return op
