"""Names of the generated program: what C and C++ reserve is never used, and two things in one scope never share one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from etc.errors import EtcError

# C99 and C11; C++ up to C++20; what compilers of embedded systems add
_KEYWORDS = """
    auto break case char const continue default do double else enum extern float for goto if inline int long register
    restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Bool
    _Complex _Imaginary _Alignas _Alignof _Atomic _Generic _Noreturn _Static_assert _Thread_local

    alignas alignof and and_eq asm bitand bitor bool catch char8_t char16_t char32_t class compl concept consteval
    constexpr constinit const_cast co_await co_return co_yield decltype delete dynamic_cast explicit export false
    friend mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public
    reinterpret_cast requires static_assert static_cast template this thread_local throw true try typeid typename
    using virtual wchar_t xor xor_eq

    far near huge interrupt typeof fortran
"""

_MATH = """
    acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim floor fma
    fmax fmin fmod frexp hypot ilogb ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nan
    nearbyint nextafter nexttoward pow remainder remquo rint round scalbln scalbn sin sinh sqrt tan tanh tgamma trunc
"""

_OTHERS = """
    ptrdiff_t size_t intptr_t uintptr_t intmax_t uintmax_t NULL INFINITY NAN HUGE_VAL HUGE_VALF EOF
    assert errno signgam j0 j1 jn y0 y1 yn gamma main memcpy memmove memset memcmp abs div malloc free
    isnan isinf isfinite signbit fpclassify offsetof complex imaginary I unix linux i386 arm PI M_PI min max index
"""

KEYWORDS = frozenset(_KEYWORDS.split())

STANDARD = frozenset(
    [
        *(name + suffix for name in _MATH.split() for suffix in ("", "f", "l")),
        *(f"{u}int{kind}{n}_t" for u in ("", "u") for kind in ("", "_least", "_fast") for n in (8, 16, 32, 64)),
        *_OTHERS.split(),
    ]
)
"""Names of the standard headers, and macros that some systems define; a local of that name would hide or break them."""

RESERVED = KEYWORDS | STANDARD


def identifier(text: str, fallback: str = "v") -> str:
    """The C identifier nearest to `text`: `conv1.weight` is conv1_weight; reserved words get another ending.

    C++ reserves two underscores in a row, and C some names that start with one.
    """
    name = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_]", "_", text)).strip("_") or fallback
    if name[0].isdigit():
        name = f"{fallback}{name}"
    return f"{name}_v" if name in RESERVED else name


def check_prefix(prefix: str) -> None:
    """Raise an EtcError unless `prefix` can start all names of a program and name its files."""
    next_step = "choose another name: letters, digits and single underscores, a letter first"
    if prefix.startswith("_"):
        raise EtcError(
            f'"{prefix}" cannot be the name of a C program: C reserves names that start with an underscore',
            next_step=next_step,
        )
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", prefix):
        raise EtcError(f'"{prefix}" cannot be the name of a C program', expected="a C identifier", next_step=next_step)
    if prefix in RESERVED:
        raise EtcError(f'"{prefix}" cannot be the name of a C program: C or C++ reserves it', next_step=next_step)
    if "__" in prefix or prefix.endswith("_"):
        raise EtcError(
            f'"{prefix}" cannot be the name of a C program: with it names would have two underscores in a row',
            next_step=next_step,
        )


class Names:
    """The names in use: of an enclosing scope and of blocks inside, innermost last."""

    def __init__(self, taken: Iterable[str] = ()):
        self._blocks: list[set[str]] = [set(taken)]

    def enter(self) -> None:
        self._blocks.append(set())

    def leave(self) -> None:
        self._blocks.pop()

    def take(self, wanted: str, fallback: str = "v") -> str:
        """A free identifier near `wanted`, from now on in use in the innermost block."""
        base = identifier(wanted, fallback)
        name, count = base, 1
        while any(name in block for block in self._blocks):
            count += 1
            name = f"{base}_{count}" if base[-1].isdigit() else f"{base}{count}"
        self._blocks[-1].add(name)
        return name
