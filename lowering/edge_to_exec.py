"""edge-to-exec: operators become calls of the stock runtime's kernels on values of a plan.

    %y = edge.add(%x, %c)                     %y = exec.tensor f32 [2]
                                      -->     exec.kernel "aten::add.out"(%x, %c, %one, %y, %y)

One `exec.plan` per method. Constants of equal content share their bytes. A copy that moves no byte (a reshape), and a
slice that is a stretch of bytes, becomes a view, for plan-memory to place. A value that a method stores in a mutable
global is computed in the global's memory where nothing needs the old content any more, and copied there otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, ModuleOp, StringAttr, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Operation, SSAValue

from etc.dialects import custom, edge, exec, program
from etc.dialects.blob import Blob
from etc.dialects.edge.base import EdgeOp
from etc.dialects.schema import Schema
from etc.dialects.sizes import input_text
from etc.dialects.tensor import Tensor
from etc.errors import EtcError, Problem, problem_at
from etc.lowering.edge_to_exec_control_flow import ControlFlowLowering
from etc.lowering.edge_to_exec_sizes import SizeLowering
from etc.lowering.plan_values import PlanValues
from etc.lowering.storage import StateUses, base_of, is_cut_up, is_view_at_run_time, moves_no_byte, slice_starts
from etc.transforms.rewriting import EtcPass

_TENSOR_OPTIONS = frozenset({"dtype", "layout", "device", "pin_memory"})
"""Arguments that out variants of factories lack: the out tensor tells them."""


class _Data:
    """The bytes of the whole program: constants, each content once, and initial values of state."""

    def __init__(self) -> None:
        self.constants: dict[Blob, exec.DataOp] = {}
        self.initial_values: dict[str, exec.DataOp] = {}
        self._names: set[str] = set()

    def constant(self, blob: Blob, name: str, type: Any) -> str:
        """The symbol of a constant's bytes."""
        if blob not in self.constants:
            self.constants[blob] = exec.DataOp(self._unique(name), blob, type)
        return self.constants[blob].sym_name.data

    def initial_value(self, target: program.GlobalOp) -> str | None:
        """The symbol of the bytes that a mutable global starts with; None when they are undefined."""
        if target.value is None:
            return None
        if target.symbol not in self.initial_values:
            data = exec.DataOp(self._unique(target.symbol), target.value.data, target.type)
            self.initial_values[target.symbol] = data
        return self.initial_values[target.symbol].sym_name.data

    def _unique(self, name: str) -> str:
        candidate, number = name, 0
        while candidate in self._names:
            number += 1
            candidate = f"{name}.{number}"
        self._names.add(candidate)
        return candidate


