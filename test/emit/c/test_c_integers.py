"""Every integer operation as C, against Python's integers, at all widths and at the edges of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from c_programs import Case, differences, elementwise_module, inputs_of, run

WIDTHS = (8, 16, 32, 64)


def _edges(bits: int) -> list[int]:
    low, high = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return sorted({low, low + 1, -100, -7, -2, -1, 0, 1, 2, 3, 7, 100, high - 1, high})


def _pairs(bits: int) -> tuple[list[int], list[int]]:
    edges = _edges(bits)
    return [a for a in edges for _ in edges], [b for _ in edges for b in edges]


def _wrap(number: int, bits: int) -> int:
    half = 1 << (bits - 1)
    return (number + half) % (1 << bits) - half


def _u(number: int, bits: int) -> int:
    return number % (1 << bits)


def _trunc_div(a: int, b: int) -> int:
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def _array(numbers: list[int], bits: int) -> np.ndarray:
    return np.array([_wrap(n, bits) for n in numbers], f"int{bits}")


Function = Callable[[int, int, int], int]

BINARY: dict[str, Function] = {
    "arith.addi": lambda a, b, n: a + b,
    "arith.subi": lambda a, b, n: a - b,
    "arith.muli": lambda a, b, n: a * b,
    "arith.andi": lambda a, b, n: a & b,
    "arith.ori": lambda a, b, n: a | b,
    "arith.xori": lambda a, b, n: a ^ b,
    "arith.minsi": lambda a, b, n: min(a, b),
    "arith.maxsi": lambda a, b, n: max(a, b),
    "arith.minui": lambda a, b, n: min(_u(a, n), _u(b, n)),
    "arith.maxui": lambda a, b, n: max(_u(a, n), _u(b, n)),
}
QUOTIENTS: dict[str, Function] = {
    "arith.divsi": lambda a, b, n: _trunc_div(a, b),
    "arith.remsi": lambda a, b, n: a - b * _trunc_div(a, b),
    "arith.divui": lambda a, b, n: _u(a, n) // _u(b, n),
    "arith.remui": lambda a, b, n: _u(a, n) % _u(b, n),
    "arith.floordivsi": lambda a, b, n: a // b,
    "arith.ceildivsi": lambda a, b, n: -(-a // b),
    "arith.ceildivui": lambda a, b, n: -(-_u(a, n) // _u(b, n)),
}
SHIFTS: dict[str, Function] = {
    "arith.shli": lambda a, b, n: a << b if b < n else 0,
    "arith.shrsi": lambda a, b, n: a >> min(b, n - 1),
    "arith.shrui": lambda a, b, n: _u(a, n) >> b if b < n else 0,
}
PREDICATES: dict[str, Callable[[int, int], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}
UNARY: dict[str, Callable[[int, int], int]] = {
    "math.absi": lambda a, n: abs(a),
    "math.ctlz": lambda a, n: n - _u(a, n).bit_length(),
    "math.cttz": lambda a, n: n if a == 0 else (_u(a, n) & -_u(a, n)).bit_length() - 1,
    "math.ctpop": lambda a, n: _u(a, n).bit_count(),
}


def _case(name: str, body: str, bits: int, a: list[int], b: list[int], wanted: list[int], result: str = "") -> Case:
    result = result or f"i{bits}"
    of = np.array(wanted, np.uint8) if result == "i1" else _array(wanted, int(result[1:]))
    inputs = {"a": (f"i{bits}", _array(a, bits)), "b": (f"i{bits}", _array(b, bits))}
    return Case(f"{name.partition('.')[2] or name}_{bits}", body, inputs, result, of)


def _binary_cases(bits: int) -> Iterator[Case]:
    a, b = _pairs(bits)
    t = f"i{bits}"

    def cases(table: dict[str, Function], a: list[int], b: list[int]) -> Iterator[Case]:
        for op, function in table.items():
            wanted = [function(x, y, bits) for x, y in zip(a, b, strict=True)]
            yield _case(op, f"%r = {op} %a, %b : {t}", bits, a, b, wanted)

    yield from cases(BINARY, a, b)
    lowest = -(1 << (bits - 1))
    defined = [(x, y) for x, y in zip(a, b, strict=True) if y != 0 and not (x == lowest and y == -1)]
    yield from cases(QUOTIENTS, [x for x, _ in defined], [y for _, y in defined])
    shifts = [(x, s) for x in _edges(bits) for s in (0, 1, bits // 2, bits - 1, bits, bits + 3)]
    yield from cases(SHIFTS, [x for x, _ in shifts], [s for _, s in shifts])
    for suffix, function in PREDICATES.items():
        for sign in ("",) if suffix in ("eq", "ne") else ("s", "u"):
            xs, ys = ([_u(v, bits) if sign == "u" else v for v in part] for part in (a, b))
            wanted = [int(function(x, y)) for x, y in zip(xs, ys, strict=True)]
            yield _case(
                f"cmpi_{sign}{suffix}", f"%r = arith.cmpi {sign}{suffix}, %a, %b : {t}", bits, a, b, wanted, "i1"
            )
    chosen = [max(x, y) for x, y in zip(a, b, strict=True)]
    choose = f"%c = arith.cmpi sgt, %a, %b : {t}\n %r = arith.select %c, %a, %b : {t}"
    yield _case("select", choose, bits, a, b, chosen)
    powers = [(x, e) for x in (-3, -1, 0, 1, 2, 7, 100) for e in (-2, -1, 0, 1, 2, 5, 31)]
    defined = [(x, e) for x, e in powers if x != 0 or e >= 0]
    wanted = [x**e if e >= 0 else {1: 1, -1: (-1) ** (-e)}.get(x, 0) for x, e in defined]
    yield _case(
        "ipowi", f"%r = math.ipowi %a, %b : {t}", bits, [x for x, _ in defined], [e for _, e in defined], wanted
    )


def _constant_cases(bits: int) -> Iterator[Case]:
    """What is spelt otherwise when an operand is known."""
    a = _edges(bits)
    t = f"i{bits}"
    for number in (-1, 3, _edges(bits)[0], _edges(bits)[-1]):
        for op in ("arith.addi", "arith.muli", "arith.subi", "arith.xori"):
            body = f"%k = arith.constant {number} : {t}\n %r = {op} %a, %k : {t}"
            yield _case(f"{op}_k", body, bits, a, a, [BINARY[op](x, number, bits) for x in a])
    for number in (-(1 << (bits - 1)), 0, 1, (1 << (bits - 1)) - 1, -1):
        for predicate, function in PREDICATES.items():
            for sign in ("",) if predicate in ("eq", "ne") else ("s", "u"):
                k = f"%k = arith.constant {number} : {t}\n"
                xs, y = ([_u(x, bits) for x in a], _u(number, bits)) if sign == "u" else (a, number)
                body = f"{k} %r = arith.cmpi {sign}{predicate}, %a, %k : {t}"
                yield _case("cmpi_k", body, bits, a, a, [int(function(x, y)) for x in xs], "i1")
                body = f"{k} %r = arith.cmpi {sign}{predicate}, %k, %a : {t}"
                yield _case("k_cmpi", body, bits, a, a, [int(function(y, x)) for x in xs], "i1")
    for shift in (0, 1, bits - 1, bits):
        for op, function in SHIFTS.items():
            body = f"%k = arith.constant {shift} : {t}\n %r = {op} %a, %k : {t}"
            yield _case(f"{op}_k", body, bits, a, a, [function(x, shift, bits) for x in a])
    body = f"%p = arith.muli %a, %b : {t}\n %s = arith.addi %p, %a : {t}\n %r = arith.subi %s, %b : {t}"
    yield _case("nested", body, bits, a, a, [x * x for x in a])


def _unary_cases(bits: int) -> Iterator[Case]:
    a = _edges(bits)
    for op, function in UNARY.items():
        yield _case(op, f"%r = {op} %a : i{bits}", bits, a, a, [function(x, bits) for x in a])


def _extended_cases(bits: int) -> Iterator[Case]:
    a, b = _pairs(bits)
    pairs = list(zip(a, b, strict=True))
    t = f"i{bits}"
    carry = [int(_u(x, bits) + _u(y, bits) >= 1 << bits) for x, y in pairs]
    yield _case("carry", f"%s, %r = arith.addui_extended %a, %b : {t}, i1", bits, a, b, carry, "i1")
    yield _case("sum", f"%r, %c = arith.addui_extended %a, %b : {t}, i1", bits, a, b, [x + y for x, y in pairs])
    for sign, product in (("s", lambda x, y: x * y), ("u", lambda x, y: _u(x, bits) * _u(y, bits))):
        op = f"arith.mul{sign}i_extended"
        yield _case(f"{op}_low", f"%r, %h = {op} %a, %b : {t}", bits, a, b, [product(x, y) for x, y in pairs])
        yield _case(f"{op}_high", f"%l, %r = {op} %a, %b : {t}", bits, a, b, [product(x, y) >> bits for x, y in pairs])


def _width_cases(bits: int) -> Iterator[Case]:
    a = _edges(bits)
    t = f"i{bits}"
    for to in WIDTHS:
        if to > bits:
            for op, sign in (("arith.extsi", lambda x: x), ("arith.extui", lambda x: _u(x, bits))):
                for number in (-1, 0, (1 << bits) - 1, 1 << bits, -(1 << (bits - 1))):
                    k = f"%k = arith.constant {number} : i{to}\n %x = {op} %a : {t} to i{to}\n"
                    body = f"{k} %r = arith.cmpi sgt, %x, %k : i{to}"
                    yield _case(f"cmpi_{op}_{to}", body, bits, a, a, [int(sign(x) > number) for x in a], "i1")
                body = f"%r = {op} %a : {t} to i{to}"
                yield _case(f"{op}_{to}", body, bits, a, a, [sign(x) for x in a], f"i{to}")
            wide = f"%x = arith.extsi %a : {t} to i{to}\n %y = arith.extsi %b : {t} to i{to}"
            body = f"{wide}\n %p = arith.muli %x, %y : i{to}\n %q = arith.addi %p, %p : i{to}\n"
            body += f" %r = arith.addi %q, %x : i{to}"
            yield _case(f"widened_{to}", body, bits, a, a, [2 * x * x + x for x in a], f"i{to}")
        if to < bits:
            yield _case(f"trunci_{to}", f"%r = arith.trunci %a : {t} to i{to}", bits, a, a, a, f"i{to}")
    yield _case("trunci_1", f"%r = arith.trunci %a : {t} to i1", bits, a, a, [x & 1 for x in a], "i1")
    a = [x for x in a if abs(x) < 1 << 31]  # an index never overflows
    index = f"%x = arith.index_cast %a : {t} to index\n %y = arith.index_cast %b : {t} to index\n"
    for op in ("addi", "subi", "muli", "minsi", "maxsi"):
        body = f"{index} %z = arith.{op} %x, %y : index\n %r = arith.index_cast %z : index to {t}"
        yield _case(f"index_{op}", body, bits, a, a, [BINARY[f"arith.{op}"](x, x, 64) for x in a])
    divisors = [3 if x == 0 else x for x in a if x != -1]
    dividends = [x for x in a if x != -1]
    for op in ("divsi", "remsi", "floordivsi", "ceildivsi", "divui", "remui", "ceildivui"):
        body = f"{index} %z = arith.{op} %x, %y : index\n %r = arith.index_cast %z : index to {t}"
        wanted = [QUOTIENTS[f"arith.{op}"](x, y, 64) for x, y in zip(dividends, divisors, strict=True)]
        yield _case(f"index_{op}", body, bits, dividends, divisors, wanted)


def _truth_cases() -> Iterator[Case]:
    a, b = np.array([0, 0, 1, 1], np.uint8), np.array([0, 1, 0, 1], np.uint8)
    inputs = {"a": ("i1", a), "b": ("i1", b)}
    table = {
        "andi": a & b,
        "ori": a | b,
        "xori": a ^ b,
        "addi": a ^ b,
        "muli": a & b,
        "minui": a & b,
        "maxui": a | b,
        "minsi": a | b,
        "maxsi": a & b,
    }
    for op, wanted in table.items():
        yield Case(f"truth_{op}", f"%r = arith.{op} %a, %b : i1", inputs, "i1", wanted)
    signed = {0: 0, 1: -1}
    for name, sign in (("s", signed), ("u", {0: 0, 1: 1})):
        for suffix in ("lt", "le", "gt", "ge"):
            wanted = np.array([PREDICATES[suffix](sign[x], sign[y]) for x, y in zip(a, b, strict=True)], np.uint8)
            yield Case(f"truth_{name}{suffix}", f"%r = arith.cmpi {name}{suffix}, %a, %b : i1", inputs, "i1", wanted)
    negate = "%t = arith.constant true\n %r = arith.xori %a, %t : i1"
    yield Case("truth_not", negate, inputs, "i1", 1 - a)
    for width in WIDTHS:
        extended = f"%r = arith.extsi %a : i1 to i{width}"
        yield Case(f"truth_extsi_{width}", extended, inputs, f"i{width}", -a.astype(f"int{width}"))
        extended = f"%r = arith.extui %a : i1 to i{width}"
        yield Case(f"truth_extui_{width}", extended, inputs, f"i{width}", a.astype(f"int{width}"))
    nested = "%x = arith.andi %a, %b : i1\n %y = arith.xori %x, %a : i1\n %r = arith.ori %y, %b : i1"
    yield Case("truth_nested", nested, inputs, "i1", ((a & b) ^ a) | b)
    branch = "%r = arith.select %a, %b, %a : i1"
    yield Case("truth_select", branch, inputs, "i1", np.where(a != 0, b, a))


def _saturation_cases() -> Iterator[Case]:
    """Clamped to all of a smaller type, and to almost all of it: what has an instruction and what has none."""
    a = [*_edges(32), *(end + more for end in (-32768, -128, 127, 32767) for more in (-1, 0, 1))]
    for low, high in ((-128, 127), (-32768, 32767), (-127, 127), (0, 255), (-128, 32767)):
        body = f"""%low = arith.constant {low} : i32
        %high = arith.constant {high} : i32
        %m = arith.maxsi %a, %low : i32
        %r = arith.minsi %m, %high : i32"""
        name = f"clamp_{low}_{high}".replace("-", "m")
        yield _case(name, body, 32, a, a, [min(max(x, low), high) for x in a])


def cases_of(bits: int) -> list[Case]:
    """All cases of one width; of width 1 those of truth values."""
    if bits == 1:
        return list(_truth_cases())
    return [
        *_binary_cases(bits),
        *_constant_cases(bits),
        *_unary_cases(bits),
        *_extended_cases(bits),
        *_width_cases(bits),
        *(_saturation_cases() if bits == 32 else ()),
    ]


@pytest.mark.parametrize("bits", [1, *WIDTHS])
def test_integers_are_what_they_are_in_the_ir(bits: int, tmp_path: Path) -> None:
    cases = cases_of(bits)
    assert not differences(cases, run(elementwise_module(cases), tmp_path, inputs_of(cases)))
