"""The `.safetensors` file beside a text program: the bytes of the weights that the text names by key.

A tensor of the file is called like the global that it initialises, else like its key; the file's metadata maps names to
keys. Equal tensors are stored once. Nothing is read before it is used, and what is read must fit its key.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from etc.dialects.blob import Blob
from etc.dialects.program import globals_of
from etc.dialects.tensor import Tensor
from etc.errors import EtcError

_KEY = re.compile(r'#program\.blob<"(sha256:[0-9a-f]{64})">')
_FORMAT_NAMES = {"uint8": "U8", "bool": "BOOL", "bfloat16": "BF16", "complex64": "C64"} | {
    f"{kind}{bits}": f"{letter}{bits}"
    for kind, letter in (("float", "F"), ("int", "I"), ("uint", "U"))
    for bits in (8, 16, 32, 64)
}


def weights_of(text: str, modules: Iterable[ModuleOp]) -> bytes:
    """A `.safetensors` file with the blobs that `text` names by key; empty when it names none. Raises EtcError."""
    blobs = {key: Blob.from_key(key) for key in _KEY.findall(text)}
    if not blobs:
        return b""
    known: dict[str, tuple[str, Tensor]] = {}
    for module in modules:
        for name, target in globals_of(module).items():
            if target.value is not None and target.value.data.key in blobs:
                known.setdefault(target.value.data.key, (name, Tensor.of(target.type)))
    header: dict[str, Any] = {"__metadata__": {}}
    offset = 0
    for key, blob in blobs.items():
        name, tensor = known.get(key, (key, None))
        if name in header:  # programs of one file may give different weights the same name
            name = key
        size = len(blob.data)
        header["__metadata__"][name] = key
        header[name] = {**_description(tensor, size), "data_offsets": [offset, offset + size]}
        offset += size
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    return b"".join([len(encoded).to_bytes(8, "little"), encoded, *(blob.data for blob in blobs.values())])


def _description(tensor: Tensor | None, size: int) -> Mapping[str, Any]:
    if tensor is None or (dtype := _FORMAT_NAMES.get(tensor.dtype.name)) is None:
        return {"dtype": "U8", "shape": [size]}
    return {"dtype": dtype, "shape": [tensor.shape[dim] for dim in tensor.order]}


def provide_weights(path: Path) -> None:
    """Tell the blobs that are known by key alone where in this file their bytes are. Raises EtcError."""
    try:
        with path.open("rb") as file:
            data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        start = 8 + int.from_bytes(data[:8], "little")
        header: dict[str, Any] = json.loads(bytes(data[8:start]))
        contents: dict[str, memoryview] = {}
        for name, key in header["__metadata__"].items():
            begin, end = header[name]["data_offsets"]
            contents[key] = data[start + begin : start + end]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EtcError(
            f"{path}: this file of weights cannot be read ({type(error).__name__}: {error})",
            expected="the .safetensors file that `etc-opt -o` wrote beside the .mlir file",
        ) from error
    for key, content in contents.items():
        blob = Blob.from_key(key)
        if not blob.is_loaded:
            blob.provide(lambda key=key, content=content: _checked(path, key, content), len(content))


def _checked(path: Path, key: str, content: memoryview) -> memoryview:
    if "sha256:" + hashlib.sha256(content).hexdigest() != key:
        raise EtcError(
            f"{path}: a weight in this file is damaged",
            expected=f"content with the key {key}",
            found=f"{len(content)} bytes with another",
            next_step="write the program again with `etc-opt -o`",
        )
    return content
