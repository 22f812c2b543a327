"""decompose-aten: every operator becomes operators of the Core ATen set.

    %y = aten.linear(%x, %w, bias=%b)            %t = aten.permute(%w, dims=[1, 0])
                                          -->    %y = aten.addmm(%b, %x, %t)

The rules are in `transforms/decompositions`; what they do not cover is traced through the decomposition that PyTorch
itself registers, on the types at hand (only then is torch imported). What neither knows is reported for the whole
program at once. Recurrent networks over more than `unroll` steps, or over a number of steps that only the run time
knows, become loops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xdsl.context import Context
from xdsl.dialects.builtin import ComplexType, ModuleOp, TensorType
from xdsl.ir import Attribute, Block, Operation, SSAValue
from xdsl.rewriter import Rewriter

from etc.dialects import custom
from etc.dialects.edge.base import EdgeOp
from etc.dialects.infer import same_size
from etc.dialects.schema_op import SchemaOp
from etc.dialects.sizes import sized
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, problem_at
from etc.transforms.aten_builder import UNROLL, AtenBuilder
from etc.transforms.decompositions import Rule, complex_rules, rules, wanted_arguments
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, apply_patterns, op_type_rewrite_pattern
from etc.transforms.stages import get_stage

if TYPE_CHECKING:
    from etc.lowering.import_torch_trace import Tracer

_END_STAGE = "core-aten"


@dataclass(frozen=True)
class _Plan:
    """What is known of all operations of one class."""

    rule: Rule | None
    wanted: frozenset[str] | None
    """the arguments that the rule names; None when it takes all"""
    is_legal: bool
    on_complex: _Plan | None = None
    """what goes before, where an operand or a result is complex"""


class Decompose(RewritePattern):
    """aten.x -> what its rule builds, or what torch's decomposition traces to"""

    def __init__(self, unroll: int = UNROLL) -> None:
        self._unroll = unroll
        self.problems: dict[Operation, list[Problem]] = {}
        self._plans: dict[type[SchemaOp], _Plan] = {}
        self._origins: dict[Operation, str] = {}
        """The operator of the model that an operation, which may not stay, came from."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: SchemaOp, rewriter: PatternRewriter) -> None:
        plan = self._plans.get(type(op)) or self._plan(op)
        if plan.on_complex is not None and _is_complex(op):
            plan = plan.on_complex
        if (plan.rule is None and plan.is_legal) or op in self.problems:
            return
        build = AtenBuilder(rewriter, op.results, unroll=self._unroll)
        try:
            arguments = {arg.name: sized(value) for arg, value in op.arguments()}
            results = None if plan.rule is None else _by_rule(plan.rule, plan.wanted, build, arguments)
            if results is None and not plan.is_legal:
                results = self._tracer.inline(op, arguments, build)
            if results is not None:
                replacements = _as_results(op, results, build)
                self._trace_back(op, build)
                rewriter.replace(op, (), replacements)
        except EtcError as error:
            self._report(op, error)

    def _trace_back(self, op: SchemaOp, build: AtenBuilder) -> None:
        """Remember what the operations that took the place of `op` came from."""
        origin = self._origins.get(op, op.name)
        for new in build.inserted:
            if isinstance(new, SchemaOp) and not (self._plans.get(type(new)) or self._plan(new)).is_legal:
                self._origins[new] = origin

    def _report(self, op: SchemaOp, error: EtcError) -> None:
        origin = self._origins.get(op)
        for p in error.problems:
            what = p.what if origin is None else f"its decomposition needs {op.name}: {p.what}"
            problem = problem_at(op, what, expected=p.expected, found=p.found, next_step=p.next_step)
            self.problems.setdefault(op, []).append(replace(problem, op=origin or op.name))

    def _plan(self, op: SchemaOp) -> _Plan:
        schema = op.schema()
        key = schema.key if schema.namespace == "aten" else f"{schema.namespace}::{schema.key}"
        rule = None if isinstance(op, EdgeOp) else rules().get(key)  # what rules make of it has its schema
        is_legal = get_stage(_END_STAGE).allows(op)
        on_complex = complex_rules().get(schema.key) if schema.namespace == "aten" else None
        special = None if on_complex is None else _Plan(on_complex, wanted_arguments(on_complex), is_legal)
        plan = _Plan(rule, None if rule is None else wanted_arguments(rule), is_legal, special)
        self._plans[type(op)] = plan
        return plan

    @cached_property
    def _tracer(self) -> Tracer:
        from etc.lowering.import_torch_trace import Tracer

        return Tracer()


def _is_complex(op: Operation) -> bool:
    types = [v.type for v in (*op.operands, *op.results)]
    return any(isinstance(t, TensorType) and isinstance(t.element_type, ComplexType) for t in types)


def _by_rule(
    rule: Rule, wanted: frozenset[str] | None, build: AtenBuilder, arguments: Mapping[str, Any]
) -> Sequence[Any] | None:
    if wanted is not None:
        arguments = {name: value for name, value in arguments.items() if name in wanted}
    results = rule(build, **arguments)
    return results if results is None or isinstance(results, Sequence) else [results]


def _as_results(op: SchemaOp, results: Sequence[Any], build: AtenBuilder) -> list[Any]:
    """The values that take the place of the results of `op`, with its types where these say the same in other words."""
    if len(results) != len(op.results):
        raise EtcError(
            "its decomposition gives another number of results", expected=str(len(op.results)), found=str(len(results))
        )
    return [
        new if old.first_use is None or (new is not None and old.type == new.type) else _with_type(build, new, old.type)
        for old, new in zip(op.results, results, strict=True)
    ]


def _with_type(build: AtenBuilder, value: Any, type: Attribute) -> SSAValue:
    """`value` with the dtype of `type`, and with its sizes."""
    if value is None:
        raise EtcError("its decomposition lacks a result that is used", expected=str(type))
    if not isinstance(value.type, TensorType) or not isinstance(type, TensorType):
        return value
    want, have = Tensor.of(type), Tensor.of(value.type)
    if want.rank != have.rank or not all(map(same_size, want.sizes, have.sizes)):
        raise EtcError("its decomposition gives a tensor of other sizes", expected=str(type), found=str(value.type))
    if want.dtype is not have.dtype:
        value = build("_to_copy", value, dtype=want.dtype)
    if value.type != type and not isinstance(value.owner, Block):
        value = Rewriter.replace_value_with_new_type(value, type)
    return value


@dataclass(frozen=True)
class DecomposeAtenPass(EtcPass):
    """Decompose every ATen operator into the Core ATen set."""

    name = "decompose-aten"
    end_stage = _END_STAGE

    unroll: int = UNROLL

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        pattern = Decompose(self.unroll)
        apply_patterns(module, (pattern,), pass_name=self.name)
        if pattern.problems:
            raise EtcError(dict.fromkeys(p for problems in pattern.problems.values() for p in problems))
        custom.drop_unused(module)
