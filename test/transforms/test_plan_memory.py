"""plan-memory on exec programs: planned programs compute what unplanned ones do, and refuse what has no plan."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from zlib import crc32

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp, f32
from xdsl.parser import Parser

from etc.dialects import exec as ir
from etc.errors import EtcError
from etc.transforms.live_ranges import VIEW_AT_RUN_TIME, offset_in_root, root_of, tensors_in
from etc.transforms.plan_memory import PlanMemoryPass, PlanOptions, plan_program


class UndefinedRead(Exception):
    """The program reads what it has not written: what it computes is not defined."""


@dataclass
class Machine:
    """Runs a plan on bytes: a kernel reads its operands and fills its result with a digest of that and of the time.

    Without allocations every storage has bytes of its own, and reading what was never written is noticed.
    """

    plan: ir.PlanOp
    decisions: Iterator[bool]
    memory: dict[object, bytearray] = field(default_factory=dict)
    places: dict[ir.TensorOp, tuple[object, int]] = field(default_factory=dict)
    trace: list[int] = field(default_factory=list)

    def run(self) -> list[int]:
        tensors = [op for op in self.plan.values if isinstance(op, ir.TensorOp)]
        for tensor in tensors:
            if tensor.alloc is not None:
                memory_id, offset = tensor.alloc.get_values()
                assert self.plan.buffers is not None
                self.memory.setdefault(memory_id, bytearray(self.plan.buffers.get_values()[memory_id]))
                self.places[tensor] = memory_id, offset
            elif tensor.view_of is not None:
                memory_id, offset = self.places[root_of(tensor)]
                self.places[tensor] = memory_id, offset + offset_in_root(tensor)
            else:
                self.memory[tensor] = bytearray(tensor.nbytes or 0)
                self.places[tensor] = tensor, 0
        for i, tensor in enumerate(tensors_in(self.plan.inputs.operands)):
            self.write(tensor, 1 + i)
        (chain,) = self.plan.chains
        instructions = chain.instructions
        at = 0
        while at < len(instructions):  # ends, for no jump is taken once the decisions are used up
            at = self.step(instructions[at], at)
        self.trace += [self.read(tensor) for tensor in tensors_in(self.plan.outputs.operands)]
        return self.trace

    def step(self, op: ir.InstructionOp, at: int) -> int:
        """Run one instruction; the number of the next."""
        if isinstance(op, ir.JumpFalseOp):
            return op.target if next(self.decisions, False) else at + 1
        if isinstance(op, ir.MoveOp) or (isinstance(op, ir.KernelOp) and op.full_name == VIEW_AT_RUN_TIME):
            source, *_, target = tensors_in(op.operands)
            self.read(source)
            self.places[target] = self.places[source]
            return at + 1
        *operands, _, result = tensors_in(op.operands)
        value = 17 * len(self.trace)  # no two calls give the same, whatever they read
        for operand in operands:
            value = (31 * value + self.read(operand)) % 251
        self.trace.append(value)
        self.write(result, 1 + value)
        return at + 1

    def bytes_of(self, tensor: ir.TensorOp) -> memoryview:
        memory, offset = self.places[tensor]
        return memoryview(self.memory[memory])[offset : offset + (tensor.nbytes or 0)]

    def read(self, tensor: ir.TensorOp) -> int:
        found = bytes(self.bytes_of(tensor))
        if not found[0] and tensor.alloc is None:
            raise UndefinedRead
        return crc32(found) % 251

    def write(self, tensor: ir.TensorOp, value: int) -> None:
        span = self.bytes_of(tensor)
        span[:] = bytes([value]) * len(span)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Two inputs, some results, views of them and handles; kernels, moves, run-time views and jumps anywhere."""
    results = draw(st.integers(1, 5))
    names = [f"%t{i}" for i in range(2 + results)]
    sizes = {name: draw(st.integers(1, 12)) for name in names}
    lines = [f"{name} = exec.tensor f32 [{size}]" for name, size in sizes.items()]
    views: dict[str, str] = {}
    for i in range(draw(st.integers(0, 2))):
        base = views[f"%v{i}"] = draw(st.sampled_from(names))
        at = 4 * draw(st.integers(0, sizes[base] - 1))
        lines.append(f"%v{i} = exec.tensor f32 [1] view_of {base} at {at}")
    handles = [f"%h{i}" for i in range(draw(st.integers(0, 2)))]
    lines += [f"{handle} = exec.tensor f32 [1]" for handle in handles]
    lines += ["%p = exec.tensor i1 [1]", "%sizes = exec.int_list()"]

    defined = ["%t0", "%t1"]  # in the order of instructions; jumps may still skip what defines them
    count = draw(st.integers(1, 14))
    chain: list[str] = []
    for _ in range(count):
        kind = draw(st.sampled_from(("kernel",) * 6 + ("jump",) * 2 + (("move", "view") if handles else ())))
        readable = st.sampled_from(defined + [view for view, base in views.items() if base in defined])
        if kind == "jump":
            chain.append(f"exec.jump_false %p to {draw(st.integers(0, count))}")
            continue
        if kind == "kernel":
            operands = draw(st.lists(readable, min_size=1, max_size=2))
            target = draw(st.sampled_from(names + handles))
            chain.append(f'exec.kernel "test::k.out"({", ".join([*operands, target, target])})')
        else:
            target = draw(st.sampled_from(handles))
            source = draw(readable)
            move = kind == "move"
            chain.append(
                f"exec.move {source} -> {target}"
                if move
                else f'exec.kernel "{VIEW_AT_RUN_TIME}"({source}, %sizes, {target})'
            )
        defined.append(target)
    outputs = draw(st.lists(st.sampled_from(defined), min_size=1, max_size=2, unique=True))
    lines += ["exec.inputs(%t0, %t1, %p)", f"exec.outputs({', '.join(outputs)})", "exec.chain {", *chain, "}"]
    return "exec.program { exec.constant_segment {}\nexec.plan @m {\n" + "\n".join(lines) + "\n}}"


