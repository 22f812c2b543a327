"""Programs with choices and loops, beside what plain Python makes of the same inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch._higher_order_ops import map as torch_map
from torch._higher_order_ops.scan import scan
from torch._higher_order_ops.while_loop import while_loop

cond: Callable[..., Any] = torch.cond
mapped: Callable[..., Any] = torch_map
_ROWS = torch.export.Dim("rows", min=2, max=9)


class Case(NamedTuple):
    """`traced` and `plain` take the model, for its weights, and the inputs. Every one of `inputs` is run."""

    traced: Callable[..., Any]
    plain: Callable[..., Any]
    inputs: list[tuple[Any, ...]]
    dynamic_shapes: Any = None


class Model(nn.Module):
    """A function with a linear layer to close over."""

    def __init__(self, function: Callable[..., Any]):
        super().__init__()
        self.function, self.linear = function, nn.Linear(4, 4)
        with torch.no_grad():
            self.linear.weight.copy_(torch.linspace(-0.5, 0.6, 16).view(4, 4))
            self.linear.bias.copy_(torch.linspace(-0.1, 0.1, 4))

    def forward(self, *inputs: Any) -> Any:
        return self.function(self, *inputs)


def _draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def _repeat(count: int, step: Callable[..., tuple[Any, ...]], *carried: Any) -> tuple[Any, ...]:
    """`step(i, *carried)` for i from 0 to `count`; the last carried values with `count` before them."""
    for i in range(count):
        carried = step(i, *carried)
    return (count, *carried)


def _fold(step: Callable[..., tuple[Any, Any]], carried: Any, rows: Tensor) -> tuple[Any, Tensor]:
    stacked: list[Tensor] = []
    for row in rows:
        carried, kept = step(carried, row)
        stacked.append(kept)
    return carried, torch.stack(stacked)


X, Y = _draw(3, 4), _draw(3, 4, seed=1)
POSITIVE, NEGATIVE = X.abs(), -X.abs()


def _newton(x: Tensor) -> tuple[Tensor, Tensor]:
    steps, root = torch.tensor(0), torch.ones(())
    while bool((root * root - x).abs() > 1e-4):
        steps, root = steps + 1, (root + x / root) / 2
    return steps, root


def _countdown(x: Tensor) -> Tensor:
    for _ in range(5):
        x = x - 1.5 if x.sum() > 0 else x.abs() + 1
    return x


def _traced_nested(m: Any, x: Tensor) -> Tensor:
    def inner(i: Tensor, v: Tensor) -> Tensor:
        start = torch.zeros((), dtype=torch.int64)
        return while_loop(lambda j, w: j < i, lambda j, w: (j + 1, m.linear(w) + x), (start, v * 2))[1]

    return while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, inner(i, v)), (torch.tensor(0), x))[1]


def _plain_nested(m: Any, x: Tensor) -> Tensor:
    v = x
    for i in range(3):
        v = v * 2
        for _ in range(i):
            v = m.linear(v) + x
    return v


CASES: dict[str, Case] = {
    # choices
    "cond": Case(
        lambda m, x: cond(x.sum() > 0, lambda a: a + 1, lambda a: a * 2, (x,)),
        lambda m, x: x + 1 if x.sum() > 0 else x * 2,
        [(POSITIVE,), (NEGATIVE,)],
    ),
    "cond_of_several_results": Case(
        lambda m, x, y: cond(x.sum() > 0, lambda a, b: (a + b, b.sum(0)), lambda a, b: (a * b, a[0] - 1), (x, y)),
        lambda m, x, y: (x + y, y.sum(0)) if x.sum() > 0 else (x * y, x[0] - 1),
        [(POSITIVE, Y), (NEGATIVE, Y)],
    ),
    "cond_with_weights": Case(
        lambda m, x: cond(x.sum() > 0, lambda a: m.linear(a), lambda a: a - m.linear.bias, (x,)) + x,
        lambda m, x: (m.linear(x) if x.sum() > 0 else x - m.linear.bias) + x,
        [(POSITIVE,), (NEGATIVE,)],
    ),
    "cond_in_cond": Case(
        lambda m, x: cond(
            x.sum() > 0,
            lambda a: cond(a.sum() > 9, lambda b: m.linear(b), lambda b: b - 1, (a,)),
            lambda a: a * 2,
            (x,),
        ),
        lambda m, x: x * 2 if x.sum() <= 0 else m.linear(x) if x.sum() > 9 else x - 1,
        [(POSITIVE,), (POSITIVE * 5,), (NEGATIVE,)],
    ),
    "cond_of_sizes": Case(
        lambda m, x: cond(x.shape[0] > 4, lambda a: a + 1, lambda a: a * 2, (x,)),
        lambda m, x: x + 1 if x.shape[0] > 4 else x * 2,
        [(_draw(n, 4),) for n in (3, 5, 9, 2)],
        ({0: _ROWS},),
    ),
    "cond_of_channels_last": Case(
        lambda m, x: cond(
            x.sum() > 0,
            lambda a: torch.relu(a.to(memory_format=torch.channels_last) - 0.5),
            lambda a: a * 2,
            (x.clone(memory_format=torch.channels_last),),
        ).contiguous(),
        lambda m, x: torch.relu(x - 0.5) if x.sum() > 0 else x * 2,
        [(_draw(1, 3, 4, 5).abs(),), (-_draw(1, 3, 4, 5).abs(),)],
    ),
    "cond_gives_an_operand_back": Case(
        lambda m, x, y: cond(x.sum() > 0, lambda a, b: a.clone(), lambda a, b: b.clone(), (x, y)) * x,
        lambda m, x, y: (x if x.sum() > 0 else y) * x,
        [(POSITIVE, Y), (NEGATIVE, Y)],
    ),
    # while loops
    "while_counted_by_a_tensor": Case(
        lambda m, x: while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, m.linear(v)), (torch.tensor(0), x)),
        lambda m, x: (torch.tensor(3), _repeat(3, lambda i, v: (m.linear(v),), x)[1]),
        [(X,), (Y,)],
    ),
    "while_counted_by_a_number": Case(
        lambda m, x: while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * i + 1), (0, x)),
        lambda m, x: _repeat(3, lambda i, v: (v * i + 1,), x),
        [(X,)],
    ),
    "while_indexes_with_its_number": Case(
        lambda m, x: while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * 2 + x[i]), (0, x[0]))[1],
        lambda m, x: _repeat(3, lambda i, v: (v * 2 + x[i],), x[0])[1],
        [(X,)],
    ),
    "while_as_often_as_rows": Case(
        lambda m, x: while_loop(
            lambda i, v: i < v.shape[0], lambda i, v: (i + 2, v * i + (i * 3 + 1) // 2), (x.shape[0] - 2, x)
        )[1],
        lambda m, x: x * (x.shape[0] - 2) + ((x.shape[0] - 2) * 3 + 1) // 2,
        [(_draw(n, 4),) for n in (3, 9, 2)],
        ({0: _ROWS},),
    ),
    "while_until_close": Case(
        lambda m, x: while_loop(
            lambda i, r: (r * r - x).abs() > 1e-4,
            lambda i, r: (i + 1, (r + x / r) / 2),
            (torch.tensor(0), torch.ones(())),
        ),
        lambda m, x: _newton(x),
        [(torch.tensor(v),) for v in (2.0, 100.0, 1.0)],
    ),
    "while_of_no_rounds": Case(
        lambda m, x: while_loop(lambda i, v: i < 0, lambda i, v: (i + 1, m.linear(v)), (torch.tensor(0), x)),
        lambda m, x: (torch.tensor(0), x),
        [(X,)],
    ),
    "while_as_often_as_data_say": Case(
        lambda m, x, n: while_loop(lambda i, v: i < n, lambda i, v: (i + 1, v + x), (torch.tensor(0), x))[1],
        lambda m, x, n: x * (int(n) + 1),
        [(X, torch.tensor(n)) for n in (0, 1, 7, 0)],
    ),
    "while_swaps": Case(
        lambda m, x, y: while_loop(
            lambda i, a, b: i < 3, lambda i, a, b: (i + 1, b.clone(), a.clone()), (torch.tensor(0), x, y)
        )[1:],
        lambda m, x, y: (y, x),
        [(X, Y)],
    ),
    "while_rotates_three_and_adds": Case(
        lambda m, x, y: while_loop(
            lambda i, a, b, c: i < 4,
            lambda i, a, b, c: (i + 1, b.clone(), c.clone(), a + b * 0.5),
            (torch.tensor(0), x, y, x * y),
        )[1:],
        lambda m, x, y: _repeat(4, lambda i, a, b, c: (b, c, a + b * 0.5), x, y, x * y)[1:],
        [(X, Y)],
    ),
    "while_reads_what_was_before_it": Case(
        lambda m, x, y: while_loop(
            lambda i, v: i < 4, lambda i, v: (i + 1, v.tanh() + (x * 2).exp() - y.sin()), (torch.tensor(0), x.cos())
        )[1] + (x * 2).exp(),
        lambda m, x, y: _repeat(4, lambda i, v: (v.tanh() + (x * 2).exp() - y.sin(),), x.cos())[1] + (x * 2).exp(),
        [(X, Y)],
    ),
    "while_writes_to_rows": Case(
        lambda m, x: while_loop(
            lambda i, v: i < 3,
            lambda i, v: (i + 1, v.index_put((i.view(1),), v.index_select(0, i.view(1)) * 2 + 1)),
            (torch.tensor(0), x),
        )[1],
        lambda m, x: x * 2 + 1,
        [(X,)],
    ),
    "while_of_bools_and_integers": Case(
        lambda m, x: while_loop(
            lambda i, s, v: s.any(), lambda i, s, v: (i + 1, s & (v > 3), v - 2), (torch.tensor(0), x > 0, x)
        ),
        lambda m, x: (torch.tensor(3), torch.zeros(4, dtype=torch.bool), x - 6),
        [(torch.tensor([1, 7, -4, 5]),)],
    ),
    "cond_in_while": Case(
        lambda m, x: while_loop(
            lambda i, v: i < 5,
            lambda i, v: (i + 1, cond(v.sum() > 0, lambda a: a - 1.5, lambda a: a.abs() + 1, (v,))),
            (torch.tensor(0), x),
        )[1],
        lambda m, x: _countdown(x),
        [(X,), (POSITIVE,), (NEGATIVE,)],
    ),
    "while_in_while": Case(_traced_nested, _plain_nested, [(X,)]),
    # scans and maps
    "scan": Case(
        lambda m, x: scan(lambda c, r: (c + r, (c + r) * 2), torch.zeros(4), x),
        lambda m, x: (x.sum(0), x.cumsum(0) * 2),
        [(X,)],
    ),
    "scan_of_dynamic_length": Case(
        lambda m, x: scan(lambda c, r: (m.linear(c) + r, c.clone()), torch.zeros(4), x),
        lambda m, x: _fold(lambda c, r: (m.linear(c) + r, c), torch.zeros(4), x),
        [(_draw(n, 4),) for n in (4, 9, 2, 5)],
        ({0: _ROWS},),
    ),
    "scan_backwards_along_columns": Case(
        lambda m, x: scan(lambda c, r: (c * 0.5 + r, c + 1), torch.zeros(3), x, dim=1, reverse=True)[1],
        lambda m, x: _fold(lambda c, r: (c * 0.5 + r, c + 1), torch.zeros(3), x.flip(1).mT)[1].flip(0).mT,
        [(X,)],
    ),
    "scan_of_numbers": Case(
        lambda m, x: scan(lambda c, r: (c + r, c * r), torch.tensor(1), x),
        lambda m, x: _fold(lambda c, r: (c + r, c * r), torch.tensor(1), x),
        [(torch.tensor([3, -1, 4, 1, 5]),)],
    ),
    "map": Case(
        lambda m, x, y: mapped(lambda row, scale: m.linear(row) * scale, x, y[0]),
        lambda m, x, y: m.linear(x) * y[0],
        [(X, Y)],
    ),
    "map_of_dynamic_length": Case(
        lambda m, x: mapped(lambda row, bias: (row + bias).sum(), x, m.linear.bias),
        lambda m, x: (x + m.linear.bias).sum(1),
        [(_draw(n, 4),) for n in (4, 9, 2)],
        ({0: _ROWS},),
    ),
    "map_of_two_to_two": Case(
        lambda m, x, y: mapped(lambda rows: (rows[0] + rows[1], rows[0].sum()), (x, y)),
        lambda m, x, y: (x + y, x.sum(1)),
        [(X, Y)],
    ),
    "scan_in_cond": Case(
        lambda m, x: cond(
            x.sum() > 0, lambda a: scan(lambda c, r: (c + r, c * 2), torch.zeros(4), a)[1], lambda a: a * 2, (x,)
        ),
        lambda m, x: (x.cumsum(0) - x) * 2 if x.sum() > 0 else x * 2,
        [(POSITIVE,), (NEGATIVE,)],
    ),
}  # fmt: skip
