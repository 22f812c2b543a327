"""Several methods in one program: shared weights, shared state, constant methods; on the stock runtime and on torch."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves, tree_structure

import etc
from etc.dialects import exec
from etc.emit.flatbuffer import read_pte
from etc.errors import EtcError
from etc.runtime.exec_on_torch import ExecOnTorch
from etc.runtime.stock import LoadedProgram

WIDTH, POSITIONS, VOCABULARY = 16, 12, 20


class Decoder(nn.Module):
    """Logits f32[T, vocabulary] of T tokens i64[T] at positions i64[T], attending to a key-value cache."""

    keys: Tensor
    values: Tensor
    seen: Tensor

    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.projections = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.logits = nn.Linear(WIDTH, VOCABULARY)
        # Initial contents that are not zero: a method that starts them anew would show.
        self.register_buffer("keys", torch.randn(POSITIONS, WIDTH))
        self.register_buffer("values", torch.randn(POSITIONS, WIDTH))
        self.register_buffer("seen", torch.zeros(1, dtype=torch.int64))

    def forward(self, tokens: Tensor, positions: Tensor) -> tuple[Tensor, Tensor]:
        x = self.embedding(tokens)
        query, key, value = (projection(x) for projection in self.projections)
        self.keys[positions] = key
        self.values[positions] = value
        self.seen += tokens.shape[0]
        mask = torch.arange(POSITIONS)[None] <= positions[:, None]
        scores = (query @ self.keys.T / WIDTH**0.5).masked_fill(~mask, float("-inf"))
        return self.logits(x + scores.softmax(-1) @ self.values), self.seen.clone()


PROMPT = (torch.tensor([3, 1, 4, 1]), torch.arange(4))
STEPS = [(torch.tensor([token]), torch.tensor([4 + step])) for step, token in enumerate([5, 9, 2, 6])]


def programs(module: nn.Module) -> dict[str, Any]:
    return {"prefill": (module, PROMPT), "decode": (module, STEPS[0])}


@pytest.fixture(scope="module")
def compiled() -> etc.Compiled:
    return etc.compile(programs(Decoder()), constants={"max_positions": POSITIONS})


def expected_outputs() -> list[Any]:
    module = Decoder().eval()
    with torch.no_grad():
        return [module(*inputs) for inputs in (PROMPT, *STEPS)]


def plans_of(module: Any) -> dict[str, exec.PlanOp]:
    (program,) = (op for op in module.ops if isinstance(op, exec.ProgramOp))
    return {plan.sym_name.data: plan for plan in program.plans}


def state_of(plan: exec.PlanOp) -> dict[str, tuple[int, ...]]:
    """The places of the tensors with a name of the model and memory of their own."""
    return {
        value.fqn.data: tuple(value.alloc.get_values())
        for value in plan.values
        if isinstance(value, exec.TensorOp) and value.fqn is not None and value.alloc is not None
    }


def test_prefill_and_decode_share_a_cache_on_the_stock_runtime(compiled: etc.Compiled) -> None:
    pytest.importorskip("executorch")
    program = LoadedProgram(compiled.pte)  # from the bytes alone
    found = [program.call("prefill", PROMPT), *(program.call("decode", step) for step in STEPS)]
    for have, want in zip(found, expected_outputs(), strict=True):
        torch.testing.assert_close(have, want, rtol=1e-4, atol=1e-5)


def test_prefill_and_decode_share_a_cache_on_torch(compiled: etc.Compiled) -> None:
    program = ExecOnTorch(compiled.module)
    found = [program.run("prefill", PROMPT), *(program.run("decode", step) for step in STEPS)]
    for have, want in zip(found, expected_outputs(), strict=True):
        torch.testing.assert_close(have, list(want), rtol=1e-4, atol=1e-5)


def test_state_has_one_place_in_all_methods(compiled: etc.Compiled) -> None:
    plans = plans_of(read_pte(compiled.pte))
    prefill, decode = state_of(plans["prefill"]), state_of(plans["decode"])
    assert prefill == decode
    assert set(prefill) == {"keys", "values", "seen"}
    assert {memory for memory, _ in prefill.values()} == {2}
    others = [value for plan in plans.values() for value in plan.values if isinstance(value, exec.TensorOp)]
    places = [tuple(value.alloc.get_values()) for value in others if value.alloc is not None and value.fqn is None]
    assert {memory for memory, _ in places} == {1}, "activations lie in another memory than state"


def test_weights_are_in_the_file_once(compiled: etc.Compiled) -> None:
    module = Decoder()
    alone = etc.compile(module, STEPS[0])
    assert compiled.report.weight_bytes <= alone.report.weight_bytes + 8 * (VOCABULARY + POSITIONS)


def test_one_method_needs_no_other_memory() -> None:
    (plan,) = plans_of(etc.compile(Decoder(), STEPS[0]).module).values()
    assert {memory for memory, _ in state_of(plan).values()} == {1}


def test_state_of_equal_copies_is_shared_by_name() -> None:
    """Modules that are copies of each other, as those of separate exports are."""
    first = Decoder()
    second = copy.deepcopy(first)
    compiled = etc.compile({"prefill": (first, PROMPT), "decode": (second, STEPS[0])})
    plans = plans_of(compiled.module)
    assert state_of(plans["prefill"]) == state_of(plans["decode"])


def test_state_of_one_method_survives_another() -> None:
    """All methods of a loaded program may get the same arenas, also one that knows nothing of the state."""
    pytest.importorskip("executorch")

    class Counter(nn.Module):
        count: Tensor

        def __init__(self):
            super().__init__()
            self.register_buffer("count", torch.full((64,), 7.0))

        def forward(self, x: Tensor) -> Tensor:
            self.count += x
            return self.count.clone()

    class Large(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return (x @ x).sin() @ x

    x, y = torch.ones(64), torch.randn(32, 32)
    compiled = etc.compile({"count": (Counter(), (x,)), "large": (Large(), (y,))})
    for step in range(3):
        torch.testing.assert_close(compiled.run(y, method="large"), (y @ y).sin() @ y, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(compiled.run(x, method="count"), torch.full((64,), 8.0 + step))


CONSTANTS = {
    "max_positions": 128,
    "rate": 0.5,
    "sorted": True,
    "tokenizer": ["bpe", "v2"],
    "mean": torch.tensor([0.5, 0.25]),
    "limits": {"low": [1, 2], "table": torch.arange(3)},
}


@pytest.fixture(scope="module")
def with_constants() -> etc.Compiled:
    return etc.compile(nn.Linear(2, 2), (torch.ones(1, 2),), constants=CONSTANTS)


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_constant_method_gives_its_value(with_constants: etc.Compiled, name: str) -> None:
    pytest.importorskip("executorch")
    found, value = LoadedProgram(with_constants.pte).call(name, ()), CONSTANTS[name]
    assert tree_structure(found) == tree_structure(value)
    for have, want in zip(tree_leaves(found), tree_leaves(value), strict=True):
        assert type(have) is type(want)
        assert torch.equal(have, want) if isinstance(want, Tensor) else have == want


@pytest.mark.parametrize("name", CONSTANTS)
def test_a_constant_method_computes_nothing(with_constants: etc.Compiled, name: str) -> None:
    plan = plans_of(read_pte(with_constants.pte))[name]
    assert [len(chain.instructions) for chain in plan.chains] == [0]
    assert plan.buffers is not None
    assert list(plan.buffers.get_values()) == [0]


def test_what_cannot_be_a_constant_method() -> None:
    with pytest.raises(EtcError) as error:
        etc.compile(nn.Linear(2, 2), (torch.ones(1, 2),), constants={"forward": 1, "where": object(), "z": [1j]})
    assert [p.what for p in error.value.problems] == [
        "there is already a method forward",
        "the constant where cannot be part of a program",
        "the constant z cannot be part of a program",
    ]


def test_constants_among_the_outputs_are_in_the_file() -> None:
    pytest.importorskip("executorch")

    class Mixed(nn.Module):
        def forward(self, x: Tensor) -> tuple[int, Tensor, None, dict[str, Any]]:
            return 3, x + 1, None, {"flag": True, "double": x * 2}

    compiled = etc.compile(Mixed(), (torch.ones(2),))
    first, second, third, rest = LoadedProgram(compiled.pte).call("forward", (torch.ones(2),))
    assert (first, third, rest["flag"]) == (3, None, True)
    torch.testing.assert_close([second, rest["double"]], [torch.full((2,), 2.0)] * 2)


def test_what_is_no_method() -> None:
    with pytest.raises(EtcError) as error:
        etc.compile({"forward": nn.Linear(2, 2)})  # pyright: ignore[reportArgumentType]
    assert str(error.value) == (
        "the method forward cannot be compiled\n"
        "  expected: an ExportedProgram, (module, example_inputs) or (module, example_inputs, dynamic_shapes)\n"
        "  found: Linear"
    )
