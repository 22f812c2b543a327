"""Complex numbers as pairs of real ones: decomposed programs on torch, and on the stock runtime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from etc.compiler import compile, context, export
from etc.dialects import aten
from etc.lowering.decompose_aten import DecomposeAtenPass
from etc.lowering.import_torch import import_program
from etc.runtime.torch_executor import execute


class Function(torch.nn.Module):
    def __init__(self, function: Callable[..., Any]):
        super().__init__()
        self.function = function

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.function(*inputs)


def draw(*shape: int, seed: int = 0, dtype: torch.dtype = torch.complex64) -> torch.Tensor:
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


Z, W, M = draw(3, 4), draw(3, 4, seed=1), draw(4, 5, seed=2)
X = draw(3, 8, dtype=torch.float32)
CASES: dict[str, tuple[Callable[..., Any], tuple[torch.Tensor, ...]]] = {
    "arithmetic": (lambda z, w: (z + w, z - 2 * w, z * w, z / w, z.reciprocal(), -z, z + 2j), (Z, W)),
    "mixed": (lambda z, x: (z + x, x - z, x * z, z / x, x / z, torch.add(z, x, alpha=2)), (Z, X[:, :4])),
    "parts": (lambda z: (z.real, z.imag, z.abs(), z.angle(), torch.view_as_real(z), z.conj().resolve_conj()), (Z,)),
    "from_reals": (lambda x: (torch.complex(x, x + 1), torch.polar(x, x), x.to(torch.complex64)), (X,)),
    "as_complex": (lambda x: torch.view_as_complex(x.view(3, 4, 2)) * 1j, (X,)),
    "functions": (lambda z: (z.exp(), z.log(), z.sqrt(), z.sgn(), z.sin(), z.cos(), z.sinh(), z.cosh(), z**3), (Z,)),
    "moves": (lambda z: (z.t(), z[1:, ::2], z.flip(1), z.reshape(2, 6), z.expand(2, 3, 4), z.roll(1, 0)), (Z,)),
    "joins": (lambda z, w: (torch.cat([z, w]), torch.stack([z, w], 1), *z.split(2, 1)), (Z, W)),
    "reductions": (lambda z: (z.sum(1), z.mean(), z.cumsum(0), (z == z).all(), z.norm()), (Z,)),
    "products": (lambda z, m: (z @ m, torch.einsum("ij,jk->ik", z, m.conj())), (Z, M)),
    "choices": (lambda z, w: (torch.where(z.real > 0, z, w), z != w, z.bool()), (Z, W)),
    "fft": (lambda z: (torch.fft.fft(z), torch.fft.ifft(z, dim=0), torch.fft.fft2(z, norm="ortho")), (Z,)),
    "fft_of_reals": (lambda x: (torch.fft.rfft(x), torch.fft.fft(x), torch.fft.rfft2(x), torch.fft.hfft(x, 5)), (X,)),
    "fft_to_reals": (lambda z: (torch.fft.irfft(z), torch.fft.irfft2(z), torch.fft.irfft(z, 5, norm="ortho")), (Z,)),
    "odd_fft": (lambda x: torch.fft.ifft(torch.fft.fft(x[:, :7]) * 2).real, (X,)),
}
JOINED = {"view_as_complex", "view_as_real", "_fft_r2c", "_fft_c2r"}
"""What may be left that has complex operands or results."""


@pytest.mark.parametrize("name", CASES)
def test_pairs_equal_eager(name: str) -> None:
    function, inputs = CASES[name]
    wanted = function(*inputs)
    wanted = list(wanted) if isinstance(wanted, tuple) else [wanted]
    program = export(Function(function), inputs)
    module = import_program(program)
    DecomposeAtenPass().apply(context(), module)
    touched = {op.ATEN for op in module.walk() if isinstance(op, aten.AtenOp) and "complex<" in str(op)}
    assert touched <= JOINED
    for found in (execute(module, "forward", inputs), compile(program).run(*inputs)):
        found = list(found) if isinstance(found, (tuple, list)) else [found]
        for want, have in zip(wanted, found, strict=True):
            torch.testing.assert_close(have, want.resolve_conj(), rtol=1e-4, atol=1e-5)
