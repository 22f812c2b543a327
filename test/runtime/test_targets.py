"""Generated C on every target: the same results, state that lives on, measurements that are right."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tiny_program

from etc.emit.c.interface import CPool
from etc.errors import EtcError
from etc.runtime.targets.emulated import CALIBRATION, EmulatedProgram
from etc.runtime.targets.host import HostProgram
from etc.runtime.targets.packages import missing_packages
from etc.runtime.targets.programs import Program, open_program
from etc.runtime.targets.stack import StackBound, stack_bound
from etc.runtime.targets.target import HOST, TARGETS, target_named

BARE = [name for name, target in TARGETS.items() if target.is_bare]
X = np.array([[0.0, 1.0, -1.0], [0.5, -200.0, 2.0]], np.float32)
Y = np.exp(X) * np.array([1.0, 2.0, -0.5], np.float32)


GRAPH = """\
node: { title: "run" label: "run\\na.c:1:1\\n8 bytes (static)" }
node: { title: "a.c:near" label: "near\\na.c:2:1\\n64 bytes (static)" }
node: { title: "a.c:middle" label: "middle\\na.c:2:1\\n16 bytes (dynamic,bounded)" }
node: { title: "init" label: "init\\na.c:3:1\\n4 bytes (static)" }
node: { title: "grows" label: "grows\\na.c:4:1\\n4 bytes (dynamic)" }
node: { title: "far" label: "far\\nb.h:1:1" shape : ellipse }
node: { title: "expf" label: "expf\\nmath.h:1:1" shape : ellipse }
edge: { sourcename: "run" targetname: "a.c:near" label: "a.c:5:1" }
edge: { sourcename: "run" targetname: "a.c:middle" label: "a.c:6:1" }
edge: { sourcename: "a.c:middle" targetname: "far" label: "a.c:7:1" }
edge: { sourcename: "run" targetname: "expf" }
"""


def installed(name: str) -> None:
    """Skip the test, by the target's name, when its compiler or emulator is not there."""
    try:
        TARGETS[name].require()
    except EtcError as error:
        pytest.skip(f"{name}: {error.problems[0].found}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_program.write(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def program(folder: Path) -> Callable[[str], Program]:
    built: dict[str, Program] = {}

    def get(name: str) -> Program:
        installed(name)
        if name not in built:
            built[name] = open_program(folder, name)
        built[name].reset()
        return built[name]

    return get


def emulated(program: Callable[[str], Program], name: str) -> EmulatedProgram:
    found = program(name)
    assert isinstance(found, EmulatedProgram)
    return found


@pytest.mark.parametrize("name", TARGETS)
def test_results_and_state(program: Callable[[str], Program], name: str) -> None:
    found = program(name)
    for count in (10, 11, 12):
        [y] = found.call("forward", [X])
        np.testing.assert_allclose(y, Y + np.float32(count), rtol=1e-6)
        assert y.flags.c_contiguous
    [one] = found.call("forward", [X[:1]])
    assert one.shape == (1, 3)
    found.reset()
    [y] = found.call("forward", [X])
    np.testing.assert_allclose(y, Y + np.float32(10), rtol=1e-6)


@pytest.mark.parametrize("name", TARGETS)
def test_the_program_finds_a_size(program: Callable[[str], Program], name: str) -> None:
    [positive] = program(name).call("positive", [np.array([3, -1, 0, 7, -8, 1], np.int8)])
    assert positive.dtype == np.int8
    assert positive.tolist() == [3, 7, 1]


@pytest.mark.parametrize("name", TARGETS)
def test_an_error_of_the_program(program: Callable[[str], Program], name: str) -> None:
    with pytest.raises(EtcError, match="method positive failed: a value has no absolute value") as caught:
        program(name).call("positive", [np.array([3, -128, 0, 0, 0, 0], np.int8)])
    assert caught.value.problems[0].found == "tiny_positive returned -5"


@pytest.mark.parametrize("name", TARGETS)
def test_no_zeros_lie_in_the_arena(program: Callable[[str], Program], name: str) -> None:
    [found] = program(name).call("descend", [-128])
    assert found == 255


@pytest.mark.parametrize("name", BARE)
def test_several_calls_in_one_start(program: Callable[[str], Program], name: str) -> None:
    found = emulated(program, name)
    runs = found.run([("forward", [X]), ("positive", [np.zeros(6, np.int8)]), ("forward", [X])])
    assert runs[1].outputs[0].tolist() == []
    np.testing.assert_allclose(runs[2].outputs[0], Y + np.float32(11), rtol=1e-6)
    [y] = found.call("forward", [X])
    np.testing.assert_allclose(y, Y + np.float32(12), rtol=1e-6)


# ---- measurements ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BARE)
def test_a_loop_of_known_length_is_counted(program: Callable[[str], Program], name: str) -> None:
    """What the harness adds is known, and no tick of the counter is left over: a handful of instructions."""
    found = emulated(program, name)
    found.call("descend", [-1])
    calibration = found.last.calibration
    assert CALIBRATION == 2_000_002
    assert calibration is not None
    assert abs(calibration - CALIBRATION) <= 12


@pytest.mark.parametrize("name", BARE)
def test_instructions_grow_with_the_work(program: Callable[[str], Program], name: str) -> None:
    found = emulated(program, name)
    few, many = (found.run([("forward", [np.ones((rows, 3), np.float32)])])[0].instructions for rows in (1, 8))
    assert few is not None
    assert many is not None
    assert 3 * few < many < 9 * few


@pytest.mark.parametrize("name", BARE)
def test_the_same_run_counts_the_same(program: Callable[[str], Program], name: str) -> None:
    found = emulated(program, name)
    counted: list[tuple[int | None, int | None]] = []
    for _ in range(2):
        found.reset()
        found.call("forward", [X])
        counted.append((found.last.instructions, found.last.stack))
    assert counted[0] == counted[1]


@pytest.mark.parametrize("name", BARE)
def test_the_painted_stack_shows_frames(program: Callable[[str], Program], name: str) -> None:
    found = emulated(program, name)
    flat, one, four = (run.stack for run in found.run([("descend", [depth]) for depth in (-1, 0, 3)]))
    assert flat is not None
    assert one is not None
    assert four is not None
    assert 0 < flat < 100
    assert 1000 <= one - flat <= 1100
    assert 3000 <= four - one <= 3200


@pytest.mark.parametrize("name", BARE)
def test_sizes_by_section(program: Callable[[str], Program], name: str) -> None:
    footprint = emulated(program, name).footprint
    assert footprint is not None
    assert footprint.weights == 12
    assert 200 < footprint.code < 6000
    assert footprint.flash == footprint.code + footprint.weights + footprint.constants + footprint.data


def test_recursion_has_no_stack_bound(program: Callable[[str], Program]) -> None:
    assert emulated(program, "cortex-m4").stack_bound is None


def test_the_stack_bound_follows_the_deepest_calls(tmp_path: Path) -> None:
    (tmp_path / "a.ci").write_text(GRAPH)
    (tmp_path / "b.ci").write_text('node: { title: "far" label: "far\\nb.c:1:1\\n100 bytes (static)" }\n')
    graphs = [tmp_path / "a.ci", tmp_path / "b.ci"]
    assert stack_bound(graphs, ["run"]) == StackBound(8 + 256, frozenset({"expf"}))
    assert stack_bound(graphs, ["init"]) == StackBound(4)
    assert stack_bound(graphs, ["init", "grows"]) is None


def test_the_sanitizers_count_nothing(program: Callable[[str], Program]) -> None:
    found = emulated(program, "host-sanitized")
    found.call("descend", [0])
    assert found.last.instructions is None
    assert found.footprint is None


# ---- what goes wrong -------------------------------------------------------------------------------------------------


def test_the_sanitizers_find_an_index_out_of_range(program: Callable[[str], Program]) -> None:
    with pytest.raises(EtcError, match="does not run on host-sanitized") as caught:
        program("host-sanitized").call("descend", [-3])
    assert "out of bounds" in caught.value.problems[0].found


@pytest.mark.parametrize("name", BARE)
def test_too_much_stack_is_said(program: Callable[[str], Program], name: str) -> None:
    with pytest.raises(EtcError, match=f"the program does not run on {name}"):
        program(name).call("descend", [127])


def test_all_inputs_that_do_not_fit_are_named(program: Callable[[str], Program]) -> None:
    found = program("host")
    with pytest.raises(EtcError, match=r"input 0 \(x\) of method forward does not fit") as caught:
        found.call("forward", [X.astype(np.float64)])
    assert caught.value.problems[0].expected == "float32 [s0, 3]"
    assert caught.value.problems[0].found == "float64 [2, 3]"
    with pytest.raises(EtcError, match="the size s0 of method forward is out of its range") as caught:
        found.call("forward", [np.zeros((9, 3), np.float32)])
    assert caught.value.problems[0].expected == "[1, 8]"
    with pytest.raises(EtcError, match="takes another number of inputs"):
        found.call("forward", [])
    with pytest.raises(EtcError, match="there is no method froward\n  next: did you mean forward?"):
        found.call("froward", [])


def test_a_tool_that_is_missing_names_its_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EtcError) as caught:
        TARGETS["cortex-m4"].require()
    assert str(caught.value) == (
        "target cortex-m4 needs what is not installed here\n"
        "  found: no arm-none-eabi-gcc, no qemu-system-arm\n"
        "  next: apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm"
    )


