"""What writing a file costs: a large program, and large constants."""

from __future__ import annotations

import time
from collections.abc import Callable

from xdsl.dialects.builtin import ModuleOp, f32

from etc.dialects import exec as ex
from etc.dialects.blob import Blob
from etc.emit.flatbuffer import emit_pte, read_pte


def cpu_seconds(run: Callable[[], object], times: int = 5) -> float:
    """The least of several runs: other work on the machine only ever adds."""
    costs: list[float] = []
    for _ in range(times):
        start = time.process_time()
        run()
        costs.append(time.process_time() - start)
    return min(costs)


def unrolled_cell(calls: int) -> ModuleOp:
    """A program of `calls` kernels and nine values for each, none of them equal."""
    last = ex.TensorOp(f32, [1, 128], alloc=(1, 0))
    values: list[ex.ValueOp] = [last]
    kernels: list[ex.KernelOp] = []
    for i in range(calls):
        ints = [ex.IntOp(7 * i + j) for j in range(6)]
        sizes, flag = ex.IntListOp(ints[:2]), ex.BoolOp(False)
        out = ex.TensorOp(f32, [1, 128], alloc=(1, 512 * (i + 1)))
        values += [*ints, sizes, flag, out]
        kernels.append(ex.KernelOp("aten::f.out", [last, *ints[2:], sizes, flag, out, out]))
        last = out
    ends = [ex.InputsOp(values[:1]), ex.OutputsOp([last]), ex.ChainOp(kernels)]
    plan = ex.PlanOp("forward", [*values, *ends], buffers=[0, 512 * (calls + 1)])
    return ModuleOp([ex.ProgramOp([ex.ConstantSegmentOp(), plan])])


def test_a_large_program_is_written_fast_and_survives() -> None:
    small, large = unrolled_cell(210), unrolled_cell(2100)
    data = emit_pte(large)
    assert emit_pte(read_pte(data)) == data
    seconds = cpu_seconds(lambda: emit_pte(large))
    assert seconds < 0.75, "aim 0.25 s on an idle machine"
    assert seconds < 20 * cpu_seconds(lambda: emit_pte(small)), "ten times the program, ten times the cost"


def test_large_constants_cost_a_copy() -> None:
    contents = [bytes([i]) * (10 << 20) for i in range(10)]
    data = [ex.DataOp(f"w{i}", Blob.from_bytes(content)) for i, content in enumerate(contents)]
    plan = ex.PlanOp("f", [ex.InputsOp(()), ex.OutputsOp(()), ex.ChainOp(())], buffers=[0])
    module = ModuleOp([ex.ProgramOp([ex.ConstantSegmentOp(data), plan])])
    assert cpu_seconds(lambda: emit_pte(module)) < 3 * cpu_seconds(lambda: b"".join(contents)) + 0.02


def test_equal_constants_are_stored_once() -> None:
    data = [ex.DataOp(name, Blob.from_bytes(bytes(1 << 20))) for name in "ab"]
    plan = ex.PlanOp("f", [ex.InputsOp(()), ex.OutputsOp(()), ex.ChainOp(())], buffers=[0])
    assert len(emit_pte(ModuleOp([ex.ProgramOp([ex.ConstantSegmentOp(data), plan])]))) < 1.1 * (1 << 20)
