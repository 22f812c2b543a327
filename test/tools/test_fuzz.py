"""Mutated text and pipelines: always a message or a program, never a traceback, never a hang."""

from __future__ import annotations

import contextlib
import io
import sys
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from etc.tools import opt

HERE = Path(__file__).parent
SEEDS = [
    *(HERE / "program-errors.mlir").read_text().split("// -----"),
    *(HERE.parent / "transforms" / "cse.mlir").read_text().split("// -----"),
    "func.func @f(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {\n"
    '  %0 = aten.relu(%x) : (tensor<2x3xf32>) -> tensor<2x3xf32> loc("m.py":1:2)\n'
    "  %1 = aten.add.Tensor(%0, %0, alpha=2) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>\n"
    "  func.return %1 : tensor<2x3xf32>\n}\n",
    "program.global mutable buffer @w : tensor<2xf32> = dense<[1.0, 2.0]>\n"
    "%0 = program.load @w : tensor<2xf32>\nprogram.store %0, @w : tensor<2xf32>\n"
    "%1 = program.constant dense<0x7FC00000> : tensor<f32>\n",
]
FRAGMENTS = [
    *(
        "%",
        "%x",
        "^bb0",
        "@",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        "->",
        ":",
        "=",
        "#",
        "!",
        "//",
        '"',
        '"\\',
        "\0",
        "\n",
    ),
    *("dense<", "tensor<?x", "loc(", "-1", "99999999999999999999", "0x", "1e999", "i0", "f7", "é"),
]
BOUNDS = settings(max_examples=150, deadline=timedelta(seconds=30), derandomize=True, database=None)


def run(arguments: list[str], text: str) -> tuple[int, str]:
    """The exit code and what was written to standard error."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = opt.main(arguments)
    finally:
        sys.stdin = stdin
    return code, err.getvalue()


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 12))
        text = text[:at] + draw(st.sampled_from(FRAGMENTS) | st.text(max_size=3)) + text[at + length :]
    return text.encode("utf-8", "ignore").decode()


@BOUNDS
@given(text=mutated())
def test_mutated_text(text: str):
    code, err = run(["-", "-p", "canonicalize,cse,dce"], text)
    assert code in (0, 1)
    assert "internal error" not in err
    assert all(line.startswith("etc-opt: error: ") for line in err.splitlines()[:1])
    assert (code == 0) == (err == "")


@BOUNDS
@given(
    pieces=st.lists(
        st.sampled_from(
            ["cse", "verify-stage", "{", "}", "=", "stage", "edge", ",", " ", "builtin.module(", ")", '"', "3"]
        )
        | st.text(max_size=2),
        max_size=8,
    )
)
def test_mutated_pipelines(pieces: list[str]):
    code, err = run(["-", "-p=" + "".join(pieces)], "builtin.module {}")
    assert code in (0, 2)
    assert "internal error" not in err
    assert (code == 0) == (err == "")
