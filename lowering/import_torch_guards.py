"""What an exported program asks of sizes beside their ranges -> `program.guard`.

torch.export notes conditions under which the graph that it captured is the model: `x.size()[0] % 2 == 0` where the
model makes pairs, an equation between two dynamic dimensions that are added. They come as texts over the Python
arguments, `L['x'].size()[0]`, in saved programs too. Conditions that size expressions cannot say, such as ones with
quotients that are no integers, are left to the checks of the kernels.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch.export import ExportedProgram
from torch.export.graph_signature import InputKind
from torch.utils import _pytree as pytree
from xdsl.dialects.func import FuncOp

from etc.dialects import symbolic
from etc.dialects.size_ops import Comparison, GuardOp, symbols_of
from etc.dialects.sizes import symbol_sources, where_text
from etc.dialects.symbolic import Dim
from etc.errors import EtcError
from etc.lowering.import_torch_types import Sizes

_VARIADIC = re.compile(r"(.+)_(\d+)")
"""How torch names the members of `*args`: args_0, args_1, …"""


def add_guards(method: FuncOp, exported: ExportedProgram, sizes: Sizes) -> None:
    """Put guards for the conditions of an exported program at the start of its method."""
    texts: Sequence[str] = getattr(exported, "_guards_code", ())
    if not texts:
        return
    dims = _dims_by_source(exported, sizes)
    sources = symbol_sources(method)
    block = method.body.block
    first = block.first_op
    assert first is not None
    conditions = (condition for text in texts for condition in _conditions(text, dims))
    for condition in dict.fromkeys(tuple(c.reduced for c in condition) for condition in conditions):
        names = sorted(symbols_of(condition))
        if sources.keys() >= set(names) and not any(c.holds(sizes.ranges) for c in condition):
            block.insert_op_before(guard(condition, where_text(names, sources)), first)


def guard(condition: Sequence[Comparison], where: str = "") -> GuardOp:
    """The guard of a condition that the model, and not its signature, asks for."""
    return GuardOp(condition, f"the program is for sizes with {' or '.join(map(str, condition))}{where}")


def _dims_by_source(exported: ExportedProgram, sizes: Sizes) -> Mapping[str, Dim]:
    """Sizes of the inputs by the text that torch has for them."""
    specs = exported.graph_signature.input_specs
    nodes = [node for node in exported.graph.nodes if node.op == "placeholder"]
    leaves = [n.meta.get("val") for n, spec in zip(nodes, specs, strict=True) if spec.kind is InputKind.USER_INPUT]
    signature = exported.module_call_graph[0].signature
    names = [str(name) for name in signature.forward_arg_names or ()] if signature is not None else []
    in_spec = exported.call_spec.in_spec
    if in_spec is None or in_spec.num_leaves != len(leaves):
        return {}
    paths = [path for path, _ in pytree.tree_flatten_with_path(pytree.tree_unflatten(leaves, in_spec))[0]]
    found: dict[str, Dim] = {}
    for number, (path, value) in enumerate(zip(paths, leaves, strict=True)):
        if isinstance(value, torch.Tensor):
            for source in (f"L['flat_args'][{number}]", *_sources(path, names)):
                try:
                    found |= {f"{source}.size()[{i}]": sizes.dim(size) for i, size in enumerate(value.shape)}
                except EtcError:
                    continue  # the method's import has reported it
    return found


def _sources(path: Sequence[Any], names: list[str]) -> Iterator[str]:
    """How torch may write the argument at `path` of ((args), {kwargs})."""
    rest = pytree.keystr(tuple(path[2:]))
    key = path[1]
    if isinstance(key, pytree.MappingKey):
        yield f"L['{key.key}']{rest}"
    elif key.idx < len(names):
        name = names[key.idx]
        yield f"L['{name}']{rest}"
        if (member := _VARIADIC.fullmatch(name)) is not None:
            yield f"L['{member[1]}'][{member[2]}]{rest}"


def _conditions(text: str, dims: Mapping[str, Dim]) -> Iterator[tuple[Comparison, ...]]:
    """The conditions that a text joins by `and`; those that cannot be said are left out."""
    names: dict[str, Dim] = {}
    for number, (source, dim) in enumerate(dims.items()):
        if source in text:
            names[f"_{number}"] = dim
            text = text.replace(source, f"_{number}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError:
        return
    for part in tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]:
        try:
            yield from _parts(part, names)
        except _Unsayable:
            continue


class _Unsayable(Exception):
    """Size expressions have no counterpart."""


def _parts(node: ast.expr, names: Mapping[str, Dim]) -> Iterator[tuple[Comparison, ...]]:
    match node:
        case ast.Compare(left=left, ops=relations, comparators=others):
            sides = [_dim(side, names) for side in (left, *others)]
            for a, relation, b in zip(sides, relations, sides[1:], strict=False):
                if type(relation) not in _RELATIONS:
                    raise _Unsayable
                yield (Comparison(a, _RELATIONS[type(relation)], b),)
        case ast.BoolOp(op=ast.Or(), values=values):
            alternatives = [list(_parts(value, names)) for value in values]
            if any(len(parts) != 1 for parts in alternatives):
                raise _Unsayable
            yield tuple(comparison for ((*comparisons,),) in alternatives for comparison in comparisons)
        case _:
            raise _Unsayable


_RELATIONS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.LtE: "<=",
    ast.Lt: "<",
    ast.GtE: ">=",
    ast.Gt: ">",
}
_OPERATORS: Mapping[type[ast.operator], Callable[[Dim, Dim], Dim]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.FloorDiv: symbolic.floordiv,
    ast.Mod: symbolic.mod,
}
_FUNCTIONS: Mapping[str, Callable[[Dim, Dim], Dim]] = {
    "max": symbolic.maximum,
    "min": symbolic.minimum,
    "Max": symbolic.maximum,
    "Min": symbolic.minimum,
    "FloorDiv": symbolic.floordiv,
    "CleanDiv": symbolic.floordiv,
    "Mod": symbolic.mod,
    "PythonMod": symbolic.mod,
}


def _dim(node: ast.expr, names: Mapping[str, Dim]) -> Dim:
    match node:
        case ast.Constant(value=int() as number):
            return number
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_dim(operand, names)
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATORS:
            return _OPERATORS[type(operation)](_dim(left, names), _dim(right, names))
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as power)) if power >= 0:
            return symbolic.product([_dim(left, names)] * power)
        case ast.Call(func=ast.Name(id=function), args=[first, second]) if function in _FUNCTIONS:
            return _FUNCTIONS[function](_dim(first, names), _dim(second, names))
        case _:
            raise _Unsayable
