"""decompose-aten: every rule gives torch's numbers, within Core ATen."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import decompose_cases as cases
import decompose_complex_cases as complexes
import decompose_layer_cases as layers
import decompose_linear_cases as linear
import decompose_special_cases as special
import pytest
import torch
from decompose_cases import Call, b, c, call, f, i, p
from decompose_harness import decompose, eager, overloads, program_of, run_decomposed
from import_harness import export
from quantized_functions import TESTED as QUANTIZED
from torch.export import Dim
from torch.utils._pytree import tree_flatten

from etc.lowering import import_torch_trace
from etc.lowering.import_torch import import_program
from etc.runtime.torch_executor import execute
from etc.transforms.decompositions import complex_rules, rules
from etc.transforms.decompositions.aliases import other_name

CASES: dict[str, Sequence[Call]] = {
    key: calls
    for family in (
        cases.ACTIVATIONS,
        cases.ELEMENTWISE,
        cases.COPIES,
        cases.CREATION,
        cases.REDUCTION,
        cases.SORTING,
        cases.GRADIENTS,
        layers.PRODUCTS,
        layers.ATTENTION,
        layers.CONVOLUTION,
        layers.NORMALISATION,
        layers.POOLING,
        layers.SHAPE,
        layers.INDEXING,
        layers.RESAMPLING,
        special.SPECIAL_FUNCTIONS,
        special.INTEGERS,
        special.COUNTING,
        special.FLOATS,
        special.POLYNOMIALS,
        special.THREE_DIMENSIONS,
        special.AT_INDICES,
        linear.LINEAR_ALGEBRA,
    )
    for key, calls in family.items()
}
COMPLEX = {**complexes.MOVES, **complexes.PARTS, **complexes.ARITHMETIC, **complexes.FOURIER}
"""Calls for the rules that go before others where numbers are complex."""

FIRST_RESULTS: Mapping[str, int] = {
    "embedding_bag": 1,
    "embedding_bag.padding_idx": 1,
    "mode": 1,
    **linear.FIRST_RESULTS,
}
"""How many results of an operator are given: others serve a backward pass that nothing compiles, or are one of several
that are right."""

OF_MODELS = {f"torch_nn::_linear_cross_entropy_batch_chunked{rest}" for rest in ("", "_no_reduction")}
"""Operators that are tried as part of a module, in test_decompose_models.py."""

FALLBACKS: Mapping[str, Sequence[Call]] = {
    "cross": [call(f(4, 3), f(4, 3))],
    "cross_entropy_loss": [call(f(4, 3), i(4, low=0, high=3))],
    "diag_embed": [call(f(2, 3), 1)],
    "diff": [call(f(3, 5), 2)],
    "fft_rfft": [call(f(8))],
    "gradient.scalarint": [call(f(7))],
    "huber_loss": [call(f(3, 4), f(3, 4))],
    "im2col": [call(f(1, 2, 5, 4), [2, 3], [1, 1], [1, 0], [1, 1])],
    "isclose": [call(cases.SPECIAL, cases.SPECIAL, 1e-5, 1e-8, True)],
    "kl_div": [call(p(3, 4).log(), p(3, 4))],
    "linalg_matrix_power": [call(f(3, 3), 3)],
    "pairwise_distance": [call(f(3, 4), f(3, 4))],
    "quantile.scalar": [call(f(9), 0.3)],
    "renorm": [call(f(3, 4), 2, 0, 1.0), call(f(3, 4, dtype=torch.float16), 2, 0, 1.0)],
    "sinc": [call(f(3, 4))],
    "triplet_margin_loss": [call(f(3, 4), f(3, 4), f(3, 4))],
    "xlogy.Tensor": [call(c(0.0, 1.0, 2.0), c(0.0, 3.0, -1.0))],
}
"""Operators for which there is no rule: PyTorch's own decomposition is traced."""

_SINGLE = (1e-4, 1e-5)
TOLERANCE = {
    torch.float16: (2e-3, 1e-4),
    **dict.fromkeys((torch.float32, torch.float64, torch.complex64, torch.complex128), _SINGLE),
}


