"""`torch.export.ExportedProgram` and `.pt2` files -> the `aten` level.

Every method is a `func.func` in a module whose globals hold the weights. What the model's Python signature was stands
in attributes of the method:

    program.inputs            names of the arguments: tensors, and integers (i64) that may change from call to call
    program.outputs           names of the results
    program.in_spec           the pytree of (args, kwargs), of the outputs: JSON of `torch.utils._pytree`
    program.out_spec
    program.constant_inputs   leaves of the pytree that are constants, by index; the others are the arguments in order
    program.constant_outputs  (a constant None is a unit attribute)
    program.mutated_inputs    inputs that the method writes to: their new contents are results after the outputs
    program.gradients         of a joint forward and backward graph: the result that is the gradient by each global or
                              input; they follow the outputs
    program.modules           the classes of the model's modules, by their paths
    program.symbols           the symbols of sizes and their ranges

The programs are functional: in-place operators are replaced by values (import_torch_views.py), writes to buffers by a
`program.store` at the end.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import ConstantArgument, InputKind, OutputKind, SymIntArgument, TensorArgument
from torch.fx import Node
from torch.utils._python_dispatch import is_traceable_wrapper_subclass
from torch.utils._pytree import treespec_dumps
from xdsl.dialects.builtin import (
    ArrayAttr,
    DictionaryAttr,
    FloatAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    UnitAttr,
    f64,
    i1,
    i64,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Region, SSAValue

from etc.dialects import custom
from etc.dialects.program import GlobalKind, LoadOp, StoreOp, SymbolsAttr
from etc.dialects.sizes import SYMBOL
from etc.errors import EtcError, Problem
from etc.lowering.import_torch_aliasing import Aliasing, NeedsDecompositions, functionalized
from etc.lowering.import_torch_callees import writes
from etc.lowering.import_torch_emitter import POISON, MethodContext, set_hint
from etc.lowering.import_torch_files import without_remarks
from etc.lowering.import_torch_graph import GraphImporter
from etc.lowering.import_torch_guards import add_guards
from etc.lowering.import_torch_types import Sizes
from etc.lowering.import_torch_views import View
from etc.lowering.import_torch_weights import Globals


def import_program(programs: ExportedProgram | Mapping[str, ExportedProgram]) -> ModuleOp:
    """The module of one method `forward`, or of the methods given by name.

    Weights are not copied: the module refers to the memory of the exported program's tensors.
    Raises EtcError with everything that cannot be imported, each with the model's source line.
    """
    methods = {"forward": programs} if isinstance(programs, ExportedProgram) else programs
    globals = Globals()
    operators: set[str] = set()
    functions: list[FuncOp] = []
    problems: list[Problem] = []
    for name, exported in methods.items():
        try:
            functions.append(_import_method(name, exported, globals, operators))
        except EtcError as error:
            problems += error.problems
    if problems:
        raise EtcError(problems)
    module = ModuleOp([*globals.ops.values(), *functions])
    for schema in sorted(operators, reverse=True):
        custom.declare(module, schema)
    custom.link_kernels(module, _registered_kernels(module))
    return module


def _registered_kernels(module: ModuleOp) -> set[str]:
    """The kernels of custom operators that torch.library knows as operators too: whoever registers them has them."""
    kernels = {custom.kernel_of(op.operator.data) for op in custom.declared(module).values()}
    return {kernel for kernel in kernels if kernel.endswith("out") and _is_registered(*kernel.rsplit(".", 1))}


def _is_registered(operator: str, overload: str) -> bool:
    namespace, _, name = operator.partition("::")
    return overload in getattr(getattr(torch.ops, namespace), name).overloads()


def _import_method(name: str, exported: ExportedProgram, globals: Globals, operators: set[str]) -> FuncOp:
    if any(map(is_traceable_wrapper_subclass, exported.state_dict.values())):
        exported = _without_subclasses(exported)
    try:
        return _Method(name, exported, globals, operators).run()
    except NeedsDecompositions:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            functional = functionalized(exported)
    try:
        return _Method(name, functional, globals, operators).run()
    except NeedsDecompositions as error:
        raise EtcError(
            "the program writes to a tensor in a way that has no functional form",
            op=str(error),
            next_step="replace the in-place operation in the model by one that returns a new tensor",
        ) from None


def _without_subclasses(exported: ExportedProgram) -> ExportedProgram:
    """The program with the plain tensors that its weights consist of, as those that torchao quantised do."""
    with without_remarks():
        return exported.run_decompositions({})


@dataclass(frozen=True)
class _Input:
    """A placeholder that is memory of the caller or of the program."""

    node: Node
    target: str
    """name of the argument, or of the global"""
    is_global: bool


class _Method:
    """Imports one exported program."""

    def __init__(self, name: str, exported: ExportedProgram, globals: Globals, operators: set[str]):
        self.name, self.exported, self.globals = name, exported, globals
        graphs = [m.graph for m in exported.graph_module.modules() if isinstance(m, torch.fx.GraphModule)]
        writing = next((n for g in graphs for n in g.nodes if writes(n)), None)
        aliasing = None if writing is None else Aliasing(writing)
        self.context = MethodContext(Sizes(exported.range_constraints), aliasing, operators)
        self.block = Block()
        self.graph = GraphImporter(self.context, self.block)
        self.inputs: list[_Input] = []
        self.unused: list[str] = []
        self.attributes: dict[str, Attribute] = {}

    def run(self) -> FuncOp:
        names, argument_attributes = self._placeholders()
        outputs = self.graph.run(self.exported.graph_module)
        results, result_names = self._outputs(outputs)
        if self.context.problems:
            raise EtcError(self.context.problems)
        self.block.add_op(ReturnOp(*results))
        signature = [a.type for a in self.block.args], [r.type for r in results]
        function = FuncOp(self.name, signature, Region(self.block), arg_attrs=argument_attributes)
        add_guards(function, self.exported, self.context.sizes)
        call_spec = self.exported.call_spec
        strings = {"program.inputs": names, "program.outputs": result_names}
        function.attributes |= {key: ArrayAttr(map(StringAttr, value)) for key, value in strings.items()}
        for key, spec in (("program.in_spec", call_spec.in_spec), ("program.out_spec", call_spec.out_spec)):
            if spec is not None:
                function.attributes[key] = StringAttr(spec_text(spec))
        if modules := self.context.locations.modules:
            function.attributes["program.modules"] = DictionaryAttr({k: StringAttr(v) for k, v in modules.items()})
        function.attributes |= self.attributes
        if ranges := self.context.sizes.ranges:
            function.attributes["program.symbols"] = SymbolsAttr(tuple(ranges.items()))
        return function

    # -- inputs --------------------------------------------------------------------------------------------------------

    def _placeholders(self) -> tuple[list[str], ArrayAttr[DictionaryAttr] | None]:
        """Give values to the placeholders. Returns the names of the arguments and their attributes."""
        nodes = [n for n in self.exported.graph.nodes if n.op == "placeholder"]
        names: list[str] = []
        attributes: list[DictionaryAttr] = []
        constants: dict[str, Attribute] = {}
        leaf = 0
        loaded: dict[str, Any] = {}
        for node, spec in zip(nodes, self.exported.graph_signature.input_specs, strict=True):
            if spec.kind is not InputKind.USER_INPUT:
                self._global(node, spec, loaded)
                continue
            if isinstance(spec.arg, ConstantArgument):
                self.graph.env[node] = spec.arg.value
                constants[str(leaf)] = constant_attribute(spec.arg.value)
            elif isinstance(spec.arg, TensorArgument | SymIntArgument) or _is_number(node):
                self._argument(node, names, attributes)
            else:
                self._refuse(node, f"the input {node.name} is neither a tensor nor a number")
            leaf += 1
        for unused in self.unused:  # export uses only one of the names of a tied weight
            if isinstance(tensor := self._tensor(unused), torch.Tensor):
                self.globals.add_name(unused, tensor)
        if constants:
            self.attributes["program.constant_inputs"] = DictionaryAttr(constants)
        return names, ArrayAttr(attributes) if any(a.data for a in attributes) else None

    def _argument(self, node: Node, names: list[str], attributes: list[DictionaryAttr]) -> None:
        value = node.meta["val"]
        try:
            type = self.context.sizes.type(value)
        except EtcError as error:
            self.context.report(error, f"input {node.name}", self.context.locations.of(node.meta))
            self.graph.env[node] = POISON
            return
        argument = self.block.insert_arg(type, len(self.block.args))
        set_hint(argument, node.name)
        self.graph.define(node, argument)
        symbol = self.context.sizes.symbol_of(value)
        attributes.append(DictionaryAttr({} if symbol is None else {SYMBOL: StringAttr(symbol)}))
        names.append(node.name)
        self.inputs.append(_Input(node, node.name, False))

    def _global(self, node: Node, spec: Any, loaded: dict[str, Any]) -> None:
        """A parameter, buffer or constant: load it when something uses it."""
        if not node.users:
            self.unused.append(spec.target)
            return
        kind = _KINDS.get(spec.kind)
        tensor = self._tensor(spec.target) if kind is not None else None
        if kind is None or not isinstance(tensor, torch.Tensor):
            self._refuse(node, f"the constant {spec.target} is not a tensor")
            return
        try:
            name = self.globals.add(spec.target, tensor, kind, self.name)
        except EtcError as error:
            self.context.report(error, "", self.context.locations.of(node.meta))
            self.graph.env[node] = POISON
            return
        if name not in loaded:
            load = self.graph.append(LoadOp(name, self.globals.ops[name].type), node.name)
            self.graph.define(node, load.results[0])
            loaded[name] = self.graph.env[node]
        self.graph.env[node] = loaded[name]
        self.inputs.append(_Input(node, name, True))

    def _tensor(self, name: str) -> Any:
        found = self.exported.state_dict.get(name)
        return self.exported.constants.get(name) if found is None else found

    def _refuse(self, node: Node, what: str) -> None:
        value = node.meta.get("val")
        error = EtcError(
            what,
            found=type(value).__name__,
            next_step="keep custom objects out of the exported forward, or lower them to tensors before the export",
        )
        self.context.report(error, "", self.context.locations.of(node.meta))
        self.graph.env[node] = POISON

    # -- outputs -------------------------------------------------------------------------------------------------------

    def _outputs(self, values: Sequence[Any]) -> tuple[list[SSAValue], list[str]]:
        """Store what was written to globals. Returns the results of the method and their names."""
        results: list[SSAValue] = []
        names: list[str] = []
        constants: dict[str, Attribute] = {}
        written: dict[str, SSAValue] = {}
        gradients: dict[str, Attribute] = {}
        leaf = 0
        env = self.graph.env
        for value, spec in zip(values, self.exported.graph_signature.output_specs, strict=True):
            if isinstance(value, Node) and env[value] is POISON:
                return [], []
            if spec.kind in _GRADIENTS:
                if value is None:
                    continue  # the loss does not depend on it
                gradients[self._global_of(str(spec.target)) or str(spec.target)] = IntegerAttr(len(results), i64)
                results.append(self.graph.convert(value))
                names.append(f"{spec.target}.gradient")
                continue
            if spec.kind not in _RESULTS:
                target = self._written_target(spec)
                if target is not None:
                    written[target] = self.graph.convert(value)
                continue
            found = self.graph.convert(value)
            if isinstance(found, SSAValue):
                results.append(found)
                names.append(value.name)
            else:
                constants[str(leaf)] = constant_attribute(found)
            leaf += 1
        for entry in self.inputs:
            view = env[entry.node]
            if isinstance(view, View) and view.owner.version:
                written[entry.target] = view.owner.read()
        if constants:
            self.attributes["program.constant_outputs"] = DictionaryAttr(constants)
        if gradients:
            self.attributes["program.gradients"] = DictionaryAttr(gradients)
        mutated: list[str] = []
        for entry in self.inputs:
            if (new := written.pop(entry.target, None)) is None:
                continue
            if entry.is_global:
                self.globals.make_mutable(entry.target)
                self.graph.append(StoreOp(new, entry.target), "")
            else:
                mutated.append(entry.target)
                results.append(new)
                names.append(entry.target)
        if mutated:
            self.attributes["program.mutated_inputs"] = ArrayAttr(map(StringAttr, mutated))
        return results, names

    def _written_target(self, spec: Any) -> str | None:
        """The global or input that an output of the functional graph is written to."""
        if spec.kind in (OutputKind.BUFFER_MUTATION, OutputKind.PARAMETER_MUTATION):
            return self._global_of(spec.target)
        return spec.target if spec.kind is OutputKind.USER_INPUT_MUTATION else None

    def _global_of(self, target: str) -> str | None:
        """The global that a parameter or buffer of the model has become, which may have another name; None unused."""
        inputs = self.exported.graph_signature.input_specs
        name = next((s.arg.name for s in inputs if s.target == target), None)
        return next((e.target for e in self.inputs if e.node.name == name), None)


_RESULTS = frozenset({OutputKind.USER_OUTPUT, OutputKind.LOSS_OUTPUT})
_GRADIENTS = frozenset({OutputKind.GRADIENT_TO_PARAMETER, OutputKind.GRADIENT_TO_USER_INPUT})
"""Further results of a joint forward and backward graph; they follow those of the model."""

_KINDS: Mapping[InputKind, GlobalKind] = {
    InputKind.PARAMETER: GlobalKind.parameter,
    InputKind.BUFFER: GlobalKind.buffer,
    InputKind.CONSTANT_TENSOR: GlobalKind.constant,
}


def _is_number(node: Node) -> bool:
    return isinstance(node.meta.get("val"), torch.SymInt | torch.SymFloat | torch.SymBool)


def constant_attribute(value: Any) -> Attribute:
    """How a leaf of the pytree that is a constant stands in `program.constant_inputs` and `_outputs`."""
    match value:
        case bool():
            return IntegerAttr(int(value), i1)
        case int():
            return IntegerAttr(value, i64)
        case float():
            return FloatAttr(value, f64)
        case None:
            return UnitAttr()
        case _:
            return StringAttr(str(value))


def spec_text(spec: Any) -> str:
    """The JSON of a pytree; types that torch cannot write are named only."""
    try:
        return treespec_dumps(spec)
    except (NotImplementedError, TypeError, ValueError):
        return str(spec)
