"""Tensors and lists of them, and the table of all kinds of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import DenseArrayBase, IntegerAttr, StringAttr, SymbolRefAttr, UnitAttr, i1
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import AnyAttr, irdl_op_definition, opt_operand_def, opt_prop_def, prop_def, var_operand_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from etc.dialects.dtypes import BY_IR
from etc.dialects.exec.syntax import (
    INTS,
    ValueType,
    flag,
    flag_clause,
    int_attr,
    int_clause,
    ints_attr,
    ints_clause,
    parse_clauses,
    parse_int,
    parse_operand,
    print_clauses,
    string,
    string_clause,
    symbol_attr,
    symbol_clause,
    with_attributes,
    word_clause,
)
from etc.dialects.exec.values import (
    BoolListOp,
    BoolOp,
    DoubleListOp,
    DoubleOp,
    IntListOp,
    IntOp,
    ListOp,
    NullOp,
    StringOp,
    ValueOp,
    expect_kinds,
)

DYNAMISM = ("static", "bound", "unbound")
"""`TensorShapeDynamism` by code. `static` is the default and not written."""

MAX_RANK = 16
"""The runtime refuses tensors of higher rank."""


@irdl_op_definition
class TensorOp(ValueOp):
    """`%v = exec.tensor f32 [1, 3, 8, 8] dim_order [0, 2, 3, 1] alloc(1, 768)`

    * `dim_order [...]`: dimensions from outermost to innermost; left out when it is 0, 1, 2, …
    * `dynamism bound`: the sizes are upper bounds.
    * `alloc(memory id, offset)`: where the planner put it. Memory ids start at 1; offsets are bytes.
    * `data @name`: its bytes. In the constant segment: a constant. In a mutable segment: the initial value of state.
    * `view_of %base at 64`: lies in the base's storage, 64 bytes (0 when it is left out) from where the base begins.
      plan-memory turns it into an `alloc`; a file cannot say it.
    * `fqn "…"`, `external`: the model's name; bytes are in a `.ptd` file under that name.
    * `requires_grad`, `device(type, index)`, `storage_offset`, `layout`, `buffer` (an index that names no bytes),
      `mutable_segment`, `extra_info` (the table is there although all it says is a default): kept for files of others.
    """

    name = "exec.tensor"
    KIND: ClassVar = "tensor"
    dtype = prop_def(AnyAttr())
    sizes = prop_def(INTS)
    dim_order = opt_prop_def(INTS)
    dynamism = opt_prop_def(StringAttr)
    alloc = opt_prop_def(INTS)
    data = opt_prop_def(SymbolRefAttr)
    fqn = opt_prop_def(StringAttr)
    external = opt_prop_def(UnitAttr)
    requires_grad = opt_prop_def(UnitAttr)
    device = opt_prop_def(INTS)
    storage_offset = opt_prop_def(IntegerAttr)
    layout = opt_prop_def(IntegerAttr)
    buffer = opt_prop_def(IntegerAttr)
    mutable_segment = opt_prop_def(IntegerAttr)
    extra_info = opt_prop_def(UnitAttr)
    view_of = opt_operand_def(ValueType)
    view_offset = opt_prop_def(IntegerAttr)

    CLAUSES: ClassVar = (
        ints_clause("dim_order"),
        word_clause("dynamism"),
        ints_clause("alloc", "()"),
        symbol_clause("data"),
        string_clause("fqn"),
        flag_clause("external"),
        flag_clause("requires_grad"),
        ints_clause("device", "()"),
        int_clause("storage_offset"),
        int_clause("layout"),
        int_clause("buffer"),
        int_clause("mutable_segment"),
        flag_clause("extra_info"),
    )

    def __init__(
        self,
        dtype: Attribute,
        sizes: Sequence[int],
        *,
        dim_order: Sequence[int] | None = None,
        dynamism: str = "static",
        alloc: tuple[int, int] | None = None,
        data: str | None = None,
        view_of: SSAValue | Operation | None = None,
        view_offset: int = 0,
        fqn: str | None = None,
        external: bool = False,
        requires_grad: bool = False,
    ):
        """`dtype`: an IR type of `dtypes.BY_IR`, or a ScalarType code as an i64. `sizes`: upper bounds unless static.

        `alloc`: memory id from 1 and offset in bytes. `data`: the name of an exec.data. `view_offset`: bytes from the
        beginning of `view_of`.
        """
        if dim_order is not None and list(dim_order) == list(range(len(sizes))):
            dim_order = None
        self._build(
            {
                "dtype": dtype,
                "sizes": ints_attr(sizes),
                "dim_order": None if dim_order is None else ints_attr(dim_order),
                "dynamism": None if dynamism == "static" else StringAttr(dynamism),
                "alloc": None if alloc is None else ints_attr(alloc),
                "data": None if data is None else symbol_attr(data),
                "fqn": string(fqn),
                "external": flag(external),
                "requires_grad": flag(requires_grad),
                "view_offset": int_attr(view_offset) if view_offset else None,
            },
            () if view_of is None else (view_of,),
            results=1,
        )

    @property
    def shape(self) -> tuple[int, ...]:
        return self.sizes.get_values()

    @property
    def order(self) -> tuple[int, ...]:
        """Dimensions from outermost to innermost."""
        return tuple(range(len(self.shape))) if self.dim_order is None else self.dim_order.get_values()

    @property
    def nbytes(self) -> int | None:
        """Bytes at the upper bound; None when the size of an element is not known."""
        dtype = BY_IR.get(self.dtype)
        if dtype is None:
            return None
        count = dtype.size
        for size in self.shape:
            count *= size
        return count

    def plan_at(self, memory_id: int, offset: int) -> None:
        """Give the tensor its place; `memory_id` starts at 1, `offset` is in bytes. A view stops being one."""
        self.properties["alloc"] = ints_attr((memory_id, offset))
        self.properties.pop("view_offset", None)
        self.operands = ()

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        if isinstance(self.dtype, IntegerAttr):
            printer.print_string(f"scalar_type({self.dtype.value.data})")
        else:
            printer.print_attribute(self.dtype)
        printer.print_string(f" [{', '.join(map(str, self.shape))}]")
        if self.view_of is not None:
            printer.print_string(" view_of ")
            printer.print_ssa_value(self.view_of)
            if self.view_offset is not None:
                printer.print_string(f" at {self.view_offset.value.data}")
        print_clauses(printer, self, self.CLAUSES)
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> TensorOp:
        if parser.parse_optional_keyword("scalar_type") is not None:
            with parser.in_parens():
                dtype = int_attr(parse_int(parser))
        else:
            dtype = parser.parse_type()
        sizes = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, lambda: parse_int(parser))
        view_of = parse_operand(parser) if parser.parse_optional_keyword("view_of") is not None else None
        starts_later = view_of is not None and parser.parse_optional_keyword("at") is not None
        op = cls(dtype, sizes, view_of=view_of, view_offset=parse_int(parser) if starts_later else 0)
        op.properties |= parse_clauses(parser, cls.CLAUSES)
        if op.order == tuple(range(len(sizes))):
            op.properties.pop("dim_order", None)
        return with_attributes(parser, op)

    def verify_(self) -> None:
        known = BY_IR.get(self.dtype)
        if not isinstance(self.dtype, IntegerAttr) and known is None:
            raise VerifyException(f"{self.name}: a .pte file cannot hold elements of type {self.dtype}")
        shape = self.shape
        if len(shape) > MAX_RANK:
            raise VerifyException(f"{self.name}: the runtime takes at most rank {MAX_RANK}, found rank {len(shape)}")
        if not all(0 <= size < 1 << 31 for size in shape):
            raise VerifyException(f"{self.name}: every size must be in 0 … 2147483647, found {list(shape)}")
        if sorted(self.order) != list(range(len(shape))):
            raise VerifyException(
                f"{self.name}: dim_order must name each of the {len(shape)} dimensions once, found {list(self.order)}"
            )
        if self.dynamism is not None and self.dynamism.data not in DYNAMISM[1:]:
            raise VerifyException(f"{self.name}: dynamism must be bound or unbound, found {self.dynamism.data}")
        self._verify_storage()

    def _verify_storage(self) -> None:
        if self.alloc is not None:
            place: tuple[int, ...] = self.alloc.get_values()
            if len(place) != 2 or place[0] < 1 or place[1] < 0:
                raise VerifyException(
                    f"{self.name}: alloc must be a memory id from 1 up and an offset from 0 up, found {place}"
                )
        if self.device is not None and len(self.device.get_values()) != 2:
            raise VerifyException(f"{self.name}: device must be a type and an index, found {self.device.get_values()}")
        if self.data is not None and self.buffer is not None:
            raise VerifyException(f"{self.name}: data and buffer both say where the bytes are; only one may be given")
        if self.external is not None and self.fqn is None:
            raise VerifyException(f"{self.name}: an external tensor is found by its name, so it needs an fqn")
        if self.view_of is not None:
            expect_kinds(self, "view_of", (self.view_of,), (TensorOp,))
            if self.alloc is not None:
                raise VerifyException(f"{self.name}: a view has its base's place, so it cannot have an alloc too")
        if self.view_offset is not None and (self.view_of is None or self.view_offset.value.data < 0):
            raise VerifyException(f"{self.name}: only a view has an offset in its base, and that is not negative")


@irdl_op_definition
class TensorListOp(ListOp):
    """`%v = exec.tensor_list(%a, %b)`"""

    name = "exec.tensor_list"
    KIND: ClassVar = "tensor_list"
    ITEMS: ClassVar = (TensorOp,)


@irdl_op_definition
class OptionalTensorListOp(ValueOp):
    """`%v = exec.optional_tensor_list(none, %a)`: `none` is the index -1 in the file."""

    name = "exec.optional_tensor_list"
    KIND: ClassVar = "optional_tensor_list"
    items = var_operand_def(ValueType)
    present = prop_def(DenseArrayBase.constr(i1))

    def __init__(self, items: Sequence[SSAValue | Operation | None]):
        self._build({}, results=1)
        self.set_values([None if item is None else SSAValue.get(item) for item in items])

    def set_values(self, values: Sequence[SSAValue | None]) -> None:
        self.properties["present"] = DenseArrayBase.from_list(i1, [int(value is not None) for value in values])
        self.operands = [value for value in values if value is not None]

    @property
    def values(self) -> list[SSAValue | None]:
        """The items in order."""
        operands = iter(self.operands)
        return [next(operands) if present else None for present in self.present.get_values()]

    def print(self, printer: Printer) -> None:
        with printer.in_parens():
            printer.print_list(
                self.values,
                lambda v: printer.print_string("none") if v is None else printer.print_operand(v),
            )
        printer.print_op_attributes(self.attributes)

    @classmethod
    def parse(cls, parser: Parser) -> OptionalTensorListOp:
        items = parser.parse_comma_separated_list(
            parser.Delimiter.PAREN,
            lambda: None if parser.parse_optional_keyword("none") is not None else parse_operand(parser),
        )
        return with_attributes(parser, cls(items))

    def verify_(self) -> None:
        marked = sum(map(bool, self.present.get_values()))
        if marked != len(self.operands):
            raise VerifyException(
                f"{self.name}: {marked} items are marked present, found {len(self.operands)} operands"
            )
        expect_kinds(self, "item", self.operands, (TensorOp,))


VALUE_OPS: tuple[type[ValueOp], ...] = (
    NullOp,
    IntOp,
    BoolOp,
    DoubleOp,
    TensorOp,
    StringOp,
    IntListOp,
    DoubleListOp,
    BoolListOp,
    TensorListOp,
    OptionalTensorListOp,
)
"""In the order of the union `KernelTypes`: the code of a kind in the file is its position, from 1."""
