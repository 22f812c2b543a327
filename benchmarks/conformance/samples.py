"""The samples of PyTorch's operator database (`op_db`), each as a module and its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.utils._pytree import tree_flatten, tree_unflatten

DTYPES = {"float32": torch.float32, "int64": torch.int64, "bool": torch.bool} | {
    "float16": torch.float16,
    "bfloat16": torch.bfloat16,
}
UNDEFINED = frozenset({"empty", "empty_like", "empty_permuted", "empty_strided", "new_empty", "new_empty_strided"})
"""Operators whose results hold whatever was in memory: only shape and dtype can be compared."""

ORDERS = frozenset({"argsort"})
"""Operators whose results say where elements are, in any order among equal ones: the elements are compared."""


@dataclass(frozen=True, order=True)
class Task:
    """All samples of one operator in one dtype."""

    op: str
    """name, and variant after a dot: `std_mean.unbiased`"""
    dtype: str


class Call(torch.nn.Module):
    """Calls an operator: tensors among its arguments are inputs, all else is fixed."""

    def __init__(self, op: Any, arguments: Sequence[Any], spec: Any, determined: Callable[[Any], Any]):
        super().__init__()
        self._op, self._arguments, self._spec = op, arguments, spec
        self.determined = determined
        """What the database says is determined of a result: the absolute values of eigenvectors, for instance."""

    def forward(self, *tensors: torch.Tensor) -> Any:
        given = iter(tensors)
        filled = [next(given) if isinstance(a, torch.Tensor) else a for a in self._arguments]
        args, kwargs = tree_unflatten(filled, self._spec)
        return self._op(*args, **kwargs)


@cache
def operators() -> dict[str, Any]:
    """The entries of the database by name and variant."""
    return {f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name: op for op in op_db}


def tasks(ops: Sequence[str] = (), dtypes: Sequence[str] = tuple(DTYPES)) -> list[Task]:
    """The samples to try: of these operators (of all when empty), in these dtypes where the operator takes them.

    An operator's name stands for its variants too.
    """
    return [
        Task(name, dtype)
        for name, op in operators().items()
        if not ops or name in ops or op.name in ops
        for dtype in dtypes
        if op.supports_dtype(DTYPES[dtype], "cpu")
    ]


def samples(task: Task, count: int) -> Iterator[tuple[Call, tuple[torch.Tensor, ...]]]:
    """The first samples of a task, the same ones in each run."""
    op = operators()[task.op]
    torch.manual_seed(0)
    with torch.no_grad():
        found = list(islice(op.sample_inputs("cpu", DTYPES[task.dtype], requires_grad=False), count))
    for sample in found:
        leaves, spec = tree_flatten(((sample.input, *sample.args), sample.kwargs))
        tensors = tuple(leaf.detach().clone() for leaf in leaves if isinstance(leaf, torch.Tensor))
        yield Call(op.op, leaves, spec, sample.output_process_fn_grad), tensors
