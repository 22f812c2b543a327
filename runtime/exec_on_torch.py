"""Execute programs of stage `exec` on torch: the oracle for the last lowering, for memory plans and for `.pte` files.

Tensors lie where the plan says: with `alloc` in arenas that the tensors of a method share, so that a plan that gives
two live tensors the same bytes shows in the results; without, in storage of their own. Kernels are called as torch's
out variants of the same name. State lives on from call to call.

    program = ExecOnTorch(module)
    outputs = program.run("forward", [torch.ones(1, 3, 8, 8)])
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, zip_longest
from typing import Any

import torch
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from etc.dialects import exec
from etc.dialects.dtypes import BY_IR
from etc.dialects.exec.refusal import refusal_of
from etc.dialects.on_torch import in_dim_order, torch_dtypes
from etc.errors import EtcError, problem_at

PRIMS: Mapping[str, Callable[..., Any]] = {
    "aten::sym_size.int": torch.Tensor.size,
    "aten::sym_numel": torch.numel,
    "aten::_local_scalar_dense": torch.Tensor.item,
} | {
    f"executorch_prim::{name}.Scalar": function
    for name, function in {
        "add": operator.add,
        "sub": operator.sub,
        "mul": operator.mul,
        "floordiv": operator.floordiv,
        "truediv": operator.truediv,
        "mod": operator.mod,
        "eq": operator.eq,
        "gt": operator.gt,
        "lt": operator.lt,
        "ge": operator.ge,
        "le": operator.le,
        "neg": operator.neg,
        "sym_float": float,
        "sym_not": operator.not_,
        "sym_max": max,
        "sym_min": min,
        "ceil": math.ceil,
        "round": round,
        "trunc": math.trunc,
    }.items()
}
"""What the runtime computes itself, on numbers; the last argument of a call is the result."""


class ExecOnTorch:
    """The methods of a program, in arenas that they share as on the stock runtime; state lives on from call to call."""

    def __init__(self, module: ModuleOp):
        (program,) = (op for op in module.ops if isinstance(op, exec.ProgramOp))
        self.plans = {plan.sym_name.data: plan for plan in program.plans}
        groups = [op for op in program.body.ops if isinstance(op, exec.DataGroupOp)]
        self._data = {entry.sym_name.data: entry for group in groups for entry in group.entries}
        self._methods: dict[str, _Method] = {}

    def _load(self) -> None:
        """Load all methods: loading gives state its initial values, so none may be loaded after another has run."""
        sizes = [() if plan.buffers is None else plan.buffers.get_values() for plan in self.plans.values()]
        arenas = [torch.zeros(max(ids), dtype=torch.uint8) for ids in zip_longest(*sizes, fillvalue=0)]
        self._methods = {name: _Method(plan, self._data, arenas) for name, plan in self.plans.items()}

    def run(self, method: str, inputs: Sequence[Any]) -> list[Any]:
        """Flat outputs for flat inputs. Raises EtcError for an unknown method and for what torch cannot execute."""
        if method not in self.plans:
            raise EtcError(f"there is no method {method}", found=", ".join(self.plans) or "none")
        if not self._methods:
            self._load()
        with torch.no_grad():
            return self._methods[method].run(inputs)


class _Method:
    """One method in the program's arenas, and the values of its table as they are now."""

    def __init__(self, plan: exec.PlanOp, data: Mapping[str, exec.DataOp], arenas: Sequence[torch.Tensor]):
        self.plan, self._data, self._arenas = plan, data, arenas
        self._storage: dict[SSAValue, torch.Tensor] = {}
        self.values: dict[SSAValue, Any] = {}
        for op in plan.body.ops:
            if isinstance(op, exec.ValueOp):
                self.values[op.result] = self._initial(op)

    def run(self, inputs: Sequence[Any]) -> list[Any]:
        expected = self.plan.inputs.operands
        if len(inputs) != len(expected):
            name = self.plan.sym_name.data
            raise EtcError(
                f"method {name} takes another number of inputs", expected=str(len(expected)), found=str(len(inputs))
            )
        for value, given in zip(expected, inputs, strict=True):
            self._assign(value, given)
        for chain in self.plan.chains:
            self._run_chain(chain.instructions)
        outputs = [self._read(value) for value in self.plan.outputs.operands]
        return [v.clone() if isinstance(v, torch.Tensor) else v for v in outputs]

    # ---- values ----------------------------------------------------------------------------------------------------

    def _initial(self, op: exec.ValueOp) -> Any:
        """The value of an entry before anything runs; lists are read when they are used."""
        match op:
            case exec.TensorOp():
                return self._initial_tensor(op)
            case exec.IntOp() | exec.BoolOp() | exec.DoubleOp():
                number = op.value.value.data
                return bool(number) if isinstance(op, exec.BoolOp) else number
            case exec.StringOp():
                return op.value.data
            case exec.BoolListOp():
                return [bool(v) for v in op.values.get_values()]
            case exec.DoubleListOp():
                return op.floats
            case _:
                return None

    def _initial_tensor(self, op: exec.TensorOp) -> torch.Tensor:
        count = op.nbytes
        if count is None:
            raise EtcError(problem_at(op, "torch has no elements of this type", found=str(op.dtype)))
        given = None if op.data is None else self._data[op.data.string_value()].blob.data
        content = None if given is None or not count else torch.frombuffer(bytearray(given), dtype=torch.uint8)
        if op.view_of is not None:
            start = 0 if op.view_offset is None else op.view_offset.value.data
            storage = self._storage[op.view_of][start : start + count]
        elif op.alloc is not None:
            memory, offset = op.alloc.get_values()
            storage = self._arenas[memory][offset : offset + count]
        else:
            storage = torch.zeros(count, dtype=torch.uint8)
        if content is not None:
            if op.alloc is None and op.view_of is None:
                storage = content
            else:
                storage[: content.numel()] = content
        self._storage[op.result] = storage
        return self._in_storage(op, op.shape)

    def _in_storage(self, op: exec.TensorOp, shape: Sequence[int]) -> torch.Tensor:
        """A tensor of `shape`, at most the upper bound, that begins where the entry's bytes do."""
        order = op.order
        dtype = torch_dtypes()[BY_IR[op.dtype]]
        sizes = [shape[dim] for dim in order]
        inner = list(accumulate(reversed([*sizes[1:], 1]), operator.mul))[::-1] if sizes else []
        count = math.prod(shape) * dtype.itemsize
        elements = self._storage[op.result][:count].view(dtype)
        return elements.as_strided(tuple(shape), [inner[order.index(dim)] for dim in range(len(order))])

    def _assign(self, value: SSAValue, given: Any) -> None:
        """Write to an entry: content into a tensor's bytes, in its dim order; another number in place of a number."""
        if not isinstance(value.owner, exec.TensorOp):
            self.values[value] = given
            return
        if tuple(given.shape) != tuple(self.values[value].shape):
            if any(size > most for size, most in zip(given.shape, value.owner.shape, strict=True)):
                what = "a tensor becomes larger than its upper bound"
                raise EtcError(what, expected=str(list(value.owner.shape)), found=str(list(given.shape)))
            self.values[value] = self._in_storage(value.owner, given.shape)
        self.values[value].copy_(given)

    def _read(self, value: SSAValue) -> Any:
        match value.owner:
            case exec.IntListOp() | exec.TensorListOp() as listed:
                return [self._read(item) for item in listed.operands]
            case exec.OptionalTensorListOp() as listed:
                return [None if item is None else self._read(item) for item in listed.values]
            case _:
                return self.values[value]

    # ---- instructions ----------------------------------------------------------------------------------------------

    def _run_chain(self, instructions: Sequence[exec.InstructionOp]) -> None:
        number = 0
        while number < len(instructions):
            op = instructions[number]
            number += 1
            match op:
                case exec.KernelOp():
                    self._call(op)
                case exec.MoveOp():
                    self.values[op.destination] = self.values[op.source]
                case exec.JumpFalseOp():
                    if not bool(self.values[op.condition]):
                        number = op.target
                case exec.FreeOp():
                    pass
                case _:
                    raise EtcError(problem_at(op, "a delegate cannot be executed on torch"))

    def _call(self, op: exec.KernelOp) -> None:
        try:
            if (message := refusal_of(op)) is not None:
                raise EtcError(problem_at(op, message))
            if (prim := PRIMS.get(op.full_name)) is not None:
                *arguments, result = op.operands
                self._assign(result, prim(*map(self._read, arguments)))
            elif (handler := _HANDLERS.get(op.full_name)) is not None:
                handler(self, op)
            else:
                self._call_torch(op)
        except (RuntimeError, IndexError, TypeError, ValueError, AttributeError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise EtcError(problem_at(op, f"torch refuses to execute {op.full_name}: {reason}")) from None

    def _call_torch(self, op: exec.KernelOp) -> None:
        """Torch's operator of the same name. Results are computed aside and then written, as a kernel's may not be."""
        namespace, _, name = op.op_name.data.partition("::")
        packet = getattr(getattr(torch.ops, namespace), name)
        overload = op.key[1] or "default"
        if overload.endswith("out") and overload not in packet.overloads():
            self._call_functional(op, getattr(packet, overload.removesuffix("out").removesuffix("_") or "default"))
            return
        function: Any = getattr(packet, overload)
        positional: list[Any] = []
        keywords: dict[str, Any] = {}
        written: list[tuple[SSAValue, Any]] = []
        arguments = function._schema.arguments
        # Torch counts a storage offset from the start of the storage, here an arena; a kernel counts from the tensor.
        aside = any(argument.name == "storage_offset" for argument in arguments)
        for argument, value in zip(arguments, op.operands, strict=False):
            given = self._read(value)
            if aside and isinstance(given, torch.Tensor):
                given = given.clone()
            if argument.is_out:
                given = [torch.empty(0, dtype=v.dtype) for v in given] if isinstance(given, list) else _empty_as(given)
                targets = value.owner.operands if isinstance(value.owner, exec.TensorListOp) else (value,)
                written += zip(targets, given if isinstance(given, list) else (given,), strict=True)
            if argument.kwarg_only:
                keywords[argument.name] = given
            else:
                positional.append(given)
        function(*positional, **keywords)
        for target, result in written:
            self._assign(target, result)

    def _call_functional(self, op: exec.KernelOp, function: Any) -> None:
        """The operator itself in place of its out variant, which custom operators often have only in the runtime."""
        arguments = function._schema.arguments
        given = {a.name: self._read(value) for a, value in zip(arguments, op.operands, strict=False)}
        positional = [given.pop(a.name) for a in arguments if not a.kwarg_only]
        results = function(*positional, **given)
        results = results if isinstance(results, list | tuple) else [results]
        listed = op.operands[len(arguments)].owner
        targets = listed.operands if isinstance(listed, exec.TensorListOp) else op.operands[len(arguments) :]
        for target, result in zip(targets, results, strict=False):
            self._assign(target, result)

    def copy_in_dim_order(self, op: exec.KernelOp) -> None:
        """`_clone_dim_order(self, non_blocking, dim_order, out, out)`, and `_to_dim_order_copy` alike."""
        out = op.operands[-1]
        self._assign(out, self._read(op.operands[0]).to(self.values[out].dtype))

    def empty_in_dim_order(self, op: exec.KernelOp) -> None:
        """`_empty_dim_order(size, dim_order, out, out)`: nobody may rely on the content."""
        out, size = op.operands[-1], self._read(op.operands[0])
        self._assign(out, in_dim_order(torch.zeros(size, dtype=self.values[out].dtype), range(len(size))))

    def conv_backward(self, op: exec.KernelOp) -> None:
        """`convolution_backward(…, out0, out1, out2, outs)`: torch's has no out variant for some of the gradients."""
        *arguments, first, second, third, _ = op.operands
        gradients = torch.ops.aten.convolution_backward(*map(self._read, arguments))
        for target, gradient in zip((first, second, third), gradients, strict=True):
            if gradient is not None:
                self._assign(target, gradient)

    def view(self, op: exec.KernelOp) -> None:
        """`et_view(self, size, out)`: out becomes the same bytes in another shape."""
        source, size, out = op.operands
        self.values[out] = self.values[source].view(self._read(size))

    def copy_index(self, op: exec.KernelOp) -> None:
        """`et_copy_index(to, from, index)`: grow `to` along dimension 0 up to `index` and write `from` there."""
        to, source, index = op.operands
        assert isinstance(to.owner, exec.TensorOp)
        part, position = self._read(source), self._read(index)
        self.values[to] = self._in_storage(to.owner, (position + 1, *part.shape))
        self.values[to][position] = part


def _empty_as(out: torch.Tensor) -> torch.Tensor:
    return torch.empty(0, dtype=out.dtype)


_HANDLERS: Mapping[str, Callable[[_Method, exec.KernelOp], None]] = {
    "dim_order_ops::_clone_dim_order.out": _Method.copy_in_dim_order,
    "dim_order_ops::_to_dim_order_copy.out": _Method.copy_in_dim_order,
    "dim_order_ops::_empty_dim_order.out": _Method.empty_in_dim_order,
    "aten::convolution_backward.out": _Method.conv_backward,
    "executorch_prim::et_view.default": _Method.view,
    "executorch_prim::et_copy_index.tensor": _Method.copy_index,
}
"""Operators of the runtime that torch does not have, or not in this form."""
