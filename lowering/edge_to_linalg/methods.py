"""Lowers the globals and methods of a program, and in them every operation by its class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules

from xdsl.dialects import cf, func
from xdsl.dialects.builtin import ArrayAttr, DenseArrayBase, FunctionType, ModuleOp, StringAttr, TensorType, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from etc.dialects import dtypes, edge, program
from etc.dialects.blob import Blob
from etc.dialects.c_attributes import INPUTS, NUMBERS, OUTPUTS, SIZE_GUARD
from etc.dialects.dtypes import BY_IR
from etc.dialects.edge.base import EdgeOp
from etc.dialects.size_ops import GuardOp, SizeOp, SymbolOp
from etc.dialects.sizes import symbol_of_argument
from etc.dialects.symbolic import Dim
from etc.dialects.tensor import Tensor
from etc.dialects.tensor import tensor as described
from etc.errors import EtcError, Problem, problem_at
from etc.lowering.edge_to_linalg import families
from etc.lowering.edge_to_linalg.builder import REFUSED, TABLE, Array, LinalgBuilder, Position, linalg_type
from etc.lowering.edge_to_linalg.scalars import INDEX, Scalar
from etc.lowering.edge_to_linalg.sizes import Sizes


def lower_program(module: ModuleOp) -> None:
    """Lower all methods. Raises EtcError with every operation that has no lowering."""
    for _, name, _ in iter_modules(families.__path__):
        import_module(f"{families.__name__}.{name}")
    problems: list[Problem] = []
    for method in program.methods(module):
        problems += _unsupported(method)
    if problems:
        raise EtcError(problems)
    for target in program.globals_of(module).values():
        _normalise(target)
    for method in program.methods(module):
        _lower_method(method, problems)
    if problems:
        raise EtcError(problems)


def _unsupported(method: FuncOp) -> list[Problem]:
    found: list[Problem] = []
    for op in method.body.walk():
        if type(op) in REFUSED:
            found.append(problem_at(op, REFUSED[type(op)]))
            continue
        if type(op) not in TABLE and type(op) not in _FRAME:
            found.append(
                problem_at(op, "has no C implementation", next_step="decompose it with a rewrite on aten or edge")
            )
            continue
        types = [v.type for v in (*op.operands, *op.results) if isinstance(v.type, TensorType)]
        if any(Tensor.of(t).dtype.kind is dtypes.Kind.COMPLEX for t in types):
            found.append(problem_at(op, "complex numbers have no C implementation"))
    return found


def _normalise(target: program.GlobalOp) -> None:
    """Bring a global to the plain dim order and its type to upstream's."""
    known = Tensor.of(target.type)
    if known.dim_order is not None and target.value is not None:
        target.properties["value"] = program.BlobAttr(_plain(target.value.data, known))
    target.properties["type"] = linalg_type(known)


def _plain(blob: Blob, known: Tensor) -> Blob:
    """The bytes of a constant that lies in another dim order, in the plain one."""
    import numpy as np

    order = known.order
    stored = np.frombuffer(blob.data, np.dtype(f"V{known.dtype.size}")).reshape([known.shape[d] for d in order])
    return Blob.from_bytes(
        np.ascontiguousarray(stored.transpose([order.index(d) for d in range(known.rank)])).tobytes()
    )


def _lower_method(method: FuncOp, problems: list[Problem]) -> None:
    old = method.body.block
    inputs = [_described(argument.type) for argument in old.args]
    block = Block(arg_types=[linalg_type(_as_stored(t)) for t in inputs])
    values: dict[SSAValue, Array] = {}
    sizes = Sizes(method)
    b = LinalgBuilder(values, sizes)
    b.location = method.location
    with b.inside(block):
        for argument, new, known in zip(old.args, block.args, inputs, strict=True):
            new.name_hint = argument.name_hint
            stored = Array(new, _as_stored(known))
            values[argument] = (
                b.transpose(stored, [known.order.index(d) for d in range(known.rank)]) if known.dim_order else stored
            )
            if (symbol := symbol_of_argument(argument)) is not None:
                sizes.define(symbol, b.read(stored, []).cast(INDEX))
        sizes.measure_inputs(values, b)
        outputs = [_described(v.type) for v in _return(old).operands]
        lower_block(old, b, problems)
        b.location = _return(old).location
        returned = [values[v] for v in _return(old).operands if v in values]
        if len(returned) < len(outputs):
            return
        stored = [b.transpose(a, t.order) if t.dim_order else a for a, t in zip(returned, outputs, strict=True)]
        b.insert(func.ReturnOp(*(a.ssa for a in stored)))
    method.attributes[INPUTS] = ArrayAttr([t.type for t in inputs])
    method.attributes[OUTPUTS] = ArrayAttr([t.type for t in outputs])
    if numbers := [i for i, v in enumerate(_return(old).operands) if not isinstance(v.type, TensorType)]:
        method.attributes[NUMBERS] = DenseArrayBase.from_list(i64, numbers)
    method.properties["function_type"] = FunctionType.from_lists(
        [a.type for a in block.args], [a.ssa.type for a in stored]
    )
    old_region = method.body
    for op in reversed(list(old.ops)):
        op.detach()
        op.drop_all_references()
    method.detach_region(old_region)
    method.add_region(Region(block))


