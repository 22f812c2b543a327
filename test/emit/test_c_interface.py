"""The description of a generated C program: what is written can be read; what is not ours is refused."""

import pytest

from etc.dialects import dtypes, symbolic
from etc.dialects.symbolic import Range
from etc.emit.c.interface import CIntegers, CInterface, CMethod, CPool, CSymbol, CTensor
from etc.errors import EtcError

NET = CInterface(
    "net",
    ("net.c", "net_weights.c"),
    (
        CMethod(
            "forward",
            "net_run",
            "net_io_t",
            (CTensor("x", "x", dtypes.float32, (symbolic.parse("s0*2 + 1"), 3), (9, 3), (1, 0)),),
            (CTensor("out.0", "out_0", dtypes.uint8, (), (), (), CIntegers(0.0039, 128)),),
            (CSymbol("s0", "s0", Range(1, 4)), CSymbol("u0", "u0", Range(0, 9), given=False)),
        ),
    ),
    pools=(CPool("fast", 48), CPool("slow", 16)),
    state_bytes=8,
    statuses={0: "done", -5: "there are too many boxes"},
)


def test_reads_what_it_writes() -> None:
    assert CInterface.from_json(NET.to_json()) == NET


def test_a_buffer_holds_the_largest_sizes() -> None:
    [method] = NET.methods
    assert method.inputs[0].bytes == 9 * 3 * 4
    assert method.outputs[0].bytes == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "AttributeError"),
        ('{"format": 7}', "ValueError: format 7"),
        ('{"format": 2}', "KeyError: 'model'"),
        (NET.to_json().replace("float32", "float31"), "KeyError: 'float31'"),
        (NET.to_json().replace("s0*2 + 1", "s0*"), "ValueError: expected a size"),
    ],
)
def test_refuses_what_is_not_a_description(text: str, found: str) -> None:
    with pytest.raises(EtcError, match="this does not describe a generated C program") as caught:
        CInterface.from_json(text)
    assert caught.value.problems[0].found.startswith(found)
