"""`etc.rewrite`: a pass whose two sides are written as PyTorch functions.

    def pattern(x):
        return x * torch.sigmoid(x)

    FuseSilu = etc.rewrite(pattern, torch.nn.functional.silu, (torch.ones(2, 8),), name="fuse-silu")

Both sides are exported with the example inputs and lowered to the edge dialect, like a model; there the first is looked
for and the second put in its place. What matches says `etc.transforms.graph_rewrite`: the example's dtypes and ranks
count, its sizes only where a property of an operation names them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from xdsl.dialects.func import FuncOp
from xdsl.pattern_rewriter import RewritePattern

from etc.errors import EtcError
from etc.transforms.rewrite_log import recording
from etc.transforms.rewriting import EtcPass

TOLERANCE = 1e-4


def rewrite(
    pattern: Callable[..., Any],
    replacement: Callable[..., Any],
    example_inputs: Sequence[Any],
    *,
    name: str,
    summary: str = "",
    tolerance: float | None = TOLERANCE,
) -> type[EtcPass]:
    """A pass called `name` that replaces what `pattern` computes by what `replacement` computes.

    Both functions take tensors like `example_inputs` and return one tensor. `tolerance` is the largest difference of
    their results, relative to the largest magnitude, that is no mistake; None leaves them unchecked. The functions are
    exported when the pass first runs; it raises EtcError for what cannot be exported, lowered or matched, and when the
    two compute different things.
    """

    @cache
    def rule() -> type[RewritePattern]:
        from etc.transforms.graph_rewrite import graph_rewrite

        if tolerance is not None:
            _compare(name, pattern, replacement, example_inputs, tolerance)
        sides = [_on_edge(name, function, example_inputs) for function in (pattern, replacement)]
        return graph_rewrite(name, *sides)

    def get_patterns(self: EtcPass) -> Sequence[RewritePattern]:
        return (rule()(),)

    members = {
        "name": name,
        "get_patterns": get_patterns,
        "__doc__": summary or f"Replace what {_name(pattern)} computes by {_name(replacement)}.",
        "__module__": sys._getframe(1).f_globals.get("__name__", __name__),  # pyright: ignore[reportPrivateUsage]
    }
    class_name = "".join(word.capitalize() for word in name.split("-")) + "Pass"
    return dataclass(frozen=True)(type(class_name, (EtcPass,), members))


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__name__", type(function).__name__)


def _compare(
    name: str, pattern: Callable[..., Any], replacement: Callable[..., Any], inputs: Sequence[Any], tolerance: float
) -> None:
    """Raise an EtcError unless both sides compute the same on random inputs like the example's."""
    import torch

    generator = torch.Generator().manual_seed(0)
    given = [
        torch.randn(value.shape, generator=generator).to(value.dtype) if value.is_floating_point() else value
        for value in inputs
    ]
    with torch.no_grad():
        expected, found = (function(*(value.clone() for value in given)) for function in (pattern, replacement))
    if (expected.dtype, expected.shape) != (found.dtype, found.shape):
        raise EtcError(
            f"{name}: the replacement's result has another type than the pattern's",
            expected=f"{expected.dtype} {list(expected.shape)}",
            found=f"{found.dtype} {list(found.shape)}",
        )
    gap = (expected.double() - found.double()).abs().max().item() if expected.numel() else 0.0
    largest = expected.double().abs().max().item() if expected.numel() else 0.0
    if not gap <= tolerance * max(largest, 1e-30):
        raise EtcError(
            f"{name}: the replacement does not compute what the pattern does",
            expected=f"a difference of at most {tolerance:g} of the largest magnitude",
            found=f"{gap / largest if largest else gap:.3g}",
            next_step="correct it, or allow more with tolerance=",
        )


def _on_edge(name: str, function: Callable[..., Any], inputs: Sequence[Any]) -> FuncOp:
    """The function as a method of stage edge."""
    from torch import nn

    from etc.compiler import context, export
    from etc.dialects.program import methods
    from etc.lowering.import_torch import import_program
    from etc.pipelines import TO_PTE
    from etc.tools.pipeline import PassTable, run_passes

    class Function(nn.Module):
        def forward(self, *arguments: Any) -> Any:
            return function(*arguments)

    stages = dict(TO_PTE)
    try:
        with recording():  # what the passes do here is no part of the log of the compilation around
            module = import_program(export(Function(), inputs))
            run_passes(context(), module, PassTable().parse(",".join((*stages["core-aten"], *stages["edge"]))))
    except EtcError as error:
        raise EtcError(f"{name}: {_name(function)} cannot be used in a rewrite: {error}") from error
    (method,) = methods(module)
    return method
