"""Damaged files and programs that no file can hold: one clear message each, never a traceback or a hang."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from xdsl.context import Context
from xdsl.dialects.builtin import Builtin, ModuleOp
from xdsl.parser import Parser
from xdsl.utils.exceptions import VerifyException

from etc.dialects.exec import Exec
from etc.dialects.program import Program
from etc.emit.flatbuffer import emit_pte, read_pte
from etc.errors import EtcError


def parse(text: str) -> ModuleOp:
    context = Context()
    for dialect in (Builtin, Exec, Program):
        context.load_dialect(dialect)
    return Parser(context, text).parse_module()


@cache
def sample() -> bytes:
    """A file with every kind of table."""
    return emit_pte(parse((Path(__file__).parent / "pte_roundtrip.mlir").read_text()))


def message_of(data: bytes) -> str:
    with pytest.raises(EtcError) as error:
        read_pte(data)
    return str(error.value)


# ---- mutations ----------------------------------------------------------------------------------------------------

# Any byte of the file; what it becomes.
edits = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=6)
words = st.sampled_from([0, 1, 4, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF])


def accept_or_refuse(data: bytes) -> None:
    """Either a message, or a program that verifies or not and that can be written or not: no other exception."""
    try:
        module = read_pte(data)
    except EtcError:
        return
    try:
        module.verify()
        again = emit_pte(parse(str(module)))
    except (EtcError, VerifyException):
        return
    assert emit_pte(read_pte(again)) == again


@settings(max_examples=300, deadline=2000)
@given(edits)
@example([(0, 0)])
def test_changed_bytes(changes: list[tuple[int, int]]) -> None:
    data = bytearray(sample())
    for place, value in changes:
        data[place % len(data)] = value
    accept_or_refuse(bytes(data))


@settings(max_examples=200, deadline=2000)
@given(st.integers(0, 1 << 20), words)
def test_changed_words(place: int, value: int) -> None:
    """Offsets and lengths are aligned words: aim at them."""
    data = bytearray(sample())
    struct.pack_into("<I", data, place % (len(data) // 4) * 4, value)
    accept_or_refuse(bytes(data))


def test_every_truncation_is_refused() -> None:
    data = sample()
    end = len(data)
    for size in [*range(0, 200), *range(200, end, 97), end - 1]:
        assert "\n  expected: " in message_of(data[:size])


# ---- messages -----------------------------------------------------------------------------------------------------

NEXT = "\n  next: the file is damaged or cut short; copy it again, or make it again with `etc-compile`"


def test_another_kind_of_file() -> None:
    assert message_of(b"PK\x03\x04 a zip file") == (
        "byte 4: this is not a .pte program\n"
        '  expected: the identifier "ET12"\n'
        "  found: ' a z'\n"
        "  next: check the path; `etc-compile` writes .pte files"
    )


def test_empty_file() -> None:
    assert "found: a file of 0 bytes" in message_of(b"")


def test_flatbuffer_cut_off() -> None:
    assert message_of(sample()[:1000]) == (
        "byte 16: the flatbuffer is not all in the file\n"
        "  expected: a size up to 1000 bytes\n"
        f"  found: {struct.unpack_from('<Q', sample(), 16)[0]}" + NEXT
    )


def test_segments_cut_off() -> None:
    _, _, program_size, base, size = struct.unpack_from("<4sIQQQ", sample(), 8)
    end = len(sample()) - 1
    assert message_of(sample()[:-1]) == (
        "byte 24: the segments are not all in the file\n"
        f"  expected: places within {end} bytes, after the flatbuffer's {program_size}\n"
        f"  found: {size} bytes from {base}" + NEXT
    )


def test_root_outside() -> None:
    data = bytearray(sample())
    struct.pack_into("<I", data, 0, 0x7FFFFFF0)
    size = struct.unpack_from("<Q", data, 16)[0]
    assert message_of(bytes(data)) == (
        "byte 2147483632 (Program): the flatbuffer points outside itself\n"
        f"  expected: up to {size} bytes\n"
        "  found: 2147483632" + NEXT
    )


# ---- programs that cannot be written ------------------------------------------------------------------------------


def refusal(body: str) -> str:
    with pytest.raises(EtcError) as error:
        emit_pte(parse(f"exec.program {{ {body} }}"))
    return str(error.value)


def plan(values: str = "", chain: str = "", buffers: str = "buffers [0]") -> str:
    return f"exec.plan @f {buffers} {{ {values} exec.inputs() exec.outputs() exec.chain {{ {chain} }} }}"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            plan(buffers=""),
            "exec.plan: the memory of method f is not planned\n"
            "  expected: an exec.plan with buffers\n"
            "  found: none\n"
            "  next: run plan-memory before writing the file",
        ),
        (
            plan("%x = exec.tensor f32 [2] %y = exec.tensor f32 [2] view_of %x"),
            "exec.tensor: a view is left in the program\n"
            "  expected: a place of its own: alloc(memory id, offset)\n"
            "  found: view_of\n"
            "  next: run plan-memory, which gives views their base's place",
        ),
        (
            "exec.mutable_segment { exec.data @s : tensor<2xf32> = dense<0.0> }"
            + plan("%x = exec.tensor f32 [2] data @s"),
            "exec.tensor: the state @s has no place in memory\n"
            "  expected: alloc(memory id, offset)\n"
            "  found: none\n"
            "  next: run plan-memory before writing the file",
        ),
        (
            'exec.segment @s : tensor<64xui8> = #program.blob<"sha256:0000">' + plan(),
            "the bytes of a weight are not at hand\n"
            "  expected: a .safetensors file beside the .mlir file, of the same name\n"
            "  found: only the key sha256:0000\n"
            "  next: keep the two files together, or write both again with `etc-opt -o`",
        ),
        (
            "exec.segment @a : tensor<2xui8> = dense<1> exec.segment @b : tensor<2xui8> = dense<1> at 1" + plan(),
            "exec.segment: segments overlap\n  expected: `at` from 2 up\n  found: at 1",
        ),
        (
            "exec.constant_segment { exec.data @a : tensor<4xf32> = dense<1.0>"
            " exec.data @b : tensor<f32> = dense<2.0> at 4 }" + plan(),
            "exec.data: @b overlaps what is before it\n  expected: `at` from 16 up\n  found: at 4",
        ),
        (
            plan("%x = exec.tensor f32 [2] storage_offset 4294967296"),
            "a number of the program does not fit its field in the file",
        ),
        (plan("%x = exec.tensor f32 [2] data @gone"), "exec.tensor: @gone is not defined"),
        (plan(chain="exec.delegate_call @gone()"), "exec.delegate_call: @gone is not defined"),
    ],
)
def test_what_cannot_be_written(body: str, message: str) -> None:
    assert refusal(body).startswith(message)


def test_a_module_without_a_program() -> None:
    with pytest.raises(EtcError) as error:
        emit_pte(ModuleOp([]))
    assert str(error.value) == (
        "a .pte file holds one program\n"
        "  expected: one exec.program in the module\n"
        "  found: 0 among no ops\n"
        "  next: lower the module first: run edge-to-exec and plan-memory"
    )
