"""The small static functions that expressions call, emitted only when used.

A function is a template over the element type: `MAX` at f32 becomes `net_max_f32`. In a template `{T}` is the C type,
`{U}` the unsigned one, `{N}` the bits, `{NU}` the same without sign; `{name}` is this function,
and functions that it needs stand under their names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import f32, f64
from xdsl.ir import Attribute

from etc.emit.c.names import Names
from etc.emit.c.values import c_type, suffix, width


@dataclass(frozen=True)
class Support:
    """A static function. `needs`: others that it calls, at the same type; `headers`: standard headers."""

    name: str
    template: str
    needs: tuple[Support, ...] = ()
    headers: tuple[str, ...] = ()


_SHORT = "static inline {T} {name}({T} a, {T} b)\n{{\n  return %s;\n}}\n"

MIN = Support("min", _SHORT % "(a < b) ? a : b")
MAX = Support("max", _SHORT % "(a > b) ? a : b")
MIN_UNSIGNED = Support("minu", _SHORT % "(({U})a < ({U})b) ? a : b")
MAX_UNSIGNED = Support("maxu", _SHORT % "(({U})a > ({U})b) ? a : b")

_SATURATED = """\
/* The nearest number of %(bits)d bits. */
static inline int32_t {name}(int32_t a)
{{
#if defined(__GNUC__) && defined(__ARM_FEATURE_SAT)
  return __builtin_arm_ssat(a, %(bits)d);
#else
  return (a < %(low)d) ? %(low)d : ((a > %(high)d) ? %(high)d : a);
#endif
}}
"""
SATURATE = {
    bits: Support(
        f"saturate_i{bits}", _SATURATED % {"bits": bits, "low": -(1 << (bits - 1)), "high": (1 << (bits - 1)) - 1}
    )
    for bits in (8, 16)
}
"""By the number of bits that is left of an int32. Compilers make one instruction of it only where it stands alone."""

MINIMUM = Support("minimum", "/* NaN if one of them is. */\n" + _SHORT % "((a < b) || (a != a)) ? a : b")
MAXIMUM = Support("maximum", "/* NaN if one of them is. */\n" + _SHORT % "((a > b) || (a != a)) ? a : b")
AT_MOST = Support("at_most", "/* min(a, b), NaN if a is; b is a number. */\n" + _SHORT % "(b < a) ? b : a")
AT_LEAST = Support("at_least", "/* max(a, b), NaN if a is; b is a number. */\n" + _SHORT % "(a < b) ? b : a")
MINIMUM_NUMBER = Support("minnum", "/* The one that is a number. */\n" + _SHORT % "((a < b) || (b != b)) ? a : b")
MAXIMUM_NUMBER = Support("maxnum", "/* The one that is a number. */\n" + _SHORT % "((a > b) || (b != b)) ? a : b")

_TEST = "static inline bool {name}({T} a, {T} b)\n{{\n  return %s;\n}}\n"

ORDERED = Support("ordered", _TEST % "(a == a) && (b == b)")
UNORDERED = Support("unordered", _TEST % "(a != a) || (b != b)")
LESS_OR_GREATER = Support("less_or_greater", _TEST % "(a < b) || (a > b)")

FLOOR_DIVIDE = Support(
    "floor_div",
    """\
static inline {T} {name}({T} a, {T} b)
{{
  const {T} q = {c}(a / b);
  return ((a % b != 0) && ((a < 0) != (b < 0))) ? {c}(q - 1) : q;
}}
""",
)
CEIL_DIVIDE = Support(
    "ceil_div",
    """\
static inline {T} {name}({T} a, {T} b)
{{
  const {T} q = {c}(a / b);
  return ((a % b != 0) && ((a < 0) == (b < 0))) ? {c}(q + 1) : q;
}}
""",
)
CEIL_DIVIDE_UNSIGNED = Support(
    "ceil_divu",
    """\
