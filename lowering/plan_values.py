"""The values of a plan while it is built: tensors, numbers (equal ones shared), and sizes that the runtime computes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from xdsl.dialects.func import FuncOp
from xdsl.ir import BlockArgument, Operation, SSAValue

from etc.dialects import edge, exec, program, symbolic
from etc.dialects.dtypes import Dtype, bool_
from etc.dialects.size_bounds import bounds
from etc.dialects.sizes import input_text, symbol_sources
from etc.dialects.symbolic import UNBOUNDED, Expr, Range, Symbol
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, problem_at

_MEMORY_FORMATS = {"contiguous_format": 0, "preserve_format": 1, "channels_last": 2, "channels_last_3d": 3}
_PRIMS = {"floordiv": "floordiv", "mod": "mod", "max": "sym_max", "min": "sym_min"}
"""The runtime's operators on Ints by the name of the function in size expressions."""


_LARGEST_SIZE = 2**31 - 1
"""The runtime's type of a size has 32 bits."""


class PlanValues:
    """Defines values and, for sizes, the instructions that compute them."""

    def __init__(self, method: FuncOp):
        self.ops: list[exec.ValueOp] = []
        self.instructions: list[exec.InstructionOp] = []
        self._ranges = _ranges(method)
        self._sources = symbol_sources(method)
        self.problems: list[Problem] = []
        """sizes without an upper bound, each symbol once, and sizes that are too large"""
        self._unbounded: set[str] = set()
        self._too_large: set[int] = set()
        self._shared: dict[Any, SSAValue] = {}
        self._sizes: dict[Any, SSAValue] = {}
        """expressions, symbols, lists of them, and dimensions of tensors -> Ints and lists of Ints"""
        self._measured: dict[str, tuple[SSAValue, int, Expr]] = {}

    @contextmanager
    def scope(self) -> Generator[None]:
        """What is measured and computed inside, on a path that may not be taken, is not known afterwards."""
        sizes, measured = dict(self._sizes), dict(self._measured)
        yield
        self._sizes, self._measured = sizes, measured

    def add(self, op: exec.ValueOp, name: str | None = None) -> SSAValue:
        op.result.name_hint = name if name is None or SSAValue.is_valid_name(name) else f"_{name}"
        self.ops.append(op)
        return op.result

    def tensor(self, value: SSAValue, name: str | None = None, **storage: Any) -> SSAValue:
        """A tensor of `value`'s type; sizes that depend on symbols are given by their upper bounds.

        Sizes without a bound are noted in `problems`.
        """
        known = Tensor.of(value.type)
        op = exec.TensorOp(
            known.dtype.ir,
            [self._upper_bound(value, size) for size in known.sizes],
            dim_order=known.dim_order,
            dynamism="static" if known.is_static else "bound",
            **storage,
        )
        if isinstance(value.owner, Operation):
            op.location = value.owner.location
        return self.add(op, name or value.name_hint)

    def lower_bound(self, size: int | Expr) -> int:
        """What a size is at least."""
        return bounds(size, self._ranges).low

    def _upper_bound(self, value: SSAValue, size: int | Expr) -> int:
        high = bounds(size, self._ranges).high
        if high <= _LARGEST_SIZE:
            return high
        if high < UNBOUNDED or not isinstance(size, Expr):
            self._refuse_size(value, high)
            return 0
        names = dict.fromkeys(symbol.name for symbol in size.symbols())
        unbounded = [name for name in names if self._ranges.get(name, Range(0)).high >= UNBOUNDED]
        if not self._unbounded.issuperset(unbounded):
            self._unbounded.update(unbounded)
            op = value.owner if isinstance(value.owner, Operation) else None
            self.problems += [self._without_bound(name, op) for name in unbounded]
        return 0

    def _refuse_size(self, value: SSAValue, size: int) -> None:
        """Note, once for each size, that the runtime has no such sizes."""
        if size in self._too_large:
            return
        self._too_large.add(size)
        expected, op = f"at most {_LARGEST_SIZE}", value.owner
        if isinstance(op, Operation):
            self.problems.append(problem_at(op, f"the size {size} is too large for the runtime", expected=expected))
        else:
            what = f"{input_text(cast(BlockArgument, value))} has the size {size}, which is too large for the runtime"
            self.problems.append(Problem(what, expected=expected))

    def _without_bound(self, name: str, op: Operation | None) -> Problem:
        source = self._sources.get(name)
        if source is not None and source.size.symbol_name is not None:
            place = f" (dimension {source.dimension} of {input_text(source.argument)})"
            remedy = f'torch.export.Dim("{name}", max=…)'
        else:
            place, remedy = "", "torch._check(… <= …) in the model"
        what = f"the size {name}{place} has no upper bound, so that no memory can be planned"
        remedy = f"give it one: {remedy}, or --bound {name}=…, or compile(bounds={{{name!r}: …}})"
        if op is None or source is not None:
            return Problem(what, next_step=remedy)
        return problem_at(op, what, next_step=remedy)

    def measure(self, value: SSAValue, held_by: SSAValue) -> None:
        """Note which symbols the sizes of `value` tell, once the runtime has the tensor `held_by`."""
        for dimension, size in enumerate(Tensor.of(value.type).sizes):
            if isinstance(size, Expr) and (name := size.symbol_name) is not None:
                self._measured.setdefault(name, (held_by, dimension, size))

    def measure_inputs(self, held: Callable[[SSAValue], SSAValue]) -> None:
        """Note how inputs tell the symbols that stand nowhere alone: the size `s0*2 + 1` tells s0."""
        for name, source in self._sources.items():
            self._measured.setdefault(name, (held(source.argument), source.dimension, source.size))

    def read_symbol(self, name: str, tensor: SSAValue) -> None:
        """Read the number that a symbol is from a tensor of one element."""
        self._sizes[Symbol(name)] = result = self.add(exec.IntOp(0), name)
        self.instructions.append(exec.KernelOp("aten::_local_scalar_dense", [tensor, result]))

    def dimension(self, tensor: SSAValue, number: int, name: str | None = None) -> SSAValue:
        """The size of a dimension as an Int."""
        key = (tensor, number)
        if key not in self._sizes:
            self._sizes[key] = result = self.add(exec.IntOp(0), name)
            self.instructions.append(exec.KernelOp("aten::sym_size.int", [tensor, self.argument(number), result]))
        return self._sizes[key]

    def argument(self, value: Any, kind: str = "") -> SSAValue:
        """The value of an argument of schema type `kind` that is no tensor. Equal ones are one value."""
        if isinstance(value, Expr):
            return self.size(value)
        if isinstance(value, list):
            return self._list(value, kind)  # pyright: ignore[reportUnknownArgumentType]
        if kind.startswith("float") and isinstance(value, int):
            value = float(value)
        key = (type(value), repr(value))
        if key not in self._shared:
            self._shared[key] = self.add(_literal(value))
        return self._shared[key]

    def _list(self, values: Sequence[Any], kind: str) -> SSAValue:
        known = self._sizes if any(isinstance(v, Expr) for v in values) else self._shared
        key = (kind, tuple(map(repr, values)))
        if key not in known:
            if kind.startswith("float"):
                op: exec.ValueOp = exec.DoubleListOp([float(v) for v in values])
            elif kind.startswith("bool"):
                op = exec.BoolListOp(values)
            else:
                op = exec.IntListOp([self.argument(v) for v in values])
            known[key] = self.add(op)
        return known[key]

    def size(self, value: Expr) -> SSAValue:
        """An Int that the runtime computes from sizes of tensors. Raises EtcError when a symbol is not known yet."""
        if value not in self._sizes:
            terms = [self._term(monomial, coefficient) for monomial, coefficient in value.terms]
            self._sizes[value] = self._fold("add", terms)
        return self._sizes[value]

    def _term(self, monomial: symbolic.Monomial, coefficient: int) -> SSAValue:
        factors = [self._atom(atom) for atom, power in monomial for _ in range(power)]
        if coefficient != 1 or not factors:
            factors.append(self.argument(coefficient))
        return self._fold("mul", factors)

    def _atom(self, atom: symbolic.Atom) -> SSAValue:
        if not isinstance(atom, Symbol):
            operands = [self.size(a) if isinstance(a, Expr) else self.argument(a) for a in atom.args]
            return self._prim(_PRIMS[atom.function], operands)
        if atom not in self._sizes:
            if atom.name not in self._measured:
                raise EtcError(f"the size {atom.name} is needed before any tensor has it")
            tensor, dimension, size = self._measured[atom.name]
            whole = self.dimension(tensor, dimension, atom.name if size.symbol_name else None)
            self._sizes[atom] = whole if size.symbol_name else self._solve(size, whole, atom.name)
        return self._sizes[atom]

    def _solve(self, size: Expr, whole: SSAValue, name: str) -> SSAValue:
        """The Int that the symbol `name` is when `size` is `whole`."""
        measured = Symbol(f"{name}'")  # no symbol of the program: apostrophes are not for names
        self._sizes[measured] = whole
        solution = symbolic.solve(size, symbolic.of_atom(measured), name)
        assert isinstance(solution, Expr), "symbol_sources chose a size that can be solved"
        return self.size(solution)

    def _fold(self, function: str, operands: Sequence[SSAValue]) -> SSAValue:
        total = operands[0]
        for operand in operands[1:]:
            total = self._prim(function, [total, operand])
        return total

    def _prim(self, function: str, operands: Sequence[SSAValue]) -> SSAValue:
        result = self.add(exec.IntOp(0))
        self.instructions.append(exec.KernelOp(f"executorch_prim::{function}.Scalar", [*operands, result]))
        return result


