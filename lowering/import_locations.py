"""Source locations of imported operations: the model's own line, under the name of the module that ran it.

loc("layer1.0.conv"("model.py":41:0))
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from xdsl.dialects.builtin import FileLineColLoc, IntAttr, LocationAttr, NameLoc, StringAttr, UnknownLoc

_FRAME = re.compile(r'File "([^"]+)", line (\d+)')
_TORCH = re.compile(r"<eval_with_key>|(?:^|[/\\])(?:site|dist)-packages[/\\]torch[/\\]|^torch[/\\]")
_UNKNOWN = UnknownLoc()


class Locations:
    """Locations from the metadata of fx nodes; equal stack traces are read once."""

    def __init__(self) -> None:
        self._files: dict[str, FileLineColLoc | None] = {}
        self._known: dict[tuple[str, str], LocationAttr] = {}
        self.modules: dict[str, str] = {}
        """The classes of the modules around what was asked for, by their paths."""
        self._directory = os.path.join(os.getcwd(), "")

    def of(self, meta: Mapping[str, Any]) -> LocationAttr:
        """The innermost frame outside of torch, named by the path of the innermost module."""
        trace: str = meta.get("stack_trace") or ""
        path = _module_path(meta.get("nn_module_stack"))
        known = self._known.get((trace, path))
        if known is None:
            known = self._known[trace, path] = self._read(trace, path)
            self.modules |= _classes(meta.get("nn_module_stack"))
        return known

    def _read(self, trace: str, path: str) -> LocationAttr:
        if trace not in self._files:
            self._files[trace] = self._file(trace)
        file = self._files[trace]
        if path:
            return NameLoc(StringAttr(path), file or _UNKNOWN)
        return file or _UNKNOWN

    def _file(self, trace: str) -> FileLineColLoc | None:
        frames = [frame for frame in _FRAME.findall(trace) if not _TORCH.search(frame[0])]
        if not frames:
            return None
        file, line = frames[-1]
        return FileLineColLoc(StringAttr(file.removeprefix(self._directory)), IntAttr(int(line)), IntAttr(0))


def _module_path(stack: Mapping[str, tuple[str, Any]] | None) -> str:
    """`layer1.0.conv`; "" for the model itself."""
    if not stack:
        return ""
    *_, (path, _) = stack.values()
    return "" if path.startswith("_empty_nn_module_stack") else path


def _classes(stack: Mapping[str, tuple[str, Any]] | None) -> dict[str, str]:
    """`{"layer1.0": "Bottleneck", "layer1.0.conv": "Conv2d"}`: the modules that are being run, without the model."""
    found = {path: getattr(cls, "__name__", str(cls)).rpartition(".")[2] for path, cls in (stack or {}).values()}
    return {path: name for path, name in found.items() if path and not path.startswith("_empty_nn_module_stack")}