def check(key: str, calls: Sequence[Call], *, results: int | None = None, **options: int) -> None:
    for number, one in enumerate(calls):
        for found, expected in run_decomposed(key, one, results, **options):
            if not isinstance(expected, torch.Tensor):
                assert found == expected
                continue
            rtol, atol = TOLERANCE.get(expected.dtype, (0, 0))
            torch.testing.assert_close(
                found, expected, rtol=rtol, atol=atol, equal_nan=True, msg=lambda m, n=number: f"{key}, call {n}: {m}"
            )


def test_every_rule_is_tested() -> None:
    tested = {
        *CASES,
        *linear.UP_TO_SIGNS,
        *OF_MODELS,
        *layers.RECURRENT,
        *cases.RANDOM,
        *cases.UNDEFINED,
        *QUANTIZED,
        "randperm",
        "cauchy",
    }
    assert [key for key in rules() if key not in tested and other_name(key) is None] == []
    assert [key for key in tested if key not in rules()] == []


@pytest.mark.parametrize("key", CASES)
def test_rule(key: str) -> None:
    check(key, CASES[key], results=FIRST_RESULTS.get(key))


def test_every_rule_for_complex_numbers_is_tested() -> None:
    assert sorted(COMPLEX) == sorted(complex_rules())


@pytest.mark.parametrize("key", COMPLEX)
def test_complex_rule(key: str) -> None:
    check(key, COMPLEX[key])