def test_the_packages_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in BARE:
        installed(name)
    assert missing_packages(["sh", "no-such-tool"]) == ["no-such-tool"]
    monkeypatch.setenv("PATH", "")
    found = missing_packages()
    assert found[:2] == ["gcc", "libc6-dev"]
    assert len(found) == len(set(found)) == 8


def test_a_c_library_that_is_missing_names_its_package() -> None:
    installed("cortex-m4")
    target = dataclasses.replace(TARGETS["cortex-m4"], specs="picolibc.specs")
    with pytest.raises(
        EtcError, match="found: no picolibc.specs\n  next: apt-get install picolibc-riscv64-unknown-elf"
    ):
        target.require()


def test_a_target_that_is_not_there() -> None:
    with pytest.raises(EtcError, match="there is no target cortex-m5\n  next: did you mean cortex-m55?"):
        target_named("cortex-m5")


def test_a_folder_without_a_program(tmp_path: Path) -> None:
    with pytest.raises(EtcError, match="this is not the folder of a generated C program"):
        HostProgram(tmp_path)
    with pytest.raises(EtcError, match="this is no folder"):
        HostProgram(tmp_path / "none")


def test_a_program_that_is_too_large(tmp_path: Path) -> None:
    installed("cortex-m4")
    tiny_program.write(tmp_path)
    huge = dataclasses.replace(tiny_program.INTERFACE, pools=(CPool("arena", 5_000_000),))
    (tmp_path / "tiny.json").write_text(huge.to_json())
    with pytest.raises(EtcError, match="the program is too large for the memory of QEMU mps2-an386") as caught:
        open_program(tmp_path, "cortex-m4")
    assert "bytes too many for SSRAM23" in caught.value.problems[0].found


def test_c_that_does_not_compile(tmp_path: Path) -> None:
    installed(HOST.name)
    tiny_program.write(tmp_path)
    (tmp_path / "tiny_weights.c").write_text("int tiny_weights = none;\n")
    with pytest.raises(EtcError, match="cc cannot build the program") as caught:
        HostProgram(tmp_path)
    assert "tiny_weights.c:1:20: error" in caught.value.problems[0].found


def test_a_call_bound_once_runs_often(program: Callable[[str], Program]) -> None:
    found = program("host")
    assert isinstance(found, HostProgram)
    call = found.bind("forward", [X])
    call.run()
    call.run()
    np.testing.assert_allclose(call.outputs()[0], Y + np.float32(11), rtol=1e-6)
