"""decompose-aten: every operator becomes operators of the Core ATen set.

    %y = aten.linear(%x, %w, bias=%b)            %t = aten.permute(%w, dims=[1, 0])
                                          -->    %y = aten.addmm(%b, %x, %t)

The rules are in `transforms/decompositions`; what they do not cover is traced through the decomposition that PyTorch
itself registers, on the types at hand (only then is torch imported). What neither knows is reported for the whole program
at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from etc.dialects import aten
from etc.dialects.aten import AtenOp
from etc.dialects.schema_op import SchemaOp
from etc.dialects.sizes import sized
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, problem_at
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import rules, wanted_arguments
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, apply_patterns, op_type_rewrite_pattern


def is_legal(op: SchemaOp) -> bool:
    """Whether an operator may stay: Core ATen, arithmetic on sizes, and operators of other namespaces."""
    return not isinstance(op, AtenOp) or aten.is_core(type(op)) or op.ATEN.startswith("sym.")


class Decompose(RewritePattern):
    """aten.x -> what its rule builds, or what torch's decomposition traces to"""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: SchemaOp, rewriter: PatternRewriter) -> None:
        schema = op.schema()
        rule = rules().get(schema.key if schema.namespace == "aten" else f"{schema.namespace}::{schema.key}")
        if rule is None and is_legal(op):
            return
        build = AtenBuilder(rewriter)
        try:
            arguments = {arg.name: sized(value) for arg, value in op.arguments()}
            results = None if rule is None else _by_rule(rule, build, arguments)
            if results is None and not is_legal(op):
                results = _by_torch(op, arguments, rewriter)
        except EtcError as error:
            self.problems += [
                problem_at(op, p.what, expected=p.expected, found=p.found, next_step=p.next_step)
                for p in error.problems
            ]
            return
        if results is not None:
            replacements = [_with_type(build, old, new) for old, new in zip(op.results, results, strict=True)]
            rewriter.replace(op, (), replacements)


def _by_rule(rule: Any, build: AtenBuilder, arguments: Mapping[str, Any]) -> Sequence[Any] | None:
    wanted = wanted_arguments(rule)
    results = rule(build, **{n: v for n, v in arguments.items() if wanted is None or n in wanted})
    return results if results is None or isinstance(results, Sequence) else [results]


def _by_torch(op: SchemaOp, arguments: Mapping[str, Any], rewriter: PatternRewriter) -> Sequence[Any]:
    from etc.lowering.import_torch_trace import trace

    block, operands, results = trace(op, arguments)
    arguments_of_block = dict(zip(block.args, operands, strict=True))
    results = [arguments_of_block.get(r, r) for r in results]
    rewriter.inline_block(block, InsertPoint.before(op), operands)
    return results


def _with_type(build: AtenBuilder, old: SSAValue, new: Any) -> Any:
    """`new` with the dtype of what it replaces, and with its sizes, which may be the same in other words."""
    if new is None or old.first_use is None or old.type == new.type:
        return new
    want, have = Tensor.of(old.type), Tensor.of(new.type)
    if want.dtype is not have.dtype:
        new = build("_to_copy", new, dtype=want.dtype)
    if new.type != old.type and not isinstance(new.owner, Block):
        new = Rewriter.replace_value_with_new_type(new, old.type)
    return new


@dataclass(frozen=True)
class DecomposeAtenPass(EtcPass):
    """Decompose every ATen operator into the Core ATen set."""

    name = "decompose-aten"
    end_stage = "core-aten"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        pattern = Decompose()
        apply_patterns(module, (pattern,), pass_name=self.name)
        if pattern.problems:
            raise EtcError(dict.fromkeys(pattern.problems))
