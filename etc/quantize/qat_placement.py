"""Where fake quantisation goes in a PyTorch module: what `insert-observers` does for programs, for models in training.

The module is traced with torch.fx. Results of layers and of arithmetic become integers, behind the batch norm and the
clamp that follow; what moves elements shares the scale of what it moves; all else stays in float.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import torch
from torch import nn
from torch.fx import GraphModule, Node, Tracer
from torch.nn import functional as F

from etc.dialects import edge
from etc.dialects.quant.attributes import Mode, Scheme, Spec
from etc.errors import EtcError, did_you_mean, kind_of
from etc.quantize.qat import FakeQuantize, QATLayer, QATModule
from etc.transforms.insert_observers import fixed_params
from etc.transforms.quantization_configs import CONFIGS

WEIGHTED = (nn.Conv1d, nn.Conv2d, nn.Linear)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)

_Called = Callable[..., Any] | str | type[nn.Module]
"""What a node calls: a function, a method by its name, a module by its type."""

CLAMPS: frozenset[_Called] = frozenset(
    {nn.ReLU, nn.ReLU6, nn.Hardtanh, torch.relu, F.relu, F.relu6, F.hardtanh, "relu", "relu_", torch.clamp, "clamp"}
)
MOVING: frozenset[_Called] = frozenset(
    {
        *(nn.Flatten, nn.Identity, nn.Dropout, nn.MaxPool1d, nn.MaxPool2d, nn.Unflatten, nn.PixelShuffle),
        *(torch.flatten, torch.reshape, torch.permute, torch.transpose, torch.squeeze, torch.unsqueeze),
        *(torch.max_pool1d, torch.max_pool2d, F.max_pool1d, F.max_pool2d, F.dropout, F.pixel_shuffle),
        *("flatten", "reshape", "view", "permute", "transpose", "squeeze", "unsqueeze", "contiguous", "expand"),
        *(torch.cat, torch.concat, torch.stack, operator.getitem),
    }
)
JOINED: frozenset[_Called] = frozenset({torch.cat, torch.concat, torch.stack})
"""Those of several tensors, which share one scale."""
COMPUTED: frozenset[_Called] = frozenset(
    {
        *(operator.add, operator.iadd, operator.sub, operator.mul, operator.imul, operator.matmul),
        *(torch.add, torch.sub, torch.mul, torch.matmul, torch.bmm, torch.mean, "add", "add_", "sub", "mul", "mul_"),
        *("matmul", "bmm", "mean", nn.AvgPool1d, nn.AvgPool2d, nn.AdaptiveAvgPool1d, nn.AdaptiveAvgPool2d),
        *(F.avg_pool1d, F.avg_pool2d, F.adaptive_avg_pool1d, F.adaptive_avg_pool2d),
        *(nn.LeakyReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Hardswish, nn.Hardsigmoid, nn.Softplus),
        *(F.leaky_relu, F.elu, F.gelu, F.silu, F.hardswish, F.hardsigmoid, F.softplus),
    }
)
FIXED: dict[_Called, tuple[float, float]] = {
    **dict.fromkeys((nn.Sigmoid, torch.sigmoid, F.sigmoid, "sigmoid"), (0.0, 1.0)),
    **dict.fromkeys((nn.Softmax, torch.softmax, F.softmax, "softmax"), (0.0, 1.0)),
    **dict.fromkeys((nn.Tanh, torch.tanh, F.tanh, "tanh"), (-1.0, 1.0)),
}
"""Results that lie in an interval whatever the data are."""


def prepare_qat(module: nn.Module, config: str = "int8") -> QATModule:
    """A copy of a module that rounds weights and activations as a config with static scales will have them.

    It trains with any optimizer. Raises EtcError for what is no module, for other configs, and for modules that
    torch.fx cannot trace, whose control flow depends on data.
    """
    scheme = _scheme(config)
    if not isinstance(module, nn.Module):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise EtcError("this cannot be trained", expected="a torch.nn.Module", found=kind_of(module))
    copy = deepcopy(module)
    tracer = Tracer()
    tracer.record_stack_traces = True
    try:
        graph = tracer.trace(copy)
    except Exception as error:  # torch.fx raises many kinds, all of them about the model
        raise EtcError(
            "torch.fx cannot trace the model",
            expected="a forward whose control flow does not depend on data",
            found=(str(error).splitlines() or [type(error).__name__])[0],
            next_step="quantise it after training: etc.compile(model, inputs, quantize=…)",
        ) from error
    traced = GraphModule(copy, graph)
    assert scheme.activations is not None
    assert scheme.weights is not None
    _Placement(traced, scheme.activations, scheme.weights).run()
    prepared = QATModule(traced, traced.graph, type(module).__name__)
    return prepared.train(module.training)


def _scheme(config: str) -> Scheme:
    if config not in CONFIGS:
        raise EtcError(f'there is no config of quantization "{config}"', next_step=did_you_mean(config, CONFIGS))
    scheme = CONFIGS[config].get(edge.ConvOp)
    if scheme is None or scheme.mode is not Mode.STATIC or scheme.activations is None or scheme.weights is None:
        static = [n for n, c in CONFIGS.items() if (s := c.get(edge.ConvOp)) is not None and s.mode is Mode.STATIC]
        raise EtcError(f"config {config} has no scales to train with", expected=" or ".join(static))
    return scheme


class _Placement:
    """Puts fake quantisation into a traced module, node by node."""

    def __init__(self, module: GraphModule, activations: Spec, weights: Spec):
        self._module, self._graph = module, module.graph
        self._activations, self._weights = activations, weights
        self._quantised: dict[Node, Node] = {}
        """The node that rounds each value."""
        self._shared: dict[str, str] = {}
        """Modules that round with the scale of another one."""

    def run(self) -> None:
        modules: dict[str, nn.Module] = {**dict(self._module.named_modules())}
        for node in list(self._graph.nodes):
            if node in self._quantised or node.op not in ("placeholder", "call_function", "call_method", "call_module"):
                continue
            called = type(modules[node.target]) if node.op == "call_module" else node.target
            if node.op == "placeholder":
                self._round(node, str(node.target))
            elif isinstance(modules.get(str(node.target)), WEIGHTED) and node.op == "call_module":
                self._layer(node, modules)
            elif called in MOVING:
                self._move(node, called in JOINED)
            elif called in CLAMPS | COMPUTED | FIXED.keys():
                self._compute(node, FIXED.get(called), modules)
        self._join()
        self._graph.lint()
        self._module.recompile()

    def _layer(self, node: Node, modules: dict[str, nn.Module]) -> None:
        """Put a layer and its batch norm into one module, and round what it makes, behind a clamp."""
        name, last = str(node.target), node
        self._round_operands(node)
        norm = _only_user(node)
        folded = modules.get(str(norm.target)) if norm is not None and norm.op == "call_module" else None
        layer = modules[name]
        if norm is not None and isinstance(folded, NORMS) and folded.track_running_stats:
            norm.replace_all_uses_with(node)
            self._graph.erase_node(norm)
        else:
            folded = None
        self._module.set_submodule(name, QATLayer(layer, folded, self._weights))
        if (clamp := _only_user(last)) is not None and self._is_clamp(clamp, modules):
            last = clamp
        self._round(last, name)

    def _is_clamp(self, node: Node, modules: dict[str, nn.Module]) -> bool:
        called = type(modules[str(node.target)]) if node.op == "call_module" else node.target
        return called in CLAMPS

    def _compute(self, node: Node, interval: tuple[float, float] | None, modules: dict[str, nn.Module]) -> None:
        self._round_operands(node)
        clamp = _only_user(node)
        last = clamp if interval is None and clamp is not None and self._is_clamp(clamp, modules) else node
        self._round(last, node.name, interval)

    def _move(self, node: Node, is_joined: bool) -> None:
        """Share the scale of what is moved."""
        operands = [operand for operand in node.all_input_nodes if operand in self._rounding()]
        if not operands or (is_joined and len(operands) < len(node.all_input_nodes)):
            return
        first, *others = (str(operand.target) for operand in operands)
        for other in others:
            self._shared[other] = first
        self._insert(node, first, is_new=False)

    def _rounding(self) -> set[Node]:
        return set(self._quantised.values())

    def _round_operands(self, node: Node) -> None:
        """Round operands that are not yet: results of what stays in float."""
        rounding = self._rounding()
        for operand in node.all_input_nodes:
            if operand not in rounding and operand.op in ("call_function", "call_method", "call_module"):
                self._round(operand, operand.name)

    def _round(self, node: Node, name: str, interval: tuple[float, float] | None = None) -> None:
        if node in self._quantised:
            return
        path = f"{name.replace('.', '_')}_quantized"
        while hasattr(self._module, path):
            path += "_"
        fixed = None if interval is None else fixed_params(self._activations, *interval)
        self._module.add_submodule(path, FakeQuantize(self._activations, fixed))
        self._insert(node, path)

    def _insert(self, node: Node, path: str, is_new: bool = True) -> None:
        """Let all users of a node read it rounded."""
        with self._graph.inserting_after(node):
            rounding = self._graph.call_module(path, (node, is_new))
        rounding.meta = dict(node.meta)
        node.replace_all_uses_with(rounding, lambda user: user is not rounding)
        self._quantised[node] = rounding

    def _join(self) -> None:
        """Values that are joined have one scale."""
        for node in self._graph.nodes:
            if node.op != "call_module":
                continue
            target = str(node.target)
            while (other := self._shared.get(target, target)) != target:
                target = other
            if node.target != target:
                node.target = target
                shared = self._module.get_submodule(target)
                assert isinstance(shared, FakeQuantize)
                shared.widens = True
        used = {str(node.target) for node in self._graph.nodes if node.op == "call_module"}
        for path in set(self._shared) - used:
            self._module.delete_submodule(path)


def _only_user(node: Node) -> Node | None:
    return next(iter(node.users)) if len(node.users) == 1 else None
