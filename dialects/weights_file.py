"""The `.safetensors` file beside an `.mlir` file: the bytes of the constants that the text names by key.

    model.mlir           program.global parameter @fc.weight : tensor<10x128xf32> = #program.blob<"sha256:5e1f…">
    model.safetensors    "sha256:5e1f…": U8[5120]

Each content is there once, whatever number of constants has it. Reading is lazy: a tensor's bytes are read from the
mapped file, and held against their key, when something asks for them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, ModuleOp, TensorType
from xdsl.ir import Attribute, Operation, ParametrizedAttribute

from etc.dialects.blob import Blob, BlobAttr, is_inline
from etc.dialects.program import ConstantOp, GlobalOp
from etc.errors import EtcError, Problem, problem_at


def _typed_blobs(module: ModuleOp) -> Iterator[tuple[Operation, Blob, TensorType[Any] | None]]:
    """Every blob of the module, with the type of the constant that it is the content of."""
    for op in module.walk():
        type = op.type if isinstance(op, GlobalOp) else op.result.type if isinstance(op, ConstantOp) else None
        for attribute in (*op.properties.values(), *op.attributes.values()):
            for blob in _blobs_in(attribute):
                yield op, blob, type


def _blobs_in(attribute: Attribute) -> Iterator[Blob]:
    """The blobs of an attribute and of those that it consists of."""
    match attribute:
        case BlobAttr():
            yield attribute.data
        case ArrayAttr():
            for element in attribute:
                yield from _blobs_in(element)
        case DictionaryAttr():
            for element in attribute.data.values():
                yield from _blobs_in(element)
        case ParametrizedAttribute():
            for element in attribute.parameters:
                yield from _blobs_in(element)
        case _:
            pass


def blobs_by_key(*modules: ModuleOp) -> dict[str, Blob]:
    """The blobs that the modules' text names by key, sorted by key."""
    found = (entry for module in modules for entry in _typed_blobs(module))
    named = (blob for _, blob, type in found if type is None or not is_inline(blob, type))
    return dict(sorted((blob.key, blob) for blob in named))


def save(path: str | Path, *modules: ModuleOp) -> None:
    """Write the bytes that belong to the modules' text. Equal modules give equal files.

    The file is written whole or not at all. Raises EtcError when it cannot be written, or when the bytes of a blob are
    not at hand.
    """
    import numpy
    from safetensors.numpy import save_file

    tensors = {key: numpy.frombuffer(blob.data, dtype=numpy.uint8) for key, blob in blobs_by_key(*modules).items()}
    target = Path(path)
    partial = target.with_name(f"{target.name}.{os.getpid()}.partial")
    try:
        save_file(tensors, partial)
        os.replace(partial, target)
    except Exception as error:  # the library raises its own class besides OSError
        raise EtcError("the weights cannot be written", where=str(path), found=_first_line(error)) from None
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def load(path: str | Path, verify: bool = True) -> Mapping[str, Blob]:
    """Make the content of a weights file known: modules that are parsed while the result lives find their bytes.

    Nothing is read but the file's table. With `verify`, a content that does not have its key raises EtcError when
    it is first used. Raises EtcError when there is no such file or it is not a weights file.
    """
    from safetensors import safe_open

    if not Path(path).is_file():
        raise EtcError(
            "there is no such weights file",
            where=str(path),
            next_step="keep the .safetensors file beside the .mlir file that was written with it",
        )
    try:
        file: Any = safe_open(str(path), framework="numpy").__enter__()
        names: list[str] = list(file.keys())
        sizes = {name: _size(file.get_slice(name)) for name in names}
    except Exception as error:  # the library raises its own class besides OSError
        raise _damaged(path, _first_line(error)) from None
    blobs: dict[str, Blob] = {}
    for name, nbytes in sizes.items():
        if not name.startswith("sha256:") or nbytes is None:
            raise _damaged(path, f"a tensor {name!r}")
        blob = blobs[name] = Blob.from_key(name, nbytes)
        if not blob.is_loaded:
            blob.provide(lambda name=name, nbytes=nbytes: _read(file, path, name, nbytes, verify), nbytes)
    return blobs


def attach(module: ModuleOp, path: str | Path, verify: bool = True) -> None:
    """Give a module that was read from text its bytes.

    Raises EtcError as `load` does, and with all constants for which the file has no bytes or bytes of another size.
    """
    blobs = load(path, verify)
    problems: list[Problem] = []
    for op, blob, type in _typed_blobs(module):
        name = f"@{op.symbol}" if isinstance(op, GlobalOp) else "a constant"
        if not blob.is_loaded and blob.key not in blobs:
            problems.append(
                problem_at(
                    op, f"the bytes of {name} are not in {path}", next_step="write both files again with `etc-opt -o`"
                )
            )
        elif type is not None and (problem := _size_problem(op, name, blob, type)) is not None:
            problems.append(problem)
    if problems:
        raise EtcError(problems)


def _size_problem(op: Operation, name: str, blob: Blob, type: TensorType[Any]) -> Problem | None:
    from etc.dialects.symbolic import product
    from etc.dialects.tensor import Tensor

    tensor = Tensor.of(type)
    expected = product(tensor.sizes) * tensor.dtype.size
    if blob.nbytes == expected:
        return None
    what = f"the content of {name} does not have the size of its type"
    return problem_at(op, what, expected=f"{expected} bytes for {type}", found=f"{blob.nbytes} bytes")


def _size(slice: Any) -> int | None:
    """Bytes of a tensor in the file, None when it is not a row of bytes."""
    shape = slice.get_shape()
    return shape[0] if slice.get_dtype() == "U8" and len(shape) == 1 else None


def _read(file: Any, path: str | Path, name: str, nbytes: int, verify: bool) -> memoryview:
    try:
        data = memoryview(file.get_tensor(name))
    except Exception as error:  # the file may have changed since it was opened
        raise _damaged(path, _first_line(error)) from None
    if data.nbytes != nbytes or (verify and Blob.from_bytes(data).key != name):
        raise _damaged(path, f"other bytes than those of {name}")
    return data


def _damaged(path: str | Path, found: str) -> EtcError:
    return EtcError(
        "the file cannot be read as weights",
        where=str(path),
        expected="a .safetensors file with tensors named sha256:…, as `etc-opt -o model.mlir` writes it",
        found=found,
        next_step="write the .mlir file and its weights again",
    )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)