class _MethodLowering:
    """Lowers one method to a plan."""

    def __init__(self, method: FuncOp, data: _Data):
        self.method, self.data = method, data
        self.values = PlanValues(method)
        self.problems: list[Problem] = []
        self._held: dict[SSAValue, SSAValue] = {}
        """edge value -> the tensor of the plan that holds it"""
        self._state: dict[str, SSAValue] = {}
        self._uses = StateUses(method)
        self._is_cut_up: dict[SSAValue, bool] = {}
        self.destinations: dict[SSAValue, SSAValue] = {}
        """the tensors in which edge values are to be computed, where that is not left to choice"""
        self._control_flow = ControlFlowLowering(self)
        self._sizes = SizeLowering(self.values, self.held)

    def plan(self) -> exec.PlanOp:
        block = self.method.body.block
        if numbers := _number_inputs(self.method):
            raise EtcError(numbers)
        for argument in block.args:
            self.hold(argument, self.values.tensor(argument))
        self.values.measure_inputs(self.held)
        inputs = [self._held[a] for a in block.args]
        outputs: list[SSAValue] = []
        for op in block.ops:
            if isinstance(op, ReturnOp):
                outputs = [self._output(v) for v in op.operands]
            else:
                self.lower(op)
        attributes = {name: a for name, a in self.method.attributes.items() if name.startswith("program.")}
        self._add_constant_outputs(outputs, attributes)
        body = [*self.values.ops, exec.InputsOp(inputs), exec.OutputsOp(outputs)]
        chain = exec.ChainOp(self.values.instructions)
        plan = exec.PlanOp(self.method.sym_name.data, [*body, chain], container=self._container())
        plan.attributes |= attributes
        return plan

    def _add_constant_outputs(self, outputs: list[SSAValue], attributes: dict[str, Attribute]) -> None:
        """Constants among the leaves of the pytree become outputs too, so that the file alone gives the structure."""
        constants = program.constant_leaves(self.method, "program.constant_outputs")
        attributes.pop("program.constant_outputs", None)
        names = attributes.get("program.outputs")
        named = list(names.data) if isinstance(names, ArrayAttr) else []
        for leaf, value in constants.items():
            outputs.insert(leaf, self.values.argument(value))
            named.insert(leaf, StringAttr(str(value)))
        if isinstance(names, ArrayAttr):
            attributes["program.outputs"] = ArrayAttr(named)

    def _container(self) -> tuple[str | None, str | None] | None:
        """Pytree specs of inputs and outputs, where the importer has left them."""
        found = [self.method.attributes.get(f"program.{name}") for name in ("in_spec", "out_spec")]
        specs = [spec.data if isinstance(spec, StringAttr) else None for spec in found]
        return (specs[0], specs[1]) if any(specs) else None

    def held(self, value: SSAValue) -> SSAValue:
        return self._held[value]

    def hold(self, value: SSAValue, tensor: SSAValue) -> None:
        self._held[value] = tensor
        self.values.measure(value, tensor)

    def lower(self, op: Operation) -> None:
        try:
            match op:
                case program.ConstantOp():
                    self._constant(op.result, op.value.data, op.result.name_hint or "constant", op.result.type)
                case program.LoadOp():
                    self._load(op)
                case program.StoreOp():
                    self._store(op)
                case EdgeOp() if moves_no_byte(op):
                    self._view(op)
                case EdgeOp() if (starts := slice_starts(op)) is not None and self._can_be_views(op):
                    self._slices(op, starts)
                case EdgeOp() if is_view_at_run_time(op) and not self._is_kept(op):
                    self._view_at_run_time(op)
                case EdgeOp():
                    self._kernel(op)
                case program.SizeOp():
                    self._held[op.result] = self.values.argument(op.value)
                case program.SymbolOp():
                    self._sizes.symbol(op)
                case program.GuardOp():
                    self._sizes.guard(op)
                case custom.CustomOp():
                    self._custom_kernel(op)
                case edge.ControlFlowOp():
                    self._control_flow.lower(op)
                case _:
                    raise EtcError("the stock runtime has no kernel for it", next_step="run aten-to-edge first")
        except EtcError as error:
            self.problems += [p if p.op else _placed(op, p) for p in error.problems]
            for result in op.results:
                self._held.setdefault(result, self.values.add(exec.NullOp()))

    # ---- storage ---------------------------------------------------------------------------------------------------

    def _constant(self, value: SSAValue, blob: Blob, name: str, type: Any) -> None:
        self.hold(value, self.values.tensor(value, data=self.data.constant(blob, name, type)))

    def _load(self, load: program.LoadOp) -> None:
        target = program.lookup(load, load.symbol)
        assert target is not None
        if target.mutable is None:
            assert target.value is not None
            self._constant(load.result, target.value.data, target.symbol, target.type)
        else:
            self.hold(load.result, self._state_of(target, load.result))

    def _state_of(self, target: program.GlobalOp, like: SSAValue) -> SSAValue:
        """The tensor that keeps a mutable global between calls."""
        if target.symbol not in self._state:
            initial = self.data.initial_value(target)
            self._state[target.symbol] = self.values.tensor(like, target.symbol, data=initial, fqn=target.symbol)
        return self._state[target.symbol]

    def _store(self, store: program.StoreOp) -> None:
        target = program.lookup(store, store.symbol)
        assert target is not None
        state = self._state_of(target, store.value)
        if self._held[store.value] is state:
            return
        for value in self._uses.needed_after(store):
            self.hold(value, self._copied(value))
        self.values.instructions.append(
            exec.KernelOp("aten::copy_", [state, self._held[store.value], self.values.argument(False), state])
        )

    def _copied(self, value: SSAValue) -> SSAValue:
        out = self.values.tensor(value)
        self.copy(value, out)
        return out

    def copy(self, value: SSAValue, out: SSAValue, source: SSAValue | None = None) -> None:
        order = self.values.argument(list(Tensor.of(value.type).order))
        arguments = [self._held[value] if source is None else source, self.values.argument(False), order, out, out]
        self.values.instructions.append(exec.KernelOp("dim_order_ops::_clone_dim_order.out", arguments))

    def _output(self, value: SSAValue) -> SSAValue:
        """The tensor that a caller gets; constants are copied, since callers may write to what they get.

        Those of a constant method, which has no inputs and computes nothing, are given as they are.
        """
        held = self._held[value]
        if not self.values.instructions and not self.method.body.block.args:
            return held
        is_constant = isinstance(held.owner, exec.TensorOp) and held.owner.data is not None
        return self._copied(value) if is_constant and held not in self._state.values() else held

    def _view(self, op: EdgeOp) -> None:
        (result,) = op.results
        base = self._held[op.operands[0]]
        assert isinstance(base.owner, exec.TensorOp)
        if base.owner.data is not None and base not in self._state.values():
            self.hold(result, self.values.tensor(result, data=base.owner.data.string_value()))
        else:
            self.hold(result, self.values.tensor(result, view_of=base))

    def _can_be_views(self, op: EdgeOp) -> bool:
        """Whether the slices that `op` gives are left in place: of what has planned memory, and where it pays."""
        base = self._held[op.operands[0]].owner
        is_planned = isinstance(base, exec.TensorOp) and (base.data is None or base.result in self._state.values())
        if not is_planned:
            return False
        whole = base_of(op.operands[0])
        if whole not in self._is_cut_up:
            self._is_cut_up[whole] = is_cut_up(whole)
        return self._is_cut_up[whole]

    def _slices(self, op: EdgeOp, starts: Sequence[int]) -> None:
        base = self._held[op.operands[0]]
        for result, start in zip(op.results, starts, strict=True):
            self.hold(result, self.values.tensor(result, view_of=base, view_offset=start))

    def _is_kept(self, op: EdgeOp) -> bool:
        """Whether the bytes that an op reads or writes are state."""
        return bool(self._uses.computed_in(op)) or self._held[op.operands[0]] in self._state.values()

    def _view_at_run_time(self, op: EdgeOp) -> None:
        (result,) = op.results
        out = self.values.tensor(result)
        size = self.values.argument(list(Tensor.of(result.type).sizes), "SymInt[]")
        view = exec.KernelOp("executorch_prim::et_view.default", [self._held[op.operands[0]], size, out])
        view.location = op.location
        self.values.instructions.append(view)
        self.hold(result, out)

    # ---- kernels ---------------------------------------------------------------------------------------------------

    def _kernel(self, op: EdgeOp) -> None:
        name = op.KERNEL
        if not name:
            raise EtcError(
                "the stock runtime has no kernel for it",
                next_step="register a decomposition into operators that it has, or a custom kernel",
            )
        arguments = [self._argument(value, arg.type) for arg, value in _KERNEL_ARGUMENTS.get(type(op), _arguments)(op)]
        in_place = self._uses.computed_in(op)
        outs: list[SSAValue] = []
        for result in op.results:
            target = in_place.get(result)
            out = self.destinations.get(result) if target is None else self._state_of(target, result)
            out = self.values.tensor(result) if out is None else out
            self.hold(result, out)
            outs.append(out)
        if op.KERNEL_ADDS:
            self._clear(op.results[0], outs[0])
        if isinstance(op, edge.IndexPutOp) and outs[0] is arguments[0]:
            self._call("index_put_", [*arguments, outs[0]])
        else:
            self._call_out(name, op.schema(), arguments, outs)
        self.values.instructions[-1].location = op.location

    def _custom_kernel(self, op: custom.CustomOp) -> None:
        """A call by name. What the operator writes to are copies of its operands, which become its last results."""
        schema = op.DECLARED
        values = {arg.name: value for arg, value in op.arguments()}
        for result in op.results:
            self.hold(result, self.values.tensor(result))
        names = [arg.name for arg in custom.written(schema)]
        count = len(op.results) - len(names)
        for name, result in zip(names, op.results[count:], strict=True):
            self.copy(values[name], self.held(result))
            values[name] = result
        arguments = [self._argument(values[arg.name], arg.type) for arg in schema.args]
        if outs := [self.held(result) for result in op.results[:count]]:
            self._call_out(custom.kernel_of(schema), schema, arguments, outs)
        else:
            self._call(custom.kernel_of(schema), [*arguments, self.held(op.results[0])])
        self.values.instructions[-1].location = op.location

    def _call_out(self, name: str, schema: Schema, arguments: Sequence[SSAValue], outs: Sequence[SSAValue]) -> None:
        """Call an out variant: after the results, the value that the operator returns, which is all of them."""
        if schema.returns[0].type.endswith("[]"):
            self._call(name, [*arguments, self._tensors(outs), self._tensors(outs)])
        elif len(outs) == 1:
            self._call(name, [*arguments, outs[0], outs[0]])
        else:
            self._call(name, [*arguments, *outs, self._tensors(outs)])

    def _clear(self, value: SSAValue, out: SSAValue) -> None:
        sizes = self.values.argument(list(Tensor.of(value.type).sizes))
        self._call("full.out", [sizes, self.values.argument(0), out, out])

    def _call(self, name: str, arguments: Sequence[SSAValue]) -> None:
        full_name = name if "::" in name else f"aten::{name}"
        self.values.instructions.append(exec.KernelOp(full_name, arguments))

    def _argument(self, value: Any, kind: str) -> SSAValue:
        if isinstance(value, SSAValue):
            return self._held[value]
        if kind.startswith("Tensor") and isinstance(value, list):
            held = [None if v is None else self._held[v] for v in value]  # pyright: ignore[reportUnknownVariableType]
            if "?[]" in kind:
                return self.values.add(exec.OptionalTensorListOp(held))
            return self._tensors([v for v in held if v is not None])
        return self.values.argument(value, kind)

    def _tensors(self, tensors: Sequence[SSAValue]) -> SSAValue:
        return self.values.add(exec.TensorListOp(tensors))


