"""Where a quantised program loses accuracy: every layer against the program in float, on data.

    report = compare(float_module, fake_quantised_module, data, integer=integer_module)
    print(report.verdict())      # First divergent layer: conv2 (model.py:12): its scale clips 12 % of the values: …

All programs run on torch. Errors add up on the way through a network, so that what is seen in the end says little about
where it came from. Each layer is therefore measured twice: reading what the layers before it made of their quantised
inputs (`accumulated`), and reading the values of the program in float (`local`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.attributes import Params
from etc.emit.report.accuracy import AccuracyReport, Closeness, LayerAccuracy
from etc.errors import EtcError, describe_location
from etc.quantize.boundary import quantised_inputs, real_outputs
from etc.quantize.closeness import Distribution, Sums, attainable
from etc.quantize.diagnosis import Measured, WeightError, diagnose
from etc.quantize.matching import Point, is_stored_weight, method_of, points_of, same_integers, same_values
from etc.quantize.runs import Run, Values
from etc.quantize.samples import Data, samples
from etc.transforms.edge_builder import array_of
from etc.transforms.module_names import modules_of
from etc.transforms.quantisable import CLAMPS, FIXED_RANGES, MOVING, weights_of

if TYPE_CHECKING:
    from xdsl.dialects.builtin import ModuleOp


class _Layer:
    """The sums of one point over all data."""

    def __init__(self, point: Point, same: Mapping[SSAValue, SSAValue]):
        self.point = point
        self._in_float: dict[Operation, Operation] = {
            op: owner for op in point.operations if isinstance(owner := _owner(op, same), Operation)
        }
        self.local, self.accumulated, self.integer = Sums(), Sums(), Sums()
        self.made, self.stored = Sums(), Sums()
        self.distribution = Distribution(point.params)
        self.steps: int | None = None
        self.local_steps: int | None = None
        self.weights: WeightError | None = None

    def add_float(self, values: Values) -> None:
        for value in values.get(self.point.reference, ()):
            self.distribution.add(value)

    def add_accumulated(self, expected: Values, found: Values) -> None:
        _add(self.accumulated, expected.get(self.point.reference), found.get(self.point.value))

    def add_local(self, expected: Values, found: Values) -> None:
        _add(self.local, expected.get(self.point.reference), found.get(self.point.value))
        _add(self.made, expected.get(self.point.reference), found.get(self.point.made))
        _add(self.stored, found.get(self.point.made), found.get(self.point.value))
        if self.weights is None:
            errors = [_weight_error(op, there, found) for op, there in self._in_float.items()]
            self.weights = min(filter(None, errors), key=lambda error: error.sqnr, default=None)

    def add_integer(self, expected: Values, quantised: Values, integers: list[Any] | None) -> None:
        params = self.point.params
        if params is None or integers is None:
            return
        reals = [params.scale * (value.double() - params.zero_point) for value in integers]
        _add(self.integer, expected.get(self.point.reference), reals)
        self.steps = _apart(self.steps, quantised.get(self._integers_of_quantised), integers)

    def add_local_integer(self, quantised: Values, integers: list[Any] | None) -> None:
        self.local_steps = _apart(self.local_steps, quantised.get(self._integers_of_quantised), integers)

    @property
    def _integers_of_quantised(self) -> SSAValue:
        assert self.point.stored is not None
        return self.point.stored

    @property
    def named(self) -> Operation | None:
        """The operation in float that gives the layer its name and its line."""
        return None if self.point.layer is None else self._in_float.get(self.point.layer, self.point.layer)

    @property
    def is_fixed(self) -> bool:
        """Whether the scale is that of an interval, whatever the data are."""
        return bool(self.point.operations) and type(self.point.operations[-1]) in FIXED_RANGES

    def overrides(self, names: Names) -> tuple[str, ...]:
        """By what a recipe names the operations. Clamps go with them."""
        operations = [op for op in self._in_float.values() if type(op) not in CLAMPS] or [*self._in_float.values()]
        return tuple(dict.fromkeys(filter(None, map(names.of, operations))))

    def wanted(self) -> set[SSAValue]:
        weights = {v for op in self.point.operations for v in op.operands}
        stored = {self.point.stored} if self.point.stored is not None else set[SSAValue]()
        return {self.point.value, self.point.made, *stored, *weights}


def _owner(op: Operation, same: Mapping[SSAValue, SSAValue]) -> Operation | Block | None:
    """The operation in float that another one stands for."""
    return same[op.results[0]].owner if op.results[0] in same else None


def _add(sums: Sums, expected: Sequence[Any] | None, found: Sequence[Any] | None) -> None:
    for x, y in zip(expected or (), found or (), strict=False):
        sums.add(x, y)


def _apart(most: int | None, expected: Sequence[Any] | None, found: Sequence[Any] | None) -> int | None:
    for x, y in zip(expected or (), found or (), strict=False):
        apart = int((x.long() - y.long()).abs().max()) if x.numel() else 0
        most = max(most or 0, apart)
    return most


def _weight_error(op: Operation, reference: Operation, values: Values) -> WeightError | None:
    """How far the quantised weights of an operation are from those in float; None without either."""
    weights = weights_of(reference)
    if weights is None or len(op.operands) <= weights.operand:
        return None
    quantised, found = op.operands[weights.operand], values.get(op.operands[weights.operand])
    if found is None or not is_stored_weight(quantised) or not isinstance(quantised.owner, EdgeOp):
        return None
    expected = array_of(reference.operands[weights.operand])
    if expected.shape != found[0].shape:
        return None
    return WeightError.of(expected, found[0], weights.axis, quantised.owner)


def compare(
    reference: ModuleOp,
    quantised: ModuleOp,
    data: Data,
    *,
    integer: ModuleOp | None = None,
    method: str = "forward",
    on_sample: Callable[[int], None] | None = None,
) -> AccuracyReport:
    """Run the program in float, the one with fake quantisation and the one in integers on the same inputs.

    `data` are like those of calibration, without labels; `on_sample` is told how many calls have been run. The integer
    program may take and give integers. Raises EtcError when there are no data, or they do not fit.
    """
    there, here = method_of(reference, method), method_of(quantised, method)
    same = same_values(there, here)
    layers = [_Layer(point, same) for point in points_of(here, same)]
    wanted = {value for layer in layers for value in layer.wanted()}
    in_float = Run(reference, method, {layer.point.reference for layer in layers})
    runs = Run(quantised, method, wanted), Run(quantised, method, wanted)
    integers = None if integer is None else _Integers(integer, method, layers)
    outputs, integer_outputs = _Outputs(), _Outputs()
    count = 0
    for count, inputs in enumerate(samples(there, data), 1):
        _compare_sample(inputs, layers, in_float, runs, integers, outputs, integer_outputs)
        if on_sample is not None:
            on_sample(count)
    if not count:
        raise EtcError("there are no data to compare on", expected="inputs of at least one call")
    described = _described(layers, Names(there))
    bad = next((layer.number for layer in described if layer.reason), None)
    return AccuracyReport(
        method, count, described, outputs.closeness(), integer_outputs.closeness(), first_divergent=bad
    )


class _Outputs:
    """The sums of each output in float."""

    def __init__(self) -> None:
        self._sums: list[Sums] = []

    def add(self, expected: Sequence[Any], found: Sequence[Any]) -> None:
        import torch

        pairs = [p for p in zip(expected, found, strict=True) if torch.is_tensor(p[0]) and p[0].is_floating_point()]
        self._sums = self._sums or [Sums() for _ in pairs]
        for sums, (x, y) in zip(self._sums, pairs, strict=True):
            sums.add(x, y)

    def closeness(self) -> tuple[Closeness, ...]:
        return tuple(sums.closeness() for sums in self._sums)


class _Integers:
    """Calls of the integer program, as a whole and layer by layer."""

    def __init__(self, module: ModuleOp, method: str, layers: Sequence[_Layer]):
        self._method = method_of(module, method)
        points = {layer.point: layer for layer in layers}
        self._candidates = {points[p]: values for p, values in same_integers(self._method, [*points]).items()}
        self.values = {layer: values[0] for layer, values in self._candidates.items() if len(values) == 1}
        wanted = {value for values in self._candidates.values() for value in values}
        self._whole, self._alone = (Run(module, method, wanted) for _ in range(2))

    def whole(self, inputs: Sequence[Any], quantised: Values) -> tuple[list[Any], Values]:
        """Outputs as reals, and all values."""
        outputs = self._whole(quantised_inputs(self._method, inputs))
        self._resolve(quantised)
        return real_outputs(self._method, outputs), self._whole.seen

    def _resolve(self, quantised: Values) -> None:
        """Of several values that may be those of a layer, take the nearest that is left."""
        for layer, candidates in self._candidates.items():
            expected = quantised.get(layer.point.stored) if layer.point.stored is not None else None
            left = [v for v in candidates if v not in self.values.values() and v in self._whole.seen]
            if layer not in self.values and expected is not None and left:
                self.values[layer] = min(left, key=lambda v: _apart(None, expected, self._whole.seen[v]) or 0)

    def alone(self, inputs: Sequence[Any], quantised: Values) -> Values:
        """All values of layers that read the integers of fake quantisation."""
        instead = {
            value: found
            for layer, value in self.values.items()
            if layer.point.stored is not None and (found := quantised.get(layer.point.stored)) is not None
        }
        self._alone(quantised_inputs(self._method, inputs), instead)
        return self._alone.seen


def _compare_sample(
    inputs: Sequence[Any],
    layers: Sequence[_Layer],
    in_float: Run,
    runs: tuple[Run, Run],
    integers: _Integers | None,
    outputs: _Outputs,
    integer_outputs: _Outputs,
) -> None:
    whole, alone = runs
    expected = in_float(inputs)
    outputs.add(expected, whole(inputs))
    instead = {
        value: found
        for layer in layers
        if (found := in_float.seen.get(layer.point.reference)) is not None
        for value in layer.point.values
    }
    alone(inputs, instead)
    for layer in layers:
        layer.add_float(in_float.seen)
        layer.add_accumulated(in_float.seen, whole.seen)
        layer.add_local(in_float.seen, alone.seen)
    if integers is None:
        return
    found, values = integers.whole(inputs, whole.seen)
    integer_outputs.add(expected, found)
    values_alone = integers.alone(inputs, whole.seen)
    for layer, value in integers.values.items():
        layer.add_integer(in_float.seen, whole.seen, values.get(value))
        layer.add_local_integer(whole.seen, values_alone.get(value))


def _described(layers: Sequence[_Layer], names: Names) -> tuple[LayerAccuracy, ...]:
    """Ranges of values that share one scale are taken together: a scale is for the widest of them."""
    shared: dict[Params, tuple[float, float]] = {}
    for layer in layers:
        seen, params = layer.distribution, layer.point.params
        if params is not None:
            low, high = shared.get(params, (0.0, 0.0))
            shared[params] = min(low, seen.low), max(high, seen.high)
    fixed = {layer.point.params for layer in layers if layer.is_fixed}
    return tuple(_describe(n, layer, shared, layer.point.params in fixed, names) for n, layer in enumerate(layers))


def _describe(
    number: int,
    layer: _Layer,
    shared: Mapping[Params, tuple[float, float]],
    is_fixed: bool,
    names: Names,
) -> LayerAccuracy:
    point, seen = layer.point, layer.distribution
    best = None
    if point.params is not None and seen.count:
        best = attainable(point.params, *shared[point.params], seen.count, seen.energy)
    named = layer.named
    measured = Measured(
        point,
        named,
        seen,
        layer.local.sqnr,
        layer.made.sqnr,
        layer.stored.sqnr,
        best,
        layer.weights,
        layer.local_steps,
        is_fixed,
        layer.stored.factor,
    )
    reason, suggestion = diagnose(measured)
    return LayerAccuracy(
        number,
        point.reference.name_hint or f"value {number}",
        tuple(op.name for op in point.operations) or ("input",),
        "" if named is None else next(reversed(modules_of(named)), ""),
        "" if named is None else file_line(named),
        "" if point.params is None else short(point.params),
        layer.local.closeness(),
        layer.accumulated.closeness(),
        None if layer.steps is None else layer.integer.closeness(),
        layer.steps,
        layer.local_steps,
        None if layer.weights is None else layer.weights.sqnr,
        seen.low,
        seen.high,
        seen.histogram(),
        layer.overrides(names),
        is_moved(point),
        reason,
        suggestion,
    )


def short(params: Params) -> str:
    """`i8 [-128, 127], 0.04724, zero 3`: the integers, what one is worth, and the one that stands for 0."""
    return f"{params.dtype} [{params.quant_min}, {params.quant_max}], {params.scale:.4g}, zero {params.zero_point}"


class Names:
    """What recipes can call the operations of a method: each by the name that the fewest others share."""

    def __init__(self, method: FuncOp):
        self._shared: Counter[str] = Counter()
        for op in method.walk():
            self._shared.update({file_line(op), *(outer for path in modules_of(op) for outer in _outwards(path))})

    def of(self, op: Operation) -> str:
        """A module, also one with others in it, or a line."""
        names = [*modules_of(op)[-1:], file_line(op)]
        return min(filter(None, names), key=lambda name: self._shared[name], default="")


def _outwards(path: str) -> Iterator[str]:
    """`a.b.c`, `a.b`, `a`"""
    while path:
        yield path
        path = path.rpartition(".")[0]


Part = tuple[str, ...]
"""A layer by the names of its operations, as overrides have them."""


def parts_of(reference: FuncOp, quantised: FuncOp) -> dict[Point, Part]:
    """What has to be left in float for each point to stay so; of inputs, and what is only moved, nothing."""
    same, names = same_values(reference, quantised), Names(reference)
    points = points_of(quantised, same)
    return {p: () if is_moved(p) or not p.operations else _Layer(p, same).overrides(names) for p in points}


def is_moved(point: Point) -> bool:
    """Whether a value was only moved since it was quantised."""
    return bool(point.operations) and all(type(op) in MOVING for op in point.operations)


def file_line(op: Operation) -> str:
    """`model.py:12`, without the folder, which differs between machines."""
    return describe_location(op.location).replace("\\", "/").rpartition("/")[2]
