"""The rewriting driver: which rules run where, what a rewrite keeps, what is recorded, and what it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from xdsl.context import Context
from xdsl.dialects.arith import AddiOp, MuliOp, SubiOp
from xdsl.dialects.builtin import ModuleOp, i32
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.dialects.scf import IfOp
from xdsl.dialects.test import TestOp
from xdsl.ir import Block, Operation, Region
from xdsl.parser import Parser
from xdsl.pattern_rewriter import RewritePattern as UpstreamPattern

from etc.dialects import get_all_dialects
from etc.errors import EtcError
from etc.tools.observers import text_of
from etc.transforms.rewrite_log import Decline, Rule, recording
from etc.transforms.rewriting import (
    EtcPass,
    PatternRewriter,
    RewritePattern,
    RuleTable,
    apply_patterns,
    op_type_rewrite_pattern,
    rewrite_rule,
)


def parse(text: str) -> ModuleOp:
    ctx = Context()
    for name, load in get_all_dialects().items():
        ctx.register_dialect(name, load)
    return Parser(ctx, text).parse_module()


def body(module: ModuleOp) -> list[str]:
    """The lines of the only function, with locations where they are known."""
    lines = text_of(module, locations=True).splitlines()
    return [line.strip().removesuffix(" loc(unknown)") for line in lines[2:-2]]


class AddToSub(RewritePattern):
    """a + b -> a - b"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: AddiOp, rewriter: PatternRewriter) -> None:
        rewriter.replace(op, SubiOp(op.lhs, op.rhs))


@rewrite_rule
def square_to_shift(op: MuliOp, rewriter: PatternRewriter) -> None:
    """a * a -> a + a, a rule without meaning"""
    if op.lhs is not op.rhs:
        return rewriter.decline(op, "the factors differ")
    rewriter.replace(op, AddiOp(op.lhs, op.rhs))


@dataclass(frozen=True)
class AddToSubPass(EtcPass):
    """Turn additions into subtractions.

    A second paragraph.
    """

    name = "add-to-sub"
    patterns = (AddToSub,)


ONE_ADD = """
func.func @f(%x: i32) -> i32 {
  %y = arith.addi %x, %x : i32 loc("model.py":3:0)
  func.return %y : i32
}
"""


