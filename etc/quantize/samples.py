"""Calibration data as the inputs of a method: from Python objects, `.npz` and `.npy` files, and directories of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from xdsl.dialects.builtin import ArrayAttr, StringAttr, TensorType
from xdsl.dialects.func import FuncOp

from etc.dialects.program import constant_leaves, symbol_ranges
from etc.dialects.symbolic import UNBOUNDED, Expr, Range
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, kind_of

Data: TypeAlias = "str | os.PathLike[str] | Iterable[Any] | Mapping[str, Any]"
"""Samples: an iterable of inputs (tensors, tuples in the order of forward's parameters, dicts by their names), a tensor
or dict of tensors with a row for each, or a file. Of several methods, a mapping from their names to these."""

_FORMATS = ".npz, or .npy of a method with one input"


def input_names(method: FuncOp) -> list[str]:
    """The names of a method's inputs, flat."""
    listed = method.attributes.get("program.inputs")
    arguments = method.body.block.args
    if isinstance(listed, ArrayAttr) and len(listed.data) == len(arguments):
        return [name.data if isinstance(name, StringAttr) else "" for name in listed.data]
    return [argument.name_hint or f"input {i}" for i, argument in enumerate(arguments)]


def samples(method: FuncOp, data: Data) -> Iterator[list[Any]]:
    """The inputs of one call after the other, as flat lists. Raises EtcError for data that do not fit.

    Tensors with more rows than the method takes at once are several calls.
    """
    if isinstance(data, str | os.PathLike):
        given: Iterable[Any] = _read(method, Path(data))
    elif hasattr(data, "ndim") or isinstance(data, Mapping):
        given = [data]
    elif isinstance(data, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        given = data
    else:
        raise EtcError(
            "this is no calibration data",
            expected=f"an iterable of inputs, a directory, or a file: {_FORMATS}",
            found=kind_of(data),
        )
    for number, sample in enumerate(given):
        yield from _calls(method, _flat(method, sample, number), number)


def _flat(method: FuncOp, sample: Any, number: int) -> list[Any]:
    """The inputs of a sample in the order of the method, as tensors of its dtypes."""
    from torch.utils._pytree import tree_leaves

    names = input_names(method)
    if isinstance(sample, Mapping) and set(names) <= set(sample):
        leaves = [sample[name] for name in names]
    else:
        constants = constant_leaves(method, "program.constant_inputs")
        leaves = [leaf for i, leaf in enumerate(tree_leaves(sample)) if i not in constants]
    if len(leaves) != len(names):
        found = ", ".join(map(str, sample)) if isinstance(sample, Mapping) else str(len(leaves))
        raise EtcError(
            f"sample {number} of the calibration data has other inputs than method {method.sym_name.data}",
            expected=f"{len(names)}: {', '.join(names)}",
            found=found,
            next_step="give inputs alone, without labels",
        )
    return [_as_input(leaf, a.type) for leaf, a in zip(leaves, method.body.block.args, strict=True)]


def _as_input(value: Any, type: Any) -> Any:
    """A tensor of the input's dtype, where both are floats or both integers; other values as they are."""
    import torch

    from etc.dialects.on_torch import torch_dtypes

    if not isinstance(type, TensorType):
        return value
    value = torch.as_tensor(value)
    wanted = torch_dtypes()[Tensor.of(type).dtype]
    same_kind = value.dtype.is_floating_point == wanted.is_floating_point and torch.bool not in (value.dtype, wanted)
    return value.detach().to("cpu", wanted if same_kind else None)


def _calls(method: FuncOp, inputs: list[Any], number: int) -> Iterator[list[Any]]:
    """A sample in pieces that the method takes."""
    pieces: list[Sequence[Any]] = []
    for value, argument in zip(inputs, method.body.block.args, strict=True):
        pieces.append(_pieces(method, value, argument.type))
    counts = {len(piece) for piece in pieces} - {1}
    if len(counts) > 1:
        raise EtcError(
            f"the inputs of sample {number} of the calibration data have different numbers of rows",
            found=", ".join(f"{name}: {len(p)}" for name, p in zip(input_names(method), pieces, strict=True)),
        )
    for i in range(max(counts, default=1)):
        yield [piece[i] if len(piece) > 1 else piece[0] for piece in pieces]


def _pieces(method: FuncOp, value: Any, type: Any) -> Sequence[Any]:
    if not isinstance(type, TensorType):
        return [value]
    known = Tensor.of(type)
    if value.dim() == known.rank + 1:
        return list(value)
    if known.rank == 0 or value.dim() != known.rank:
        return [value]
    size, rows = known.sizes[0], value.shape[0]
    if isinstance(size, Expr):
        most = symbol_ranges(method).get(str(size), Range(0, UNBOUNDED)).high
        return value.split(int(most)) if rows > most else [value]
    if rows == 0 < size:
        return []
    return value[: rows // size * size].split(size) if rows > size > 0 else [value]


def _read(method: FuncOp, path: Path) -> Iterator[Mapping[str, Any]]:
    """The samples of a file, or of the files of a directory by name."""
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in (".npz", ".npy"))
        if not files:
            raise EtcError(f"{path}: there is no calibration data in this directory", expected=f"files: {_FORMATS}")
        for file in files:
            yield _read_file(method, file)
    else:
        yield _read_file(method, path)


def _read_file(method: FuncOp, path: Path) -> Mapping[str, Any]:
    import numpy as np

    names = input_names(method)
    try:
        content: Any = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise EtcError(
            f"{path}: this calibration data cannot be read", expected=f"a file: {_FORMATS}", found=str(error)
        ) from None
    if isinstance(content, np.ndarray):
        arrays = {"arr_0": content}
    else:
        with content:
            arrays = {name: content[name] for name in content.files}
    by_position = [f"arr_{i}" for i in range(len(names))]
    for wanted in (names, by_position, list(arrays) if len(arrays) == len(names) == 1 else None):
        if wanted is not None and set(wanted) <= set(arrays):
            return {name: arrays[w] for name, w in zip(names, wanted, strict=True)}
    raise EtcError(
        f"{path}: the arrays are not the inputs of method {method.sym_name.data}",
        expected=", ".join(names),
        found=", ".join(arrays) or "no arrays",
        next_step='write them by name: numpy.savez("data.npz", ' + ", ".join(f"{n}=…" for n in names) + ")",
    )
