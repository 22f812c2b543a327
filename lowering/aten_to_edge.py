"""aten-to-edge: Core ATen operators become edge operators.

    %y = aten.add.Scalar(%x, other=2)                    %c = program.constant dense<[2.0]> : tensor<f32>
                                                  -->    %y = edge.add(%x, %c)
    %v = aten.view(%y, size=[%n, 128])                   %v = edge.view_copy(%y, size=[s0, 128])

Numbers that operators combine with tensors become rank-0 constants, type promotion becomes casts, views become copies,
memory formats become dim orders, and sizes computed by operations become expressions. Most operators have an edge
operator with the same schema; `_RULES` holds those that take more than renaming.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import FunctionType, ModuleOp, StringAttr, TensorType
from xdsl.ir import SSAValue
from xdsl.transforms.dead_code_elimination import dce

from etc.dialects import edge, program
from etc.dialects.aten import AtenOp, YieldOp
from etc.dialects.aten_control_flow import CapturingOp
from etc.dialects.custom import CustomOp
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.base import QuantOp
from etc.dialects.sizes import SYMBOL, sized
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, problem_at
from etc.lowering.aten_to_edge_control_flow import lower_control_flow, lower_yield
from etc.lowering.aten_to_edge_site import Point, Site
from etc.lowering.aten_to_edge_sizes import drop_unused_symbols, return_sizes
from etc.lowering.storage import indexed_dimension
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, apply_patterns, op_type_rewrite_pattern

_MEMORY_FORMATS: Mapping[str, tuple[int, ...]] = {
    "channels_last": (0, 2, 3, 1),
    "channels_last_3d": (0, 2, 3, 4, 1),
}
_EDGE_OPS: Mapping[str, type[EdgeOp]] = {op.ATEN: op for op in edge.OPERATIONS if op.ATEN}
"""Edge op classes by the ATen overload that they have the schema of."""


def _copying(view: str) -> str:
    """`slice_copy.Tensor` for `slice.Tensor`."""
    name, dot, overload = view.partition(".")
    return f"{name}_copy{dot}{overload}"


def _with_tensors(scalar: str) -> str:
    """`div.Tensor_mode` for `div.Scalar_mode`: the overload that takes a tensor instead of a number."""
    return scalar.replace(".Scalar", ".Tensor")


Rule = Callable[[Site], Sequence[SSAValue]]


def _identity(site: Site) -> Sequence[SSAValue]:
    """Values never change, so what aliases or copies one is that value."""
    return [site.arguments["self"]]


def _nothing(site: Site) -> Sequence[SSAValue]:
    """Export has checked what the op asserts."""
    return []


def _dim_order(site: Site, source: Tensor) -> tuple[int, ...] | None:
    """The dim order that a `memory_format` argument asks for; None keeps the source's."""
    match site.arguments.get("memory_format"):
        case None | "preserve_format":
            return None
        case "contiguous_format":
            return tuple(range(source.rank))
        case name:
            return _MEMORY_FORMATS[name]


def _clone(site: Site) -> Sequence[SSAValue]:
    value = site.arguments["self"]
    order = _dim_order(site, Tensor.of(value.type))
    return [value] if order is None else site.emit(edge.CloneDimOrderOp, {"self": value, "dim_order": list(order)})


def _to_copy(site: Site) -> Sequence[SSAValue]:
    value = site.arguments["self"]
    order = _dim_order(site, Tensor.of(value.type))
    wanted: dict[str, Any] = {"self": value, "dtype": site.results[0].dtype}
    return site.emit(edge.ToDimOrderCopyOp, wanted if order is None else wanted | {"dim_order": list(order)})


def _filled(value: Callable[[Site], Any]) -> Rule:
    """A tensor of the result's type with one value everywhere."""

    def rule(site: Site) -> Sequence[SSAValue]:
        (result,) = site.results
        return site.emit(edge.FullOp, {"size": list(result.sizes), "fill_value": value(site), "dtype": result.dtype})

    return rule


def _copy(site: Site) -> Sequence[SSAValue]:
    """`copy(self, src)`: src in self's dtype and shape."""
    (result,) = site.results
    source = site.cast(site.arguments["src"], result.dtype)
    if Tensor.of(source.type).sizes == result.sizes:
        return [source]
    return site.emit(edge.ExpandCopyOp, {"self": source, "size": list(result.sizes)})


def _scalar_tensor(site: Site) -> Sequence[SSAValue]:
    return [site.number(site.arguments["s"], site.results[0].dtype)]


def _power_of_number(site: Site) -> Sequence[SSAValue]:
    """`pow(2, x)`"""
    return site.emit(edge.PowOp, {"self": site.arguments["self"], "exponent": site.arguments["exponent"]})


def _any(site: Site) -> Sequence[SSAValue]:
    """`any(x)` and `any(x, dim)`: over a list of dimensions."""
    arguments = dict(site.arguments)
    if "dim" in arguments:
        arguments["dim"] = [arguments["dim"]]
    return site.emit(edge.AnyOp, arguments)


def _squeeze(site: Site) -> Sequence[SSAValue]:
    """`squeeze(x, dim)` with one dimension, as the operator that takes several."""
    return site.emit(edge.SqueezeCopyOp, {"self": site.arguments["self"], "dim": [site.arguments["dim"]]})


def _index_put(site: Site) -> Sequence[SSAValue]:
    """Along one dimension, the values are expanded to the shape that is written, which kernels in place ask for."""
    arguments = dict(site.arguments)
    dimension = indexed_dimension(arguments["indices"])
    if dimension is not None:
        sizes = list(site.results[0].sizes)
        sizes[dimension] = Tensor.of(arguments["indices"][dimension].type).sizes[0]
        if Tensor.of(arguments["values"].type).sizes != tuple(sizes):
            arguments["values"] = site.insert(edge.ExpandCopyOp.of(arguments["values"], sizes))
    return site.emit(edge.IndexPutOp, arguments)


