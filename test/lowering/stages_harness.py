"""What tests say of the stages of a program."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import Any

import torch
from torch.utils._pytree import tree_leaves
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.printer import Printer

from etc.compiler import context

ON_TORCH = ("aten", "core-aten", "edge", "optimised")
"""The stages that the oracle executes."""


def text_of(module: ModuleOp) -> str:
    stream = StringIO()
    Printer(stream=stream, print_debuginfo=True).print_op(module)
    return stream.getvalue()


def assert_reads_back(stage: str, module: ModuleOp) -> None:
    text = text_of(module)
    assert text_of(Parser(context(), text).parse_module()) == text, f"the text of stage {stage} does not read back"


def assert_equal(found: Sequence[Any], expected: Any) -> None:
    """Compare flat outputs with a structure of tensors and numbers."""
    wanted = [v for v in tree_leaves(expected) if v is not None]
    assert len(found) == len(wanted)
    for have, want in zip(found, wanted, strict=True):
        assert isinstance(have, torch.Tensor) == isinstance(want, torch.Tensor)
        want = want.contiguous() if isinstance(want, torch.Tensor) else want
        torch.testing.assert_close(have, want, rtol=1e-4, atol=1e-5, equal_nan=True)
