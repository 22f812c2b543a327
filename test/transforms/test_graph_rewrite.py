"""Rules whose sides are methods on edge: what matches, what is declined and why, what is built."""

from __future__ import annotations

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from etc.compiler import context
from etc.dialects.program import methods
from etc.errors import EtcError
from etc.runtime.torch_executor import execute
from etc.transforms.graph_rewrite import graph_rewrite
from etc.transforms.rewrite_log import recording
from etc.transforms.rewriting import apply_patterns
from etc.transforms.verification import verify_program

SIDES = """
func.func @pattern(%x: tensor<2x4xf32>, %y: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %e = edge.exp(%x) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %m = edge.mul(%e, %y) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  %s = edge.softmax(%m, dim=1, half_to_float=false) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %s : tensor<2x4xf32>
}
func.func @replacement(%x: tensor<2x4xf32>, %y: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %t = edge.tanh(%y) : (tensor<2x4xf32>) -> tensor<2x4xf32>
  %s = edge.add(%t, %x) : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
  func.return %s : tensor<2x4xf32>
}
"""


def parse(text: str) -> ModuleOp:
    module = Parser(context(), text).parse_module()
    verify_program(module)
    return module


def rewrite(text: str, sides: str = SIDES) -> tuple[str, list[str]]:
    """The program after the rule, and the reasons why the rule declined."""
    rule = graph_rewrite("rule", *methods(parse(sides)))
    module = parse(text)
    with recording() as log:
        apply_patterns(module, [rule()])
    verify_program(module)
    return str(module), [decline.reason for decline in log.declined]


def program(*lines: str, inputs: str = "%a: tensor<3x5xf32>, %b: tensor<3x5xf32>", result: str = "%s") -> str:
    text = "\n".join(lines)
    return f"func.func @forward({inputs}) -> tensor<3x5xf32> {{\n{text}\nfunc.return {result} : tensor<3x5xf32>\n}}"


BINARY, UNARY = "(tensor<3x5xf32>, tensor<3x5xf32>) -> tensor<3x5xf32>", "(tensor<3x5xf32>) -> tensor<3x5xf32>"
EXP, SOFTMAX = f"%e = edge.exp(%a) : {UNARY}", f"%s = edge.softmax(%m, dim=1, half_to_float=false) : {UNARY}"
MUL = f"%m = edge.mul(%e, %b) : {BINARY}"


@pytest.mark.parametrize("mul", [MUL, f"%m = edge.mul(%b, %e) : {BINARY}"])
def test_other_sizes_and_swapped_operands_match(mul: str) -> None:
    text, declined = rewrite(program(EXP, mul, SOFTMAX))
    assert declined == []
    assert [line.split(" = ")[1].split("(")[0] for line in text.splitlines() if " = " in line] == [
        "edge.tanh",
        "edge.add",
    ]
    assert "edge.tanh(%b) : (tensor<3x5xf32>) -> tensor<3x5xf32>" in text
    assert "%a) : (tensor<3x5xf32>, tensor<3x5xf32>)" in text


def test_the_replacement_computes_what_it_says() -> None:
    import torch

    text, _ = rewrite(program(EXP, MUL, SOFTMAX))
    a, b = torch.randn(3, 5), torch.randn(3, 5)
    (found,) = execute(parse(text), "forward", [a, b])
    torch.testing.assert_close(found, b.tanh() + a)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ((EXP, MUL, SOFTMAX.replace("dim=1", "dim=0")), "dim of edge.softmax is 0, not 1"),
        ((EXP.replace("exp", "neg"), MUL, SOFTMAX), "edge.neg stands where edge.exp is expected"),
        ((f"%m = edge.mul(%a, %b) : {BINARY}", SOFTMAX), "an input stands where edge.exp is expected"),
        (
            (EXP, MUL, SOFTMAX.replace("%s", "%t"), f"%s = edge.add(%t, %e) : {BINARY}"),
            "the result of edge.exp has another user",
        ),
    ],
)
def test_what_is_declined(lines: tuple[str, ...], reason: str) -> None:
    text, declined = rewrite(program(*lines))
    assert declined == [reason]
    assert "edge.softmax" in text