def _ranges(method: FuncOp) -> dict[str, Range]:
    """The ranges of symbols; a symbol that counts chosen elements is at most their number."""
    ranges = dict(program.symbol_ranges(method))
    for op in method.walk():
        match op:
            case edge.NonzeroOp():
                chosen_from = [op.self_]
            case edge.IndexOp():
                given: list[SSAValue | None] = op.argument("indices")
                chosen_from = [v for v in given if v is not None and Tensor.of(v.type).dtype is bool_]
            case _:
                continue
        old = {size for operand in op.operands for size in Tensor.of(operand.type).sizes}
        for size in Tensor.of(op.result.type).sizes if chosen_from else ():
            if isinstance(size, Expr) and size not in old and (name := size.symbol_name) is not None:
                most = bounds(Tensor.of(chosen_from[0].type).numel, ranges).high
                ranges[name] = ranges.get(name, Range(0)).meet(Range(0, most))
    return ranges


def _literal(value: Any) -> exec.ValueOp:
    match value:
        case None:
            return exec.NullOp()
        case bool():
            return exec.BoolOp(value)
        case int():
            return exec.IntOp(value)
        case float():
            return exec.DoubleOp(value)
        case Dtype():
            return exec.IntOp(value.scalar_type)
        case str() if value in _MEMORY_FORMATS:
            return exec.IntOp(_MEMORY_FORMATS[value])
        case str():
            return exec.StringOp(value)
        case _:
            raise EtcError(f"a kernel cannot take {value!r} as an argument")
