"""The C interface of a program, from its methods' attributes: names, types, sizes, ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import prod

from xdsl.dialects.builtin import ArrayAttr, MemRefType, StringAttr
from xdsl.dialects.func import FuncOp

from etc.dialects import dtypes
from etc.dialects.c_attributes import ARENA, POOLS
from etc.dialects.dtypes import Dtype
from etc.dialects.program import symbol_ranges
from etc.dialects.quant.attributes import INPUTS as QUANTISED_INPUTS
from etc.dialects.quant.attributes import OUTPUTS as QUANTISED_OUTPUTS
from etc.dialects.quant.attributes import Params, params_at_border
from etc.dialects.size_bounds import bounds
from etc.dialects.symbolic import UNBOUNDED, Expr, Range
from etc.dialects.tensor import Tensor
from etc.emit.c.interface import CIntegers, CMethod, CPool, CSymbol, CTensor
from etc.emit.c.names import Names, identifier
from etc.errors import EtcError, Problem, problem_at

PARAMETERS = ("arena", "state", "weights", "abi", "model", "stack", "macs", "error", "io", "status", "scratch")
"""Words that an input or output cannot be called: its macros or the parameters of the method have them."""

C_ELEMENTS: Mapping[Dtype, tuple[str, int]] = {
    dtypes.bool_: ("uint8_t", 1),
    dtypes.float16: ("uint16_t", 1),
    dtypes.bfloat16: ("uint16_t", 1),
    dtypes.float32: ("float", 1),
    dtypes.float64: ("double", 1),
    dtypes.complex64: ("float", 2),
    dtypes.complex128: ("double", 2),
    **{d: (f"{d.name}_t", 1) for d in dtypes.DTYPES if d.is_integer},
}
"""The C type of an element, and how many of them make one."""


def pools_of(methods: Sequence[FuncOp]) -> tuple[CPool, ...]:
    """The pools of all methods together, each of the most bytes that a method takes of it."""
    sizes: dict[str, int] = {}
    for method in methods:
        names, arguments = pool_names(method), method.body.block.args
        for name, argument in zip(names, arguments[len(arguments) - len(names) :], strict=True):
            assert isinstance(argument.type, MemRefType)
            sizes[name] = max(sizes.get(name, 0), argument.type.get_shape()[0])
    return tuple(CPool(name, size) for name, size in (sizes or {ARENA: 0}).items())


def check_pools(names: Iterable[str]) -> None:
    """Raise an EtcError for each pool whose name cannot be that of a parameter and of macros."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for name in names:
        next_step = "choose another name: letters, digits and single underscores, a letter first"
        if identifier(name) != name or name.lower() in set(PARAMETERS) - {ARENA}:
            problems.append(Problem(f'"{name}" cannot be the name of a pool of memory', next_step=next_step))
        elif name.upper() in seen:
            problems.append(Problem(f"two pools are called {name}: their macros would be the same"))
        seen.add(name.upper())
    if problems:
        raise EtcError(problems)


def pool_names(method: FuncOp) -> list[str]:
    """The names of the method's last arguments, which are pools of bytes."""
    listed = method.attributes.get(POOLS)
    return [name.data for name in listed.data if isinstance(name, StringAttr)] if isinstance(listed, ArrayAttr) else []


def method_interfaces(prefix: str, methods: Sequence[FuncOp], names: Names, problems: list[Problem]) -> list[CMethod]:
    """What callers see of each method. Inputs or outputs without a largest size go to `problems`."""
    found: list[CMethod] = []
    for method in methods:
        name = method.sym_name.data
        short = "run" if len(methods) == 1 and name == "forward" else identifier(name)
        function = names.take(f"{prefix}_{short}")
        io_type = names.take(f"{prefix}_io_t" if short == "run" else f"{function}_io_t")
        found.append(_method(method, name, function, io_type, problems))
    return found


