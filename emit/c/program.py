"""`emit_c`: a program of stage "loops" as the files of a C program."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from xdsl.dialects import func, memref
from xdsl.dialects.builtin import IntegerAttr, ModuleOp

from etc.dialects import dtypes
from etc.dialects.c_attributes import MACS
from etc.dialects.program import GlobalOp, globals_of
from etc.dialects.tensor import Tensor
from etc.emit.c.functions import Program, Step
from etc.emit.c.header import SELFTEST_DIFFERS, STATUS_NAMES, Figures, print_header
from etc.emit.c.interface import STATUSES, CInterface
from etc.emit.c.interfaces import method_interfaces, pools_of
from etc.emit.c.kernel_text import print_kernel
from etc.emit.c.kernels import Functions
from etc.emit.c.method_text import print_method
from etc.emit.c.names import RESERVED, Names, check_prefix, identifier
from etc.emit.c.selftest import Golden, print_selftest, scratch_bytes, tested_method
from etc.emit.c.state import Buffer, in_order, print_state, state_bytes
from etc.emit.c.support import SupportLibrary
from etc.emit.c.values import Value
from etc.emit.c.weights import Weight, print_weights, print_weights_assembly, print_weights_header, total_bytes
from etc.errors import EtcError, Problem

ALIGN = 16
"""Of each pool and of the state, in bytes."""


@dataclass(frozen=True)
class CProgram:
    """A generated program. `files`: name → text; `data`: name → bytes, when weights are a blob."""

    interface: CInterface
    figures: Figures
    files: dict[str, str]
    data: dict[str, bytes] = field(default_factory=dict[str, bytes])
    steps: tuple[Step, ...] = ()
    """The calls of kernels: the number of each is what the hooks `<M>_PROFILE_BEGIN(op)` and `_END(op)` get."""
    weights: tuple[Weight, ...] = ()
    state: tuple[Buffer, ...] = ()
    model_hash: str = ""

    def with_stack(self, stack_bytes: int, compiled_with: str) -> CProgram:
        """The same program with what a compiler has said of its stack in the header."""
        figures = replace(self.figures, stack_bytes=stack_bytes, compiled_with=compiled_with)
        header = print_header(self.interface, figures, self.model_hash)
        return replace(self, figures=figures, files=self.files | {f"{self.interface.model}.h": header})


def emit_c(
    module: ModuleOp, name: str, *, weights: Literal["array", "blob"] = "array", golden: Golden | None = None
) -> CProgram:
    """Print a program of stage "loops" as C99.

    `name` starts all names and names the files: `<name>.h`, `<name>.c`, `<name>_weights.h`, and `<name>_weights.c` or,
    for `weights="blob"`, `<name>_weights.S` with `<name>_weights.bin` beside it, and `<name>.json`. With a
    `golden` call there is `<name>_selftest.c`, too.

    Raises EtcError for a name that cannot be one, and with every operation that has no spelling in C.
    """
    check_prefix(name)
    return _Emission(module, name, weights, golden).run()


class _Emission:
    def __init__(self, module: ModuleOp, name: str, weights: Literal["array", "blob"], golden: Golden | None):
        self.module, self.name, self.weights_as, self.golden = module, name, weights, golden
        self.problems: list[Problem] = []
        self.functions = Functions(module)
        self.methods = [f for f in self.functions.by_name.values() if f.sym_visibility is None]
        self.pools = pools_of(self.methods)
        own = [f"{name}_state_init", f"{name}_state_t", f"{name}_selftest", f"{name}_status"]
        self.names = Names([*RESERVED, *own, *(pool.name for pool in self.pools)])
        self.kernels = [f for f in self.functions.by_name.values() if f.sym_visibility is not None]
        self.weights: list[Weight] = []
        self.state: list[Buffer] = []

    def run(self) -> CProgram:
        interfaces = method_interfaces(self.name, self.methods, self.names, self.problems)
        kernels = {f.sym_name.data: self.names.take(f"{self.name}_{f.sym_name.data}") for f in self.kernels}
        expressions = self._globals()
        mutable = frozenset(n for n, op in globals_of(self.module).items() if op.mutable is not None)
        program = Program(
            self.name, self.functions, SupportLibrary(self.name, self.names), expressions, mutable, kernels
        )
        program.problems += self.problems
        sources: tuple[str, ...] = (
            f"{self.name}.c",
            f"{self.name}_weights.{'c' if self.weights_as == 'array' else 'S'}",
        )
        whole = CInterface(self.name, sources, tuple(interfaces), self.pools, ALIGN, state_bytes(self.state))
        bodies = [print_kernel(program, kernel) for kernel in _callees_first(self.kernels)]
        for method, interface in zip(self.methods, interfaces, strict=True):
            bodies.append(print_method(program, method, interface, whole))
        if program.problems:
            raise EtcError(program.problems)
        statuses = {
            code: "; ".join([text, *(m for m in program.messages.get(STATUS_NAMES[code], []) if m not in text)])
            for code, text in STATUSES.items()
        }
        if self.golden is not None:
            sources += (f"{self.name}_selftest.c",)
            statuses |= dict([SELFTEST_DIFFERS])
        macs = [_integer(m, MACS) for m in self.methods]
        whole = replace(whole, sources=sources, statuses=statuses)
        weights = total_bytes(self.weights)
        figures = Figures(whole.arena_bytes, whole.state_bytes, weights, sum(macs) if any(macs) else None)
        return self._files(program, whole, figures, bodies)

    def _files(self, program: Program, interface: CInterface, figures: Figures, bodies: Sequence[str]) -> CProgram:
        files = {
            f"{self.name}.c": self._source(program, bodies),
            f"{self.name}_weights.h": print_weights_header(self.name, self.weights),
            f"{self.name}.json": interface.to_json(),
        }
        if self.golden is not None:
            files[f"{self.name}_selftest.c"] = print_selftest(interface, self.golden)
            figures = replace(figures, selftest_bytes=scratch_bytes(tested_method(interface, self.golden)))
        model_hash = self._hash([print_header(interface, figures, ""), *files.values()])
        files = {f"{self.name}.h": print_header(interface, figures, model_hash)} | files
        data: dict[str, bytes] = {}
        if self.weights_as == "array":
            files[f"{self.name}_weights.c"] = print_weights(self.name, self.weights)
        else:
            text, content = print_weights_assembly(self.name, self.weights)
            files[f"{self.name}_weights.S"] = text
            data[f"{self.name}_weights.bin"] = content
        weights, state = tuple(self.weights), tuple(in_order(self.state))
        return CProgram(interface, figures, files, data, tuple(program.steps), weights, state, model_hash)

    def _hash(self, texts: Sequence[str]) -> str:
        """Of code and weights, whatever form the weights have: 16 hexadecimal digits."""
        digest = hashlib.sha256()
        for text in texts:
            digest.update(text.encode())
        for weight in self.weights:
            digest.update(weight.content.data)
        return digest.hexdigest()[:16]

    def _globals(self) -> dict[str, Value]:
        """The C expression of each global that a function uses; fills `weights` and `state`."""
        used = {
            op.name_.root_reference.data: None
            for f in self.functions.by_name.values()
            for op in f.walk()
            if isinstance(op, memref.GetGlobalOp)
        }
        known = globals_of(self.module)
        expressions: dict[str, Value] = {}
        members = Names(RESERVED)
        for name in used:
            if (target := known.get(name)) is None:
                continue
            if target.mutable is None:
                if target.value is not None:
                    expressions[name] = Value(self._weight(target, name))
                continue
            buffer = Buffer(members.take(name), name, _as_stored(target), self._initial(target))
            self.state.append(buffer)
            expressions[name] = Value(f"(({self.name}_state_t *)state)->{buffer.member}")
        return expressions

    def _initial(self, target: GlobalOp) -> str:
        if target.value is None or not any(bytes(target.value.data.data)):
            return ""
        return self._weight(target, f"{target.symbol}_initial")

    def _weight(self, target: GlobalOp, wanted: str) -> str:
        """The name of the array with the content of `target`: equal ones are one."""
        assert target.value is not None
        tensor, content = _as_stored(target), target.value.data
        for weight in self.weights:
            if weight.content == content and weight.tensor.dtype == tensor.dtype:
                return weight.name
        name = self.names.take(f"{self.name}_{identifier(wanted)}")
        self.weights.append(Weight(name, target.symbol, tensor, content))
        return name

    def _source(self, program: Program, bodies: Sequence[str]) -> str:
        macro = program.macro
        text = "\n".join([print_state(self.name, self.state), *bodies])
        headers = program.library.headers | ({"string.h"} if self.state else set())
        if re.search(r"\b(bool|true|false)\b", "\n".join([*program.library.texts(), text])):
            headers.add("stdbool.h")
        parts = [
            f"/* {self.name}: generated. For the same bits on every target compile with -ffp-contract=off. */",
            f'#include "{self.name}.h"',
            f'#include "{self.name}_weights.h"',
            "",
            *(f"#include <{header}>" for header in sorted(headers)),
            "",
            _macros(macro, program.unrolls, program.has_sums),
            *program.library.texts(),
            text,
        ]
        return "\n".join(parts)


def _macros(macro: str, unrolls: bool, has_sums: bool) -> str:
    unroll = f"""