class TestMatching:
    def test_a_pass_applies_its_patterns(self):
        module = parse(ONE_ADD)
        AddToSubPass().apply(Context(), module)
        assert body(module)[0] == '%y = arith.subi %x, %x : i32 loc("model.py":3:0)'

    def test_a_decorated_function_is_a_rule(self):
        module = parse("func.func @f(%x: i32) -> i32 {\n%y = arith.muli %x, %x : i32\nfunc.return %y : i32\n}")
        assert apply_patterns(module, [square_to_shift()])
        assert body(module)[0] == "%y = arith.addi %x, %x : i32"
        assert square_to_shift.__name__ == "square_to_shift"
        assert square_to_shift.__doc__ == "a * a -> a + a, a rule without meaning"

    def test_rules_are_indexed_by_class_base_class_and_union(self):
        class OfUnion(RewritePattern):
            @op_type_rewrite_pattern
            def match_and_rewrite(self, op: AddiOp | SubiOp, rewriter: PatternRewriter) -> None: ...

        class OfAll(RewritePattern):
            @op_type_rewrite_pattern
            def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None: ...

        class Undeclared(UpstreamPattern):
            def match_and_rewrite(self, op: Operation, rewriter: object, /) -> None: ...

        rules = RuleTable((OfUnion(), OfAll(), Undeclared()))
        assert [type(rule) for rule in rules[SubiOp]] == [OfUnion, OfAll, Undeclared]
        assert [type(rule) for rule in rules[MuliOp]] == [OfAll, Undeclared]

    def test_a_rule_must_say_what_it_matches(self):
        with pytest.raises(TypeError, match="parameter `op` must be annotated with operation classes"):

            @rewrite_rule  # pyright: ignore[reportArgumentType]
            def _(op: int, rewriter: PatternRewriter) -> None: ...

    def test_nested_regions_are_visited(self):
        module = parse(
            "func.func @f(%c: i1, %x: i32) {\nscf.if %c {\n%y = arith.addi %x, %x : i32\n"
            '"test.op"(%y) : (i32) -> ()\n}\nfunc.return\n}'
        )
        assert apply_patterns(module, [AddToSub()])
        assert any(isinstance(op, SubiOp) for op in module.walk())

    def test_the_first_rule_that_changes_something_wins(self):
        class Nothing(RewritePattern):
            @op_type_rewrite_pattern
            def match_and_rewrite(self, op: AddiOp, rewriter: PatternRewriter) -> None: ...

        @rewrite_rule
        def add_to_mul(op: AddiOp, rewriter: PatternRewriter) -> None:
            rewriter.replace(op, MuliOp(op.lhs, op.rhs))

        module = parse(ONE_ADD)
        apply_patterns(module, [Nothing(), AddToSub(), add_to_mul()])
        assert "arith.subi" in body(module)[0]

    def test_without_recursion_new_operations_are_not_visited(self):
        @rewrite_rule
        def twice(op: AddiOp, rewriter: PatternRewriter) -> None:
            rewriter.replace(op, [first := AddiOp(op.lhs, op.rhs), AddiOp(first.result, op.rhs)])

        module = parse(ONE_ADD)
        assert apply_patterns(module, [twice()], recursive=False)
        assert len(body(module)) == 3

    def test_a_far_away_change_is_seen(self):
        """A rule that looks four operations up matches when what it looks at changes later."""

        @rewrite_rule
        def erase_below_sub(op: TestOp, rewriter: PatternRewriter) -> None:
            far = op
            for _ in range(4):
                far = far.operands[0].owner
                assert isinstance(far, Operation)
            if isinstance(far, SubiOp):
                rewriter.erase(op)

        @rewrite_rule
        def change_the_first(op: ReturnOp, rewriter: PatternRewriter) -> None:
            assert op.parent is not None
            if isinstance(first := op.parent.first_op, AddiOp):
                rewriter.replace(first, SubiOp(first.lhs, first.rhs))

        module = parse(
            "func.func @f(%x: i32) {\n%a = arith.addi %x, %x : i32\n%b = arith.muli %a, %x : i32\n"
            '%c = arith.muli %b, %x : i32\n%d = arith.muli %c, %x : i32\n"test.op"(%d) : (i32) -> ()\nfunc.return\n}'
        )
        apply_patterns(module, [erase_below_sub(), change_the_first()])
        assert body(module) == ["func.return"]


class TestWhatARewriteKeeps:
    def test_new_operations_get_location_and_name_of_the_matched_one(self):
        @rewrite_rule
        def expand(op: AddiOp, rewriter: PatternRewriter) -> None:
            product = rewriter.insert(MuliOp(op.lhs, op.rhs))
            rewriter.replace(op, SubiOp(product.result, op.rhs))

        module = parse(ONE_ADD)
        apply_patterns(module, [expand()])
        assert body(module)[:2] == [
            '%y = arith.muli %x, %x : i32 loc("model.py":3:0)',
            '%y_1 = arith.subi %y, %x : i32 loc("model.py":3:0)',
        ]

    def test_a_location_that_a_rule_gives_stays(self):
        other = parse('%0 = "test.op"() : () -> i32 loc("other.py":9:0)').body.block.first_op
        assert other is not None

        @rewrite_rule
        def relocate(op: AddiOp, rewriter: PatternRewriter) -> None:
            new = SubiOp(op.lhs, op.rhs)
            new.location = other.location
            rewriter.replace(op, new)

        module = parse(ONE_ADD)
        apply_patterns(module, [relocate()])
        assert body(module)[0].endswith('loc("other.py":9:0)')

    def test_operations_in_inserted_regions_get_the_location(self):
        @rewrite_rule
        def wrap(op: TestOp, rewriter: PatternRewriter) -> None:
            rewriter.replace(op, IfOp(op.operands[0], [], [TestOp()]))

        module = parse('func.func @f(%c: i1) {\n"test.op"(%c) : (i1) -> () loc("model.py":3:0)\nfunc.return\n}')
        apply_patterns(module, [wrap()], recursive=False)
        inner = next(op for op in module.walk() if isinstance(op, TestOp))
        assert str(inner.location) == 'loc("model.py":3:0)'

    def test_results_of_their_own_keep_their_names(self):
        @rewrite_rule
        def split(op: TestOp, rewriter: PatternRewriter) -> None:
            if len(op.results) == 2:
                rewriter.replace(
                    op, [a := TestOp(result_types=[i32]), b := TestOp(result_types=[i32])], [*a.results, *b.results]
                )

        module = parse(
            'func.func @f() -> (i32, i32) {\n%a, %b = "test.op"() : () -> (i32, i32)\nfunc.return %a, %b : i32, i32\n}'
        )
        apply_patterns(module, [split()])
        assert body(module)[-1] == "func.return %a, %b : i32, i32"


