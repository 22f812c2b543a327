"""Prints the body of a function as C statements.

Expressions are put together from the tables of integers.py and floats.py; control_flow.py has the statements with
regions, memory_statements.py those on memrefs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from xdsl.dialects import arith, func, memref
from xdsl.dialects.builtin import IntegerAttr, MemRefType
from xdsl.ir import Attribute, Block, BlockArgument, Operation, OpResult, SSAValue

from etc.emit.c.buffers import Buffer, static_sizes, static_strides
from etc.emit.c.floats import FLOATS
from etc.emit.c.integers import INTEGER_PAIRS, INTEGERS, Spelling
from etc.emit.c.kernels import Functions, root
from etc.emit.c.names import Names
from etc.emit.c.placement import Placement
from etc.emit.c.support import SupportLibrary
from etc.emit.c.values import LONGEST, UNARY, Value, c_type, literal, literal_index, memory_type
from etc.errors import Problem, problem_at

SPELLINGS: dict[type[Operation], Spelling] = {**INTEGERS, **FLOATS}
"""Operations on numbers, one result each. A target adds the intrinsics of its own."""

Statement: TypeAlias = "Callable[[FunctionPrinter, Any], None]"
STATEMENTS: dict[type[Operation], Statement] = {}
"""Operations that are statements; control_flow.py and memory_statements.py fill it."""


@dataclass(frozen=True)
class Step:
    """A call of a kernel by a method, in the order of the code; its place in the list is its number for the hooks."""

    method: str
    kernel: str
    operations: str
    line: str
    call: func.CallOp = field(repr=False, compare=False)


@dataclass
class Program:
    """What the functions of one program share while they are printed.

    `globals`: the C expression of each, of which those in `mutable` are state; `kernels`: the C name of each.
    """

    prefix: str
    functions: Functions
    library: SupportLibrary
    globals: Mapping[str, Value]
    mutable: frozenset[str]
    kernels: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list[Problem])
    messages: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Of asserts, by the status that they end with."""
    unrolls: bool = False
    has_sums: bool = False
    """a kernel adds up integers in registers"""
    """Whether a loop asks to be unrolled."""
    steps: list[Step] = field(default_factory=list[Step])

    @property
    def macro(self) -> str:
        return self.prefix.upper()


