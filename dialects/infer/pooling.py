"""Pooling over windows and to given sizes. Results follow the input when it is channels-last."""

from __future__ import annotations

from collections.abc import Sequence

from etc.dialects import symbolic
from etc.dialects.dtypes import int64
from etc.dialects.infer import InferenceError, infers
from etc.dialects.infer.checks import channels_last, check_dtypes, check_rank, check_sizes, per_dim, size_list
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor, tensor


def _pooled(size: Dim, kernel: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> Dim:
    """Windows along one dimension. In ceil mode the last may reach over the end, but begins before the padding."""
    if kernel <= 0 or stride <= 0 or dilation <= 0:
        raise InferenceError(
            f"kernel_size, stride and dilation must be positive, found {kernel}, {stride} and {dilation}"
        )
    span = dilation * (kernel - 1) + 1
    if not 0 <= padding <= span // 2:
        raise InferenceError(f"padding {padding} must be at most half of the kernel, which spans {span} elements")
    room = size + 2 * padding - span
    if not ceil_mode:
        return symbolic.floordiv(room, stride) + 1
    return symbolic.minimum(
        symbolic.floordiv(room + stride - 1, stride) + 1, symbolic.floordiv(size + padding - 1, stride) + 1
    )


def _pool(
    self: Tensor,
    spatial: int,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
) -> Tensor:
    check_rank("self", self, spatial + 1, spatial + 2)
    kernel = _ints("kernel_size", kernel_size, spatial)
    steps = _ints("stride", stride, spatial, kernel)
    pads = _ints("padding", padding, spatial)
    dilations = _ints("dilation", dilation, spatial)
    image = self.sizes[-spatial:]
    sizes = [
        _pooled(size, k, s, p, d, ceil_mode)
        for size, k, s, p, d in zip(image, kernel, steps, pads, dilations, strict=True)
    ]
    if any(isinstance(size, int) and size <= 0 for size in sizes):
        raise InferenceError(f"windows of {size_list(kernel)} do not fit into the sizes {size_list(image)}")
    return tensor(self.dtype, [*self.sizes[:-spatial], *sizes], channels_last(self))


def _ints(name: str, values: Sequence[int], count: int, default: Sequence[int] = ()) -> tuple[int, ...]:
    return tuple(value for value in per_dim(name, values, count, default) if isinstance(value, int))


@infers("avg_pool1d")
def avg_pool1d(
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    ceil_mode: bool = False,
) -> Tensor:
    return _pool(self, 1, kernel_size, stride, padding, (1,), ceil_mode)


@infers("avg_pool2d")
def avg_pool2d(
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    ceil_mode: bool = False,
) -> Tensor:
    return _pool(self, 2, kernel_size, stride, padding, (1,), ceil_mode)


@infers("avg_pool3d")
def avg_pool3d(
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    ceil_mode: bool = False,
) -> Tensor:
    return _pool(self, 3, kernel_size, stride, padding, (1,), ceil_mode)


@infers("max_pool1d")
def max_pool1d(
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    ceil_mode: bool = False,
) -> Tensor:
    return _pool(self, 1, kernel_size, stride, padding, dilation, ceil_mode)


@infers("max_pool2d")
def max_pool2d(
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    ceil_mode: bool = False,
) -> Tensor:
    return _pool(self, 2, kernel_size, stride, padding, dilation, ceil_mode)


@infers("max_pool3d")
def max_pool3d(
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    ceil_mode: bool = False,
) -> Tensor:
    return _pool(self, 3, kernel_size, stride, padding, dilation, ceil_mode)


def _with_indices(values: Tensor) -> list[Tensor]:
    """Maxima and where they were, as flat positions within an image."""
    return [values, values.like(dtype=int64)]


@infers("max_pool1d_with_indices")
def max_pool1d_with_indices(
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    ceil_mode: bool = False,
) -> list[Tensor]:
    return _with_indices(max_pool1d(self, kernel_size, stride, padding, dilation, ceil_mode))


@infers("max_pool2d_with_indices")
def max_pool2d_with_indices(
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    ceil_mode: bool = False,
) -> list[Tensor]:
    return _with_indices(max_pool2d(self, kernel_size, stride, padding, dilation, ceil_mode))


@infers("max_pool3d_with_indices")
def max_pool3d_with_indices(
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    dilation: Sequence[int] = (1,),
    ceil_mode: bool = False,
) -> list[Tensor]:
    return _with_indices(max_pool3d(self, kernel_size, stride, padding, dilation, ceil_mode))


@infers("avg_pool2d_backward")
def avg_pool2d_backward(
    grad_output: Tensor,
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    ceil_mode: bool,
) -> Tensor:
    check_dtypes(grad_output=grad_output, self=self)
    check_sizes("grad_output", grad_output, avg_pool2d(self, kernel_size, stride, padding, ceil_mode).sizes)
    return tensor(self.dtype, self.sizes, channels_last(self))


@infers("max_pool2d_with_indices_backward")
def max_pool2d_with_indices_backward(
    grad_output: Tensor,
    self: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil_mode: bool,
    indices: Tensor,
) -> Tensor:
    check_dtypes(grad_output=grad_output, self=self)
    sizes = max_pool2d(self, kernel_size, stride, padding, dilation, ceil_mode).sizes
    check_sizes("grad_output", grad_output, sizes)
    check_sizes("indices", indices, sizes)
    return tensor(self.dtype, self.sizes, channels_last(self))


def _adaptive(self: Tensor, output_size: Sequence[Dim], spatial: int) -> Tensor:
    check_rank("self", self, spatial + 1, spatial + 2)
    sizes = per_dim("output_size", output_size, spatial)
    return tensor(self.dtype, [*self.sizes[:-spatial], *sizes], channels_last(self))


@infers("adaptive_avg_pool1d")
def adaptive_avg_pool1d(self: Tensor, output_size: Sequence[Dim]) -> Tensor:
    return _adaptive(self, output_size, 1)


@infers("adaptive_avg_pool2d", "_adaptive_avg_pool2d")
def adaptive_avg_pool2d(self: Tensor, output_size: Sequence[Dim]) -> Tensor:
    return _adaptive(self, output_size, 2)


@infers("adaptive_avg_pool3d", "_adaptive_avg_pool3d")
def adaptive_avg_pool3d(self: Tensor, output_size: Sequence[Dim]) -> Tensor:
    return _adaptive(self, output_size, 3)


@infers("_adaptive_avg_pool2d_backward")
def adaptive_avg_pool2d_backward(grad_output: Tensor, self: Tensor) -> Tensor:
    check_dtypes(grad_output=grad_output, self=self)
    check_rank("grad_output", grad_output, self.rank)
    return tensor(self.dtype, self.sizes, channels_last(self))


@infers("adaptive_max_pool1d")
def adaptive_max_pool1d(self: Tensor, output_size: Sequence[Dim]) -> list[Tensor]:
    return _with_indices(_adaptive(self, output_size, 1))


@infers("adaptive_max_pool2d")
def adaptive_max_pool2d(self: Tensor, output_size: Sequence[Dim]) -> list[Tensor]:
    return _with_indices(_adaptive(self, output_size, 2))


@infers("adaptive_max_pool3d")
def adaptive_max_pool3d(self: Tensor, output_size: Sequence[Dim]) -> list[Tensor]:
    return _with_indices(_adaptive(self, output_size, 3))