class TestDeadCode:
    TEXT = """
    func.func @f(%x: i32) -> i32 {
      %a = arith.muli %x, %x : i32
      %b = arith.muli %a, %a : i32
      %dead = arith.muli %x, %x : i32
      %y = arith.addi %b, %x : i32
      func.return %y : i32
    }
    """

    def test_what_a_rewrite_leaves_without_users_goes_and_what_was_dead_stays(self):
        @rewrite_rule
        def drop(op: AddiOp, rewriter: PatternRewriter) -> None:
            rewriter.replace(op, (), [op.rhs])

        module = parse(self.TEXT)
        apply_patterns(module, [drop()])
        assert body(module) == ["%dead = arith.muli %x, %x : i32", "func.return %x : i32"]

    def test_also_after_a_change_in_place(self):
        @rewrite_rule
        def use_rhs_twice(op: AddiOp, rewriter: PatternRewriter) -> None:
            if op.lhs is not op.rhs:
                op.operands[0] = op.rhs
                rewriter.notify_op_modified(op)

        module = parse(self.TEXT)
        apply_patterns(module, [use_rhs_twice()])
        assert body(module)[:2] == ["%dead = arith.muli %x, %x : i32", "%y = arith.addi %x, %x : i32"]

    def test_what_has_an_effect_stays(self):
        @rewrite_rule
        def drop(op: AddiOp, rewriter: PatternRewriter) -> None:
            rewriter.replace(op, (), [op.rhs])

        module = parse(
            'func.func @f(%x: i32) -> i32 {\n%a = "test.op"() : () -> i32\n'
            "%y = arith.addi %a, %x : i32\nfunc.return %y : i32\n}"
        )
        apply_patterns(module, [drop()])
        assert body(module)[0] == '%a = "test.op"() : () -> i32'

    def test_a_rule_that_wants_a_single_user_sees_that_one_is_left(self):
        @rewrite_rule
        def merge(op: SubiOp, rewriter: PatternRewriter) -> None:
            if isinstance(op.lhs.owner, MuliOp) and op.lhs.has_one_use():
                rewriter.replace(op, (), [op.rhs])

        @rewrite_rule
        def drop(op: AddiOp, rewriter: PatternRewriter) -> None:
            rewriter.replace(op, (), [op.rhs])

        module = parse(
            "func.func @f(%x: i32) -> (i32, i32) {\n%m = arith.muli %x, %x : i32\n%s = arith.subi %m, %x : i32\n"
            "%a = arith.addi %m, %x : i32\nfunc.return %s, %a : i32, i32\n}"
        )
        apply_patterns(module, [merge(), drop()])
        assert body(module) == ["func.return %x, %x : i32, i32"]


