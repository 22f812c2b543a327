"""canonicalize: bring every operation to its one usual form.

Applies what operations declare about themselves: their folders (`neg(neg(x)) -> x`, `1 + 2 -> 3`) and their
canonicalization patterns. Erases operations without effect whose results nobody uses.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl import pattern_rewriter as xdsl_rewriting
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.folder import Folder
from xdsl.ir import Operation
from xdsl.traits import ConstantLike, HasCanonicalizationPatternsTrait, HasFolder

from etc.transforms.dce import EraseDead
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, RuleTable, apply_patterns


class Fold(RewritePattern):
    """f(constants…) -> constant, f(x, …) -> x, where the operation's folder says so"""

    def __init__(self, ctx: Context):
        self._folder = Folder(ctx)

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter, /) -> None:
        if (folded := self._folder.try_fold(op)) is not None:
            values, constants = folded
            rewriter.replace(op, constants, values)


class CanonicalRules(RuleTable):
    """The rules that an operation class brings along."""

    def __init__(self, ctx: Context):
        super().__init__(())
        self._fold = Fold(ctx)
        self._erase_dead = EraseDead()

    def rules_for(self, op_type: type[Operation]) -> tuple[xdsl_rewriting.RewritePattern, ...]:
        rules: list[xdsl_rewriting.RewritePattern] = [self._erase_dead]
        # A constant folds to itself, for ever.
        if op_type.has_trait(HasFolder, value_if_unregistered=False) and not op_type.has_trait(ConstantLike):
            rules.append(self._fold)
        for trait in op_type.get_traits_of_type(HasCanonicalizationPatternsTrait):
            rules += trait.get_patterns(op_type)
        return tuple(rules)


@dataclass(frozen=True)
class CanonicalizePass(EtcPass):
    """Fold operations and bring them to their usual form."""

    name = "canonicalize"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        apply_patterns(module, CanonicalRules(ctx), pass_name=self.name)