static inline {T} {name}({T} a, {T} b)
{{
  const {U} q = {cu}(({U})a / ({U})b);
  return ({T})((({U})a % ({U})b != 0U) ? {cu}(q + 1U) : q);
}}
""",
)

SHIFT_LEFT = Support(
    "shl", "/* 0 when all bits are shifted out. */\n" + _SHORT % "(({U})b < {NU}) ? ({T})({cu}(({U})a << ({U})b)) : 0"
)
SHIFT_RIGHT = Support(
    "shr",
    "/* The sign when all bits are shifted out. */\n" + _SHORT % "({T})(a >> ((({U})b < {NU}) ? ({U})b : {NU} - 1U))",
)
SHIFT_RIGHT_UNSIGNED = Support(
    "shru", "/* 0 when all bits are shifted out. */\n" + _SHORT % "(({U})b < {NU}) ? ({T})({cu}(({U})a >> ({U})b)) : 0"
)

ABSOLUTE = Support("abs", "static inline {T} {name}({T} a)\n{{\n  return (a < 0) ? ({T})({cu}(0U - ({U})a)) : a;\n}}\n")
POWER = Support(
    "pow",
    """\
static {T} {name}({T} base, {T} exponent)
{{
  {U} result = 1;
  {U} square = ({U})base;
  if (exponent < 0) {{
    if (base == 1) {{
      return 1;
    }}
    if (base != -1) {{
      return 0;
    }}
  }}
  for ({U} rest = ({U})exponent; rest != 0U; rest = {cu}(rest >> 1)) {{
    if ((rest & 1U) != 0U) {{
      result = {cu}({p}result * square);
    }}
    square = {cu}({p}square * square);
  }}
  return ({T})result;
}}
""",
)
LEADING_ZEROS = Support(
    "ctlz",
    """\
static {T} {name}({T} a)
{{
  {T} n = {N};
  for ({U} rest = ({U})a; rest != 0U; rest = {cu}(rest >> 1)) {{
    n = {c}(n - 1);
  }}
  return n;
}}
""",
)
TRAILING_ZEROS = Support(
    "cttz",
    """\
static {T} {name}({T} a)
{{
  {T} n = 0;
  for ({U} rest = ({U})a; (n < {N}) && ((rest & 1U) == 0U); rest = {cu}(rest >> 1)) {{
    n = {c}(n + 1);
  }}
  return n;
}}
""",
)
ONES = Support(
    "ctpop",
    """\
static {T} {name}({T} a)
{{
  {T} n = 0;
  for ({U} rest = ({U})a; rest != 0U; rest = {cu}(rest & (rest - 1U))) {{
    n = {c}(n + 1);
  }}
  return n;
}}
""",
)

MULTIPLY_HIGH_UNSIGNED = Support(
    "mulhu",
    """\
/* The upper half of the product. */
static {T} {name}({T} a, {T} b)
{{
  const {U} mask = (({U})1 << ({N} / 2)) - 1U;
  const {U} a0 = ({U})a & mask;
  const {U} a1 = ({U})a >> ({N} / 2);
  const {U} b0 = ({U})b & mask;
  const {U} b1 = ({U})b >> ({N} / 2);
  const {U} middle = a1 * b0 + ((a0 * b0) >> ({N} / 2));
  return ({T})(a1 * b1 + (middle >> ({N} / 2)) + ((a0 * b1 + (middle & mask)) >> ({N} / 2)));
}}
""",
)
MULTIPLY_HIGH = Support(
    "mulh",
    """\
/* The upper half of the product. */
static {T} {name}({T} a, {T} b)
{{
  const {U} high = ({U}){mulhu}(a, b);
  return ({T})(high - ((a < 0) ? ({U})b : 0U) - ((b < 0) ? ({U})a : 0U));
}}
""",
    needs=(MULTIPLY_HIGH_UNSIGNED,),
)

BITS_OF_FLOAT = Support(
    "bits",
    """\
static inline int{N}_t {name}({T} a)
{{
  int{N}_t bits;
  (void)memcpy(&bits, &a, sizeof bits);
  return bits;
}}
""",
    headers=("string.h",),
)
FLOAT_OF_BITS = Support(
    "float",
    """\
static inline {T} {name}(int{N}_t bits)
{{
  {T} a;
  (void)memcpy(&a, &bits, sizeof a);
  return a;
}}
""",
    headers=("string.h",),
)

FROM_F16 = Support(
    "from_f16",
    """\
static float {name}(uint16_t half)
{{
  const uint32_t sign = ((uint32_t)half & 0x8000U) << 16;
  const uint32_t exponent = ((uint32_t)half >> 10) & 0x1FU;
  const uint32_t mantissa = (uint32_t)half & 0x3FFU;
  uint32_t bits;
  float a;
  if (exponent == 0x1FU) {{
    bits = sign | 0x7F800000U | (mantissa << 13);
  }} else if (exponent != 0U) {{
    bits = sign | ((exponent + 112U) << 23) | (mantissa << 13);
  }} else {{
    a = (float)mantissa * 5.9604644775390625e-8f; /* 2 to the -24 */
    return (sign != 0U) ? -a : a;
  }}
  (void)memcpy(&a, &bits, sizeof a);
  return a;
}}
""",
    headers=("string.h",),
)
TO_F16 = Support(
    "to_f16",
    """\
