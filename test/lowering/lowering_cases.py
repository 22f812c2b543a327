"""Small programs that together use what lowering must get right: promotion, numbers, views, memory formats, sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F


class Case(NamedTuple):
    function: Callable[..., Any]
    inputs: tuple[Any, ...]
    dynamic_shapes: Any = None


def _draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def _integers(*shape: int, low: int = -5, high: int = 6, dtype: torch.dtype = torch.int64) -> Tensor:
    return torch.randint(low, high, shape, generator=torch.Generator().manual_seed(1)).to(dtype)


_BATCH = torch.export.Dim("batch", min=1, max=6)
_LENGTH = torch.export.Dim("length", min=3, max=9)

CASES: dict[str, Case] = {
    # numbers and promotion
    "add_number": Case(lambda x: x + 2, (_draw(2, 3),)),
    "integer_plus_float_number": Case(lambda x: x + 2.5, (_integers(2, 3),)),
    "integer_true_division": Case(lambda x, y: x / y, (_integers(2, 3), _integers(2, 3, low=1))),
    "integer_times_float_tensor": Case(lambda x, y: x * y, (_integers(2, 3), _draw(2, 3))),
    "int32_plus_int64": Case(lambda x, y: x + y, (_integers(4, dtype=torch.int32), _integers(4))),
    "rank0_keeps_dtype": Case(lambda x, y: x + y, (_integers(4, dtype=torch.int32), torch.tensor(3))),
    "bool_arithmetic": Case(lambda x: (x > 0) * x + (x > 0), (_draw(5),)),
    "reverse_subtraction": Case(lambda x: 1 - x, (_draw(3),)),
    "alpha": Case(lambda x, y: torch.add(x, y, alpha=2) - torch.sub(x, y, alpha=3), (_draw(3), _draw(3, seed=1))),
    "compare_with_numbers": Case(lambda x: ((x >= 0), (x != 1), (x < 0.5), (x == 2)), (_integers(6),)),
    "powers": Case(lambda x: (x**2, 2**x, x.abs() ** x), (_draw(4),)),
    "division_modes": Case(
        lambda x, y: (torch.div(x, y, rounding_mode="floor"), torch.div(x, 2, rounding_mode="trunc"), x // y),
        (_draw(6) * 5, _draw(6, seed=1) + 3),
    ),
    "clamps": Case(lambda x: (x.clamp(-0.5, 0.5), x.clamp(min=0), F.relu6(x), x.clamp_max(0.1)), (_draw(8),)),
    "clamp_integers": Case(lambda x: x.clamp(-2, 2), (_integers(8),)),
    "where_numbers": Case(lambda x: torch.where(x > 0, x, 0.0), (_draw(4),)),
    "where_promotes": Case(lambda x, y: torch.where(x > 0, x, y), (_draw(4), _integers(4))),
    "logical": Case(lambda x, y: (x.logical_and(y), x ^ y, ~x, x | y), (_integers(6) > 0, _integers(6) > 1)),
    "bitwise": Case(lambda x: (x & 3, x | 1, x ^ x, ~x), (_integers(6),)),
    "maximum_promotes": Case(lambda x, y: torch.maximum(x, y), (_integers(4), _draw(4))),
    "cat_promotes": Case(lambda x, y: torch.cat([x, y]), (_integers(4), _draw(4))),
    "casts": Case(lambda x: (x.to(torch.int32), x.double(), x.bool(), x.to(torch.float16)), (_draw(5) * 4,)),
    "float_of_integers": Case(lambda x: (x.float().exp(), torch.sqrt(x.abs()), x.sigmoid()), (_integers(5),)),
    "reductions_of_integers": Case(lambda x: (x.sum(), x.sum(0), x.amax(1), x.any(), x.all(1)), (_integers(3, 4),)),
    "mean_and_variance": Case(lambda x: (x.mean(), x.var(1), x.std(), x.mean((0, 2), True)), (_draw(3, 4, 5),)),
    "extrema_with_places": Case(lambda x: (x.max(1), x.min(0), x.argmax(), x.topk(2)), (_draw(3, 4),)),
    # views
    "reshapes": Case(lambda x: (x.view(6, -1), x.flatten(1), x.unsqueeze(0), x[:, None].squeeze(1)), (_draw(2, 3, 4),)),
    "transpositions": Case(lambda x: (x.permute(2, 0, 1), x.mT, x.transpose(0, 1).contiguous() + 1), (_draw(2, 3, 4),)),
    "slices": Case(lambda x: (x[1:, ::2], x[-1], x[..., 0], x[:, 1:-1]), (_draw(4, 5, 6),)),
    "slices_in_place": Case(
        lambda x: (x.exp()[1:] + x.exp()[:-1], (y := x.sin())[:2].relu() + y[2:], y, x[3], *(x + 1).unbind(0)),
        (_draw(4, 5, 6),),
    ),
    "splits": Case(lambda x: (*x.split(2, 1), *x.chunk(3, 0), *x.unbind(2)), (_draw(4, 5, 2),)),
    "expand_and_repeat": Case(lambda x: (x.expand(3, 4), x.repeat(2, 3), x.tile(2)), (_draw(1, 4),)),
    "pads": Case(
        lambda x: (F.pad(x, (1, 2)), F.pad(x, (1, 1, 2, 0), value=3), F.pad(x, (2, 1), mode="reflect")),
        (_draw(2, 3, 4),),
    ),
    "joins": Case(
        lambda x, y: (torch.cat([x, y], 1), torch.stack([x, y], -1), torch.hstack([x, y])),
        (_draw(2, 3), _draw(2, 3, seed=1)),
    ),
    "flips": Case(lambda x: (x.flip(0, 2), x.roll(1, 1), x.diagonal(0, 0, 1)), (_draw(3, 3, 4),)),
    "view_of_input_as_output": Case(lambda x: (x, x.view(-1), x.t()), (_draw(2, 3),)),
    "constant_as_output": Case(lambda x: (torch.ones(3), x + torch.arange(3)), (_draw(3),)),
    # indexing
    "gathers": Case(
        lambda x, i: (x[i], x[:, i], x.index_select(1, i), F.embedding(i, x)), (_draw(5, 4), torch.tensor([3, 0, 2]))
    ),
    "gather_and_scatter": Case(
        lambda x, i: (x.gather(1, i), x.scatter(1, i, 1.0), x.scatter_add(0, i, x)),
        (_draw(3, 4), _integers(3, 4, low=0, high=3)),
    ),
    "masked": Case(lambda x: (x.masked_fill(x > 0, -1.0), x * (x > 0)), (_draw(3, 4),)),
    "index_put": Case(lambda x, i: x.index_put((i,), torch.tensor(0.5)), (_draw(5, 4), torch.tensor([3, 0]))),
    "triangles": Case(lambda x: (x.tril(), x.triu(1), torch.ones(3, 3).tril(-1) + x), (_draw(3, 3),)),
    # networks
    "channels_last": Case(
        lambda x, w: F.relu(F.conv2d(x.to(memory_format=torch.channels_last), w, padding=1)).contiguous(),
        (_draw(1, 3, 6, 5), _draw(4, 3, 3, 3)),
    ),
    "convolutions": Case(
        lambda x, w, v: (
            F.conv2d(x, w, stride=2, padding=1),
            F.conv_transpose2d(x, v, stride=2),
            F.conv2d(x, w, padding="same"),
        ),
        (_draw(2, 3, 7, 6), _draw(4, 3, 3, 3), _draw(3, 2, 2, 2)),
    ),
    "one_dimensional": Case(
        lambda x, w: (F.conv1d(x, w), F.max_pool1d(x, 2), F.avg_pool1d(x, 3, 1)), (_draw(1, 3, 9), _draw(2, 3, 3))
    ),
    "pools": Case(
        lambda x: (F.max_pool2d(x, 3, 2, 1), F.avg_pool2d(x, 2), F.adaptive_avg_pool2d(x, (2, 3))), (_draw(1, 2, 8, 9),)
    ),
    "normalisations": Case(
        lambda x: (F.layer_norm(x, (6,)), F.group_norm(x, 2), F.softmax(x, 1), F.log_softmax(x, -1)), (_draw(2, 4, 6),)
    ),
    "activations": Case(
        lambda x: (F.gelu(x), F.silu(x), F.hardswish(x), F.elu(x), F.softplus(x), F.mish(x), F.leaky_relu(x)),
        (_draw(7),),
    ),
    "attention": Case(
        lambda q, k, v: (
            F.scaled_dot_product_attention(q, k, v),
            F.scaled_dot_product_attention(q, q, q, is_causal=True),
        ),
        (_draw(1, 2, 4, 8), _draw(1, 2, 5, 8, seed=1), _draw(1, 2, 5, 8, seed=2)),
    ),
    "matrix_products": Case(
        lambda x, y: (x @ y, torch.einsum("bij,bjk->bik", x, y), x[0] @ y[0], x @ y[0, :, 0], F.linear(x, x[0])),
        (_draw(2, 3, 4), _draw(2, 4, 5)),
    ),
    "resampling": Case(
        lambda x: (F.interpolate(x, scale_factor=2.0), F.interpolate(x, size=(5, 7), mode="bilinear")),
        (_draw(1, 2, 4, 3),),
    ),
    # sizes known at run time
    "dynamic_batch": Case(lambda x: F.relu(x.flatten(1)) + x.shape[0], (_draw(3, 2, 4),), ({0: _BATCH},)),
    "dynamic_length": Case(
        lambda x: (x[:, 1:] * 2, x.mean(1), torch.cat([x, x], 1), torch.arange(x.shape[1]) + x.sum(-1)),
        (_draw(2, 5, 3),),
        ({1: _LENGTH},),
    ),
    "dynamic_attention": Case(
        lambda x: F.scaled_dot_product_attention(x, x, x, is_causal=True), (_draw(1, 2, 5, 8),), ({2: _LENGTH},)
    ),
}


class FunctionModule(torch.nn.Module):
    """A function as a module."""

    def __init__(self, function: Callable[..., Any]):
        super().__init__()
        self.function = function

    def forward(self, *inputs: Any) -> Any:
        return self.function(*inputs)