@pytest.mark.parametrize("key", linear.UP_TO_SIGNS)
def test_up_to_signs(key: str) -> None:
    for one in linear.UP_TO_SIGNS[key]:
        for found, expected in run_decomposed(key, one):
            torch.testing.assert_close(found.abs(), expected.abs(), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("one", linear.UP_TO_SIGNS["_linalg_svd"])
def test_singular_vectors_belong_together(one: Call) -> None:
    u, s, v = (found for found, _ in run_decomposed("_linalg_svd", one))
    count = s.shape[-1]
    again = u[..., :count] @ s.diag_embed() @ v[..., :count, :]
    torch.testing.assert_close(again, one.args[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("key", layers.RECURRENT)
@pytest.mark.parametrize("unroll", [0, 100])
def test_recurrent(key: str, unroll: int) -> None:
    """As loops, and written out."""
    check(key, layers.RECURRENT[key], unroll=unroll)


@pytest.mark.parametrize("key", [key for key in rules() if other_name(key) is not None])
def test_alias(key: str) -> None:
    """An alias is called as what it stands for is, unless its arguments have other kinds or defaults."""
    names = (name for name in (key, other_name(key)) if name is not None)
    check(key, next(calls for name in names if (calls := CASES.get(name) or cases.ALIASES.get(name))))


@pytest.mark.parametrize("key", FALLBACKS)
def test_fallback(key: str) -> None:
    assert key not in rules()
    check(key, FALLBACKS[key])


@pytest.mark.parametrize("key", cases.UNDEFINED)
def test_undefined_elements_are_zeros(key: str) -> None:
    for one in cases.UNDEFINED[key]:
        for found, expected in run_decomposed(key, one):
            assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
            assert not found.any()


@pytest.mark.parametrize("key", cases.RANDOM)
def test_random(key: str) -> None:
    """Mean and deviation of 10 000 numbers lie within five standard errors of those of torch's numbers."""
    for one in cases.RANDOM[key]:
        torch.manual_seed(0)
        for found, expected in run_decomposed(key, one):
            assert (found.dtype, found.shape) == (expected.dtype, expected.shape)
            ours, theirs = found.double(), expected.double()
            limit = 5 * theirs.std().item() * math.sqrt(2 / theirs.numel())
            assert abs(ours.mean() - theirs.mean()) < limit
            assert abs(ours.std() - theirs.std()) < 2 * limit


def test_cauchy() -> None:
    torch.manual_seed(0)
    ((found, _),) = run_decomposed("cauchy", call(f(100, 100), 3.0, 2.0))
    lower, middle, upper = torch.quantile(found, torch.tensor([0.25, 0.5, 0.75])).tolist()
    assert (lower, middle, upper) == pytest.approx((1.0, 3.0, 5.0), abs=0.2)


def test_randperm() -> None:
    ((found, _),) = run_decomposed("randperm", call(50))
    assert found.tolist() != list(range(50))
    assert sorted(found.tolist()) == list(range(50))


class Function(torch.nn.Module):
    def __init__(self, function: Callable[..., Any]):
        super().__init__()
        self.function = function

    def forward(self, *inputs: Any) -> Any:
        return self.function(*inputs)


N = {0: Dim("n", min=2, max=40)}
LAST = {1: Dim("m", min=2, max=40)}
IMAGE = {2: Dim("h", min=4, max=40), 3: Dim("w", min=4, max=40)}
F = torch.nn.functional
_gru = torch.nn.GRU(3, 4, bidirectional=True, batch_first=True).eval()

DYNAMIC: dict[str, tuple[Callable[..., Any], tuple[tuple[int, ...], ...], tuple[dict[int, Any] | None, ...]]] = {
    "linear": (lambda x, w, b: F.linear(x, w, b), ((4, 5, 3), (2, 3), (2,)), (N, None, None)),
    "matmul": (lambda x, y: x @ y, ((4, 1, 2, 3), (5, 3, 4)), (N, None)),
    "einsum": (lambda x, y: torch.einsum("b...c,cd->b...d", x, y), ((4, 5, 3), (3, 2)), (N, None)),
    "attention": (
        lambda q, k: F.scaled_dot_product_attention(q, k, k, is_causal=True),
        ((2, 3, 6, 4), (2, 3, 6, 4)),
        ({2: Dim("n", min=2, max=40)}, {2: Dim("n", min=2, max=40)}),
    ),
    "reshape": (lambda x: x.reshape(x.shape[0] * 3, 4), ((5, 12),), (N,)),
    "flatten": (lambda x: x.flatten(), ((5, 3),), (N,)),
    "split": (lambda x: x.split(2, 1), ((5, 6),), (N,)),
    "roll": (lambda x: x.roll((1, -2), (0, 1)), ((5, 6),), (N,)),
    "tril": (lambda x: x.tril(-1), ((5, 6),), (N,)),
    "zeros_like": (torch.ones_like, ((5, 6),), (N,)),
    "arange": (lambda x: torch.arange(x.shape[0]) + x.shape[0], ((5, 6),), (N,)),
    "expand": (lambda x: x[:1].expand(x.shape[0], 6), ((5, 6),), (N,)),
    "stack": (lambda x: torch.stack([x, x], 1), ((5, 6),), (N,)),
    "circular": (lambda x: F.pad(x, (2, 1), mode="circular"), ((1, 2, 6),), ({2: Dim("n", min=4)},)),
    "sort": (lambda x: x.sort(0).values, ((5, 6),), (N,)),
    "cummax": (lambda x: x.cummax(1), ((5, 6),), (N,)),
    "unfold": (lambda x: x.unfold(1, 3, 2), ((2, 9),), ({1: Dim("m", min=5)},)),
    "norm": (lambda x: F.normalize(x, dim=1), ((5, 6),), (N,)),
    "layer_norm": (lambda x: F.layer_norm(x, (6,)), ((5, 6),), (N,)),
    "group_norm": (lambda x: F.group_norm(x, 2), ((2, 4, 5, 6),), (IMAGE,)),
    "instance_norm": (lambda x: F.instance_norm(x), ((2, 4, 5, 6),), (IMAGE,)),
    "pixel_shuffle": (lambda x: F.pixel_shuffle(x, 2), ((2, 4, 5, 6),), (IMAGE,)),
    "adaptive": (lambda x: F.adaptive_avg_pool2d(x, 1), ((2, 4, 5, 6),), (IMAGE,)),
    "max_pool3d": (lambda x: F.max_pool3d(x, 2), ((4, 2, 4, 6, 6),), (N,)),
    "nearest": (lambda x: F.interpolate(x, scale_factor=2.0), ((2, 4, 5, 6),), (IMAGE,)),
    "trilinear": (
        lambda x: F.interpolate(x, scale_factor=2.0, mode="trilinear"),
        ((2, 4, 3, 5, 6),),
        ({0: Dim("n", min=2)},),
    ),
    "bicubic": (lambda x: F.interpolate(x, (7, 7), mode="bicubic"), ((2, 4, 5, 6),), (N,)),
    "gru": (lambda x: _gru(x)[0], ((2, 5, 3),), (N,)),
    "cosine": (lambda x, y: F.cosine_similarity(x, y), ((5, 6), (5, 6)), (N, N)),
    "huber, traced": (lambda x, y: F.huber_loss(x, y, reduction="none"), ((5, 6), (5, 6)), (N, N)),
    "diff, traced": (lambda x: x.diff(dim=0), ((5, 6),), ({0: Dim("n", min=3)},)),
    "diag_embed, traced": (lambda x: x.diag_embed(), ((5, 6),), (LAST,)),
    "masked_select": (lambda x: x.masked_select(x > 0) * 2, ((5, 6),), (None,)),
    "nonzero": (lambda x: torch.where(x > 0)[1] + 1, ((5, 6),), (None,)),
}


@pytest.mark.parametrize("name", DYNAMIC)
def test_dynamic(name: str) -> None:
    function, shapes, dims = DYNAMIC[name]
    example = tuple(f(*shape) for shape in shapes)
    with torch.no_grad():
        program = export(Function(function), *example, dynamic_shapes=(tuple(dims),))
    module = decompose(import_program(program))
    for growth in (0, 3):
        inputs = [
            f(*(size + growth if axis in (dim or {}) else size for axis, size in enumerate(shape)))
            for shape, dim in zip(shapes, dims, strict=True)
        ]
        found = execute(module, "forward", inputs)
        expected = tree_flatten(function(*inputs))[0]
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_equal_operators_are_traced_once(monkeypatch: pytest.MonkeyPatch) -> None:
    traced: list[Any] = []
    make_fx = import_torch_trace.make_fx

    def counting(*arguments: Any, **options: Any) -> Any:
        traced.append(arguments)
        return make_fx(*arguments, **options)

    monkeypatch.setattr(import_torch_trace, "make_fx", counting)

    def function(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        for _ in range(4):
            x = torch.special.entr(x) + y.diff(dim=0) + y.diff(dim=1).sum()
        return x

    inputs = (p(4, 6), f(5, 6))
    module = import_program(export(Function(function), *inputs))
    torch.testing.assert_close(execute(decompose(module), "forward", list(inputs)), [function(*inputs)])
    assert len(traced) == 3  # entr, and diff along two dimensions


def test_traces_tell_numbers_of_different_types_apart() -> None:
    def function(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.float_power(x, 2), torch.float_power(x, 2.0)

    module = import_program(export(Function(function), i(3)))
    x = i(3)
    torch.testing.assert_close(execute(decompose(module), "forward", [x]), list(function(x)))


@pytest.mark.parametrize(
    ("key", "one", "expected"),
    [
        ("linear", call(f(2, 3), f(4, 3), f(4)), ["permute", "addmm"]),
        ("matmul", call(f(5, 2, 3), f(3, 4)), ["view", "mm", "view"]),
        ("einsum", call("bij,bjk->bik", [f(2, 3, 4), f(2, 4, 5)]), ["view", "view", "bmm", "view"]),
        ("selu", call(f(3)), ["elu"]),
        ("sort", call(f(3)), ["topk"]),
        ("remainder.Scalar", call(i(3), -3), ["div.Scalar_mode", "mul.Scalar", "sub.Tensor"]),
        ("remainder.Scalar", call(f(3), -3), ["remainder.Scalar"]),
        ("to.dtype", call(f(3), torch.float32), []),
        ("masked_select", call(f(3), b(3)), ["index.Tensor"]),
        ("dropout", call(f(3), 0.5, False), []),
    ],
)
def test_operators_after(key: str, one: Call, expected: list[str]) -> None:
    module, _ = program_of(key, one, eager(key, one))
    assert overloads(decompose(module)) == expected


def test_a_step_of_an_lstm_is_one_product_and_its_gates() -> None:
    lstm = torch.nn.LSTM(3, 4).eval()
    programs = (import_program(export(Function(lambda x: lstm(x)[0]), f(steps, 2, 3))) for steps in (4, 5))
    counts = [len(overloads(decompose(program, unroll=5))) for program in programs]
    # select, addmm, three slices of gates and two of the sigmoid of both, sigmoid twice, tanh twice, mul thrice, add
    assert counts[1] - counts[0] == 15
