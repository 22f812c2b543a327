"""Arrays as a generated program takes and gives them.

NumPy has no bfloat16: such arrays are carried as the bits, in uint16.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from etc.dialects import symbolic
from etc.dialects.dtypes import Dtype, bfloat16
from etc.dialects.symbolic import Expr
from etc.emit.c.interface import CMethod, CTensor
from etc.errors import EtcError, Problem

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Arguments:
    """What a method is called with: the sizes, and for each input its elements as they lie in memory."""

    sizes: Mapping[str, int]
    inputs: Sequence[np.ndarray]


def numpy_dtype(dtype: Dtype) -> np.dtype[Any]:
    """What holds the elements of a type, in as many bytes."""
    return np.dtype(dtype.numpy or "uint16")


def arguments_of(method: CMethod, inputs: Sequence[Any]) -> Arguments:
    """Arrays, or numbers for inputs without dimensions, brought into the order in memory that the method expects.

    The sizes follow from the shapes. Raises EtcError with all that does not fit.
    """
    if len(inputs) != len(method.inputs):
        what = f"method {method.name} takes another number of inputs"
        listed = ", ".join(map(_text, method.inputs))
        raise EtcError(what, expected=f"{len(method.inputs)}: {listed}" if listed else "none", found=str(len(inputs)))
    arrays = [_array(value, expected) for value, expected in zip(inputs, method.inputs, strict=True)]
    sizes: dict[str, int] = {}
    pairs = list(zip(method.inputs, arrays, strict=True))
    for expected, array in sorted(pairs, key=lambda pair: _complexity(pair[0])):
        if array.ndim == len(expected.sizes):
            _solve(expected, array.shape, sizes)
    problems = [
        problem
        for number, (expected, array) in enumerate(pairs)
        if (problem := _problem(method, number, expected, array, sizes)) is not None
    ]
    for symbol in method.symbols:
        size = sizes.get(symbol.name)
        if symbol.given and size is None and not problems:
            problems.append(Problem(f"the size {symbol.name} of method {method.name} follows from no input's shape"))
        elif symbol.given and size is not None and not symbol.range.low <= size <= symbol.range.high:
            what = f"the size {symbol.name} of method {method.name} is out of its range"
            problems.append(Problem(what, expected=str(symbol.range), found=str(size)))
    if problems:
        raise EtcError(problems)
    laid_out = [
        np.ascontiguousarray(array.transpose(expected.dim_order) if expected.sizes else array)
        for expected, array in pairs
    ]
    return Arguments({symbol.name: sizes[symbol.name] for symbol in method.symbols if symbol.given}, laid_out)


def output_of(output: CTensor, sizes: Mapping[str, int], data: Any) -> np.ndarray:
    """An output from the bytes of its buffer, once all sizes are known; a copy of its own."""
    shape = [symbolic.evaluate(size, sizes) for size in output.sizes]
    if any(size > bound for size, bound in zip(shape, output.bounds, strict=True)):
        raise EtcError(f"output {output.name} is larger than its buffer", expected=_text(output), found=str(shape))
    in_memory = [shape[dim] for dim in output.dim_order]
    count = int(np.prod(in_memory, dtype=np.int64))
    flat = np.frombuffer(data, numpy_dtype(output.dtype), count)
    return flat.reshape(in_memory).transpose(np.argsort(output.dim_order).tolist()).copy()


def from_torch(value: Any) -> Any:
    """A tensor as an array; numbers as they are."""
    import torch

    if not isinstance(value, torch.Tensor):
        return value
    known = value.detach().cpu()
    return (known.view(torch.uint16) if known.dtype is torch.bfloat16 else known).numpy()


def to_torch(array: np.ndarray, dtype: Dtype) -> torch.Tensor:
    """An array of `output_of` as a tensor."""
    import torch

    tensor = torch.from_numpy(array)
    return tensor.view(torch.bfloat16) if dtype is bfloat16 else tensor


def _array(value: Any, expected: CTensor) -> np.ndarray:
    if isinstance(value, bool | int | float | complex):
        return np.asarray(value, numpy_dtype(expected.dtype))
    return np.asarray(value)


def _complexity(tensor: CTensor) -> int:
    """How much must be known before the sizes of a tensor say what a symbol is."""
    return max((len(set(size.symbols())) for size in tensor.sizes if isinstance(size, Expr)), default=0)


def _solve(tensor: CTensor, shape: Sequence[int], sizes: dict[str, int]) -> None:
    for size, actual in zip(tensor.sizes, shape, strict=True):
        rest = symbolic.substitute(size, sizes)
        names = {symbol.name for symbol in rest.symbols()} if isinstance(rest, Expr) else set()
        if len(names) == 1:
            [name] = names
            if isinstance(found := symbolic.solve(rest, actual, name), int):
                sizes[name] = found


def _problem(
    method: CMethod, number: int, expected: CTensor, array: np.ndarray, sizes: Mapping[str, int]
) -> Problem | None:
    known = [symbolic.substitute(size, sizes) for size in expected.sizes]
    if array.dtype == numpy_dtype(expected.dtype) and list(array.shape) == known:
        return None
    what = f"input {number} ({expected.name}) of method {method.name} does not fit"
    return Problem(what, expected=_text(expected), found=f"{array.dtype} {list(array.shape)}")


def _text(tensor: CTensor) -> str:
    """`float32 [s0, 8]`"""
    return f"{tensor.dtype} [{', '.join(map(str, tensor.sizes))}]"