/* Rounds to the nearest half, ties to even. */
static uint16_t {name}(float a)
{{
  uint32_t bits;
  uint32_t sign;
  uint32_t shift = 13U;
  uint32_t mantissa;
  uint32_t rest;
  uint32_t half;
  (void)memcpy(&bits, &a, sizeof bits);
  sign = (bits >> 16) & 0x8000U;
  bits &= 0x7FFFFFFFU;
  if (bits > 0x7F800000U) {{
    return (uint16_t)(sign | 0x7E00U);
  }}
  if (bits >= 0x47800000U) {{
    return (uint16_t)(sign | 0x7C00U);
  }}
  if (bits < 0x33000000U) {{
    return (uint16_t)sign;
  }}
  if (bits >= 0x38800000U) {{
    mantissa = bits - 0x38000000U;
  }} else {{
    shift = 126U - (bits >> 23);
    mantissa = (bits & 0x7FFFFFU) | 0x800000U;
  }}
  half = mantissa >> shift;
  rest = mantissa & ((1U << shift) - 1U);
  if ((rest > (1U << (shift - 1U))) || ((rest == (1U << (shift - 1U))) && ((half & 1U) != 0U))) {{
    half += 1U;
  }}
  return (uint16_t)(sign | half);
}}
""",
    headers=("string.h",),
)
FROM_BF16 = Support(
    "from_bf16",
    """\
static inline float {name}(uint16_t half)
{{
  const uint32_t bits = (uint32_t)half << 16;
  float a;
  (void)memcpy(&a, &bits, sizeof a);
  return a;
}}
""",
    headers=("string.h",),
)
TO_BF16 = Support(
    "to_bf16",
    """\
/* Rounds to the nearest, ties to even. */
static inline uint16_t {name}(float a)
{{
  uint32_t bits;
  (void)memcpy(&bits, &a, sizeof bits);
  if (a != a) {{
    return 0x7FC0U;
  }}
  return (uint16_t)((bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16);
}}
""",
    headers=("string.h",),
)


class SupportLibrary:
    """The support functions that a program uses, in an order in which each stands before its first use."""

    def __init__(self, prefix: str, names: Names):
        self._prefix, self._names = prefix, names
        self._texts: dict[str, str] = {}
        self._c_names: dict[str, str] = {}
        self.headers: set[str] = set()

    def use(self, function: Support, type: Attribute | None = None) -> str:
        """The C name of `function` at `type`; from now on the program has it."""
        wanted = f"{self._prefix}_{function.name}" + (f"_{suffix(type)}" if type is not None else "")
        if wanted not in self._c_names:
            name = self._c_names[wanted] = self._names.take(wanted)
            needs = {other.name: self.use(other, type) for other in function.needs}
            self._texts[name] = function.template.format(name=name, **needs, **_facts(type))
            self.headers.update(function.headers)
        return self._c_names[wanted]

    def libm(self, base: str, type: Attribute) -> str:
        """The name of a function of <math.h> at `type`."""
        if type not in (f32, f64):
            raise TypeError(f"{base} of {type}")
        self.headers.add("math.h")
        return base + "f" if type == f32 else base

    def texts(self) -> Iterator[str]:
        return iter(self._texts.values())


def _facts(type: Attribute | None) -> dict[str, Any]:
    """What templates say about a type. {c} and {cu} cast back what C has promoted to int; {p} keeps products of
    unsigned short from being computed as int, where they would overflow."""
    if type is None:
        return {}
    signed = c_type(type)
    n = 32 if type == f32 else 64 if type == f64 else width(type)
    u = f"uint{n}_t" if n else "size_t"
    small = n in (8, 16)
    return {
        "T": signed,
        "U": u,
        "N": n or "(8 * (ptrdiff_t)sizeof(size_t))",
        "NU": f"{n}U" if n else "(8U * sizeof(size_t))",
        "c": f"({signed})" if small else "",
        "cu": f"({u})" if small else "",
        "p": "1U * " if small else "",
    }
