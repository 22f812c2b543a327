"""A rewrite rule whose two sides are programs of stage edge: what one method computes is recomputed as another does.

    func.func @pattern(%x: …, %w: …) -> … {          func.func @replacement(%x: …, %w: …) -> … {
      %a = edge.mul(%x, %w)                            %y = edge.addcmul(%w, %x, %w)
      %y = edge.add(%a, %w)                     -->
      func.return %y                                   func.return %y

A place in a program matches, seen from the result backwards, when

* every operation is of the same class, with equal properties, and its operands match;
* an argument of the pattern stands for one and the same value wherever it is used, of the argument's dtype and rank;
  its sizes may be others, they count only where a property names them;
* a constant of the pattern stands for a constant of the same dtype, shape and content;
* nothing outside uses what is computed on the way.

Operands of a commutative operation may change places. The types of what the replacement computes are inferred anew;
when its result does not have the type of the old one the place is left alone. Every refusal is recorded as a decline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import BlockArgument, Operation, OpResult, SSAValue

from etc.dialects.edge.base import EdgeOp
from etc.dialects.edge.traits import Commutative
from etc.dialects.program import ConstantOp, constant_of
from etc.errors import EtcError
from etc.transforms.edge_builder import fits, known
from etc.transforms.rewriting import PatternRewriter, RewritePattern, rewrite_rule


def graph_rewrite(name: str, pattern: FuncOp, replacement: FuncOp) -> type[RewritePattern]:
    """The rule called `name` that puts `replacement` where a program does what `pattern` does.

    Both methods take the same arguments, return one tensor, and hold edge operations and constants only. Raises
    EtcError for a pattern that computes nothing and for a replacement that uses what the pattern does not.
    """
    root = _result_of(name, pattern, "pattern")
    _result_of(name, replacement, "replacement")
    if not isinstance(root, OpResult) or not isinstance(root.op, EdgeOp):
        raise EtcError(f"{name}: the pattern computes nothing", expected="a function whose result is computed")
    arguments = dict(zip(replacement.body.block.args, pattern.body.block.args, strict=True))
    free = [i for i, (new, old) in enumerate(arguments.items()) if new.first_use is not None and old.first_use is None]
    if free:
        raise EtcError(f"{name}: the replacement uses argument {free[0]}, the pattern does not")

    if any(_Match().value(root, op.results[root.index]) for op in replacement.body.ops if type(op) is type(root.op)):
        raise EtcError(
            f"{name}: the replacement does what the pattern does by the same operations, so it would never end",
            found=", ".join(op.name for op in replacement.body.ops if isinstance(op, EdgeOp)),
            next_step="see what the functions are decomposed to: etc-compile --save-temps",
        )

    def rule(op: Any, rewriter: PatternRewriter) -> None:
        match = _Match()
        result = op.results[root.index]
        if not match.value(root, result) or not match.is_private(op):
            return rewriter.decline(op, match.reason)
        if any(other.first_use is not None for other in op.results if other is not result):
            return rewriter.decline(op, f"another result of {op.name} is used")
        bound: dict[SSAValue, SSAValue] = {
            new: match.bound[old] for new, old in arguments.items() if old in match.bound
        }
        try:
            built, value = _instantiate(replacement, bound)
        except EtcError as error:
            return rewriter.decline(op, f"the replacement does not fit its operands: {error.problems[0].what}")
        if not fits(value, result):
            return rewriter.decline(op, f"the replacement computes {known(value)}, not {known(result)}")
        rewriter.insert(built)
        rewriter.replace(op, (), [value if other is result else None for other in op.results])

    rule.__name__ = name.replace("-", "_")
    rule.__doc__ = f"what {pattern.sym_name.data} computes, as {replacement.sym_name.data} does"
    rule.__annotations__ = {"op": type(root.op), "rewriter": PatternRewriter, "return": None}
    return rewrite_rule(rule)


def _result_of(name: str, method: FuncOp, side: str) -> SSAValue:
    last = method.body.block.last_op
    if not isinstance(last, ReturnOp) or len(last.operands) != 1:
        found = str(len(last.operands)) if last is not None else "none"
        raise EtcError(f"{name}: the {side} must return one tensor", expected="1", found=found)
    return last.operands[0]


@dataclass
class _Match:
    """An attempt to see a pattern in a program: values of the program by value of the pattern, or why it failed."""

    bound: dict[SSAValue, SSAValue] = field(default_factory=dict[SSAValue, SSAValue])
    reason: str = ""

    def value(self, wanted: SSAValue, found: SSAValue) -> bool:
        if wanted in self.bound:
            return self.bound[wanted] is found or self._fail(f"two different values stand for {_name(wanted)}")
        if isinstance(wanted, BlockArgument):
            matches = self._argument(wanted, found)
        elif constant_of(wanted) is not None:
            matches = self._constant(wanted, found)
        else:
            matches = self._result(wanted, found)
        if matches:
            self.bound[wanted] = found
        return matches

    def is_private(self, root: Operation) -> bool:
        """Whether nothing outside of the match uses what is computed in it, the result aside."""
        inside = {found.owner for wanted, found in self.bound.items() if _is_computed(wanted)}
        for op in inside - {root}:
            assert isinstance(op, Operation)
            if any(use.operation not in inside for result in op.results for use in result.uses):
                return self._fail(f"the result of {op.name} has another user")
        return True

    def _fail(self, reason: str) -> bool:
        self.reason = reason
        return False

    def _argument(self, wanted: SSAValue, found: SSAValue) -> bool:
        a, b = known(wanted), known(found)
        if a.dtype is not b.dtype:
            return self._fail(f"{_name(wanted)} is {b.dtype}, not {a.dtype}")
        return a.rank == b.rank or self._fail(f"{_name(wanted)} has rank {b.rank}, not {a.rank}")

    def _constant(self, wanted: SSAValue, found: SSAValue) -> bool:
        if constant_of(found) is None:
            return self._fail("a value stands where a constant is expected")
        same = wanted.type == found.type and constant_of(wanted) == constant_of(found)
        return same or self._fail("a constant has another type or content")

    def _result(self, wanted: SSAValue, found: SSAValue) -> bool:
        pattern, op = wanted.owner, found.owner
        assert isinstance(pattern, EdgeOp)
        assert isinstance(wanted, OpResult)
        if type(op) is not type(pattern):
            other = op.name if isinstance(op, Operation) else "an input"
            return self._fail(f"{other} stands where {pattern.name} is expected")
        assert isinstance(op, EdgeOp)
        if not isinstance(found, OpResult) or found.index != wanted.index:
            return self._fail(f"another result of {op.name} is used")
        theirs, ours = _arguments(pattern), _arguments(op)
        for name, value in theirs.items():
            if not _is_tensors(value) and not _is_tensors(ours[name]) and value != ours[name]:
                return self._fail(f"{name} of {op.name} is {ours[name]}, not {value}")
        return self._operands(pattern, [_flat(theirs[name]) for name in theirs], [_flat(ours[name]) for name in theirs])

    def _operands(self, pattern: EdgeOp, wanted: Sequence[_Values], found: Sequence[_Values]) -> bool:
        before = dict(self.bound)
        if self._all(wanted, found):
            return True
        if not pattern.has_trait(Commutative):
            return False
        reason, self.bound = self.reason, before
        if self._all(wanted, [found[1], found[0], *found[2:]]):
            return True
        return self._fail(reason)

    def _all(self, wanted: Sequence[_Values], found: Sequence[_Values]) -> bool:
        for theirs, ours in zip(wanted, found, strict=True):
            if len(theirs) != len(ours) or any((a is None) != (b is None) for a, b in zip(theirs, ours, strict=True)):
                return self._fail("it has other optional operands")
            for a, b in zip(theirs, ours, strict=True):
                if a is not None and b is not None and not self.value(a, b):
                    return False
        return True


_Values = Sequence[SSAValue | None]


def _arguments(op: EdgeOp) -> dict[str, Any]:
    return {arg.name: value for arg, value in op.arguments()}


def _is_tensors(value: Any) -> bool:
    return isinstance(value, SSAValue) or (isinstance(value, list) and any(isinstance(v, SSAValue) for v in value))  # pyright: ignore[reportUnknownVariableType]


def _flat(value: Any) -> _Values:
    """The tensors in an argument."""
    if not _is_tensors(value):
        return ()
    return value if isinstance(value, list) else (value,)  # pyright: ignore[reportUnknownVariableType]


def _is_computed(wanted: SSAValue) -> bool:
    return isinstance(wanted.owner, EdgeOp)


def _name(argument: SSAValue) -> str:
    return f"%{argument.name_hint or argument.index}" if isinstance(argument, BlockArgument) else "a result"


def _instantiate(method: FuncOp, arguments: Mapping[SSAValue, SSAValue]) -> tuple[list[Operation], SSAValue]:
    """The operations of a method on other arguments, with types inferred anew, and its result. Raises EtcError."""
    values: dict[SSAValue, SSAValue] = dict(arguments)
    built: list[Operation] = []

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(v) for v in value]  # pyright: ignore[reportUnknownVariableType]
        return values[value] if isinstance(value, SSAValue) else value

    for op in method.body.block.ops:
        if isinstance(op, EdgeOp):
            new: Operation = type(op).of(**{name: renamed(value) for name, value in _arguments(op).items()})
        elif op.results and (content := constant_of(op.results[0])) is not None:
            new = ConstantOp(content, known(op.results[0]).type)
        else:
            continue
        built.append(new)
        values.update(zip(op.results, new.results, strict=True))
    last = method.body.block.last_op
    assert last is not None
    return built, values[last.operands[0]]