def parse(text: str) -> ModuleOp:
    context = Context()
    context.load_dialect(Builtin)
    context.load_dialect(ir.Exec)
    module = Parser(context, text).parse_module()
    module.verify()
    return module


def plan_of(module: ModuleOp, name: str | None = None) -> ir.PlanOp:
    (program,) = module.body.ops
    assert isinstance(program, ir.ProgramOp)
    return next(plan for plan in program.plans if name in (None, plan.sym_name.data))


def program_of(*chain: str, outputs: str) -> str:
    """A program of tensors %t0 to %t4, of which the first is an input, and handle %h."""
    lines = [f"%t{i} = exec.tensor f32 [1]" for i in range(5)]
    lines += ["%h = exec.tensor f32 [1]", "%p = exec.tensor i1 [1]", "%sizes = exec.int_list()"]
    lines += ["exec.inputs(%t0, %p)", f"exec.outputs({outputs})", "exec.chain {", *chain, "}"]
    return "exec.program { exec.constant_segment {}\nexec.plan @m {\n" + "\n".join(lines) + "\n}}"


def kernel(operand: str, result: str) -> str:
    return f'exec.kernel "test::k.out"({operand}, {result}, {result})'


def jump(target: int) -> str:
    return f"exec.jump_false %p to {target}"


LOOPS = {
    "an input used in a loop from the first instruction on": (
        program_of(kernel("%t0", "%t1"), kernel("%t1", "%t2"), jump(0), outputs="%t2"),
        [True],
    ),
    "a value defined before the loop": (
        program_of(kernel("%t0", "%t1"), kernel("%t1", "%t2"), kernel("%t2", "%t3"), jump(1), outputs="%t3"),
        [True],
    ),
    "a value that a round leaves to the next, which skips its definition": (
        program_of(
            kernel("%t0", "%t1"),
            jump(3),
            kernel("%t1", "%t2"),
            kernel("%t2", "%t3"),
            kernel("%t3", "%t4"),
            jump(1),
            outputs="%t4",
        ),
        [False, True, True, False],
    ),
    "a value used after the loop, whose last round ends before it is defined": (
        program_of(
            kernel("%t0", "%t1"),
            kernel("%t0", "%t2"),
            kernel("%t2", "%t3"),
            jump(6),
            kernel("%t3", "%t4"),
            jump(1),
            kernel("%t4", "%t1"),
            outputs="%t1",
        ),
        [False, True, True],
    ),
    "a handle set in one round and used in the next": (
        program_of(
            "exec.move %t0 -> %h",
            kernel("%t0", "%t4"),
            kernel("%t4", "%t3"),
            kernel("%h", "%t1"),
            kernel("%t1", "%t2"),
            "exec.move %t2 -> %h",
            jump(1),
            outputs="%t1",
        ),
        [True],
    ),
}


