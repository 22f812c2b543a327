"""How much noise each part of a quantised program makes at its outputs, with all other parts in float."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from etc.quantize.accuracy import Part, parts_of
from etc.quantize.closeness import Sums
from etc.quantize.matching import is_stored_weight, method_of, same_values
from etc.transforms.edge_builder import array_of, is_constant


class _Selected:
    """Calls of a program with fake quantisation of which only some parts round: elsewhere reals pass as they are."""

    def __init__(self, reference: ModuleOp, quantised: ModuleOp, method: str):
        from etc.runtime.torch_executor import Executor

        there, here = method_of(reference, method), method_of(quantised, method)
        same = same_values(there, here)
        self._method, self._arguments = method, here.body.block.args
        self._parts: dict[SSAValue, Part] = {}
        self._made: dict[SSAValue, SSAValue] = {}
        self._weights: dict[SSAValue, Any] = {}
        for point, part in parts_of(there, here).items():
            self._made |= {value: point.made for value in point.values if value is not point.made}
            weights = _float_weights(point.operations, same)
            self._weights |= weights
            self._parts |= dict.fromkeys([*point.values, *weights], part)
        self._seen: dict[SSAValue, Any] = {}
        self._wanted = frozenset(self._made.values())
        self._rounding: Part | None = None
        self._executor = Executor(quantised, self._on_result)

    @property
    def parts(self) -> list[Part]:
        return list(dict.fromkeys(part for part in self._parts.values() if part))

    def __call__(self, inputs: Sequence[Any], part: Part) -> list[Any]:
        """The outputs where only `part` rounds."""
        self._seen, self._rounding = dict(zip(self._arguments, inputs, strict=True)), part
        return self._executor.run(self._method, *inputs)

    def _on_result(self, result: SSAValue, value: Any) -> Any:
        if result in self._parts and self._parts[result] != self._rounding:
            if result in self._weights:
                value = self._weights[result]
            elif self._made.get(result) in self._seen:
                value = self._seen[self._made[result]]
        if result in self._wanted:
            self._seen[result] = value
        return value


def _float_weights(operations: Sequence[Operation], same: Mapping[SSAValue, SSAValue]) -> dict[SSAValue, Any]:
    """The weights that integers stand for, in float, by the values that operations read."""
    found: dict[SSAValue, Any] = {}
    for op in operations:
        reference = same[op.results[0]].owner if op.results[0] in same else None
        if not isinstance(reference, type(op)):
            continue
        for mine, other in zip(op.operands, reference.operands, strict=False):
            if is_stored_weight(mine) and is_constant(other):
                found[mine] = array_of(other)
    return found


def sensitivities(
    reference: ModuleOp, quantised: ModuleOp, method: str, inputs: Sequence[Sequence[Any]], expected: Sequence[Any]
) -> dict[Part, float]:
    """For each part the share of noise in the outputs, the largest of all outputs; the most sensitive first."""
    selected = _Selected(reference, quantised, method)
    noise: dict[Part, float] = {}
    for part in selected.parts:
        sums: dict[int, Sums] = {}
        for call, outputs in zip(inputs, expected, strict=True):
            for number, (x, y) in enumerate(zip(outputs, selected(call, part), strict=True)):
                if hasattr(x, "is_floating_point") and x.is_floating_point():
                    sums.setdefault(number, Sums()).add(x, y)
        noise[part] = max((each.noise / each.signal if each.signal else 0.0 for each in sums.values()), default=0.0)
    return dict(sorted(noise.items(), key=lambda item: -item[1]))
