"""annotate-quantization: say of each operation how it is to be quantised.

    %y = edge.conv(%x, %w, …)    -->    %y = edge.conv(%x, %w, …) {quant.scheme = #quant.scheme<static,
                                              activations = i8 [-128, 127] affine per_tensor,
                                              weights = i8 [-127, 127] symmetric per_channel>}

`config` is one of those in quantization_configs.py. `override` gives parts of the model another one, `float` leaves
them in float: modules by their full names, types of modules or operations, or lines of the model.

    annotate-quantization{config=int8 float="fc","Softmax" override="layer4=int8-weight","model.py:12=int16x8"}

Operations that have a scheme keep it. An activation that is added to a product as its bias is added on its own, as
integers are added with scales of theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xdsl import pattern_rewriter as xdsl_rewriting
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block, Operation, SSAValue

from etc.dialects import edge, program
from etc.dialects.edge.base import EdgeOp
from etc.dialects.quant.attributes import SCHEME, Granularity, Mode, Scheme, SchemeAttr
from etc.errors import EtcError, Problem, did_you_mean, problem_at
from etc.transforms.edge_builder import EdgeBuilder, is_constant, known
from etc.transforms.module_names import ModuleNames
from etc.transforms.quantisable import (
    CLAMPS,
    MOVING,
    RESCALED,
    WEIGHTS,
    functions_of_one_variable,
    is_elementwise,
    is_real,
    links_of,
    unbounded_values,
    weights_of,
)
from etc.transforms.quantization_configs import CONFIGS, FLOAT, Config, table_scheme
from etc.transforms.rewriting import (
    EtcPass,
    PatternRewriter,
    RewritePattern,
    apply_patterns,
    op_type_rewrite_pattern,
)


def config_named(name: str) -> Config:
    """A config; "float" is the empty one. Raises EtcError with the nearest name when there is none."""
    if name != FLOAT and name not in CONFIGS:
        raise EtcError(
            f'there is no config of quantization "{name}"',
            expected=", ".join((*CONFIGS, FLOAT)),
            next_step=did_you_mean(name, (*CONFIGS, FLOAT)),
        )
    return CONFIGS.get(name, {})


class Choice:
    """Which config each operation of a program has. Raises EtcError for names of configs or modules that are none."""

    def __init__(self, module: ModuleOp, config: str, overrides: Mapping[str, str]):
        self._config = config_named(config)
        self._overrides = {name: config_named(given) for name, given in overrides.items()}
        self._names = ModuleNames(module)
        self._names.check(list(overrides))

    def config_of(self, op: Operation) -> Config:
        name = self._names.closest(op, list(self._overrides))
        return self._config if name is None else self._overrides[name]

    def scheme_of(self, op: EdgeOp) -> Scheme | None:
        config = self.config_of(op)
        return config.get(type(op)) or (table_scheme(config) if is_elementwise(op) else None)


class SplitBias(RewritePattern):
    """linear(x, w, b) -> linear(x, w) + b where b is no constant"""

    def __init__(self, choice: Choice):
        self._choice = choice

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: edge.LinearOp, rewriter: PatternRewriter) -> None:
        scheme = self._choice.scheme_of(op)
        if scheme is None or scheme.mode is not Mode.STATIC or op.bias is None or is_constant(op.bias):
            return
        build = EdgeBuilder(rewriter)
        build.replace(op, build(edge.AddOp, build(edge.LinearOp, op.input, op.weight), op.bias))


class Annotate(RewritePattern):
    """op -> op {quant.scheme}"""

    def __init__(self, choice: Choice, methods: Sequence[FuncOp]):
        self._choice = choice
        self._functions: dict[SSAValue, SSAValue] = {}
        self._unbounded: set[SSAValue] = set()
        for method in methods:
            self._functions |= functions_of_one_variable(method)
            self._unbounded |= unbounded_values(method)
        self.problems: list[Problem] = []

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: EdgeOp, rewriter: PatternRewriter) -> None:
        scheme = self._choice.scheme_of(op)
        if scheme is None or SCHEME in op.attributes or not any(map(is_real, (*op.operands, *op.results))):
            return
        if reason := self._refusal(op, scheme):
            return rewriter.decline(op, reason)
        if scheme.weights is not None and weights_of(op) is None:
            scheme = Scheme(scheme.mode, scheme.activations, None)
        op.attributes[SCHEME] = SchemeAttr(scheme)

    def _refusal(self, op: EdgeOp, scheme: Scheme) -> str:
        """Why an operation stays in float although its config has a scheme for it."""
        if all(map(is_constant, op.operands)):
            return "its operands are constants"
        weights = weights_of(op)
        if weights is None and (scheme.mode is not Mode.STATIC or isinstance(op, edge.ConvOp | edge.LinearOp)):
            return "its weights are not constants"
        if weights is not None and not is_real(op.operands[weights.operand]):
            return "its weights are not float32"
        if isinstance(op, edge.ConvOp) and op.bias is not None and not is_constant(op.bias):
            return "its bias is not a constant"
        if weights is not None and scheme.weights is not None:
            return self._refusal_of_groups(op, op.operands[weights.operand], scheme)
        if not self._unbounded.isdisjoint((*op.operands, *op.results)):
            return "infinities or huge numbers get into it, as of a mask"
        if type(op) in MOVING and not any(links_of(op)):
            return "it moves no float32 values"
        if type(op) in CLAMPS and _is_left_in_float(op.operands[0].owner):
            return "what it clamps stays in float"
        if op.results[0] not in self._functions and type(op) not in MOVING.keys() | WEIGHTS.keys():
            if self._choice.config_of(op).get(type(op)) is None:
                return "it is no function of one value, element by element, as tables are"
            if not all(is_real(v) for v in (*op.operands, op.results[0])):
                return "its values are not float32"
        return ""

    def _refusal_of_groups(self, op: EdgeOp, weight: SSAValue, scheme: Scheme) -> str:
        """Collect a problem where a group of weights does not divide the rows."""
        assert scheme.weights is not None
        columns, size = known(weight).shape[-1], scheme.weights.group_size
        if scheme.weights.granularity is Granularity.GROUP and columns % size:
            self.problems.append(
                problem_at(
                    op,
                    f"groups of {size} weights do not divide its rows",
                    expected=f"a multiple of {size} input channels",
                    found=str(columns),
                    next_step="choose smaller groups, or give this module another config: int8-weight, float",
                )
            )
            return "groups do not divide its rows"
        return ""


def _is_left_in_float(op: Operation | Block) -> bool:
    """Whether an operation, visited before, could have been rescaled together with a clamp behind it, but is not."""
    return type(op) in RESCALED and isinstance(op, Operation) and SCHEME not in op.attributes


def _pairs(override: Sequence[str]) -> dict[str, str]:
    """`name=config` as a mapping. Raises EtcError for other texts."""
    wrong = [text for text in override if "=" not in text]
    if wrong:
        raise EtcError(
            Problem(f'"{text}" is no override', expected='"MODULE=CONFIG", as in "fc=int8-weight"') for text in wrong
        )
    return {name: config for name, _, config in (text.rpartition("=") for text in override)}


@dataclass(frozen=True)
class AnnotateQuantizationPass(EtcPass):
    """Say of each operation how it is to be quantised: by config, with other configs for parts of the model."""

    name = "annotate-quantization"
    config: str = "int8"
    override: tuple[str, ...] = ()
    float: tuple[str, ...] = ()

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        choice = Choice(module, self.config, _pairs(self.override) | dict.fromkeys(self.float, FLOAT))
        self._apply(module, SplitBias(choice))
        annotate = Annotate(choice, program.methods(module))
        self._apply(module, annotate)
        if annotate.problems:
            raise EtcError(annotate.problems)

    def _apply(self, module: ModuleOp, rule: xdsl_rewriting.RewritePattern) -> None:
        apply_patterns(module, [rule], recursive=False, pass_name=self.name)