_RULES: Mapping[str, Rule] = {
    **dict.fromkeys(
        ("alias", "detach", "lift_fresh", "lift_fresh_copy", "lift", "alias_copy", "detach_copy"), _identity
    ),
    **dict.fromkeys(("_assert_async", "_assert_async.msg", "_assert_tensor_metadata", "_assert_scalar"), _nothing),
    **dict.fromkeys(("sym_constrain_range", "sym_constrain_range_for_size"), _nothing),
    "clone": _clone,
    "_to_copy": _to_copy,
    "copy": _copy,
    "fill.Scalar": _filled(lambda site: site.arguments["value"]),
    "full_like": _filled(lambda site: site.arguments["fill_value"]),
    "full": _filled(lambda site: site.arguments["fill_value"]),
    "empty.memory_format": _filled(lambda site: 0),
    "empty_strided": _filled(lambda site: 0),
    "scalar_tensor": _scalar_tensor,
    "pow.Scalar": _power_of_number,
    "index_put": _index_put,
    "squeeze.dim": _squeeze,
    **dict.fromkeys(("any", "any.dim"), _any),
}


def edge_op_of(overload: str) -> type[EdgeOp] | None:
    """The edge op that takes the arguments of an ATen overload as they are, numbers for tensors excepted."""
    for name in (overload, _copying(overload), _with_tensors(overload), _with_tensors(overload).partition(".")[0]):
        if name in _EDGE_OPS:
            return _EDGE_OPS[name]
    return None


def has_lowering(overload: str) -> bool:
    return overload in _RULES or edge_op_of(overload) is not None


def _lower(site: Site) -> Sequence[SSAValue]:
    overload = site.op.ATEN
    if (rule := _RULES.get(overload)) is not None:
        return rule(site)
    cls = edge_op_of(overload)
    assert cls is not None
    names = {arg.name for arg in cls.schema().args}
    return site.emit(cls, {name: value for name, value in site.arguments.items() if name in names})


class SizesOfCustomOperators(RewritePattern):
    """myns.f(%x, n=%n) -> myns.f(%x, n=s0): every operand is a tensor"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: CustomOp, rewriter: PatternRewriter) -> None:
        if all(isinstance(operand.type, TensorType) for operand in op.operands):
            return
        arguments = {arg.name: sized(value) for arg, value in op.arguments()}
        new = type(op).make(arguments, list(op.result_types), attributes=op.attributes)
        rewriter.replace(op, new)


class TypesOfQuantisedValues(RewritePattern):
    """quant.f(%x) : tensor<…> -> quant.f(%x) : tensor<…, dim order of x>"""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: QuantOp, rewriter: PatternRewriter) -> None:
        wanted = [t.type for t in type(op).inferred(op.described_arguments())]
        if wanted != list(op.result_types):
            arguments = {arg.name: value for arg, value in op.arguments()}
            rewriter.replace(op, type(op).make(arguments, wanted, attributes=op.attributes))


class AtenToEdge(RewritePattern):
    """aten.x -> edge.x"""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._measured: dict[str, SSAValue] = {}

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: AtenOp | CapturingOp | YieldOp, rewriter: PatternRewriter) -> None:
        try:
            match op:
                case CapturingOp():
                    lower_control_flow(op, Point(rewriter, self._measured), rewriter)
                case YieldOp():
                    lower_yield(op, Point(rewriter, self._measured), rewriter)
                case _:
                    self._operator(op, rewriter)
        except EtcError as error:
            self.problems += [
                p if p.where else problem_at(op, p.what, expected=p.expected, found=p.found, next_step=p.next_step)
                for p in error.problems
            ]

    def _operator(self, op: AtenOp, rewriter: PatternRewriter) -> None:
        if op.ATEN.startswith("sym"):
            return  # read through `sized`, and dead afterwards
        if isinstance(symbol := op.attributes.get(SYMBOL), StringAttr) and op.ATEN == "_local_scalar_dense":
            self._measured[symbol.data] = op.operands[0]
            return  # what reads the symbol reads the tensor
        if op.ATEN == "_local_scalar_dense":
            raise EtcError(
                "the model reads a fraction from a tensor as a number, and a program has only tensors for that",
                next_step="keep it a tensor in the model: leave out .item()",
            )
        if not has_lowering(op.ATEN):
            raise EtcError(
                "no edge operator does this",
                next_step="run decompose-aten first, or register a decomposition for it",
            )
        rewriter.replace(op, (), _lower(Site(op, rewriter, self._measured)))


@dataclass(frozen=True)
class AtenToEdgePass(EtcPass):
    """Lower Core ATen to edge: tensors only, explicit promotion, copies for views, dim orders for memory formats."""

    name = "aten-to-edge"
    end_stage = "edge"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        pattern = AtenToEdge()
        apply_patterns(
            module, (pattern, SizesOfCustomOperators(), TypesOfQuantisedValues()), recursive=False, pass_name=self.name
        )
        if pattern.problems:
            raise EtcError(pattern.problems)
        return_sizes(module)
        dce(module)
        drop_unused_symbols(module)
        for method in program.methods(module):
            inputs = [argument.type for argument in method.body.block.args]
            terminator = method.body.block.last_op
            assert terminator is not None
            method.function_type = FunctionType.from_lists(inputs, [v.type for v in terminator.operands])
