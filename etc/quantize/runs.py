"""Calls of a program on torch that note some values on the way, and put others in the place of some."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from etc.quantize.matching import method_of

Values = Mapping[SSAValue, list[Any]]
"""What was computed in one call, as often as it was: bodies of loops run several times."""


class Run:
    """Calls of one method that note the values in `wanted`, and put others in the place of some."""

    def __init__(self, module: ModuleOp, method: str, wanted: Collection[SSAValue]):
        from etc.runtime.torch_executor import Executor

        self._executor, self._method, self._wanted = Executor(module, self._on_result), method, frozenset(wanted)
        self.arguments = method_of(module, method).body.block.args
        self.seen: dict[SSAValue, list[Any]] = {}
        self._instead: Mapping[SSAValue, list[Any]] = {}
        self._times: dict[SSAValue, int] = {}

    def __call__(self, inputs: Sequence[Any], instead: Values | None = None) -> list[Any]:
        """The outputs; `instead` has what is read in the place of results."""
        self._instead, self._times = instead or {}, {}
        self.seen = {argument: [value] for argument, value in zip(self.arguments, inputs, strict=False)}
        return self._executor.run(self._method, *inputs)

    def _on_result(self, result: SSAValue, value: Any) -> Any:
        if result in self._wanted:
            self.seen.setdefault(result, []).append(value)
        if (others := self._instead.get(result)) is None:
            return value
        time = self._times.get(result, 0)
        self._times[result] = time + 1
        return others[time] if time < len(others) else value
