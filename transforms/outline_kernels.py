"""outline-kernels: each loop nest of a method becomes a function of its own, equal ones become one.

    func.func @forward(%x: memref<8xf32>, …) {           func.func @forward(%x: memref<8xf32>, …) {
      scf.for %i = … {                                     func.call @relu(%x, %y)
        … memref.load %x[%i] …                   -->     }
      } {c.doc = "edge.relu"}                            func.func private @relu(%x: memref<8xf32>, %y: …) {
      …                                                    scf.for %i = … { … }

Loops that follow each other and come from the same operator go into one function, with the arithmetic on what they
found: a sum, and the division that makes it a mean. Constants move in; what else they take from around them becomes
arguments. Control flow of the model, which is loops and branches around several
operators, stays in the method.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from math import prod

from xdsl.context import Context
from xdsl.dialects import arith, func, memref, scf
from xdsl.dialects.builtin import IntegerAttr, MemRefType, ModuleOp, StringAttr, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, BlockArgument, Operation, Region, SSAValue
from xdsl.printer import Printer

from etc.dialects import program
from etc.dialects.c_attributes import DOC, MACS
from etc.transforms.macs import macs_of
from etc.transforms.rewriting import EtcPass

SMALL = 256
"""Elements of memory that may be in use for the whole of a function, to have fewer functions."""
_LOOPS = scf.ForOp | scf.IfOp | scf.WhileOp
_NOT_IN_NAMES = re.compile(r"\W+")


@dataclass(frozen=True)
class OutlineKernelsPass(EtcPass):
    """Give each loop nest a function of its own; equal loop nests share one."""

    name = "outline-kernels"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        kernels = _Kernels(module)
        for method in program.methods(module):
            if method.sym_visibility is None:
                kernels.outline(method.body.block)
        functions = {method.sym_name.data: method for method in program.methods(module)}
        for method in functions.values():
            if method.sym_visibility is None and (macs := macs_of(method, functions)):
                method.attributes[MACS] = IntegerAttr(macs, i64)


class _Kernels:
    """The kernels of a module, found by what they do."""

    def __init__(self, module: ModuleOp):
        self._module = module
        self._names = {op.sym_name.data for op in module.ops if isinstance(op, FuncOp | program.GlobalOp)}
        self._known: dict[str, FuncOp] = {}
        self._first_method = next(op for op in module.ops if isinstance(op, FuncOp))

    def outline(self, block: Block) -> None:
        for run in list(_runs(block)):
            if len(run) == 1 and _is_control_flow(run[0]):
                for region in run[0].regions:
                    for inner in region.blocks:
                        self.outline(inner)
            else:
                self._outline_run(run)

    def _outline_run(self, run: Sequence[Operation]) -> None:
        captured = _captured(run)
        constants = [v for v in captured if isinstance(v.owner, arith.ConstantOp)]
        arguments = [v for v in captured if not isinstance(v.owner, arith.ConstantOp)]
        block = Block(arg_types=[v.type for v in arguments])
        mapping: dict[SSAValue, SSAValue] = dict(zip(arguments, block.args, strict=True))
        for value, argument in zip(arguments, block.args, strict=True):
            argument.name_hint = value.name_hint
        for constant in constants:
            assert isinstance(constant.owner, Operation)
            block.add_op(constant.owner.clone(mapping))
        for op in run:
            block.add_op(op.clone(mapping))
        block.add_op(func.ReturnOp())
        kernel = self._kernel(block, doc_of(run[0]), run[0])
        call = func.CallOp(kernel.sym_name.data, arguments, [])
        call.location = run[0].location
        first = run[0].parent_block()
        assert first is not None
        first.insert_op_before(call, run[0])
        for op in reversed(run):
            op.detach()
            op.erase()

    def _kernel(self, block: Block, doc: str, source: Operation) -> FuncOp:
        """The function that does what `block` does: a known one, or a new one with this body."""
        kernel = FuncOp("kernel", ([a.type for a in block.args], []), Region(block), visibility="private")
        text = StringIO()
        Printer(text, print_generic_format=True).print_op(kernel)
        key = doc + _without_names(text.getvalue())
        if key not in self._known:
            kernel.properties["sym_name"] = StringAttr(self._name(doc))
            kernel.location = source.location
            kernel.attributes[DOC] = StringAttr(doc)
            self._module.body.block.insert_op_before(kernel, self._first_method)
            self._known[key] = kernel
        return self._known[key]

    def _name(self, doc: str) -> str:
        """`conv_clamp` for "edge.conv + edge.clamp", with a number when it is taken."""
        parts = [part.rpartition(".")[2].strip() for part in doc.split("+")]
        base = _NOT_IN_NAMES.sub("_", "_".join(dict.fromkeys(parts))).strip("_") or "copy"
        name, number = base, 0
        while name in self._names:
            number += 1
            name = f"{base}_{number}"
        self._names.add(name)
        return name


def doc_of(op: Operation) -> str:
    """The operators that a loop or kernel computes: "edge.conv + edge.clamp"."""
    doc = op.attributes.get(DOC)
    return doc.data if isinstance(doc, StringAttr) else ""


def _without_names(text: str) -> str:
    """Printed IR with values numbered in the order in which they appear."""
    numbers: dict[str, str] = {}
    return re.sub(r"%[\w$.-]+", lambda found: numbers.setdefault(found.group(), f"%{len(numbers)}"), text)


def _runs(block: Block) -> Iterator[list[Operation]]:
    """Loops that stand together and come from one operator, with the arithmetic on numbers between and after them.

    Small memory made between them is made before them.
    """
    run: list[Operation] = []
    for op in list(block.ops):
        if isinstance(op, _LOOPS):
            if run and not _is_control_flow(op) and _source(run[0]) == _source(op):
                run.append(op)
                continue
            yield from _closed(run)
            run = [] if _is_control_flow(op) else [op]
            if not run:
                yield [op]
        elif isinstance(op, memref.AllocOp) and run and _is_small(op):
            op.detach()
            block.insert_op_before(op, run[0])
        elif run and _is_on_numbers(op):
            run.append(op)
        elif not isinstance(op, arith.ConstantOp):
            yield from _closed(run)
            run = []
    yield from _closed(run)


def _is_on_numbers(op: Operation) -> bool:
    if isinstance(op, memref.LoadOp | memref.StoreOp):
        return True
    return op.dialect_name() in ("arith", "math") and not isinstance(op, arith.ConstantOp)


def _closed(run: Sequence[Operation]) -> Iterator[list[Operation]]:
    """The longest parts of a run that begin with a loop, end with what a loop does or leads to, and need no results."""
    rest = list(run)
    while rest:
        if isinstance(rest[0], _LOOPS):
            ends = (n for n in range(len(rest), 0, -1) if _is_closed(rest[:n]))
            if (end := next(ends, 0)) > 0:
                yield rest[:end]
                rest = rest[end:]
                continue
        rest = rest[1:]


def _is_closed(part: Sequence[Operation]) -> bool:
    inside = set(part)
    users = (use.operation for op in part for result in op.results for use in result.uses)
    if not all(_top_level(user, part[0].parent_block()) in inside for user in users):
        return False
    last = part[-1]
    return isinstance(last, _LOOPS) or any(operand.owner in inside for operand in last.operands)


def _top_level(op: Operation, block: Block | None) -> Operation:
    """The operation of `block` that `op` is, or is in."""
    while op.parent_block() is not block and (parent := op.parent_op()) is not None:
        op = parent
    return op


def _is_small(op: memref.AllocOp) -> bool:
    """Whether memory is so small that it may be in use a little longer."""
    type = op.memref.type
    assert isinstance(type, MemRefType)
    return not op.dynamic_sizes and prod(type.get_shape()) <= SMALL


def _source(op: Operation) -> object:
    return op.attributes.get(DOC), op.location


def _is_control_flow(op: Operation) -> bool:
    """Whether a loop or branch has other operators in it, or memory of its own."""
    own = op.attributes.get(DOC)
    for inner in op.walk():
        if inner is not op and (inner.name == "memref.alloc" or inner.attributes.get(DOC, own) != own):
            return True
    return False


def _captured(run: Sequence[Operation]) -> list[SSAValue]:
    """Values from outside of the operations, in the order of their first use."""
    inside = {op for top in run for op in top.walk()}
    found: dict[SSAValue, None] = {}
    for top in run:
        for op in top.walk():
            for operand in op.operands:
                owner = operand.owner
                if isinstance(operand, BlockArgument):
                    parent = operand.block.parent_op()
                    if parent not in inside:
                        found[operand] = None
                elif owner not in inside:
                    found[operand] = None
    return list(found)
