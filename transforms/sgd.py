"""sgd: gradients among a method's results become updates of the weights, which are state from then on.

    program.global parameter @w : tensor<…> = …         program.global mutable parameter @w : tensor<…> = …
    func.func @train(…) attributes {              -->   func.func @train(…) {
        program.gradients = {"w" = 1 : i64}} {            …
      …                                                   %new = aten.add.Tensor(%w, %gradient, alpha=-0.1)
      func.return %loss, %gradient                        program.store %new, @w
                                                          func.return %loss

Runs on stage "aten". With momentum, each weight gets a mutable buffer `<name>.momentum` that starts at zero. The update
is that of `torch.optim.SGD` without dampening: Sutskever et al., "On the importance of initialization and momentum in
deep learning", 2013, in the form that PyTorch documents.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr, FunctionType, IntegerAttr, UnitAttr
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import SSAValue

from etc.dialects import program
from etc.dialects.blob import Blob, BlobAttr
from etc.dialects.program import GlobalOp
from etc.errors import EtcError, problem_at
from etc.transforms.aten_builder import AtenBuilder
from etc.transforms.rewriting import EtcPass, PatternRewriter, RewritePattern, op_type_rewrite_pattern

GRADIENTS = "program.gradients"
"""Attribute of a method: the number of the result that is the gradient of the loss by each global."""


@dataclass(frozen=True)
class Update:
    """The hyperparameters of the update, as in `torch.optim.SGD`."""

    lr: float
    momentum: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False


class ApplyGradients(RewritePattern):
    """return loss, gradient -> store(w - lr * gradient); return loss"""

    def __init__(self, update: Update):
        self.update = update

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ReturnOp, rewriter: PatternRewriter) -> None:
        method = op.parent_op()
        gradients = method.attributes.pop(GRADIENTS, None) if isinstance(method, FuncOp) else None
        if not isinstance(method, FuncOp) or not isinstance(gradients, DictionaryAttr):
            return
        build = AtenBuilder(rewriter)
        results = {name: n.value.data for name, n in gradients.data.items() if isinstance(n, IntegerAttr)}
        for name, number in results.items():
            self._apply(method, name, op.operands[number], build)
        kept = [i for i in range(len(op.operands)) if i not in results.values()]
        rewriter.replace(op, ReturnOp(*(op.operands[i] for i in kept)))
        _keep_results(method, kept)

    def _apply(self, method: FuncOp, name: str, gradient: SSAValue, build: AtenBuilder) -> None:
        """Emit the update of one weight."""
        weight = program.lookup(method, name)
        if weight is None:
            raise EtcError(problem_at(method, f"the gradient of {name} is given, but there is no such global"))
        _make_mutable(weight)
        value = build.insert(program.LoadOp(name, weight.type)).results[0]
        if self.update.weight_decay:
            gradient = build("add.Tensor", gradient, value, alpha=self.update.weight_decay)
        if self.update.momentum:
            gradient = self._with_momentum(weight, gradient, build)
        new = build("add.Tensor", value, gradient, alpha=-self.update.lr)
        build.insert(program.StoreOp(new, name))

    def _with_momentum(self, weight: GlobalOp, gradient: SSAValue, build: AtenBuilder) -> SSAValue:
        momentum = _momentum_of(weight)
        before = build.insert(program.LoadOp(momentum.symbol, momentum.type)).results[0]
        after = build("add.Tensor", build("mul.Scalar", before, self.update.momentum), gradient)
        build.insert(program.StoreOp(after, momentum.symbol))
        return build("add.Tensor", gradient, after, alpha=self.update.momentum) if self.update.nesterov else after


def _make_mutable(weight: GlobalOp) -> None:
    """A copy of the content is the initial value: the model's own memory changes when the model is trained."""
    if weight.mutable is None:
        assert weight.value is not None
        weight.properties["mutable"] = UnitAttr()
        weight.properties["value"] = BlobAttr(Blob.from_bytes(bytes(weight.value.data.data)))


def _momentum_of(weight: GlobalOp) -> GlobalOp:
    """The buffer of a weight's momentum, which several methods that train share."""
    name = f"{weight.symbol}.momentum"
    found = program.lookup(weight, name)
    if found is None:
        assert weight.value is not None
        zeros = Blob.from_bytes(bytes(weight.value.data.nbytes))
        found = GlobalOp(name, weight.type, zeros, program.GlobalKind.buffer, mutable=True)
        block = weight.parent
        assert block is not None
        block.insert_op_after(found, weight)
    return found


def _keep_results(method: FuncOp, kept: list[int]) -> None:
    """Take the other results from the method's signature."""
    type = method.function_type
    outputs = list(type.outputs.data)
    method.function_type = FunctionType.from_lists(list(type.inputs.data), [outputs[i] for i in kept])
    names = method.attributes.get("program.outputs")
    if isinstance(names, ArrayAttr):
        method.attributes["program.outputs"] = ArrayAttr([names.data[i] for i in kept])


@dataclass(frozen=True)
class SgdPass(EtcPass):
    """Update weights by the gradients that a method computes, by stochastic gradient descent."""

    name = "sgd"
    start_stage = "aten"
    end_stage = "aten"

    lr: float
    momentum: float = 0.0
    weight_decay: float = 0.0
    nesterov: bool = False

    def get_patterns(self) -> tuple[RewritePattern, ...]:
        if self.nesterov and not self.momentum:
            raise EtcError("nesterov momentum needs a momentum", expected="momentum above 0", found="0")
        return (ApplyGradients(Update(self.lr, self.momentum, self.weight_decay, self.nesterov)),)
