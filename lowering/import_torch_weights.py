"""Parameters, buffers and constants of exported programs as globals, without copying their bytes.

Tensors that are one piece of memory (tied weights) become one global under the first name; `program.tied` on it lists
the others. Memory is shared with the model: weights are read when the program is emitted, so compile before you change
them. Buffers that a method writes to are copied, since running the model changes them.
"""

from __future__ import annotations

from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensor
from xdsl.dialects.builtin import ArrayAttr, StringAttr, UnitAttr

from etc.dialects.blob import Blob, BlobAttr
from etc.dialects.program import GlobalKind, GlobalOp
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.lowering.import_torch_types import dtype_of, require_dense


def blob_of(tensor: torch.Tensor, copy: bool = False) -> Blob:
    """The bytes of a tensor, its dimensions in order; shared with it when they already are. Raises EtcError."""
    if isinstance(tensor, FakeTensor) or tensor.is_meta:
        raise EtcError(
            "a weight has no content",
            found="a tensor on the meta device or of a fake mode",
            next_step="export the model with its real weights",
        )
    if type(tensor) not in _PLAIN or tensor.layout is not torch.strided or tensor.is_quantized:
        raise EtcError(
            "a weight is not a plain dense tensor",
            found=f"{type(tensor).__name__} of layout {tensor.layout}",
            next_step="turn it into plain tensors before the export (dense(), dequantize(), unwrap_tensor_subclass)",
        )
    plain = tensor.detach().cpu().resolve_conj().resolve_neg().contiguous()
    if copy and plain.data_ptr() == tensor.data_ptr():
        plain = plain.clone()
    if not plain.numel():
        return Blob.from_bytes(b"")
    array: Any = plain.reshape(-1).view(torch.uint8).numpy()
    return Blob.from_bytes(memoryview(array))


_PLAIN = (torch.Tensor, torch.nn.Parameter, torch.nn.Buffer)


def identity(tensor: torch.Tensor) -> tuple[Any, ...]:
    """Equal for tensors that are one piece of memory."""
    if isinstance(tensor, FakeTensor) or not tensor.numel():
        return (id(tensor),)
    return (tensor.data_ptr(), tuple(tensor.shape), tensor.stride(), tensor.dtype)


class Globals:
    """The globals of the program that is being imported; methods share them."""

    def __init__(self) -> None:
        self.ops: dict[str, GlobalOp] = {}
        self._tensors: dict[str, torch.Tensor] = {}
        self._names: dict[tuple[Any, ...], str] = {}

    def add(self, name: str, tensor: torch.Tensor, kind: GlobalKind, method: str) -> str:
        """The name of the global for a tensor that `method` calls `name`. Raises EtcError when it cannot be one."""
        try:
            require_dense(tensor)
        except EtcError as error:
            raise EtcError([_of(p, name, kind) for p in error.problems]) from None
        key = identity(tensor)
        known = self._names.get(key)
        if known is not None:
            self.add_name(name, tensor)
            return known
        if name in self.ops:
            if self._equal(self._tensors[name], tensor):
                return name
            name = f"{method}.{name}"
        try:
            type = Tensor(dtype_of(tensor.dtype), tuple(tensor.shape)).type
            self.ops[name] = GlobalOp(name, type, blob_of(tensor), kind)
        except EtcError as error:
            raise EtcError([_of(p, name, kind) for p in error.problems]) from None
        self._tensors[name] = tensor
        self._names[key] = name
        return name

    def make_mutable(self, name: str) -> None:
        """Note that a method stores to the global. Raises EtcError when other globals lie in the same memory."""
        op = self.ops[name]
        if op.mutable is not None:
            return
        tensor = self._tensors[name]
        storage = tensor.untyped_storage().data_ptr()
        for other, there in self._tensors.items():
            if other != name and storage and there.untyped_storage().data_ptr() == storage and _overlap(tensor, there):
                raise EtcError(
                    f"the buffer {name} is written to and shares memory with {other}",
                    next_step="give each of them memory of its own (clone()) before the export",
                )
        op.properties["mutable"] = UnitAttr()
        op.properties["value"] = BlobAttr(blob_of(tensor, copy=True))

    def add_name(self, name: str, tensor: torch.Tensor) -> None:
        """Note another name of a tensor that is a global."""
        known = self._names.get(identity(tensor))
        if known is None or known == name:
            return
        op = self.ops[known]
        tied = op.attributes.get("program.tied")
        names = [*tied.data] if isinstance(tied, ArrayAttr) else []
        if StringAttr(name) not in names:
            op.attributes["program.tied"] = ArrayAttr([*names, StringAttr(name)])

    @staticmethod
    def _equal(a: torch.Tensor, b: torch.Tensor) -> bool:
        return a.dtype == b.dtype and a.shape == b.shape and torch.equal(a.detach(), b.detach())


def _overlap(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Whether the address ranges of two tensors meet."""

    def end(t: torch.Tensor) -> int:
        last = sum((size - 1) * stride for size, stride in zip(t.shape, t.stride(), strict=True))
        return t.data_ptr() + (last + 1) * t.element_size()

    return a.data_ptr() < end(b) and b.data_ptr() < end(a)


def _of(problem: Any, name: str, kind: GlobalKind) -> Any:
    from dataclasses import replace

    return replace(problem, what=f"the {kind} {name}: {problem.what}")
