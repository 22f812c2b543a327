"""einsum as permutations, batched matrix products and sums."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

from xdsl.ir import SSAValue

from etc.dialects import symbolic
from etc.dialects.symbolic import Dim
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.decompositions import decomposes
from etc.transforms.decompositions.products import sizes

ELLIPSIS = "..."


@decomposes("einsum")
def einsum(build: AtenBuilder, equation: str, tensors: Sequence[SSAValue]) -> SSAValue:
    """einsum -> permute, multiply and sum dimensions pair by pair, as bmm wherever dimensions are contracted"""
    terms, output = _letters(equation, [len(sizes(t)) for t in tensors])
    operands = [_without_diagonals(build, term, t) for term, t in zip(terms, tensors, strict=True)]
    extents = _extents(operands)
    left, value = operands[0]
    for position, (right, other) in enumerate(operands[1:], start=2):
        needed = set(output).union(*(term for term, _ in operands[position:]))
        left, value = _contract(build, left, value, right, other, needed, extents)
    if summed := [i for i, c in enumerate(left) if c not in output]:
        value, left = build("sum.dim_IntList", value, summed), "".join(c for c in left if c in output)
    order = [left.index(c) for c in output]
    return value if order == list(range(len(order))) else build("permute", value, order)


def _letters(equation: str, ranks: Sequence[int]) -> tuple[list[str], str]:
    """The terms and the output with a letter for each dimension that an ellipsis stands for."""
    inputs, arrow, output = equation.replace(" ", "").partition("->")
    terms = inputs.split(",")
    free = [c for c in string.ascii_letters if c not in equation]
    hidden = [rank - len(term) + len(ELLIPSIS) for term, rank in zip(terms, ranks, strict=True) if ELLIPSIS in term]
    whole = "".join(free[: max(hidden, default=0)])
    if not arrow:
        letters = "".join(terms).replace(".", "")
        output = ELLIPSIS * bool(hidden) + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    counts = iter(hidden)
    named = [term.replace(ELLIPSIS, whole[len(whole) - next(counts) :]) if ELLIPSIS in term else term for term in terms]
    return named, output.replace(ELLIPSIS, whole)


def _without_diagonals(build: AtenBuilder, term: str, value: SSAValue) -> tuple[str, SSAValue]:
    """A letter that occurs twice stands for the diagonal of its dimensions."""
    while (twice := next((c for c in term if term.count(c) > 1), None)) is not None:
        first = term.index(twice)
        second = term.index(twice, first + 1)
        value = build("diagonal", value, 0, first, second)
        term = term[:first] + term[first + 1 : second] + term[second + 1 :] + twice
    return term, value


def _extents(operands: Sequence[tuple[str, SSAValue]]) -> dict[str, Dim]:
    """The size of each letter; a dimension of size 1 broadcasts."""
    found: dict[str, Dim] = {}
    for term, value in operands:
        for letter, size in zip(term, sizes(value), strict=True):
            if found.get(letter, 1) == 1:
                found[letter] = size
    return found


def _contract(
    build: AtenBuilder,
    left: str,
    a: SSAValue,
    right: str,
    b: SSAValue,
    needed: set[str],
    extents: Mapping[str, Dim],
) -> tuple[str, SSAValue]:
    """The product of two terms with the letters summed that nothing needs any more."""
    if alone := [i for i, c in enumerate(left) if c not in right and c not in needed]:
        a, left = build("sum.dim_IntList", a, alone), "".join(c for c in left if c in right or c in needed)
    if alone := [i for i, c in enumerate(right) if c not in left and c not in needed]:
        b, right = build("sum.dim_IntList", b, alone), "".join(c for c in right if c in left or c in needed)
    batch = [c for c in left if c in right and c in needed]
    inner = [c for c in left if c in right and c not in needed]
    rows = [c for c in left if c not in right]
    columns = [c for c in right if c not in left]
    if not inner:
        letters = [*batch, *rows, *columns]
        factors = (_aligned(build, term, value, letters) for term, value in ((left, a), (right, b)))
        return "".join(letters), build("mul.Tensor", *factors)
    size = {c: s for c, s in zip(left, sizes(a), strict=True) if c in rows}
    size |= {c: s for c, s in zip(right, sizes(b), strict=True) if c in columns}
    size |= {c: extents[c] for c in (*batch, *inner)}

    def matrices(value: SSAValue, letters: str, *groups: list[str]) -> SSAValue:
        wanted = [size[c] for c in letters]
        value = value if wanted == list(sizes(value)) else build("expand", value, wanted)
        order = [letters.index(c) for group in groups for c in group]
        value = value if order == list(range(len(order))) else build("permute", value, order)
        return build("view", value, [symbolic.product(size[c] for c in group) for group in groups])

    product = build("bmm", matrices(a, left, batch, rows, inner), matrices(b, right, batch, inner, columns))
    letters = [*batch, *rows, *columns]
    return "".join(letters), build("view", product, [size[c] for c in letters])


def _aligned(build: AtenBuilder, term: str, value: SSAValue, letters: Sequence[str]) -> SSAValue:
    """`value` with a dimension for each letter in order, of size 1 for those that it lacks."""
    own = [term.index(c) for c in letters if c in term]
    value = value if own == list(range(len(own))) else build("permute", value, own)
    known = iter(sizes(value))
    return build("view", value, [next(known) if c in term else 1 for c in letters])
