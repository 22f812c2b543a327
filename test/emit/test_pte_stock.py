"""Files that ExecuTorch writes: read, printed, parsed, written, they are the same program and compute the same."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

import pytest
from pte_samples import SAMPLES, compile_with_executorch
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp
from xdsl.parser import Parser

from etc.dialects.exec import Exec
from etc.dialects.program import Program
from etc.emit.flatbuffer import emit_pte, read_pte
from etc.transforms.verification import verify_program

pytest.importorskip("executorch", reason="executorch is not installed: make venv")


@cache
def stock_file(name: str) -> bytes:
    import torch

    torch.manual_seed(0)
    return compile_with_executorch(SAMPLES[name]())


def parse(text: str) -> ModuleOp:
    context = Context()
    for dialect in (Builtin, Exec, Program):
        context.load_dialect(dialect)
    return Parser(context, text).parse_module()


@cache
def through_text(name: str) -> bytes:
    module = read_pte(stock_file(name))
    verify_program(module)
    text = str(module)
    parsed = parse(text)
    assert str(parsed) == text
    return emit_pte(parsed)


def fields_and_segments(data: bytes) -> tuple[Any, list[bytes]]:
    """By ExecuTorch's own reader: the program's tables, and the bytes of its segments."""
    serialize = "executorch.exir._serialize"  # private, and the only reader that is not ours
    program = import_module(f"{serialize}._flatbuffer_program")._flatbuffer_to_program(data)
    header = import_module(f"{serialize}._program")._get_extended_header(data)
    base = header.segment_base_offset if header is not None else 0
    return program, [data[base + s.offset : base + s.offset + s.size] for s in program.segments]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_program_is_the_same_field_by_field(name: str) -> None:
    stock, ours = fields_and_segments(stock_file(name)), fields_and_segments(through_text(name))
    assert ours == stock


@pytest.mark.parametrize("name", SAMPLES)
def test_the_file_is_not_larger(name: str) -> None:
    assert len(through_text(name)) <= len(stock_file(name))


@pytest.mark.parametrize("name", SAMPLES)
def test_our_file_survives_byte_for_byte(name: str) -> None:
    ours = through_text(name)
    assert emit_pte(parse(str(read_pte(ours)))) == ours


@pytest.mark.parametrize("name", SAMPLES)
def test_the_stock_runtime_computes_the_same(name: str) -> None:
    import torch
    from executorch.runtime import Runtime, Verification

    sample = SAMPLES[name]()
    inputs = sample.inputs if sample.run_inputs is None else sample.run_inputs
    results: list[Any] = []
    for data in (stock_file(name), through_text(name)):
        program = Runtime.get().load_program(data, verification=Verification.InternalConsistency)
        method = program.load_method("forward")
        assert method is not None
        results.append([method.execute(inputs) for _ in range(2)])  # twice: state lives on
    for stock, ours in zip(*results, strict=True):
        assert len(stock) == len(ours) > 0
        assert all(torch.equal(a, b) for a, b in zip(stock, ours, strict=True))


def test_samples_have_what_they_are_there_for() -> None:
    """A change of ExecuTorch's must not empty these tests."""
    expected = {
        "stack_traces": "#exec.frame<",
        "branches": "exec.jump_false",
        "branches_with_stack_traces": "exec.move",
        "initial_state": "exec.mutable_segment {",
        "optional_tensor_lists": "exec.optional_tensor_list(none, %",
        "dynamic_batch": "dynamism bound",
        "delegates_and_named_data": "exec.named_data",
        "inline_delegates": "exec.backend_data @inline0",
        "segment_alignment": "exec.program alignment 4096",
        "several_methods": 'exec.string "größe"',
        "lstm": "exec.tensor_list(",
    }
    missing = {name: text for name, text in expected.items() if text not in str(read_pte(stock_file(name)))}
    assert not missing
