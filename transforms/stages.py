"""Stages: which operations a program may hold between two conversions.

A stage allows dialects; an operation class of another dialect (a backend's, a custom operator's) joins by naming stages
in a class variable `STAGES`. Every conversion pass checks its own end stage, `verify-stage` checks any.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.dialects.builtin import AnyFloat, ComplexType, TensorType, UnregisteredOp
from xdsl.ir import Dialect, Operation

from etc.errors import EtcError, Problem, describe_location, did_you_mean


@dataclass(frozen=True)
class Stage:
    """A set of legal operations, which the passes `by` lead to from the stage `after`.

    Of ATen it may allow only the overloads that the table marks `aten_tag`; on integers, which have no gradient, also
    others when it is there for `gradients`.
    """

    name: str
    dialects: frozenset[str]
    aten_tag: str = ""
    gradients: bool = False
    after: str = ""
    by: str = ""

    def allows(self, op: Operation) -> bool:
        """Whether operations of `op`'s class may stand in a program of this stage; its regions are not looked at."""
        dialect, _ = Dialect.split_name(op_name(op))
        if dialect not in self.dialects:
            return self.name in getattr(op, "STAGES", ())
        return dialect != "aten" or not self.aten_tag or _has_tag(op, self.aten_tag)

    def excuses(self, op: Operation) -> bool:
        """Whether the operands of `op` make it legal although its class is not."""
        return self.gradients and op_name(op).startswith("aten.") and not _on_floats(op)


def op_name(op: Operation) -> str:
    """The name of an operation as it is written, also when its dialect is not registered."""
    return op.op_name.data if isinstance(op, UnregisteredOp) else op.name


def _has_tag(op: Operation, tag: str) -> bool:
    """Control flow and arithmetic of sizes, which are no overloads of ATen, have all tags, and so have bit casts."""
    from etc.dialects import aten

    if not isinstance(op, aten.AtenOp) or op.ATEN in aten.SYMBOLIC or op.ATEN in aten.BITCASTS:
        return True
    return tag in aten.tags(op.ATEN)


def _on_floats(op: Operation) -> bool:
    types = [operand.type for operand in op.operands]
    return any(isinstance(t, TensorType) and isinstance(t.element_type, AnyFloat | ComplexType) for t in types)


_FRAME = frozenset({"builtin", "func", "program"})

_LOOPS = frozenset({"builtin", "func", "program", "arith", "math", "scf", "cf"})

# In the order in which a program goes through them: to a `.pte` by exec, to C by linalg and loops.
# Programs that are to be differentiated are autograd-safe.
STAGES = {
    stage.name: stage
    for stage in (
        Stage("autograd-safe", _FRAME | {"aten"}, aten_tag="autograd", gradients=True),
        Stage("aten", _FRAME | {"aten", "quant"}),
        Stage("core-aten", _FRAME | {"aten", "quant"}, aten_tag="core", after="aten", by="decompose-aten"),
        Stage("edge", _FRAME | {"edge", "quant"}, after="core-aten", by="aten-to-edge"),
        Stage("exec", frozenset({"builtin", "exec"}), after="edge", by="edge-to-exec"),
        Stage("linalg", _LOOPS | {"tensor", "linalg"}, after="edge", by="edge-to-linalg"),
        Stage("loops", _LOOPS | {"memref"}, after="linalg", by="bufferize,linalg-to-loops"),
    )
}


def get_stage(name: str) -> Stage:
    """The stage called `name`; EtcError with the nearest name when there is none."""
    if (stage := STAGES.get(name)) is None:
        raise EtcError(f'there is no stage "{name}"', next_step=did_you_mean(name, STAGES))
    return stage


def _remedy(op: Operation, stage: Stage) -> str:
    """The passes that turn `op` into something nearer to `stage`: those that leave the last stage that allows it."""
    while stage.after:
        earlier = STAGES[stage.after]
        if earlier.allows(op):
            return stage.by
        stage = earlier
    return ""


def _problem(op: Operation, stage: Stage) -> Problem:
    remedy, where = _remedy(op, stage), describe_location(op.location)
    return Problem(
        f'stage "{stage.name}": {op_name(op)} is not allowed here'
        + (f"; run {remedy}" if remedy else "")
        + (f" ({where})" if where else "")
    )


def check_stage(program: Operation, name: str) -> None:
    """Raise an EtcError with one problem per operation, nested ones too, that the stage `name` does not allow."""
    stage = get_stage(name)
    legal: dict[type[Operation], bool] = {}
    problems: list[Problem] = []
    for op in program.walk():
        if (allowed := legal.get(type(op))) is None:
            allowed = legal[type(op)] = stage.allows(op)
        if not allowed and not stage.excuses(op):
            problems.append(_problem(op, stage))
    if problems:
        raise EtcError(problems)
