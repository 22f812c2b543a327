"""Images of another size: interpolation and sampling at computed positions.

Interpolated images follow the input when it is channels-last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from etc.dialects import symbolic
from etc.dialects.infer import InferenceError, infers, same_size
from etc.dialects.infer.checks import channels_last, check_dtypes, check_rank, size_list
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor

_EXACT_DENOMINATOR = 1 << 20
"""Larger ones come from factors such as 0.3, whose product with a symbolic size no integer expression gives."""


def scaled_size(size: Dim, factor: float) -> Dim:
    """floor(size * factor), as torch computes it."""
    if isinstance(size, int):
        return int(size * factor)
    exact = Fraction(factor)
    if exact.denominator > _EXACT_DENOMINATOR:
        raise InferenceError(f"the size {size} times the scale factor {factor} is not exact; give output_size instead")
    return symbolic.floordiv(size * exact.numerator, exact.denominator)


def resampled(input: Tensor, spatial: int, sizes: Sequence[Dim]) -> Tensor:
    check_rank("input", input, spatial + 2)
    if len(sizes) != spatial:
        raise InferenceError(f"output_size must have {spatial} values, found {size_list(sizes)}")
    if any(isinstance(size, int) and size <= 0 for size in (*input.sizes[1:], *sizes)):
        raise InferenceError(f"sizes must be positive, found {size_list(input.sizes)} and {size_list(sizes)}")
    return tensor(input.dtype, [*input.sizes[:2], *sizes], channels_last(input))


def _to_size(spatial: int) -> Callable[[Tensor, Sequence[Dim]], Tensor]:
    def rule(self: Tensor, output_size: Sequence[Dim]) -> Tensor:
        return resampled(self, spatial, output_size)

    return rule


def _to_size_or_by_factors(spatial: int) -> Callable[..., Tensor]:
    def rule(input: Tensor, output_size: Sequence[Dim] | None, scale_factors: Sequence[float] | None) -> Tensor:
        check_rank("input", input, spatial + 2)
        if (output_size is None) == (scale_factors is None):
            raise InferenceError("exactly one of output_size and scale_factors must be given")
        if scale_factors is not None:
            if len(scale_factors) != spatial:
                raise InferenceError(f"scale_factors must have {spatial} values, found {list(scale_factors)}")
            output_size = [scaled_size(s, f) for s, f in zip(input.sizes[2:], scale_factors, strict=True)]
        return resampled(input, spatial, output_size or ())

    return rule


_METHODS = {
    1: ("upsample_nearest1d", "_upsample_nearest_exact1d", "upsample_linear1d"),
    2: (
        "upsample_nearest2d",
        "_upsample_nearest_exact2d",
        "upsample_bilinear2d",
        "_upsample_bilinear2d_aa",
        "upsample_bicubic2d",
        "_upsample_bicubic2d_aa",
    ),
    3: ("upsample_nearest3d", "_upsample_nearest_exact3d", "upsample_trilinear3d"),
}

for _spatial, _names in _METHODS.items():
    infers(*_names)(_to_size(_spatial))
    infers(*(f"{name}.vec" for name in _names))(_to_size_or_by_factors(_spatial))


@infers("grid_sampler_2d", "grid_sampler_3d", "grid_sampler")
def grid_sampler(input: Tensor, grid: Tensor) -> Tensor:
    """N x C x spatial, N x new spatial x positions -> N x C x new spatial."""
    check_rank("input", input, 4, 5)
    check_rank("grid", grid, input.rank)
    check_dtypes(input=input, grid=grid)
    if not same_size(grid.sizes[0], input.sizes[0]):
        raise InferenceError(f"input has {input.sizes[0]} images, grid has {grid.sizes[0]}")
    if not same_size(grid.sizes[-1], input.rank - 2):
        raise InferenceError(f"grid must end in a dimension of size {input.rank - 2}, found {grid.sizes[-1]}")
    return tensor(input.dtype, [*input.sizes[:2], *grid.sizes[1:-1]])


@infers("affine_grid_generator")
def affine_grid_generator(theta: Tensor, size: Sequence[Dim]) -> Tensor:
    check_rank("theta", theta, 3)
    if len(size) not in (4, 5):
        raise InferenceError(f"size must have 4 or 5 values, found {size_list(size)}")
    return tensor(theta.dtype, [size[0], *size[2:], len(size) - 2])