@pytest.mark.parametrize("name", LOOPS)
def test_loops(name: str) -> None:
    text, decisions = LOOPS[name]
    assert_planning_keeps_meaning(text, decisions, alignment=4)


def assert_planning_keeps_meaning(text: str, decisions: list[bool], alignment: int) -> None:
    """Run the program on bytes of its own for each tensor, then planned."""
    module = parse(text)
    expected = Machine(plan_of(module), iter(decisions)).run()
    plan_program(module, PlanOptions(alignment=alignment))
    module.verify()
    assert Machine(plan_of(module), iter(decisions)).run() == expected


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(programs(), st.lists(st.booleans(), min_size=4, max_size=12), st.sampled_from((1, 16)))
def test_planned_programs_compute_the_same(text: str, decisions: list[bool], alignment: int) -> None:
    try:
        assert_planning_keeps_meaning(text, decisions, alignment)
    except UndefinedRead:
        assume(False)


CHAIN = """exec.program {
  exec.constant_segment {}
  exec.plan @forward {
    %x = exec.tensor f32 [16]
    %a = exec.tensor f32 [16] loc("model.py":7:1)
    %y = exec.tensor f32 [16]
    exec.inputs(%x)
    exec.outputs(%y)
    exec.chain {
      exec.kernel "aten::relu.out"(%x, %a, %a)
      exec.kernel "aten::relu.out"(%a, %y, %y) loc("model.py":8:1)
    }
  }
}"""


def test_the_pass_reports_what_it_planned() -> None:
    """Figures, live ranges, and source lines: a tensor's, else that of the instruction that first writes it."""
    module = parse(CHAIN)
    planner = PlanMemoryPass()
    planner.apply(Context(), module)
    (method,) = planner.results
    assert method.method == "forward"
    assert method.plan.arena_sizes == method.plan.lower_bounds == {1: 128}
    assert [(b.name, b.size, b.first_use, b.last_use) for b in method.buffers] == [
        ("%x", 64, 0, 0),
        ("%a", 64, 0, 1),
        ("%y", 64, 1, 1),
    ]
    assert method.sources == {"%x": "", "%a": "model.py:7", "%y": "model.py:8"}
    assert str(planner) == "plan-memory"


def test_planning_again_changes_nothing() -> None:
    module = parse(CHAIN)
    assert len(plan_program(module)) == 1
    text = str(module)
    assert plan_program(module, PlanOptions(alignment=64)) == []
    assert str(module) == text


def test_equal_names_are_told_apart() -> None:
    module = parse(CHAIN)
    for tensor in plan_of(module).values:
        tensor.result.name_hint = "same"
    (method,) = plan_program(module)
    assert [buffer.name for buffer in method.buffers] == ["%same.0", "%same.1", "%same.2"]


def test_unplanned_roles() -> None:
    """What has a view or an initial value is planned all the same, even %n, which nothing uses."""
    for options, placed in (
        (PlanOptions(), ["x", "v", "z", "a", "s", "i", "n", "y"]),
        (PlanOptions(inputs=False), ["x", "v", "a", "s", "i", "n", "y"]),
        (PlanOptions(outputs=False), ["x", "v", "z", "a", "s", "i", "n"]),
        (PlanOptions(mutable=False), ["x", "v", "z", "a", "i", "n", "y"]),
    ):
        module = parse("""exec.program {
          exec.constant_segment {}
          exec.mutable_segment {
            exec.data @i : tensor<1xf32> = dense<1.0>
          }
          exec.plan @forward {
            %x = exec.tensor f32 [16]
            %v = exec.tensor f32 [4, 4] view_of %x
            %z = exec.tensor f32 [16]
            %a = exec.tensor f32 [16]
            %s = exec.tensor f32 [16] fqn "state"
            %i = exec.tensor f32 [1] data @i
            %n = exec.tensor f32 [1] data @i
            %y = exec.tensor f32 [16]
            exec.inputs(%x, %z)
            exec.outputs(%y)
            exec.chain {
              exec.kernel "aten::mul.out"(%v, %z, %a, %a)
              exec.kernel "aten::mul.out"(%a, %s, %y, %y)
              exec.kernel "aten::mul.out"(%y, %i, %y, %y)
            }
          }
        }""")
        plan_program(module, options)
        tensors = [op for op in plan_of(module).values if isinstance(op, ir.TensorOp)]
        assert [t.result.name_hint for t in tensors if t.alloc is not None] == placed


