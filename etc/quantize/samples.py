"""Calibration data as the inputs of a method: from Python objects, `.npz` and `.npy` files, and directories of them."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from xdsl.dialects.builtin import ArrayAttr, StringAttr, TensorType
from xdsl.dialects.func import FuncOp

from etc.dialects.program import constant_leaves, symbol_ranges
from etc.dialects.symbolic import UNBOUNDED, Expr, Range
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, kind_of

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


def keys_of_inputs(method: FuncOp, given: Collection[Any]) -> list[str] | None:
    """What of the keys of a mapping stands for the inputs of a method, in their order; None where some have no key.

    Keys are the names of the inputs, or arr_0, arr_1, as numpy.savez calls arrays that are given no names.
    """
    names = input_names(method)
    forms = (names, [f"arr_{i}" for i in range(len(names))])
    return next((keys for keys in forms if set(keys) <= set(given)), None)


def samples(method: FuncOp, data: Data) -> Iterator[list[Any]]:
    """The inputs of one call after the other, as flat lists. Raises EtcError for data that do not fit.

    Tensors with more rows than the method takes at once are several calls.
    """
    if isinstance(data, str | os.PathLike):
        given: Iterable[tuple[str, Any]] = ((f" ({path})", arrays) for path, arrays in _read(Path(data)))
    elif hasattr(data, "ndim") or isinstance(data, Mapping):
        given = [("", data)]
    elif isinstance(data, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        given = (("", sample) for sample in data)
    else:
        raise EtcError(
            "this is no calibration data",
            expected=f"an iterable of inputs, a directory, or a file: {_FORMATS}",
            found=kind_of(data),
        )
    for number, (file, sample) in enumerate(given):
        place = f"sample {number} of the calibration data{file}"
        yield from _calls(method, _flat(method, sample, place), place)


def _flat(method: FuncOp, sample: Any, place: str) -> list[Any]:
    """The inputs of a sample in the order of the method, as tensors of its dtypes."""
    leaves, names = _leaves(method, sample), input_names(method)
    if leaves is None or len(leaves) != len(names):
        found = ", ".join(map(str, sample)) if isinstance(sample, Mapping) else str(len(leaves or ()))
        raise EtcError(
            f"{place} has other inputs than method {method.sym_name.data}",
            expected=f"{len(names)}: {', '.join(names)}",
            found=found or "nothing",
            next_step=f"name them {', '.join(names)}" if isinstance(sample, Mapping) else "give no labels",
        )
    inputs: list[Any] = []
    problems: list[Problem] = []
    for name, leaf, argument in zip(names, leaves, method.body.block.args, strict=True):
        try:
            inputs.append(_as_input(leaf, argument.type))
        except (TypeError, ValueError, RuntimeError):  # torch has no one error for what it cannot convert
            what = "calibration data have what is no tensor"
            kind = f"array of {leaf.dtype}" if hasattr(leaf, "dtype") else kind_of(leaf)
            problems.append(Problem(what, expected=f"{name}: {argument.type}", found=f"{kind} in {place}"))
    if problems:
        raise EtcError(problems)
    return inputs


def _leaves(method: FuncOp, sample: Any) -> list[Any] | None:
    """The inputs in a sample; None for a mapping by other names. Arguments that are containers keep their order."""
    from torch.utils._pytree import tree_leaves

    if isinstance(sample, Mapping):
        if (keys := keys_of_inputs(method, sample)) is not None:
            return [sample[key] for key in keys]
        if not any(isinstance(value, Mapping | list | tuple) for value in sample.values()):
            return None
    constants = constant_leaves(method, "program.constant_inputs")
    return [leaf for i, leaf in enumerate(tree_leaves(sample)) if i not in constants]


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


def _calls(method: FuncOp, inputs: list[Any], place: str) -> Iterator[list[Any]]:
    """A sample in pieces that the method takes."""
    arguments, names = method.body.block.args, input_names(method)
    pieces = [_pieces(method, value, a.type) for value, a in zip(inputs, arguments, strict=True)]
    problems = [
        Problem(f"{name} does not fit in {place}", expected=str(argument.type), found=_described(piece[0]))
        for name, argument, piece in zip(names, arguments, pieces, strict=True)
        if piece and not _fits(method, piece[0], argument.type)
    ]
    if problems:
        raise EtcError(problems)
    counts = {len(piece) for piece in pieces} - {1}
    if len(counts) > 1:
        raise EtcError(
            f"the inputs of {place} have different numbers of rows",
            found=", ".join(f"{name}: {len(p)}" for name, p in zip(names, pieces, strict=True)),
        )
    for i in range(max(counts, default=1)):
        yield [piece[i] if len(piece) > 1 else piece[0] for piece in pieces]


def _fits(method: FuncOp, value: Any, type: Any) -> bool:
    """Whether a value has the dtype and the sizes of an input; what sizes have to do with each other is not seen."""
    from etc.dialects.on_torch import torch_dtypes

    if not isinstance(type, TensorType):
        return True
    known, ranges = Tensor.of(type), symbol_ranges(method)
    if value.dtype != torch_dtypes()[known.dtype] or value.dim() != known.rank:
        return False
    for size, actual in zip(known.sizes, value.shape, strict=True):
        if isinstance(size, Expr):
            allowed = ranges.get(str(size), Range(0, UNBOUNDED))
            if not allowed.low <= actual <= allowed.high:
                return False
        elif size != actual:
            return False
    return True


def _described(value: Any) -> str:
    """As types of tensors are written in programs, but for the names of dtypes."""
    return f"tensor of {str(value.dtype).removeprefix('torch.')} {list(value.shape)}"


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


def _read(path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The arrays of a file, or of the files of a directory by name."""
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in (".npz", ".npy"))
        if not files:
            raise EtcError(f"{path}: there is no calibration data in this directory", expected=f"files: {_FORMATS}")
    for file in files:
        yield file, _arrays(file)


def _arrays(path: Path) -> Mapping[str, Any]:
    """The arrays of a file by their names. Raises EtcError for what is no file of arrays, or is damaged."""
    import numpy as np

    try:
        content: Any = np.load(path, allow_pickle=False)
        if isinstance(content, np.ndarray):
            return {"arr_0": content}
        with content:
            return {name: content[name] for name in content.files}
    except Exception as error:  # a damaged file fails in all ways: its zip archive, its headers, its sizes
        said = str(error)
        if "Object arrays" in said:
            raise EtcError(
                f"{path}: calibration data have what is no tensor",
                expected="arrays of numbers",
                found="an array of Python objects",
                next_step="write arrays with dtypes of numbers: array.astype(numpy.float32)",
            ) from None
        found = "text, or Python objects" if "pickle" in said else said or kind_of(error)
        raise EtcError(
            f"{path}: this calibration data cannot be read", expected=f"a file: {_FORMATS}", found=found
        ) from None
