"""Every floating-point operation as C, against NumPy: infinities, NaN, signed zeros, halves bit by bit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from c_programs import Case, differences, elementwise_module, inputs_of, run

BITS = {"f32": 32, "f64": 64}
Function = Callable[..., Any]


def _dtype(type: str) -> str:
    return f"float{type[1:]}"


def _edges(type: str) -> list[float]:
    tiny = float(np.finfo(_dtype(type)).tiny)
    return [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.5, 1e-3, 1234.5, -7.25, tiny, math.inf, -math.inf, math.nan]


def _pairs(type: str) -> tuple[np.ndarray, np.ndarray]:
    edges = _edges(type)
    a, b = zip(*((x, y) for x in edges for y in edges), strict=True)
    return np.array(a, _dtype(type)), np.array(b, _dtype(type))


BINARY: dict[str, Function] = {
    "arith.addf": np.add,
    "arith.subf": np.subtract,
    "arith.mulf": np.multiply,
    "arith.divf": np.divide,
    "arith.maximumf": np.maximum,
    "arith.minimumf": np.minimum,
    "arith.maxnumf": np.fmax,
    "arith.minnumf": np.fmin,
    "math.copysign": np.copysign,
    "math.atan2": np.arctan2,
    "math.powf": np.power,
}
UNARY: dict[str, Function] = {
    "arith.negf": np.negative,
    "math.absf": np.abs,
    "math.ceil": np.ceil,
    "math.floor": np.floor,
    "math.trunc": np.trunc,
    "math.roundeven": np.rint,
    "math.round": lambda x: np.copysign(np.floor(np.abs(x) + 0.5), x),
    "math.sqrt": np.sqrt,
    "math.rsqrt": lambda x: 1 / np.sqrt(x),
    "math.cbrt": np.cbrt,
    "math.exp": np.exp,
    "math.exp2": np.exp2,
    "math.expm1": np.expm1,
    "math.log": np.log,
    "math.log2": np.log2,
    "math.log10": np.log10,
    "math.log1p": np.log1p,
    "math.sin": np.sin,
    "math.cos": np.cos,
    "math.tan": np.tan,
    "math.sinh": np.sinh,
    "math.cosh": np.cosh,
    "math.tanh": np.tanh,
    "math.asin": np.arcsin,
    "math.acos": np.arccos,
    "math.atan": np.arctan,
    "math.asinh": np.arcsinh,
    "math.acosh": np.arccosh,
    "math.atanh": np.arctanh,
    "math.erf": lambda x: np.array([math.erf(v) for v in x.astype(float)], x.dtype),
}
EXACT = {"arith.", "math.absf", "math.ceil", "math.floor", "math.trunc", "math.round", "math.sqrt", "math.copysign"}

PREDICATES: dict[str, Function] = {
    "oeq": lambda a, b, un: ~un & (a == b),
    "ogt": lambda a, b, un: ~un & (a > b),
    "oge": lambda a, b, un: ~un & (a >= b),
    "olt": lambda a, b, un: ~un & (a < b),
    "ole": lambda a, b, un: ~un & (a <= b),
    "one": lambda a, b, un: ~un & (a != b),
    "ord": lambda a, b, un: ~un,
    "ueq": lambda a, b, un: un | (a == b),
    "ugt": lambda a, b, un: un | (a > b),
    "uge": lambda a, b, un: un | (a >= b),
    "ult": lambda a, b, un: un | (a < b),
    "ule": lambda a, b, un: un | (a <= b),
    "une": lambda a, b, un: un | (a != b),
    "uno": lambda a, b, un: un,
    "false": lambda a, b, un: un & ~un,
    "true": lambda a, b, un: un | ~un,
}


def _tolerance(op: str, type: str) -> float:
    return 0.0 if any(op.startswith(e) for e in EXACT) else 1e-5 if type == "f32" else 1e-12


def _cases(type: str) -> Iterator[Case]:
    a, b = _pairs(type)
    both = {"a": (type, a), "b": (type, b)}
    for op, function in BINARY.items():
        yield Case(op.partition(".")[2], f"%r = {op} %a, %b : {type}", both, type, function(a, b), _tolerance(op, type))
    edges = np.array(_edges(type), _dtype(type))
    one = {"a": (type, edges)}
    for op, function in UNARY.items():
        yield Case(op.partition(".")[2], f"%r = {op} %a : {type}", one, type, function(edges), _tolerance(op, type))
    for predicate, function in PREDICATES.items():
        wanted = function(a, b, np.isnan(a) | np.isnan(b)).astype(np.uint8)
        yield Case(f"cmpf_{predicate}", f"%r = arith.cmpf {predicate}, %a, %b : {type}", both, "i1", wanted)
    same = np.isnan(a).astype(np.uint8)
    yield Case("isnan", f"%r = arith.cmpf uno, %a, %a : {type}", both, "i1", same)
    yield Case("isnumber", f"%r = arith.cmpf ord, %a, %a : {type}", both, "i1", 1 - same)
    for op, function in (("arith.maximumf", np.maximum), ("arith.minimumf", np.minimum)):
        for number in (0.5, -1.0):
            for operands in ("%a, %k", "%k, %a"):
                body = f"%k = arith.constant {number} : {type}\n %r = {op} {operands} : {type}"
                yield Case(f"{op[6:]}_constant", body, one, type, function(edges, edges.dtype.type(number)))
    fma = f"%r = math.fma %a, %b, %a : {type}"
    yield Case("fma", fma, both, type, a * b + a, 1e-6)
    exponents = np.array([-2, -1, 0, 1, 2, 3] * 2, np.int32)
    bases = np.array([1.5, -2.0, 3.0, -0.5, 7.0, -1.0] * 2, _dtype(type))
    powers = {"a": (type, bases), "e": ("i32", exponents)}
    yield Case("fpowi", f"%r = math.fpowi %a, %e : {type}, i32", powers, type, bases ** exponents.astype(float), 1e-6)


def _literal_cases(type: str) -> Iterator[Case]:
    """Constants come out bit by bit."""
    a = np.zeros(1, _dtype(type))
    rng = np.random.default_rng(0)
    bits = rng.integers(0, 1 << BITS[type], 40, np.uint64).astype(f"uint{BITS[type]}")
    info = np.finfo(_dtype(type))
    special = [info.max, info.min, info.tiny, info.smallest_subnormal, -0.0, 0.1, 1 / 3, 1e22, math.inf, -math.inf]
    numbers = [*bits.view(_dtype(type)), *np.array(special, _dtype(type))]
    for number in numbers:
        if number != number:
            continue
        pattern = int(number.view(f"uint{BITS[type]}"))
        body = f"%r = arith.constant 0x{pattern:0{BITS[type] // 4}X} : {type}"
        yield Case("literal", body, {"a": (type, a)}, type, np.array([number]))


def _conversion_cases() -> Iterator[Case]:
    f32 = np.array([0, -0.0, 1.5, -3.75, 100.25, -128, 127, 65504, -65536.5, 1e6], np.float32)
    yield Case("extf", "%r = arith.extf %a : f32 to f64", {"a": ("f32", f32)}, "f64", f32.astype(np.float64))
    f64 = np.array([0.1, 1 / 3, -1e300, 1e-300, math.inf, math.nan], np.float64)
    with np.errstate(over="ignore"):
        yield Case("truncf", "%r = arith.truncf %a : f64 to f32", {"a": ("f64", f64)}, "f32", f64.astype(np.float32))
    for bits in (8, 16, 32, 64):
        inside = f32[np.abs(f32) < 2 ** min(bits - 1, 31)] if bits > 8 else f32[:7]
        wanted = inside.astype(f"int{bits}")
        body = f"%r = arith.fptosi %a : f32 to i{bits}"
        yield Case(f"fptosi_{bits}", body, {"a": ("f32", inside)}, f"i{bits}", wanted)
        natural = np.abs(inside)
        wanted = natural.astype(f"uint{bits}")
        body = f"%r = arith.fptoui %a : f32 to i{bits}"
        yield Case(f"fptoui_{bits}", body, {"a": ("f32", natural)}, f"i{bits}", wanted)
        edges = [0, 1, -1, 100, -(1 << (bits - 1)), (1 << (bits - 1)) - 1]
        integers = np.array(edges, f"int{bits}")
        for type in ("f32", "f64"):
            given = {"a": (f"i{bits}", integers)}
            signed, natural = integers.astype(_dtype(type)), integers.view(f"uint{bits}").astype(_dtype(type))
            yield Case(f"sitofp_{bits}", f"%r = arith.sitofp %a : i{bits} to {type}", given, type, signed)
            yield Case(f"uitofp_{bits}", f"%r = arith.uitofp %a : i{bits} to {type}", given, type, natural)
    truth = {"a": ("i1", np.array([0, 1], np.uint8))}
    yield Case("uitofp_1", "%r = arith.uitofp %a : i1 to f32", truth, "f32", np.array([0, 1], np.float32))
    yield Case("sitofp_1", "%r = arith.sitofp %a : i1 to f32", truth, "f32", np.array([0, -1], np.float32))
    for type, bits in BITS.items():
        edges = np.array(_edges(type), _dtype(type))
        raw = edges.view(f"int{bits}")
        body = f"%r = arith.bitcast %a : {type} to i{bits}"
        yield Case(f"bits_{type}", body, {"a": (type, edges)}, f"i{bits}", raw)
        body = f"%r = arith.bitcast %a : i{bits} to {type}"
        yield Case(f"float_{type}", body, {"a": (f"i{bits}", raw)}, type, edges)


def _half_cases() -> Iterator[Case]:
    """All 65536 halves, and floats at and beside every tie between two of them."""
    import torch

    every = np.arange(65536, dtype=np.uint16)
    for name, kind in (("f16", torch.float16), ("bf16", torch.bfloat16)):
        halves = torch.from_numpy(every.view(np.int16)).view(kind)
        given = {"a": (name, every.view(np.float16) if name == "f16" else every)}
        wide = halves.float().numpy()
        yield Case(f"from_{name}", f"%r = arith.extf %a : {name} to f32", given, "f32", wide)
        yield Case(f"{name}_f64", f"%r = arith.extf %a : {name} to f64", given, "f64", wide.astype(np.float64))
        finite = np.sort(wide[np.isfinite(wide)])
        ties = ((finite[:-1].astype(np.float64) + finite[1:]) / 2).astype(np.float32)
        beyond = np.array([65519.9, 65520, 1e30, -1e30, math.inf, -math.inf, 3.4e38, 1e-45], np.float32)
        tried = np.concatenate(
            [ties, np.nextafter(ties, np.float32(9e9)), np.nextafter(ties, np.float32(-9e9)), beyond]
        )
        expected = torch.from_numpy(tried).to(kind).view(torch.int16).numpy()
        to_bits = f"%h = arith.truncf %a : f32 to {name}\n %r = arith.bitcast %h : {name} to i16"
        yield Case(f"to_{name}", to_bits, {"a": ("f32", tried)}, "i16", expected)
        back = f"%h = arith.truncf %a : f32 to {name}\n %r = arith.extf %h : {name} to f32"
        nan = np.array([math.nan, -math.nan], np.float32)
        yield Case(f"nan_{name}", back, {"a": ("f32", nan)}, "f32", nan)
    constant = "%h = arith.constant 0.333 : bf16\n %r = arith.extf %h : bf16 to f32"
    wanted = np.array([torch.tensor(0.333).bfloat16().float()], np.float32)
    yield Case("constant_bf16", constant, {"a": ("f32", np.zeros(1, np.float32))}, "f32", wanted)


CASES: dict[str, Callable[[], Iterator[Case]]] = {
    "f32": lambda: _cases("f32"),
    "f64": lambda: _cases("f64"),
    "literals of f32": lambda: _literal_cases("f32"),
    "literals of f64": lambda: _literal_cases("f64"),
    "conversions": _conversion_cases,
    "halves": _half_cases,
}


@pytest.mark.parametrize("group", CASES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_floats_are_what_they_are_in_the_ir(group: str, tmp_path: Path) -> None:
    cases = list(CASES[group]())
    assert not differences(cases, run(elementwise_module(cases), tmp_path, inputs_of(cases)))