def test_another_rank_is_declined() -> None:
    matrix, row = "tensor<3x5xf32>", "tensor<5xf32>"
    mul = f"%m = edge.mul(%e, %b) : ({matrix}, {row}) -> {matrix}"
    text = program(EXP, mul, SOFTMAX, inputs=f"%a: {matrix}, %b: {row}")
    assert rewrite(text)[1] == ["%y has rank 1, not 2"]


def test_another_dtype_is_declined() -> None:
    text = program(EXP, MUL, SOFTMAX).replace("f32", "f64")
    assert rewrite(text)[1] == ["%x is float64, not float32"]


def test_an_argument_that_is_used_twice_is_one_value() -> None:
    sides = SIDES.replace("edge.mul(%e, %y)", "edge.mul(%e, %x)").replace("edge.tanh(%y)", "edge.tanh(%x)")
    assert rewrite(program(EXP, MUL, SOFTMAX), sides)[1] == ["two different values stand for %x"]
    assert rewrite(program(EXP, MUL.replace("%b", "%a"), SOFTMAX), sides)[1] == []


def test_a_replacement_of_another_type_is_declined() -> None:
    """The pattern broadcasts, the replacement does not."""
    sides = SIDES.replace("edge.add(%t, %x)", "edge.mul(%t, %t)")
    wide, narrow = "tensor<3x5xf32>", "tensor<1x5xf32>"
    mul = f"%m = edge.mul(%e, %b) : ({wide}, {narrow}) -> {wide}"
    text = program(EXP, mul, SOFTMAX, inputs=f"%a: {wide}, %b: {narrow}")
    assert rewrite(text, sides)[1] == ["the replacement computes tensor<1x5xf32>, not tensor<3x5xf32>"]


CONSTANT = """
func.func @pattern(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = program.constant dense<[2.0]> : tensor<f32>
  %m = edge.mul(%x, %c) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  func.return %m : tensor<2xf32>
}
func.func @replacement(%x: tensor<2xf32>) -> tensor<2xf32> {
  %c = program.constant dense<[3.0]> : tensor<f32>
  %m = edge.atan2(%x, %c) : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  func.return %m : tensor<2xf32>
}
"""


@pytest.mark.parametrize(("number", "declined"), [("2.0", []), ("2.5", ["a constant has another type or content"])])
def test_constants_are_equal(number: str, declined: list[str]) -> None:
    text = (
        "func.func @forward(%x: tensor<7xf32>) -> tensor<7xf32> {\n"
        f"%c = program.constant dense<[{number}]> : tensor<f32>\n"
        "%m = edge.mul(%x, %c) : (tensor<7xf32>, tensor<f32>) -> tensor<7xf32>\n"
        "func.return %m : tensor<7xf32>\n}"
    )
    found, reasons = rewrite(text, CONSTANT)
    assert reasons == declined
    assert ("edge.atan2" in found) == (not declined)
    assert ("dense<[3.0]>" in found) == (not declined)


PATTERN = SIDES.split("func.func @replacement")[0]
SAME = PATTERN + PATTERN.replace("@pattern", "@replacement")


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        (SIDES.replace("func.return %s", "func.return %x", 1), "rule: the pattern computes nothing"),
        (SIDES.replace("edge.mul(%e, %y)", "edge.mul(%e, %e)"), "rule: the replacement uses argument 1, the pattern"),
        (SAME, "rule: the replacement does what the pattern does by the same operations, so it would never end\n"),
    ],
)
def test_sides_that_make_no_rule(sides: str, message: str) -> None:
    with pytest.raises(EtcError) as error:
        graph_rewrite("rule", *methods(parse(sides)))
    assert str(error.value).startswith(message)