#if defined(__clang__)
#define {macro}_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__) && __GNUC__ >= 8
#define {macro}_UNROLL _Pragma("GCC unroll 64")
#else
#define {macro}_UNROLL
#endif
"""
    sums = f"""
/* Sums in registers: -Os leaves the order of statements to chance, which takes nearly twice the instructions. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE_SIZE__)
#define {macro}_SUMS __attribute__((optimize("O2")))
#else
#define {macro}_SUMS
#endif
"""
    return f"""\
/* Hooks: define them to measure the steps, which are numbered, or to let others run between them. */
#ifndef {macro}_PROFILE_BEGIN
#define {macro}_PROFILE_BEGIN(op) ((void)0)
#endif
#ifndef {macro}_PROFILE_END
#define {macro}_PROFILE_END(op) ((void)0)
#endif
#ifndef {macro}_YIELD
#define {macro}_YIELD() ((void)0)
#endif
#define {macro}_STEP(op, call) \\
  do {{ \\
    {macro}_PROFILE_BEGIN(op); \\
    (call); \\
    {macro}_PROFILE_END(op); \\
    {macro}_YIELD(); \\
  }} while (0)

/* Where code lies: a section attribute of the compiler, for example. */
#ifndef {macro}_CODE_SECTION
#define {macro}_CODE_SECTION
#endif
#if defined(__GNUC__)
#define {macro}_KERNEL {macro}_CODE_SECTION __attribute__((noinline))
#define {macro}_RESTRICT __restrict
#else
#define {macro}_KERNEL {macro}_CODE_SECTION
#define {macro}_RESTRICT
#endif
{unroll if unrolls else ""}{sums if has_sums else ""}"""


def _callees_first(kernels: Sequence[func.FuncOp]) -> list[func.FuncOp]:
    """Kernels in an order in which each stands before those that call it."""
    by_name = {f.sym_name.data: f for f in kernels}
    ordered: dict[str, func.FuncOp] = {}

    def visit(name: str) -> None:
        if name in ordered or name not in by_name:
            return
        for op in by_name[name].walk():
            if isinstance(op, func.CallOp):
                visit(op.callee.root_reference.data)
        ordered[name] = by_name[name]

    for name in by_name:
        visit(name)
    return list(ordered.values())


def _integer(method: func.FuncOp, name: str) -> int:
    found = method.attributes.get(name)
    return found.value.data if isinstance(found, IntegerAttr) else 0


def _as_stored(target: GlobalOp) -> Tensor:
    """The tensor of a global with the signed dtype that memory has."""
    tensor = Tensor.of(target.type)
    dtype = tensor.dtype
    return tensor if dtype.is_signed or not dtype.is_integer else replace(tensor, dtype=dtypes.BY_NAME[dtype.name[1:]])