def _method(method: FuncOp, name: str, function: str, io_type: str, problems: list[Problem]) -> CMethod:
    ranges = symbol_ranges(method)
    pools = pool_names(method)
    taken: set[str] = set(map(str.upper, (*PARAMETERS, *pools)))
    inputs, outputs = (_types(method, f"c.{part}") for part in ("inputs", "outputs"))

    arguments = len(method.body.block.args) - len(pools)
    if len(inputs) + len(outputs) != arguments:
        problems.append(
            problem_at(
                method,
                "its arguments are not described",
                expected="attributes c.inputs and c.outputs, with the type of each argument but the pools",
                found=f"{len(inputs)} inputs and {len(outputs)} outputs for {arguments} arguments",
                next_step="bufferize a method that edge-to-linalg has made",
            )
        )

    def tensors(part: str, types: Sequence[Tensor], fallback: str, integers: str) -> tuple[CTensor, ...]:
        names, params = _names(method, part, len(types), fallback), params_at_border(method, integers, len(types))
        return tuple(
            replace(_tensor(method, wanted, tensor, ranges, taken, problems), quantised=_integers(p))
            for wanted, tensor, p in zip(names, types, params, strict=True)
        )

    given_by_caller = {s.name for t in inputs for size in t.sizes if isinstance(size, Expr) for s in size.symbols()}
    in_outputs = {s.name for t in outputs for size in t.sizes if isinstance(size, Expr) for s in size.symbols()}
    described = (
        tensors("program.inputs", inputs, "input", QUANTISED_INPUTS),
        tensors("program.outputs", outputs, "output", QUANTISED_OUTPUTS),
    )
    symbols = tuple(
        CSymbol(symbol, _unique(symbol, taken), ranges.get(symbol, Range(0)), symbol in given_by_caller)
        for symbol in sorted(given_by_caller | in_outputs, key=lambda s: (s not in given_by_caller, _natural(s)))
    )
    return CMethod(name, function, io_type, *described, symbols)


def _natural(symbol: str) -> tuple[str, int]:
    digits = "".join(c for c in symbol if c.isdigit())
    return symbol.rstrip("0123456789"), int(digits or 0)


def _types(method: FuncOp, name: str) -> list[Tensor]:
    listed = method.attributes.get(name)
    return [Tensor.of(type) for type in listed.data] if isinstance(listed, ArrayAttr) else []


def _names(method: FuncOp, name: str, count: int, fallback: str) -> list[str]:
    listed = method.attributes.get(name)
    found = [n.data for n in listed.data if isinstance(n, StringAttr)] if isinstance(listed, ArrayAttr) else []
    return found if len(found) == count else [f"{fallback}{i if count > 1 else ''}" for i in range(count)]


def _tensor(
    method: FuncOp,
    name: str,
    tensor: Tensor,
    ranges: Mapping[str, Range],
    taken: set[str],
    problems: list[Problem],
) -> CTensor:
    high = tuple(bounds(size, ranges).high for size in tensor.sizes)
    for size, most in zip(tensor.sizes, high, strict=True):
        if most >= UNBOUNDED:
            problems.append(
                problem_at(
                    method,
                    f"the size {size} of {name} has no upper bound",
                    expected="a range for each symbol",
                    next_step="give torch.export.Dim a max, or --bound",
                )
            )
    return CTensor(name, _unique(name, taken), tensor.dtype, tensor.sizes, high, tensor.order)


def _integers(params: Params | None) -> CIntegers | None:
    return None if params is None else CIntegers(params.scale, params.zero_point)


def _unique(wanted: str, taken: set[str]) -> str:
    """An identifier that differs from others in more than case: macros are in upper case."""
    base = identifier(wanted, "t")
    name, count = base, 1
    while name.upper() in taken:
        count += 1
        name = f"{base}_{count}"
    taken.add(name.upper())
    return name


def c_elements(tensors: Iterable[CTensor]) -> list[tuple[CTensor, str, int]]:
    """Each tensor with the C type of its elements and how many numbers its buffer must hold."""
    return [(t, C_ELEMENTS[t.dtype][0], prod(t.bounds) * C_ELEMENTS[t.dtype][1]) for t in tensors]