class FunctionPrinter:
    """Collects the lines of one function. `failure`: the status (without prefix) that an assert in it ends with."""

    def __init__(self, program: Program, function: func.FuncOp, names: Names, failure: str):
        self.program, self.function, self.names, self.failure = program, function, names, failure
        self.is_method = function.sym_visibility is None
        self.library = program.library
        self.lines: list[str] = []
        self.depth = 1
        self.loops = 0
        self.placement = Placement(function)
        self._values: dict[SSAValue, Value] = {}
        self._buffers: dict[SSAValue, Buffer] = {}
        self.found: dict[str, tuple[str, str]] = {}
        """Of a method's sizes that the data decides: the local variable, and the member that tells the caller."""
        self.carried: dict[SSAValue, str] = {}
        """Results and block arguments that are variables → the variable, chosen before their operation is printed."""

    def line(self, text: str) -> None:
        self.lines.append("  " * self.depth + text)

    def block(self, block: Block) -> None:
        """The statements of a block; what is declared in it is out of scope afterwards."""
        self.depth += 1
        self.names.enter()
        self.statements(block)
        self.names.leave()
        self.depth -= 1

    def statements(self, block: Block) -> None:
        for op in block.ops:
            if not self.placement.is_inlined(op):
                self._statement(op)

    def _statement(self, op: Operation) -> None:
        statement = STATEMENTS.get(type(op))
        if statement is not None:
            try:
                statement(self, op)
            except TypeError as error:
                self.fail(op, str(error))
        else:
            for result, value in zip(op.results, self._spell(op), strict=True):
                if result.first_use:
                    self.local(result, value)

    def fail(self, op: Operation, found: str) -> None:
        """Note that `op` cannot be printed, and go on, to find all that is wrong."""
        self.program.problems.append(problem_at(op, "it has no spelling in C", found=found))
        for result in op.results:
            if isinstance(result.type, MemRefType):
                self.bind(result, Buffer(Value("0"), tuple(literal_index(s or 0) for s in static_sizes(result.type))))
            else:
                self._values[result] = Value("0")

    # Numbers

    def value(self, value: SSAValue) -> Value:
        """The expression for a number, which may be the name of a local."""
        known = self._values.get(value)
        if known is not None:
            return known
        assert isinstance(value, OpResult), "block arguments are set when their block is entered"
        result = self._spell(value.op)[value.index]
        return self.local(value, result) if len(result.text) > LONGEST else result

    def set(self, value: SSAValue, spelling: Value) -> None:
        self._values[value] = spelling

    def local(self, value: SSAValue, spelling: Value) -> Value:
        """Declare a named constant for a number; what is known of the number stays known."""
        name = self.fresh(value)
        self.line(f"const {c_type(value.type)} {name} = {spelling};")
        named = self._values[value] = Value(name, bits=spelling.bits, natural=spelling.natural)
        return named

    def fresh(self, value: SSAValue, fallback: str = "v") -> str:
        """A name for `value` that is free here."""
        return self.names.take(value.name_hint or fallback, fallback)

    def _spell(self, op: Operation) -> Sequence[Value]:
        try:
            return self._spelling(op)
        except TypeError as error:
            self.fail(op, str(error))
            return [Value("0")] * len(op.results)

    def _spelling(self, op: Operation) -> Sequence[Value]:
        match op:
            case arith.ConstantOp():
                spelt = literal(op.value)
                if spelt.text.lstrip("-") in ("INFINITY", "NAN"):
                    self.library.headers.add("math.h")
                return [spelt]
            case memref.LoadOp():
                indices = [self.value(index) for index in op.indices]
                return [self.buffer(op.memref).element(indices, op.res.type)]
            case memref.DimOp():
                return [self.size(op)]
            case memref.RankOp(source=SSAValue(type=MemRefType() as ranked)):
                return [literal_index(ranked.get_num_dims())]
            case _ if (spelling := SPELLINGS.get(type(op))) is not None:
                return [spelling(op, [self.value(v) for v in op.operands], self.library)]
            case _ if (pair := INTEGER_PAIRS.get(type(op))) is not None:
                return pair(op, [self.value(v) for v in op.operands], self.library)
            case _:
                raise TypeError(f"{op.name} is not one of the operations that the C printer knows")

    def size(self, op: memref.DimOp) -> Value:
        """A size of a memref; the dimension must be a constant."""
        number = op.index.owner
        if not isinstance(number, arith.ConstantOp) or not isinstance(number.value, IntegerAttr):
            raise TypeError("memref.dim of a dimension that is not a constant")
        return self.buffer(op.source).sizes[number.value.value.data]

    # Memory

    def buffer(self, value: SSAValue) -> Buffer:
        return self._buffers[value]

    def bind(self, value: SSAValue, buffer: Buffer) -> None:
        self._buffers[value] = buffer

    def name_pointer(self, value: SSAValue, buffer: Buffer) -> None:
        """Declare a named pointer for a view, unless it has a simple name already."""
        pointer = buffer.pointer
        if not pointer.text.isidentifier() and value.first_use:
            name = self.fresh(value, "p")
            self.line(f"{self.pointer_type(value)}const {name} = {pointer};")
            pointer = Value(name)
        self.bind(value, Buffer(pointer, buffer.sizes, buffer.strides))

    def pointer_type(self, value: SSAValue) -> str:
        """`const float *`, or `float *` when this function writes the memory."""
        assert isinstance(value.type, MemRefType)
        const = "" if self.writes_to(value) else "const "
        return f"{const}{memory_type(value.type.element_type)} *"

    def writes_to(self, value: SSAValue) -> bool:
        """Whether the memory of `value` is written by this function, or not constant when it is a global."""
        base = root(value)
        if isinstance(base, BlockArgument):
            return base.index in self.program.functions.written(self.function.sym_name.data)
        if isinstance(base.owner, memref.GetGlobalOp):
            return base.owner.name_.root_reference.data in self.program.mutable
        return True

    # Variables of loops and branches

    def declare(self, type: Attribute, name: str, initial: Value | None = None) -> None:
        self.line(f"{c_type(type)} {name}{f' = {initial}' if initial is not None else ''};")

    def assign(self, targets: Sequence[str], values: Iterable[SSAValue]) -> None:
        """`targets` become `values`, all at once: none sees another's new value."""
        pairs = [(target, self.value(v), v) for target, v in zip(targets, values, strict=True)]
        pairs = [pair for pair in pairs if pair[1].text != pair[0]]
        overwritten: set[str] = set()
        for target, value, _ in pairs:
            if overwritten & _identifiers(value.text):
                pairs = [(t, self._saved(v, o), o) for t, v, o in pairs]
                break
            overwritten.add(target)
        for target, value, origin in pairs:
            self.line(f"{assignment(target, value, origin)};")

    def _saved(self, value: Value, origin: SSAValue) -> Value:
        name = self.names.take("next", "next")
        self.line(f"const {c_type(origin.type)} {name} = {value};")
        return Value(name)


def _identifiers(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w*", text))


_COMPOUND: Mapping[type[Operation], str] = {arith.AddfOp: "+", arith.SubfOp: "-", arith.MulfOp: "*", arith.AddiOp: "+"}


def assignment(target: str, value: Value, origin: SSAValue) -> str:
    """`acc = x`, or `acc += x` for `acc = acc + x`; `origin` is what `value` spells."""
    operator = _COMPOUND.get(type(origin.owner)) if isinstance(origin, OpResult) else None
    start = f"{target} {operator} "
    if operator is not None and value.text.startswith(start) and value.rank < UNARY:
        rest = value.text[len(start) :]
        if _one_term(rest, operator):
            return f"{target} {operator}= {rest}"
    return f"{target} = {value}"


def _one_term(text: str, operator: str) -> bool:
    """Whether `text` has no sum outside parentheses, or for `*` no product either: then it was the right operand."""
    depth = 0
    for before, char in zip(" " + text, text, strict=False):
        depth += (char in "([") - (char in ")]")
        if depth == 0 and before == " " and (char in "+-" or (operator == "*" and char in "*/%")):
            return False
    return True


def parameter_sizes(type: MemRefType[Attribute], name: str, names: Names) -> tuple[Buffer, list[str]]:
    """The memory of an argument `name`, and the names of the sizes and strides that are passed beside it."""
    extra: list[str] = []

    def known(number: int | None, wanted: str) -> Value:
        if number is not None:
            return literal_index(number)
        extra.append(names.take(wanted))
        return Value(extra[-1], natural=True)

    sizes = tuple(known(size, f"{name}_d{i}") for i, size in enumerate(static_sizes(type)))
    strides = static_strides(type)
    if strides is None:
        return Buffer(Value(name), sizes), extra
    return Buffer(Value(name), sizes, tuple(known(s, f"{name}_s{i}") for i, s in enumerate(strides))), extra
