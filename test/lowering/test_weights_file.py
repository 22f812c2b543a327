"""The store of weights beside the text."""

from __future__ import annotations

import gc
import io
import struct
from pathlib import Path

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ArrayAttr, Builtin, DictionaryAttr, ModuleOp
from xdsl.dialects.func import Func
from xdsl.parser import Parser
from xdsl.printer import Printer

from etc.dialects import weights_file
from etc.dialects.blob import Blob, BlobAttr
from etc.dialects.dtypes import float32
from etc.dialects.program import ConstantOp, GlobalKind, GlobalOp, Program, globals_of
from etc.dialects.tensor import Tensor
from etc.errors import EtcError


def floats(first: float, count: int = 64) -> bytes:
    return struct.pack(f"<{count}f", *(first + i for i in range(count)))


def module_of(**contents: bytes) -> ModuleOp:
    return ModuleOp(
        [
            GlobalOp(name, Tensor(float32, (len(data) // 4,)).type, Blob.from_bytes(data), GlobalKind.parameter)
            for name, data in contents.items()
        ]
    )


def text_of(module: ModuleOp) -> str:
    stream = io.StringIO()
    Printer(stream=stream).print_op(module)
    return stream.getvalue()


def parse(text: str) -> ModuleOp:
    context = Context()
    for dialect in (Builtin, Func, Program):
        context.load_dialect(dialect)
    return Parser(context, text).parse_module()


def written(tmp_path: Path, **contents: bytes) -> tuple[str, Path]:
    """Text and weights file of a module that is gone afterwards, so that nothing is found in memory."""
    path = tmp_path / "model.safetensors"
    module = module_of(**contents)
    weights_file.save(path, module)
    text = text_of(module)
    del module
    gc.collect()
    return text, path


def test_bytes_come_back(tmp_path: Path) -> None:
    text, path = written(tmp_path, a=floats(0.5), b=floats(7))
    module = parse(text)
    weights_file.attach(module, path)
    module.verify()
    contents = {name: op.value.data.data.tobytes() for name, op in globals_of(module).items() if op.value}
    assert contents == {"a": floats(0.5), "b": floats(7)}
    assert text_of(module) == text


def test_parsing_after_loading(tmp_path: Path) -> None:
    text, path = written(tmp_path, a=floats(1.5))
    known = weights_file.load(path)
    (op,) = globals_of(parse(text)).values()
    assert op.value is not None
    assert op.value.data is known[op.value.data.key]
    assert op.value.data.data.tobytes() == floats(1.5)


def test_equal_contents_are_stored_once(tmp_path: Path) -> None:
    _, path = written(tmp_path, a=floats(1), b=bytes(bytearray(floats(1))), c=floats(2))
    assert len(weights_file.load(path)) == 2
    assert path.read_bytes().count(floats(1)) == 1


def test_small_constants_stand_in_the_text(tmp_path: Path) -> None:
    text, path = written(tmp_path, a=floats(1, 32), b=floats(1, 33))
    assert "dense<[1.0, 2.0" in text
    assert len(weights_file.load(path)) == 1


def test_constants_in_methods_are_stored(tmp_path: Path) -> None:
    module = ModuleOp([ConstantOp(Blob.from_bytes(floats(3)), Tensor(float32, (64,)).type)])
    weights_file.save(tmp_path / "w.safetensors", module)
    assert [b.nbytes for b in weights_file.load(tmp_path / "w.safetensors").values()] == [256]


def test_equal_modules_give_equal_files(tmp_path: Path) -> None:
    weights_file.save(tmp_path / "1", module_of(a=floats(1), b=floats(2)))
    weights_file.save(tmp_path / "2", module_of(b=floats(2), c=floats(1)))
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_a_missing_file() -> None:
    with pytest.raises(EtcError) as error:
        weights_file.load("nowhere/model.safetensors")
    assert str(error.value) == (
        "nowhere/model.safetensors: there is no such weights file\n"
        "  next: keep the .safetensors file beside the .mlir file that was written with it"
    )


@pytest.mark.parametrize("keep", [0, 4, 8, 40, 200, 300])
def test_a_truncated_file(tmp_path: Path, keep: int) -> None:
    _, path = written(tmp_path, a=floats(1), b=floats(2))
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(
        EtcError, match=r"model.safetensors: the file cannot be read as weights\n  expected: a .safeten"
    ):
        weights_file.load(path)


def test_changed_bytes_are_noticed_when_they_are_used(tmp_path: Path) -> None:
    text, path = written(tmp_path, a=floats(11))
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    module = parse(text)
    weights_file.attach(module, path)
    (op,) = globals_of(module).values()
    assert op.value is not None
    key = op.value.data.key
    with pytest.raises(EtcError) as error:
        _ = op.value.data.data
    assert str(error.value) == (
        f"{path}: the file cannot be read as weights\n"
        "  expected: a .safetensors file with tensors named sha256:…, as `etc-opt -o model.mlir` writes it\n"
        f"  found: other bytes than those of {key}\n"
        "  next: write the .mlir file and its weights again"
    )


def test_somebody_elses_file(tmp_path: Path) -> None:
    import numpy
    from safetensors.numpy import save_file

    save_file({"conv.weight": numpy.ones(3, numpy.float32)}, tmp_path / "other.safetensors")
    with pytest.raises(EtcError, match=r"found: a tensor 'conv.weight'"):
        weights_file.load(tmp_path / "other.safetensors")


def test_all_missing_weights_are_named(tmp_path: Path) -> None:
    text, path = written(tmp_path, a=floats(21), b=floats(22), c=floats(23))
    _, path = written(tmp_path, b=floats(22))
    with pytest.raises(EtcError) as error:
        weights_file.attach(parse(text), path)
    assert [p.what for p in error.value.problems] == [
        f"the bytes of @a are not in {path}",
        f"the bytes of @c are not in {path}",
    ]


def test_a_weight_of_another_size(tmp_path: Path) -> None:
    text, path = written(tmp_path, a=floats(31))
    with pytest.raises(EtcError) as error:
        weights_file.attach(parse(text.replace("tensor<64xf32>", "tensor<65xf32>")), path)
    assert str(error.value) == (
        "program.global: the content of @a does not have the size of its type\n"
        "  expected: 260 bytes for tensor<65xf32>\n"
        "  found: 256 bytes"
    )


def test_no_partial_file_is_left(tmp_path: Path) -> None:
    module = parse(written(tmp_path, a=floats(41))[0])
    with pytest.raises(EtcError, match="the bytes of a weight are not at hand"):
        weights_file.save(tmp_path / "out.safetensors", module)
    with pytest.raises(EtcError, match="the weights cannot be written"):
        weights_file.save(tmp_path / "missing" / "out.safetensors", module_of(a=floats(42)))
    assert [p.name for p in tmp_path.iterdir()] == ["model.safetensors"]


def test_tools_start_without_numpy() -> None:
    import subprocess
    import sys

    code = "import sys, etc.dialects.weights_file; sys.exit('numpy' in sys.modules or 'safetensors' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_contents_inside_of_other_attributes_are_stored(tmp_path: Path) -> None:
    module = ModuleOp([])
    module.attributes["tables"] = ArrayAttr([DictionaryAttr({"lut": BlobAttr(Blob.from_bytes(floats(51)))})])
    weights_file.save(tmp_path / "w.safetensors", module)
    assert [b.data.tobytes() for b in weights_file.load(tmp_path / "w.safetensors").values()] == [floats(51)]
