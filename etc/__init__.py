"""etc: an ahead-of-time compiler from torch.export to ExecuTorch programs and bare-metal C, built on xDSL.

    import etc

    compiled = etc.compile(model, (torch.randn(1, 3, 224, 224),))
    compiled.save("model.pte")
    outputs = compiled.run(image)               # on the stock ExecuTorch runtime

Names are imported when they are first used, so that `import etc` costs nothing.

The source folders sit at the root of the repository; the links in this folder give them the import names
`etc.dialects`, `etc.transforms`, … Import them by those names only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from etc.by_example import rewrite
    from etc.compiler import Compiled, compile
    from etc.errors import EtcError as Error
    from etc.lowering.import_torch_files import load_pt2
    from etc.pipelines import OPTIMISATIONS
    from etc.report import Report
    from etc.transforms.rewriting import (
        EtcPass,
        PatternRewriter,
        RewritePattern,
        op_type_rewrite_pattern,
        rewrite_rule,
    )

__all__ = [
    "OPTIMISATIONS",
    "Compiled",
    "Error",
    "EtcPass",
    "PatternRewriter",
    "Report",
    "RewritePattern",
    "compile",
    "load_pt2",
    "op_type_rewrite_pattern",
    "rewrite",
    "rewrite_rule",
]

_REWRITING = "etc.transforms.rewriting"
_HOMES = {
    "OPTIMISATIONS": ("etc.pipelines", "OPTIMISATIONS"),
    "Compiled": ("etc.compiler", "Compiled"),
    "Error": ("etc.errors", "EtcError"),
    "EtcPass": (_REWRITING, "EtcPass"),
    "PatternRewriter": (_REWRITING, "PatternRewriter"),
    "Report": ("etc.report", "Report"),
    "RewritePattern": (_REWRITING, "RewritePattern"),
    "compile": ("etc.compiler", "compile"),
    "load_pt2": ("etc.lowering.import_torch_files", "load_pt2"),
    "op_type_rewrite_pattern": (_REWRITING, "op_type_rewrite_pattern"),
    "rewrite": ("etc.by_example", "rewrite"),
    "rewrite_rule": (_REWRITING, "rewrite_rule"),
}
"""Where a public name is defined: module and name there."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'etc' has no attribute {name!r}")
    module, defined = _HOMES[name]
    value = globals()[name] = getattr(import_module(module), defined)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