def _number_inputs(method: FuncOp) -> list[Problem]:
    """Inputs that the runtime has no place for: it takes other numbers than those of the export for errors."""
    return [
        Problem(
            f"{input_text(argument)} of method {method.sym_name.data} is a number that changes from call to call, "
            "and the runtime takes only tensors for that",
            next_step="give the model a tensor, and read it where a number is needed: torch.tensor(n), n.item()",
        )
        for argument in method.body.block.args
        if not isinstance(argument.type, TensorType)
    ]


def _placed(op: Operation, problem: Problem) -> Problem:
    return problem_at(op, problem.what, expected=problem.expected, found=problem.found, next_step=problem.next_step)


_Arguments = Sequence[tuple[Any, Any]]


def _arguments(op: EdgeOp) -> _Arguments:
    """What the out variant takes before its results: the schema's arguments, for factories without tensor options."""
    schema = op.schema()
    dropped = _TENSOR_OPTIONS if schema.arg("layout") is not None else frozenset[str]()
    return [(arg, value) for arg, value in op.arguments() if arg.name not in dropped]


def _dim_order_arguments(op: EdgeOp) -> _Arguments:
    """Without the dtype, which the out tensor tells, and with the dim order always in full."""
    order = list(Tensor.of(op.results[0].type).order)
    return [(arg, order if arg.name == "dim_order" else value) for arg, value in op.arguments() if arg.name != "dtype"]