def test_a_fixed_allocation_stays() -> None:
    module = parse(CHAIN.replace("%a = exec.tensor f32 [16]", "%a = exec.tensor f32 [16] alloc(2, 64)"))
    (method,) = plan_program(module)
    assert method.plan.offsets["%a"] == 64
    assert method.plan.arena_sizes == {1: 64, 2: 128}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "f32 [16] loc",
            "f32 [16] dynamism unbound loc",
            "model.py:7: exec.tensor: memory cannot be planned for a tensor without an upper bound\n"
            "  expected: dynamism bound, with sizes that are upper bounds\n"
            "  found: dynamism unbound for f32 [16]\n"
            "  next: give every dynamic dimension a maximum when exporting the model",
        ),
        (
            "exec.tensor f32 [16] loc",
            "exec.tensor scalar_type(77) [16] loc",
            "model.py:7: exec.tensor: memory cannot be planned\n"
            "  expected: a known element type\n"
            "  found: scalar_type(77) [16]",
        ),
        (
            "f32 [16] loc",
            "f32 [16] {memory_id = 0 : i64} loc",
            "model.py:7: exec.tensor: a memory id is wrong\n  expected: 1 or more\n  found: 0",
        ),
        (
            "%y = exec.tensor f32 [16]",
            '%e = exec.tensor f32 [16] external fqn "e"\n%y = exec.tensor f32 [16] view_of %e',
            "exec.tensor: the place of this view is not known before the program runs\n"
            "  expected: a base with planned or constant bytes\n"
            "  found: a view of %e, which is a handle or has its bytes in another file\n"
            "  next: use the kernel executorch_prim::et_view.default instead",
        ),
    ],
)
def test_what_cannot_be_planned(old: str, new: str, message: str) -> None:
    module = parse(CHAIN.replace(old, new))
    with pytest.raises(EtcError) as raised:
        plan_program(module)
    assert str(raised.value) == message


def test_a_view_lies_at_its_offset() -> None:
    module = parse(CHAIN.replace("%y = exec.tensor f32 [16]", "%y = exec.tensor f32 [4] view_of %x at 48"))
    (plan,) = (op for op in module.walk() if isinstance(op, ir.PlanOp))
    plan_program(module)
    places = {
        op.result.name_hint: op.alloc.get_values() for op in plan.values if isinstance(op, ir.TensorOp) and op.alloc
    }
    assert places["y"] == (places["x"][0], places["x"][1] + 48)
    assert "view_of" not in str(module)


def test_parts_of_constants_have_no_place() -> None:
    constant = "%c = exec.tensor f32 [16] data @w\n%y = exec.tensor f32 [4] view_of %c at 48"
    text = CHAIN.replace("%y = exec.tensor f32 [16]", constant)
    data = f"exec.data @w : tensor<16xf32> = dense<{[1.0] * 16}>"
    module = parse(text.replace("exec.constant_segment {}", f"exec.constant_segment {{ {data} }}"))
    with pytest.raises(EtcError, match="the place of this view is not known before the program runs"):
        plan_program(module)


def test_all_problems_at_once() -> None:
    module = parse(CHAIN.replace("f32 [16]", "f32 [16] dynamism unbound"))
    with pytest.raises(EtcError) as raised:
        plan_program(module)
    assert len(raised.value.problems) == 3


def test_time_per_instruction_is_flat() -> None:
    """Ten times the instructions take at most twenty times as long."""

    def seconds(count: int) -> float:
        tensors = [ir.TensorOp(f32, [8 + i % 5]) for i in range(count + 1)]
        kernels = [ir.KernelOp("aten::relu.out", [a, b, b]) for a, b in pairwise(tensors)]
        body = [*tensors, ir.InputsOp(tensors[:1]), ir.OutputsOp(tensors[-1:]), ir.ChainOp(kernels)]
        module = ModuleOp([ir.ProgramOp([ir.ConstantSegmentOp(), ir.PlanOp("m", body)])])
        start = time.process_time()
        plan_program(module)
        return time.process_time() - start

    assert seconds(10_000) < 20 * max(min(seconds(1000) for _ in range(3)), 0.02)
