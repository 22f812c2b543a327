"""How passes are written: rewrite rules, the driver that applies them, and the base class of all passes.

A rule is a `RewritePattern` class or a function with `@rewrite_rule`. Its first parameter's type says which operations
it matches, so an operation that no rule is interested in costs one dictionary lookup:

    class ReluOfRelu(RewritePattern):
        '''relu(relu(x)) -> relu(x)'''

        @op_type_rewrite_pattern
        def match_and_rewrite(self, op: edge.ReluOp, rewriter: PatternRewriter) -> None:
            if not isinstance(op.input.owner, edge.ReluOp):
                return
            rewriter.replace(op, (), [op.input])

    @dataclass(frozen=True)
    class SimplifyRelu(EtcPass):
        '''Merge chains of relu.'''

        name = "simplify-relu"
        patterns = (ReluOfRelu,)

The driver revisits what a rewrite touched, gives new operations the source location and the name hint of the operation
that was matched, and erases the side-effect-free operations that a rewrite left without users.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Any, ClassVar, TypeVar, Union, get_args, get_origin

from xdsl import pattern_rewriter as xdsl_rewriting
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, UnknownLoc
from xdsl.ir import Operation, OpResult, Region, SSAValue, Use
from xdsl.passes import ModulePass
from xdsl.rewriter import InsertPoint
from xdsl.transforms.dead_code_elimination import is_trivially_dead

from etc.errors import EtcError, describe_location, problem_at
from etc.transforms.rewrite_log import Decline, Rule, current_log
from etc.transforms.stages import check_stage

_PatternT = TypeVar("_PatternT", bound="RewritePattern")
_OpT = TypeVar("_OpT", bound=Operation)

# A run that rewrites more often than this per operation of its input is taken for one that never ends.
_MISTAKE = "this is a mistake in the rule; ETC_TRACEBACK=1 shows where"
REWRITES_PER_OP = 64
REWRITES_AT_LEAST = 10_000


class PatternRewriter(xdsl_rewriting.PatternRewriter):
    """What a rule changes the program through. Changes made without it must be told with `notify_op_modified`."""

    def __init__(self, driver: _Driver, op: Operation):
        super().__init__(op)
        self._driver = driver

    def decline(self, op: Operation, reason: str) -> None:
        """Record why the current rule leaves `op` alone; `return rewriter.decline(op, "…")` ends a rule.

        `reason` completes "conv was not fused because …": a clause without a full stop.
        """
        self._driver.on_decline(op, reason)

    def restart(self, op: Operation) -> None:
        """Prepare for matching a rule at `op`."""
        self._current_operation = op
        self.has_done_action = False
        self.insertion_point = InsertPoint.before(op)
        self.name_hint = op.results[0].name_hint if len(op.results) == 1 else None

    def replace_all_uses_with(self, from_value: SSAValue, to_value: SSAValue | None, safe_erase: bool = True) -> None:
        self._driver.on_use_dropped(from_value)
        super().replace_all_uses_with(from_value, to_value, safe_erase)

    def replace_uses_with_if(self, from_value: SSAValue, to_value: SSAValue, predicate: Callable[[Use], bool]) -> None:
        self._driver.on_use_dropped(from_value)
        super().replace_uses_with_if(from_value, to_value, predicate)

    def handle_operation_insertion(self, op: Operation) -> None:
        super().handle_operation_insertion(op)
        self._driver.on_insertion(op)

    def handle_operation_modification(self, op: Operation) -> None:
        super().handle_operation_modification(op)
        self._driver.on_modification(op)

    def handle_operation_removal(self, op: Operation) -> None:
        super().handle_operation_removal(op)
        self._driver.on_removal(op)


class RewritePattern(xdsl_rewriting.RewritePattern):
    """A rewrite rule; its docstring is `before -> after`.

    `match_and_rewrite` carries `@op_type_rewrite_pattern`; rules are made without arguments unless a pass overrides
    `get_patterns`.
    """

    # Rules are only ever run by the driver below, so they may ask for its rewriter.
    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter, /) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        raise NotImplementedError


def _matched_types(rule: Callable[..., None]) -> tuple[type[Operation], ...]:
    """The operation classes that the last but one parameter of `rule` is annotated with."""
    *_, op, _ = inspect.signature(rule, eval_str=True).parameters.values()
    annotation: Any = op.annotation
    types = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    if not all(isinstance(t, type) and issubclass(t, Operation) for t in types):
        raise TypeError(f"{rule.__qualname__}: parameter `{op.name}` must be annotated with operation classes")
    return types


def op_type_rewrite_pattern(
    rule: Callable[[_PatternT, _OpT, PatternRewriter], None],
) -> Callable[[_PatternT, Operation, PatternRewriter], None]:
    """Make `match_and_rewrite` run only for the operation class, or union of classes, that `op` is annotated with."""
    matched_types = _matched_types(rule)

    def match_and_rewrite(self: _PatternT, op: Operation, rewriter: PatternRewriter) -> None:
        if isinstance(op, matched_types):
            rule(self, op, rewriter)  # pyright: ignore[reportArgumentType]

    match_and_rewrite.__dict__["matched_types"] = matched_types
    return match_and_rewrite


def rewrite_rule(rule: Callable[[_OpT, PatternRewriter], None]) -> type[RewritePattern]:
    """Make a rule, for `EtcPass.patterns`, of a function `(op: SomeOp, rewriter: PatternRewriter) -> None`."""
    matched_types = _matched_types(rule)

    def match_and_rewrite(self: RewritePattern, op: Operation, rewriter: PatternRewriter) -> None:
        if isinstance(op, matched_types):
            rule(op, rewriter)  # pyright: ignore[reportArgumentType]

    match_and_rewrite.__dict__["matched_types"] = matched_types
    members = {"match_and_rewrite": match_and_rewrite, "__doc__": rule.__doc__, "__module__": rule.__module__}
    return type(rule.__name__, (RewritePattern,), members)


class RuleTable(dict[type[Operation], tuple[xdsl_rewriting.RewritePattern, ...]]):
    """The rules to try per operation class, filled as classes are met. A rule of unknown type is tried on all."""

    def __init__(self, patterns: Sequence[xdsl_rewriting.RewritePattern]):
        super().__init__()
        self._patterns = patterns

    def __missing__(self, op_type: type[Operation]) -> tuple[xdsl_rewriting.RewritePattern, ...]:
        self[op_type] = rules = self.rules_for(op_type)
        return rules

    def rules_for(self, op_type: type[Operation]) -> tuple[xdsl_rewriting.RewritePattern, ...]:
        """The rules that may match an operation of exactly this class, in the order in which to try them."""

        def may_match(pattern: xdsl_rewriting.RewritePattern) -> bool:
            matched = getattr(type(pattern).match_and_rewrite, "matched_types", None)
            return matched is None or issubclass(op_type, matched)

        return tuple(filter(may_match, self._patterns))


class _Driver:
    """One run of a rule table over a region: a worklist of operations, last in first out."""

    def __init__(self, rules: RuleTable, *, recursive: bool, pass_name: str):
        self._rules = rules
        self._recursive = recursive
        self._pass_name = pass_name
        self._log = current_log()
        # A dict is an ordered set with O(1) push, pop at the end, and removal from the middle.
        self._pending: dict[Operation, None] = {}
        self._dropped: list[SSAValue] = []
        self._declined: dict[Operation, dict[Rule, str]] = {}
        self._rewriter: PatternRewriter | None = None
        self._applied = Counter[Rule]()
        self._location = UnknownLoc()
        self._rule = Rule(pass_name, "")
        self._budget = REWRITES_AT_LEAST

    def run(self, region: Region) -> bool:
        """Apply the rules until none applies, or once to each operation of the input. Says whether anything changed."""
        changed = self._sweep(region)
        # The worklist follows a change two operations down; the last sweep finds what a rule saw further away.
        while changed and self._recursive and self._sweep(region):
            pass
        self._report()
        return changed

    def _sweep(self, region: Region) -> bool:
        rules, pending = self._rules, self._pending
        # Reversed, since the worklist is a stack: operations are visited in program order.
        for op in region.walk(reverse=True, region_first=True):
            if rules[type(op)]:
                pending[op] = None
        self._budget += REWRITES_PER_OP * len(pending)
        changed = False
        while pending:
            op, _ = pending.popitem()
            changed |= self._visit(op)
        return changed

    def _visit(self, op: Operation) -> bool:
        """Try the rules on `op`, in order, up to the first that changes something."""
        if (rewriter := self._rewriter) is None:
            self._rewriter = rewriter = PatternRewriter(self, op)
        self._location = op.location
        operands = tuple(op.operands)
        rewriter.restart(op)
        for pattern in self._rules[type(op)]:
            self._rule = rule = Rule(self._pass_name, type(pattern).__name__)
            try:
                pattern.match_and_rewrite(op, rewriter)
            except EtcError:
                raise
            except Exception as error:
                what = f"{rule} failed: {type(error).__name__}: {error}"
                raise EtcError(problem_at(op, what, next_step=_MISTAKE)) from error
            if rewriter.has_done_action:
                self._count(rule, op)
                self._dropped.extend(operands)
                self._follow_dropped_uses(rewriter)
                return True
        return False

    def _count(self, rule: Rule, op: Operation) -> None:
        self._applied[rule] += 1
        self._declined.get(op, {}).pop(rule, None)
        self._budget -= 1
        if self._budget < 0:
            busiest = ", ".join(f"{rule.name} ({n} times)" for rule, n in self._applied.most_common(3))
            raise EtcError(
                problem_at(
                    op,
                    f"pass {self._pass_name} does not come to an end",
                    found=f"the rules applied most often are {busiest}",
                    next_step="make each rule decline what the others produce",
                )
            )

    def _follow_dropped_uses(self, rewriter: PatternRewriter) -> None:
        """Erase what a rewrite left without users; rules that ask for a single user may match where one is left."""
        while self._dropped:
            value = self._dropped.pop()
            if not isinstance(value, OpResult) or value.op.parent is None:
                continue
            if value.first_use is None:
                if is_trivially_dead(value.op):
                    rewriter.erase(value.op)
            elif value.has_one_use():
                self._push(value.op)
                self._push(value.first_use.operation)

    def _report(self) -> None:
        if (log := self._log) is None:
            return
        log.applied.update(self._applied)
        for op, reasons in self._declined.items():
            for rule, reason in reasons.items():
                log.declined[Decline(rule, op.name, describe_location(op.location), reason)] += 1

    def _push(self, op: Operation) -> None:
        if self._recursive and self._rules[type(op)]:
            self._pending.setdefault(op)

    # What the rewriter reports:

    def on_decline(self, op: Operation, reason: str) -> None:
        if self._log is not None:
            self._declined.setdefault(op, {})[self._rule] = reason

    def on_insertion(self, op: Operation) -> None:
        for inserted in op.walk() if op.regions else (op,):
            if isinstance(inserted.location, UnknownLoc):
                inserted.location = self._location
            self._push(inserted)

    def on_modification(self, op: Operation) -> None:
        self._push(op)
        for result in op.results:
            for use in result.uses:
                self._push(use.operation)

    def on_removal(self, op: Operation) -> None:
        for removed in op.walk() if op.regions else (op,):
            self._pending.pop(removed, None)
            self._declined.pop(removed, None)
            self._dropped.extend(removed.operands)

    def on_use_dropped(self, value: SSAValue) -> None:
        self._dropped.append(value)


def apply_patterns(
    program: ModuleOp | Region,
    patterns: Sequence[xdsl_rewriting.RewritePattern] | RuleTable,
    *,
    recursive: bool = True,
    pass_name: str = "",
) -> bool:
    """Apply rules to all operations nested in `program`; returns whether anything changed.

    With `recursive`, what rules produce or touch is visited again until no rule applies. Without, each operation that
    was there at the start is visited once: the cheaper choice for a lowering whose rules leave nothing for each other.
    Raises EtcError when a rule fails, at the operation it was applied to, and when the rules never come to an end.
    """
    rules = patterns if isinstance(patterns, RuleTable) else RuleTable(patterns)
    region = program.body if isinstance(program, ModuleOp) else program
    return _Driver(rules, recursive=recursive, pass_name=pass_name).run(region)


@dataclass(frozen=True)
class EtcPass(ModulePass):
    """A named pass: its docstring's first line stands in the catalogue, its dataclass fields are its options.

    A pass lists its rules in `patterns`, or builds them in `get_patterns` when they need options, or overrides
    `rewrite` when it is no set of rules. `start_stage` and `end_stage` name stages to check before and after it.
    """

    patterns: ClassVar[Sequence[type[xdsl_rewriting.RewritePattern]]] = ()
    recursive: ClassVar[bool] = True
    start_stage: ClassVar[str | None] = None
    end_stage: ClassVar[str | None] = None

    def get_patterns(self) -> Sequence[xdsl_rewriting.RewritePattern]:
        """The rules to apply, most important first."""
        return tuple(pattern() for pattern in self.patterns)

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        """Do the work of the pass, between the checks of its stages."""
        apply_patterns(module, self.get_patterns(), recursive=self.recursive, pass_name=self.name)

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.start_stage is not None:
            check_stage(op, self.start_stage)
        self.rewrite(ctx, op)
        if self.end_stage is not None:
            check_stage(op, self.end_stage)