class TestRecording:
    def test_applications_and_reasons_are_counted(self):
        module = parse(
            """
            func.func @f(%x: i32, %y: i32) -> i32 {
              %a = arith.muli %x, %y : i32 loc("model.py":7:0)
              %b = arith.muli %a, %a : i32
              %c = arith.muli %b, %y : i32
              %d = arith.muli %c, %x : i32
              func.return %d : i32
            }
            """
        )
        rule = Rule("my-pass", "square_to_shift")
        with recording() as log:
            apply_patterns(module, [square_to_shift()], pass_name="my-pass")
        assert log.applied == {rule: 1}
        assert log.declined == {
            Decline(rule, "arith.muli", "model.py:7", "the factors differ"): 1,
            Decline(rule, "arith.muli", "", "the factors differ"): 2,
        }
        assert log.explain().splitlines() == [
            "my-pass: square_to_shift: applied 1, declined 3",
            "  arith.muli (model.py:7): the factors differ",
            "  arith.muli: the factors differ (2 times)",
        ]

    def test_an_operation_that_was_rewritten_later_is_not_reported(self):
        @rewrite_rule
        def mul_to_add(op: MuliOp, rewriter: PatternRewriter) -> None:
            rewriter.replace(op, AddiOp(op.lhs, op.rhs))

        module = parse("func.func @f(%x: i32, %y: i32) -> i32 {\n%a = arith.muli %x, %y : i32\nfunc.return %a : i32\n}")
        with recording() as log:
            apply_patterns(module, [square_to_shift(), mul_to_add()])
        assert not log.declined

    def test_runs_do_not_see_each_other(self):
        with recording() as outer:
            with recording() as inner:
                apply_patterns(parse(ONE_ADD), [AddToSub()])
            assert inner.applied
        assert not outer.applied


class TestMistakes:
    def test_an_exception_names_the_rule_and_the_place(self):
        @rewrite_rule
        def broken(op: AddiOp, rewriter: PatternRewriter) -> None:
            raise KeyError("lhs")

        with pytest.raises(EtcError) as caught:
            apply_patterns(parse(ONE_ADD), [broken()], pass_name="my-pass")
        assert str(caught.value) == (
            "model.py:3: arith.addi: my-pass: broken failed: KeyError: 'lhs'\n"
            "  next: this is a mistake in the rule; ETC_TRACEBACK=1 shows where"
        )

    def test_our_own_errors_pass_through(self):
        @rewrite_rule
        def refuse(op: AddiOp, rewriter: PatternRewriter) -> None:
            raise EtcError("no addition here")

        with pytest.raises(EtcError, match="^no addition here$"):
            apply_patterns(parse(ONE_ADD), [refuse()])

    def test_rules_that_undo_each_other_are_stopped(self):
        @rewrite_rule
        def back(op: SubiOp, rewriter: PatternRewriter) -> None:
            rewriter.replace(op, AddiOp(op.lhs, op.rhs))

        with pytest.raises(EtcError) as caught:
            apply_patterns(parse(ONE_ADD), [AddToSub(), back()], pass_name="my-pass")
        assert re.sub(r"\d{4,}", "N", str(caught.value)) == (
            "model.py:3: arith.addi: pass my-pass does not come to an end\n"
            "  found: the rules applied most often are AddToSub (N times), back (N times)\n"
            "  next: make each rule decline what the others produce"
        )

    def test_stages_are_checked_around_a_pass(self):
        @dataclass(frozen=True)
        class Ending(AddToSubPass):
            end_stage = "edge"

        with pytest.raises(EtcError) as caught:
            Ending().apply(Context(), parse(ONE_ADD))
        assert str(caught.value) == 'stage "edge": arith.subi is not allowed here (model.py:3)'


@pytest.mark.parametrize("recursive", [True, False])
def test_work_grows_with_the_program_not_faster(recursive: bool):
    """The number of rule invocations per operation is the same for 200 and for 2000 operations."""

    def invocations(count: int) -> int:
        calls = 0

        @rewrite_rule
        def add_to_sub(op: AddiOp, rewriter: PatternRewriter) -> None:
            nonlocal calls
            calls += 1
            rewriter.replace(op, SubiOp(op.lhs, op.rhs))

        @rewrite_rule
        def watch(op: SubiOp, rewriter: PatternRewriter) -> None:
            nonlocal calls
            calls += 1

        block = Block(arg_types=[i32])
        value = block.args[0]
        for _ in range(count):
            block.add_op(op := AddiOp(value, value))
            value = op.result
        block.add_op(ReturnOp(value))
        module = ModuleOp([FuncOp("f", ((i32,), (i32,)), Region(block))])
        apply_patterns(module, [add_to_sub(), watch()], recursive=recursive)
        return calls

    assert invocations(2000) <= 10 * invocations(200) + 50
