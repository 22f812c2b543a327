"""Numbers where vectors are meant, and tensors without elements, compute the same on the stock runtime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from legalize_harness import assert_legalized
from torch.export import Dim

from etc.lowering.legalize_shapes import LegalizeShapesPass

NUMBER, PLACE = torch.tensor(-1.5), torch.tensor(0)
ROWS, NONE = torch.ones(2, 3), torch.ones(0, 3)

FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[torch.Tensor, ...]]] = {
    "sum": (lambda x: x.sum(0), (NUMBER,)),
    "mean": (lambda x: x.mean(-1, keepdim=True), (NUMBER,)),
    "var": (lambda x: x.var(0, correction=0), (NUMBER,)),
    "amax": (lambda x: x.amax(0), (NUMBER,)),
    "amin": (lambda x: x.amin(0), (NUMBER,)),
    "any": (lambda x: x.any(0), (NUMBER,)),
    "prod": (lambda x: x.prod(0), (NUMBER,)),
    "max": (lambda x: x.max(0), (NUMBER,)),
    "min": (lambda x: x.min(-1), (NUMBER,)),
    "argmax": (lambda x: x.argmax(0), (NUMBER,)),
    "argmin": (lambda x: x.argmin(0, keepdim=True), (NUMBER,)),
    "cumsum": (lambda x: x.cumsum(0), (NUMBER,)),
    "topk": (lambda x: x.topk(1), (NUMBER,)),
    "softmax": (lambda x: x.softmax(0), (NUMBER,)),
    "log_softmax": (lambda x: x.log_softmax(0), (NUMBER,)),
    "gather": (lambda x, i: x.gather(0, i), (NUMBER, PLACE)),
    "scatter": (lambda x, i: x.scatter(0, i, 2.0), (NUMBER, PLACE)),
    "scatter_source": (lambda x, i: x.scatter(0, i, x + 1), (NUMBER, PLACE)),
    "scatter_add": (lambda x, i: x.scatter_add(0, i, x), (NUMBER, PLACE)),
    "index_select": (lambda x, i: x.index_select(0, i), (NUMBER, PLACE)),
    "elementwise": (lambda x: x.exp() + 1, (NONE,)),
    "all_empty": (lambda x, y: (x[:0] * 2, y), (ROWS, ROWS)),
    "cat": (lambda x, y: torch.cat([x, y, x]), (ROWS, NONE)),
    "cat_of_one": (lambda x, y: torch.cat([y, x]) * 2, (ROWS, NONE)),
    "mm": (lambda x, y: x @ y, (torch.ones(2, 0), NONE)),
    "bmm": (lambda x, y: x @ y, (torch.ones(4, 2, 0), torch.ones(4, 0, 3))),
    "linear": (lambda x, w: torch.nn.functional.linear(x, w, torch.ones(3)), (torch.ones(2, 0), torch.ones(3, 0))),
    "addmm": (lambda x, y: torch.addmm(torch.ones(3), x, y, beta=3), (torch.ones(2, 0), NONE)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_shapes_that_kernels_refuse(name: str) -> None:
    function, inputs = FUNCTIONS[name]
    assert_legalized(LegalizeShapesPass(), function, inputs)


def test_no_rows_of_any_length() -> None:
    """The sizes of the result are those of the call, not their bounds."""
    columns = {1: Dim("n", min=2, max=9)}
    assert_legalized(LegalizeShapesPass(), lambda x: x[:0].exp(), (torch.ones(3, 5),), (columns,))