def _described(type: Attribute) -> Tensor:
    """A tensor, or a number as a tensor of rank 0."""
    if isinstance(type, TensorType):
        return Tensor.of(type)
    return described(BY_IR[type], ())


def _as_stored(known: Tensor) -> Tensor:
    """A tensor as it lies in memory: the dims in their order there."""
    return described(known.dtype, [known.sizes[d] for d in known.order])


def _return(block: Block) -> Operation:
    last = block.last_op
    assert isinstance(last, func.ReturnOp)
    return last


def lower_block(block: Block, b: LinalgBuilder, problems: list[Problem]) -> None:
    """Lower the operations of a block but its terminator, in their order; what cannot be lowered goes to `problems`."""
    for op in block.ops:
        lowering = _FRAME.get(type(op)) or TABLE[type(op)]
        b.location, b.doc = op.location, op.name
        try:
            given = _without_elements(op, b) or lowering(op, b)
        except EtcError as error:
            problems += [
                problem if problem.op else problem_at(op, problem.what, next_step=problem.next_step)
                for problem in error.problems
            ]
            return
        results = [given] if isinstance(given, Array) else list(given)
        assert len(results) == len(op.results), f"the lowering of {op.name} gives {len(results)} results"
        for result, array in zip(op.results, results, strict=True):
            assert array.ssa.type == linalg_type(_described(result.type)), (
                f"the lowering of {op.name} gives {array.ssa.type} for {result.type}"
            )
            if array.ssa.name_hint is None:
                array.ssa.name_hint = result.name_hint
            b.values[result] = array


def _without_elements(op: Operation, b: LinalgBuilder) -> list[Array] | None:
    """The results of an operator that has nothing to compute: lowerings need not care for empty tensors.

    Sizes that the data decides are computed even where nothing has them (`nonzero` of one number).
    """
    results = [b.result(op, i) for i in range(len(op.results))] if isinstance(op, EdgeOp) else []
    if not results or any(r.numel != 0 or not all(map(b.knows, r.sizes)) for r in results):
        return None
    return [b.empty(r) for r in results]


def _load(op: program.LoadOp, b: LinalgBuilder) -> Array:
    known = b.result(op)
    return Array(b.insert(program.LoadOp(op.symbol, linalg_type(known))).results[0], known)


def _store(op: program.StoreOp, b: LinalgBuilder) -> list[Array]:
    b.insert(program.StoreOp(b[op.value].ssa, op.symbol))
    return []


def _constant(op: program.ConstantOp, b: LinalgBuilder) -> Array:
    known = Tensor.of(op.result.type)
    blob = _plain(op.value.data, known) if known.dim_order else op.value.data
    plain = b.result(op)
    return Array(b.insert(program.ConstantOp(blob, linalg_type(plain))).results[0], plain)


def _size(op: SizeOp, b: LinalgBuilder) -> Array:
    """A size that a method returns, as a tensor of rank 0."""
    number = b.size(op.value).cast(dtypes.int64)
    return b.full(described(dtypes.int64, ()), number)


def _symbol(op: SymbolOp, b: LinalgBuilder) -> list[Array]:
    number = b[op.value]
    b.define(op.symbol.data, b.read(number, [0] * number.rank).cast(INDEX))
    return []


def _guard(op: GuardOp, b: LinalgBuilder) -> list[Array]:
    holds: Scalar | None = None
    for comparison in op.comparisons:
        left: Dim | Position | None = comparison.left
        if left is None:
            assert op.measured is not None
            assert op.dimension is not None
            left = b.dim(b[op.measured], op.dimension.value.data)
        one = _RELATIONS[comparison.relation](
            b.size(left) if not isinstance(left, Scalar) else left, b.size(comparison.right)
        )
        holds = one if holds is None else holds | one
    assert holds is not None
    check = b.insert(cf.AssertOp(holds.ssa, op.message.data))
    check.attributes[SIZE_GUARD] = StringAttr(op.message.data)
    return []


_RELATIONS: Mapping[str, Callable[[Scalar, Scalar], Scalar]] = {
    "==": Scalar.eq,
    "!=": Scalar.ne,
    "<=": Scalar.__le__,
    "<": Scalar.__lt__,
    ">=": Scalar.__ge__,
    ">": Scalar.__gt__,
}


def _nothing(op: Operation, b: LinalgBuilder) -> list[Array]:
    return []


_FRAME: Mapping[type[Operation], Callable[..., Array | list[Array]]] = {
    program.LoadOp: _load,
    program.StoreOp: _store,
    program.ConstantOp: _constant,
    SizeOp: _size,
    SymbolOp: _symbol,
    GuardOp: _guard,
    func.ReturnOp: _nothing,
    edge.YieldOp: _nothing,
}
"""What is not an operator: weights, state, sizes, terminators."""
