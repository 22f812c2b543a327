"""One fx graph -> the operations of one block.

Each node is handled by what its target is: an ATen overload, a custom operator, arithmetic on sizes, a higher-order
operator. In-place operators are the matter of import_torch_writes.py and import_torch_views.py.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch._ops import HigherOrderOperator, OpOverload
from torch.fx import GraphModule, Node
from xdsl.dialects.builtin import StringAttr, UnknownLoc
from xdsl.ir import Block, SSAValue

from etc.dialects import aten, program
from etc.dialects.sizes import SYMBOL
from etc.dialects.tensor import Tensor
from etc.errors import EtcError
from etc.lowering.import_torch_aliasing import NeedsDecompositions, same_place
from etc.lowering.import_torch_callees import Callee, aten_callee, callee_of, checks
from etc.lowering.import_torch_control_flow import import_higher_order
from etc.lowering.import_torch_counts import correct_count
from etc.lowering.import_torch_emitter import POISON, Emitter, MethodContext, Poisoned, set_hint
from etc.lowering.import_torch_guards import guard
from etc.lowering.import_torch_types import dtype_of
from etc.lowering.import_torch_views import Piece, View
from etc.lowering.import_torch_weights import blob_of
from etc.lowering.import_torch_writes import write, write_custom

__all__ = ["GraphImporter", "MethodContext"]

_SYMBOLIC: Mapping[str, str] = {function: key for key, function in aten.SYMBOLIC.items()}

_READS_OF_DATA = frozenset({"item", "_local_scalar_dense"})
"""Operators whose result is a symbol of its own, as nothing but the data decides it."""

_BY_STRIDES = frozenset({"as_strided", "as_strided_copy", "as_strided_scatter"})
"""Operators whose result depends on how their argument lies in memory."""


def _check_layout(node: Node) -> None:
    """Values of the IR have no strides: elements must lie in the order of the dimensions. Raises EtcError."""
    value: Any = node.all_input_nodes[0].meta["val"]
    if not value.is_contiguous() or value.storage_offset() != 0:
        raise EtcError(
            "the strides of a tensor are those of the memory that it is a part of",
            expected="a contiguous tensor that begins where its memory does",
            found=f"sizes {list(value.shape)}, strides {list(value.stride())}, offset {value.storage_offset()}",
            next_step="index the tensor instead, or make it contiguous() before",
        )


class GraphImporter(Emitter):
    """Appends the operations of fx graphs to `block`."""

    def run(self, module: GraphModule) -> Sequence[Any]:
        dropped = checks(module.graph)
        outputs: Any = ()
        for node in module.graph.nodes:
            if node.op == "output":
                outputs = node.args[0]
            elif node in dropped:
                self._check(node)
            elif node.op != "placeholder":
                self._node(module, node)
        self.location = UnknownLoc()
        return outputs if isinstance(outputs, list | tuple) else (outputs,)

    def inside(self, block: Block) -> GraphImporter:
        return GraphImporter(self.context, block)

    def _check(self, node: Node) -> None:
        """`torch._check(n <= x.shape[0])`: a guard, unless the ranges of the symbols say as much."""
        value = node.args[0].meta.get("val") if node.args and isinstance(node.args[0], Node) else None
        if node.target is not torch.ops.aten._assert_scalar.default or not isinstance(value, torch.SymBool):
            return
        condition = self.context.sizes.condition(value)
        if condition is not None and not any(c.holds(self.context.sizes.ranges) for c in condition):
            self.location = self.context.locations.of(node.meta)
            self.append(guard(condition), "")

    def _node(self, module: GraphModule, node: Node) -> None:
        self.location = self.context.locations.of(node.meta)
        try:
            if node.op == "get_attr":
                self._attribute(module, node)
            elif node.op == "call_function":
                self._call(node)
            else:
                raise EtcError(f"an fx node `{node.op}` cannot be compiled", found=str(node.target))
        except EtcError as error:
            self.env[node] = POISON
            self.context.report(error, str(node.target), self.location)
        except Poisoned:
            self.env[node] = POISON

    def _attribute(self, module: GraphModule, node: Node) -> None:
        found: Any = module
        for part in str(node.target).split("."):
            found = getattr(found, part)
        if isinstance(found, torch.Tensor):
            type = Tensor(dtype_of(found.dtype), tuple(found.shape)).type
            self.define(node, self.append(program.ConstantOp(blob_of(found), type), node.name).results[0])
        else:
            self.env[node] = found

    def _call(self, node: Node) -> None:
        target: Any = node.target
        if isinstance(target, OpOverload):
            self._operator(callee_of(target), node)
        elif target is operator.getitem:
            self.env[node] = element = self.value_of(node.args[0])[node.args[1]]
            if isinstance(element, View | SSAValue):
                set_hint(element.value if isinstance(element, View) else element, node.name)
        elif isinstance(target, HigherOrderOperator):
            import_higher_order(self, node)
        else:
            self._arithmetic(node)

    def _operator(self, callee: Callee, node: Node) -> None:
        if callee.custom:
            self.context.custom.add(callee.custom)
        aliasing = self.context.aliasing
        if callee.is_mutable:
            (write_custom if callee.custom else write)(self, callee, node)
            return
        if callee.op_class is None:
            raise EtcError(
                "this operator of PyTorch is not in the table of ATen operators",
                op=callee.schema.op_name,
                next_step="rewrite the model without it, or register a decomposition for torch.export",
            )
        if callee.key == "batch_norm" and node.args[5] and node.args[3] is not None:
            raise NeedsDecompositions(callee.key)  # writes to its statistics, although its schema does not say so
        if callee.schema.name in _BY_STRIDES:
            _check_layout(node)
        if aliasing is not None and aliasing.is_same_tensor(callee, node):
            self.env[node] = self.value_of(node.all_input_nodes[0])
            return
        correct_count(self.context.sizes, callee.key, node)
        types = self.result_types(node) if callee.schema.returns else ()
        op = self.emit_call(callee, self.arguments(callee, node), types, node.name)
        self.env[node] = self._results(callee, node, op.results)
        if callee.key in _READS_OF_DATA and (name := self.context.sizes.symbol_of(node.meta["val"])) is not None:
            op.attributes[SYMBOL] = StringAttr(name)
            self.append(program.SymbolOp(name, op.operands[0]), name)

    def _results(self, callee: Callee, node: Node, results: Sequence[SSAValue]) -> Any:
        """What the results of a call are to `env`."""
        value = node.meta.get("val")
        is_list = isinstance(value, list | tuple)
        aliasing = self.context.aliasing
        first = value[0] if is_list and value else value
        if aliasing is None or not isinstance(first, torch.Tensor) or not aliasing.is_view(callee, node, first):
            values = [self._memory(r) for r in results]
        else:
            values = [self._piece(callee, node, i if is_list else None, result) for i, result in enumerate(results)]
        return values if is_list else values[0] if values else None

    def _piece(self, callee: Callee, node: Node, index: int | None, result: SSAValue) -> View:
        """A result in the memory of an argument: the first one, or in a list the one at its place in a list."""
        source = node.all_input_nodes[(index or 0) if callee.schema.args[0].type == "Tensor[]" else 0]
        base = self.value_of(source)
        if not isinstance(base, View):
            raise NeedsDecompositions(callee.key)
        if index is not None and same_place(node.meta["val"][index], source.meta["val"]):
            return base
        return Piece(self, node, base, result, index)

    def _arithmetic(self, node: Node) -> None:
        """`operator.mul`, `torch.sym_max`, … on sizes and numbers."""
        target: Any = node.target
        name = f"{getattr(target, '__module__', '')}.{getattr(target, '__name__', target)}"
        key = _SYMBOLIC.get(name)
        if key is None:
            raise EtcError("this Python function has no counterpart in a compiled program", op=name)
        args = dict(zip(aten_callee(key).names, map(self.convert, node.args), strict=False))
        self.env[node] = self.emit(key, args, self.result_types(node), node.name).results[0]
