"""linalg-to-loops computes what linalg.generic means, with every schedule."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from loops_on_numpy import arrays_for, run
from xdsl.context import Context
from xdsl.dialects import linalg, scf
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from etc.dialects import get_all_dialects
from etc.lowering.linalg_to_loops import LinalgToLoopsPass

MUL_ADD = """^bb0(%a: f32, %b: f32, %c: f32):
    %m = arith.mulf %a, %b : f32
    %s = arith.addf %c, %m : f32
    linalg.yield %s : f32
"""


def generic(loops: str, operands: dict[str, tuple[str, str]], body: str, outs: int = 1) -> str:
    """Text of a linalg.generic: `loops` such as "m:p n:p k:r"; operands by name: position and type."""
    names = [loop.split(":")[0] for loop in loops.split()]
    maps = [f"affine_map<({', '.join(names)}) -> ({position})>" for position, _ in operands.values()]
    kinds = ['"parallel"' if loop.endswith(":p") else '"reduction"' for loop in loops.split()]
    listed = [(f"%{name.rstrip('_')}", type) for name, (_, type) in operands.items()]
    groups = []
    for word, group in (("ins", listed[: len(listed) - outs]), ("outs", listed[len(listed) - outs :])):
        if group:
            groups.append(f"{word}({', '.join(n for n, _ in group)} : {', '.join(t for _, t in group)})")
    head = f"linalg.generic {{indexing_maps = [{', '.join(maps)}], iterator_types = [{', '.join(kinds)}]}}"
    return f"{head} {' '.join(groups)} {{\n{body}}}\n"


def function(arguments: dict[str, str], *body: str) -> str:
    listed = ", ".join(f"%{name}: {type}" for name, type in arguments.items())
    return f"func.func @f({listed}) {{\n%zero = arith.constant 0.0 : f32\n{''.join(body)}func.return\n}}"


def matmul(m: str, k: str, n: str, transposed: bool = False) -> str:
    types = {"x": f"memref<{m}x{k}xf32>", "w": f"memref<{n}x{k}xf32>" if transposed else f"memref<{k}x{n}xf32>"}
    types["y"] = f"memref<{m}x{n}xf32>"
    at = {"x": "m, k", "w": "n, k" if transposed else "k, n", "y": "m, n"}
    return function(types, generic("m:p n:p k:r", {name: (at[name], types[name]) for name in types}, MUL_ADD))


def convolution(
    x: tuple[int, int, int], o: int, kernel: tuple[int, int], stride: int, pad: int, depthwise: bool, last: bool
) -> str:
    """Channels last or first, padding folded, bias before, residual and clamp after."""
    c, h, w = x
    oh, ow = ((s + 2 * pad - k) // stride + 1 for s, k in zip((h, w), kernel, strict=True))
    kh, kw = kernel
    inner = "" if depthwise else ", c"
    row, column = f"h * {stride} + i - {pad}", f"w * {stride} + j - {pad}"
    channel = "o" if depthwise else "c"
    types = {
        "x": f"memref<1x{h}x{w}x{c}xf32>" if last else f"memref<1x{c}x{h}x{w}xf32>",
        "w": f"memref<{kh}x{kw}{'' if depthwise else f'x{c}'}x{o}xf32>",
        "bias": f"memref<{o}xf32>",
        "r": f"memref<1x{oh}x{ow}x{o}xf32>" if last else f"memref<1x{o}x{oh}x{ow}xf32>",
    }
    types["y"] = types["r"]
    out = "n, h, w, o" if last else "n, o, h, w"
    dynamic = f"memref<1x?x?x{c}xf32>" if last else f"memref<1x{c}x?x?xf32>"
    return function(
        types,
        f"%t = memref.alloc() : {types['y']}\n",
        f'%p = "memref.cast"(%x) {{loops.padded}} : ({types["x"]}) -> {dynamic}\n',
        generic(
            "n:p o:p h:p w:p",
            {"bias": ("o", types["bias"]), "t": (out, types["y"])},
            "^bb0(%a: f32, %b0: f32):\nlinalg.yield %a : f32\n",
        ),
        generic(
            f"n:p o:p h:p w:p{'' if depthwise else ' c:r'} i:r j:r",
            {
                "p": (f"n, {row}, {column}, {channel}" if last else f"n, {channel}, {row}, {column}", dynamic),
                "w": (f"i, j{inner}, o", types["w"]),
                "t": (out, types["y"]),
            },
            MUL_ADD,
        ),
        generic(
            "n:p o:p h:p w:p",
            {"t": (out, types["y"]), "r": (out, types["y"]), "y": (out, types["y"])},
            "^bb0(%a: f32, %b1: f32, %c: f32):\n%s = arith.addf %a, %b1 : f32\n"
            "%m = arith.maximumf %s, %zero : f32\nlinalg.yield %m : f32\n",
        ),
        f"memref.dealloc %t : {types['y']}\n",
    )


POOL = function(
    {"x": "memref<2x9x9x20xf32>", "y": "memref<2x4x4x20xf32>"},
    "%w = memref.alloc() : memref<3x3xf32>\n",
    generic(
        "n:p h:p w:p c:p i:r j:r",
        {
            "x": ("n, h * 2 + i, w * 2 + j, c", "memref<2x9x9x20xf32>"),
            "w": ("i, j", "memref<3x3xf32>"),
            "y": ("n, h, w, c", "memref<2x4x4x20xf32>"),
        },
        "^bb0(%a: f32, %b: f32, %c: f32):\n%m = arith.maximumf %a, %c : f32\nlinalg.yield %m : f32\n",
    ),
)
MEAN = function(
    {"x": "memref<?x7x70xf32>", "y": "memref<70xf32>"},
    generic(
        "n:r h:r c:p",
        {"x": ("n, h, c", "memref<?x7x70xf32>"), "y": ("c", "memref<70xf32>")},
        "^bb0(%a: f32, %c: f32):\n%m = arith.addf %c, %a : f32\nlinalg.yield %m : f32\n",
    ),
)
ARGMAX = function(
    {"x": "memref<6x9xf32>", "y": "memref<6xf32>", "at": "memref<6xi64>"},
    generic(
        "m:p n:r",
        {"x": ("m, n", "memref<6x9xf32>"), "y": ("m", "memref<6xf32>"), "at": ("m", "memref<6xi64>")},
        "^bb0(%a: f32, %c: f32, %d: i64):\n%i = linalg.index 1 : index\n%j = arith.index_cast %i : index to i64\n"
        "%g = arith.cmpf ogt, %a, %c : f32\n%m = arith.select %g, %a, %c : f32\n%n = arith.select %g, %j, %d : i64\n"
        "linalg.yield %m, %n : f32, i64\n",
        outs=2,
    ),
)
INT8 = function(
    {"x": "memref<5x11xi8>", "w": "memref<11x19xi8>", "y": "memref<5x19xi32>"},
    generic(
        "m:p n:p k:r",
        {"x": ("m, k", "memref<5x11xi8>"), "w": ("k, n", "memref<11x19xi8>"), "y": ("m, n", "memref<5x19xi32>")},
        "^bb0(%a: i8, %b: i8, %c: i32):\n%p = arith.extsi %a : i8 to i32\n%q = arith.extsi %b : i8 to i32\n"
        "%m = arith.muli %p, %q : i32\n%s = arith.addi %c, %m : i32\nlinalg.yield %s : i32\n",
    ),
)
TRANSPOSE = function(
    {"x": "memref<3x4x5xf32>", "y": "memref<5x3x4xf32>"},
    generic(
        "a:p b:p c:p",
        {"x": ("a, b, c", "memref<3x4x5xf32>"), "y": ("c, a, b", "memref<5x3x4xf32>")},
        "^bb0(%a: f32, %c: f32):\n%i = linalg.index 2 : index\n%j = arith.index_cast %i : index to i64\n"
        "%k = arith.sitofp %j : i64 to f32\n%s = arith.addf %a, %k : f32\nlinalg.yield %s : f32\n",
    ),
)
SCALAR = function(
    {"x": "memref<f32>", "y": "memref<f32>"},
    generic(
        "",
        {"x": ("", "memref<f32>"), "y": ("", "memref<f32>")},
        "^bb0(%a: f32, %c: f32):\n%s = arith.addf %a, %c : f32\nlinalg.yield %s : f32\n",
    ),
)


def around(after: str, *before: str) -> str:
    """t = bias; t += x @ w; then `after`, with y and z at hand."""
    types = {"x": "memref<6x6xf32>", "w": "memref<6x6xf32>", "bias": "memref<6xf32>"}
    types |= {"y": "memref<6x6xf32>", "z": "memref<6x6xf32>"}
    return function(
        types,
        "%t = memref.alloc() : memref<6x6xf32>\n",
        elementwise("%a0", bias="n", t="m, n"),
        *before,
        generic(
            "m:p n:p k:r",
            {"x": ("m, k", types["x"]), "w": ("k, n", types["w"]), "t": ("m, n", types["x"])},
            MUL_ADD,
        ),
        after,
    )


def elementwise(result: str, **operands: str) -> str:
    """Elements of the last operand are `result` of those before: their maximum, or one of them."""
    given = ", ".join(f"%a{i}: f32" for i in range(len(operands)))
    body = "%most = arith.maximumf %a0, %a1 : f32\n" if result == "%most" else ""
    typed = {name: (at, "memref<6xf32>" if at in ("m", "n") else "memref<6x6xf32>") for name, at in operands.items()}
    return generic("m:p n:p", typed, f"^bb0({given}):\n{body}linalg.yield {result} : f32\n")


COPY = elementwise("%a0", t="m, n", z="m, n")
ALIASES = {
    "consumer overwrites an operand": around(
        elementwise("%most", t="m, n", w="m, n") + elementwise("%a0", w="m, n", y="m, n")
    ),
    "consumer in place": around(elementwise("%most", y="m, n", t="m, n") + elementwise("%a0", t="m, n", y="m, n")),
    "consumer of two": around(elementwise("%most", t="m, n", y="m, n") + elementwise("%a0", y="m, n", z="m, n")),
    "consumer transposes": around(elementwise("%a0", t="m, n", y="n, m")),
    "consumer reads twice": around(elementwise("%a0", t="n, m", y="m, n") + COPY),
    "bias changes in between": around(COPY, elementwise("%a0", z="m, n", bias="n")),
    "first values are read": around(COPY, elementwise("%a0", t="m, n", y="m, n")),
}


def cases() -> Iterator[tuple[str, str]]:
    yield from {"pool": POOL, "mean": MEAN, "argmax": ARGMAX, "int8": INT8, "transpose": TRANSPOSE}.items()
    yield "scalar", SCALAR
    yield from ALIASES.items()
    for m, k, n in (("9", "7", "21"), ("1", "5", "70"), ("?", "3", "?"), ("5", "?", "24"), ("3", "4", "2")):
        yield f"matmul {m} {k} {n}", matmul(m, k, n)
        yield f"linear {m} {k} {n}", matmul(m, k, n, transposed=True)
    for name, arguments in {
        "3x3": ((2, 4, 7), 18, (3, 3), 1, 1),
        "strided": ((2, 5, 12), 9, (3, 3), 2, 1),
        "wide": ((1, 3, 12), 10, (5, 4), 1, 2),
        "1x1": ((5, 2, 3), 17, (1, 1), 1, 0),
        "narrow": ((2, 3, 3), 4, (3, 3), 1, 1),
    }.items():
        yield f"convolution {name}", convolution(*arguments, depthwise=False, last=True)
        yield f"convolution {name} channels first", convolution(*arguments, depthwise=False, last=False)
    yield "depthwise", convolution((20, 4, 7), 20, (3, 3), 1, 1, depthwise=True, last=True)
    yield "depthwise strided", convolution((9, 5, 9), 9, (3, 3), 2, 1, depthwise=True, last=True)
    yield "depthwise channels first", convolution((2, 4, 18), 2, (3, 3), 1, 1, depthwise=True, last=False)


CASES = dict(cases())
TARGETS = {
    "simd": LinalgToLoopsPass(),
    "no peeling": LinalgToLoopsPass(peel=False),
    "scalar": LinalgToLoopsPass(vector=1, rows=4, peel=False),
    "pairs": LinalgToLoopsPass(vector=2, rows=3),
    "plain": LinalgToLoopsPass(vector=1, rows=1, peel=False),
}


def parsed(text: str) -> ModuleOp:
    context = Context()
    for name, load in get_all_dialects().items():
        context.register_dialect(name, load)
    module = Parser(context, text).parse_module()
    module.verify()
    return module


@cache
def by_definition(case: str) -> list[np.ndarray[Any, Any]]:
    module = parsed(CASES[case])
    arrays = arrays_for(module, "f")
    run(module, "f", *arrays)
    return arrays


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("case", CASES)
def test_same_numbers(case: str, target: str):
    module = parsed(CASES[case])
    found = arrays_for(module, "f")
    TARGETS[target].apply(Context(), module)
    module.verify()
    assert not [op for op in module.walk() if isinstance(op, linalg.ops.GenericOp)]
    run(module, "f", *found)
    for e, f in zip(by_definition(case), found, strict=True):
        np.testing.assert_allclose(f, e, rtol=1e-4, atol=1e-4)
    assert [op for op in module.walk() if isinstance(op, scf.ForOp)] or case == "scalar"
