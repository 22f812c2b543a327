"""All that a report says, as data. Sizes are in bytes; None stands for what is not known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from xdsl.dialects.builtin import NameLoc
from xdsl.ir import Operation as IROperation

from etc.emit.report.accuracy import AccuracyReport
from etc.transforms.memory.picture import MemoryMap

FORMAT = 1
"""Of the JSON file; changes when the meaning of a part of it does."""


@dataclass(frozen=True)
class Operation:
    """One call of a kernel, in the order of the program.

    `operators` are those that it computes, `line` where the model has the last of them and `module` the submodule that
    it is in, `results` the tensors that it writes, as they lie in memory. Bytes read and written are those of its
    operands, each counted once; with `is_bound` they are the most, for sizes that only run time tells, as are those in
    `results` with a question mark. `step` is a step of the memory map.
    """

    number: int
    kernel: str
    operators: str
    line: str
    results: tuple[str, ...]
    macs: int | None = None
    bytes_read: int | None = None
    bytes_written: int | None = None
    is_bound: bool = False
    weights: tuple[str, ...] = ()
    step: int | None = None
    instructions: int | None = None
    module: str = ""


def module_of(op: IROperation) -> str:
    """The submodule of the model that an operation came from, `features.3`; "" for the model itself."""
    return op.location.desc.data if isinstance(op.location, NameLoc) else ""


@dataclass(frozen=True)
class MethodFacts:
    """A method: what it takes and gives, its operations in order, its memory. `lines` are those of the storages."""

    name: str
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    memory: tuple[MemoryMap, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict[str, str])
    macs: int | None = None
    instructions: int | None = None
    stack: int | None = None

    @property
    def planned_bytes(self) -> int:
        return sum(memory.arena_size for memory in self.memory)

    @property
    def lower_bound(self) -> int:
        return sum(memory.lower_bound for memory in self.memory)


@dataclass(frozen=True)
class TensorFacts:
    """A constant or a piece of state: its name in the program, that in the model, and which operations use it."""

    name: str
    origin: str
    type: str
    bytes: int
    users: tuple[int, ...] = ()


@dataclass(frozen=True)
class DeclineFacts:
    """A rule that left an operation alone, and why."""

    rule: str
    operation: str
    line: str
    reason: str
    count: int


@dataclass(frozen=True)
class ProgramReport:
    """Everything. `sections` are bytes of flash, or of the file, by kind, `memory` those of RAM.

    `compiler` is what made the code, `stack_library` are functions of the C library that the stack's
    bound has room for.
    """

    name: str
    target: str
    methods: tuple[MethodFacts, ...]
    sections: Mapping[str, int]
    memory: Mapping[str, int]
    weights: tuple[TensorFacts, ...] = ()
    state: tuple[TensorFacts, ...] = ()
    functions: Mapping[str, int] = field(default_factory=dict[str, int])
    compiler: str = ""
    stack_library: tuple[str, ...] = ()
    stored_in: str = "flash"
    applied: Mapping[str, int] = field(default_factory=dict[str, int])
    declined: tuple[DeclineFacts, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    accuracy: AccuracyReport | None = None

    def to_json(self) -> str:
        """The facts for machines; all but `seconds` are the same for each compilation."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False) + "\n"