_KERNEL_ARGUMENTS: Mapping[type[EdgeOp], Callable[[EdgeOp], _Arguments]] = {
    edge.ToDimOrderCopyOp: _dim_order_arguments,
    edge.CloneDimOrderOp: _dim_order_arguments,
    edge.EmptyDimOrderOp: _dim_order_arguments,
}
"""Ops whose kernel takes other arguments than the schema has."""


@dataclass(frozen=True)
class EdgeToExecPass(EtcPass):
    """Lower edge to the program of the stock runtime: kernels' out variants, values, constant data."""

    name = "edge-to-exec"
    start_stage = "edge"
    end_stage = "exec"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        data = _Data()
        lowerings = [_MethodLowering(method, data) for method in program.methods(module)]
        plans = [lowering.plan() for lowering in lowerings]
        if problems := [p for lowering in lowerings for p in (*lowering.values.problems, *lowering.problems)]:
            raise EtcError(problems)
        segments: list[Operation] = [exec.ConstantSegmentOp(list(data.constants.values()))]
        if data.initial_values:
            segments.append(exec.MutableSegmentOp(list(data.initial_values.values())))
        for op in list(module.ops):
            op.detach()
            op.drop_all_references()
        module.body.block.add_op(exec.ProgramOp([*segments, *plans]))
