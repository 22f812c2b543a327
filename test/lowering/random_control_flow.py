"""Random edge programs with nested choices and loops over a few small vectors."""

from __future__ import annotations

import random
from collections.abc import Sequence

from xdsl.dialects.builtin import FunctionType, ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, Region, SSAValue

from etc.dialects import dtypes, edge, program
from etc.dialects.blob import pack
from etc.dialects.tensor import tensor

SIZE = 3
VECTOR = tensor(dtypes.float32, [SIZE]).type
MATRIX = tensor(dtypes.float32, [SIZE, SIZE]).type
COUNT = tensor(dtypes.int64, ()).type
NUMBER = tensor(dtypes.float32, ()).type

_UNARY = (edge.ReluOp, edge.NegOp, edge.SinOp, edge.TanhOp)
_BINARY = (edge.AddOp, edge.SubOp, edge.MulOp, edge.MaximumOp)


class RandomProgram:
    """A method of two vectors; the same seed gives the same program."""

    def __init__(self, seed: int):
        self._random = random.Random(seed)

    def module(self) -> ModuleOp:
        block = Block(arg_types=[VECTOR, VECTOR])
        pool = self._statements(block, list(block.args), depth=0, count=self._random.randint(4, 8))
        results = self._some(pool, 3)
        block.add_op(ReturnOp(*results))
        method = FuncOp("forward", FunctionType.from_lists([VECTOR] * 2, [v.type for v in results]), Region(block))
        return ModuleOp([method])

    def _some(self, pool: Sequence[SSAValue], count: int) -> list[SSAValue]:
        """Values to hand on, the latest ones rather than others; one may come twice."""
        return [pool[-self._random.randint(1, min(6, len(pool)))] for _ in range(count)]

    def _statements(self, block: Block, pool: list[SSAValue], depth: int, count: int) -> list[SSAValue]:
        """Append statements; `pool` are the vectors that they may use, what is returned has theirs too."""
        pool = list(pool)
        kinds = [self._elementwise, self._elementwise, self._transposed, self._cond, self._while_loop, self._scan]
        for _ in range(count):
            kind = self._random.choice(kinds[: 3 if depth == 3 else None])
            pool += kind(block, pool, depth)
        return pool

    def _add(self, block: Block, op: Operation) -> list[SSAValue]:
        block.add_op(op)
        return list(op.results)

    def _constant(self, block: Block, value: float, dtype: dtypes.Dtype) -> SSAValue:
        return self._add(block, program.ConstantOp(pack([value], dtype), tensor(dtype, ()).type))[0]

    def _elementwise(self, block: Block, pool: list[SSAValue], depth: int) -> list[SSAValue]:
        if self._random.random() < 0.4:
            return self._add(block, self._random.choice(_UNARY).of(*self._some(pool, 1)))
        return self._add(block, self._random.choice(_BINARY).of(*self._some(pool, 2)))

    def _transposed(self, block: Block, pool: list[SSAValue], depth: int) -> list[SSAValue]:
        """What reads each element more than once, and views of it."""
        a, b = self._some(pool, 2)
        column = self._add(block, edge.ViewCopyOp.of(a, [SIZE, 1]))[0]
        outer = self._add(block, edge.MulOp.of(column, b))[0]
        return self._add(block, edge.SumOp.of(outer, [0]))

    def _region(self, arguments: int, pool: list[SSAValue], depth: int, results: int) -> Region:
        block = Block(arg_types=[VECTOR] * arguments)
        inner = self._statements(block, [*pool, *block.args], depth + 1, self._random.randint(0, 4))
        block.add_op(edge.YieldOp(*self._some(inner, results)))
        return Region(block)

    def _cond(self, block: Block, pool: list[SSAValue], depth: int) -> list[SSAValue]:
        total = self._add(block, edge.SumOp.of(*self._some(pool, 1), [0]))[0]
        limit = self._constant(block, self._random.uniform(-1, 1), dtypes.float32)
        (predicate,) = self._add(block, edge.GtOp.of(total, limit))
        results = self._random.randint(1, 3)
        regions = [self._region(0, pool, depth, results) for _ in range(2)]
        return self._add(block, edge.CondOp(predicate, [VECTOR] * results, *regions))

    def _while_loop(self, block: Block, pool: list[SSAValue], depth: int) -> list[SSAValue]:
        carried = self._random.randint(1, 3)
        start = self._constant(block, 0, dtypes.int64)
        condition = Block(arg_types=[COUNT, *[VECTOR] * carried])
        rounds = self._constant(condition, self._random.randint(0, 3), dtypes.int64)
        condition.add_op(edge.YieldOp(*self._add(condition, edge.LtOp.of(condition.args[0], rounds))))
        body = Block(arg_types=[COUNT, *[VECTOR] * carried])
        one = self._constant(body, 1, dtypes.int64)
        following = self._add(body, edge.AddOp.of(body.args[0], one))
        inner = self._statements(body, [*pool, *body.args[1:]], depth + 1, self._random.randint(0, 4))
        body.add_op(edge.YieldOp(*following, *self._some(inner, carried)))
        init = [start, *self._some(pool, carried)]
        loop = edge.WhileLoopOp(init, [v.type for v in init], Region(condition), Region(body))
        return self._add(block, loop)[1:]

    def _scan(self, block: Block, pool: list[SSAValue], depth: int) -> list[SSAValue]:
        carried = self._random.randint(0, 2)
        a, b = self._some(pool, 2)
        column = self._add(block, edge.ViewCopyOp.of(a, [SIZE, 1]))[0]
        rows = self._add(block, edge.AddOp.of(column, b))[0]
        init = self._some(pool, carried)
        region = self._region(carried + 1, pool, depth, carried + 1)
        *last, stacked = self._add(block, edge.ScanOp(init, [rows], [*[VECTOR] * carried, MATRIX], region))
        return [*last, *self._add(block, edge.SumOp.of(stacked, [1]))]
