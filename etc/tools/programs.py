"""Programs as files: text with the weights beside it, `.pt2` of torch.export, `.pte`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.errors import EtcError
from etc.tools.files import in_file, read_bytes, read_text, write_whole
from etc.tools.reporting import UsageError
from etc.tools.sources import Chunk, Program, parse, split

_NAMED_CONTENT = "#program.blob<"
"""What a text has in it when some of its constants are in a file beside it."""


def read_programs(ctx: Context, path: str, *, pieces: bool = False) -> Iterator[Callable[[], Program]]:
    """Readers of the programs in a file: one, or with `pieces` one per piece of a text between `// -----` lines.

    Raises EtcError when the file cannot be read; a reader raises EtcError when its program is malformed.
    """
    if (read := _READERS.get(Path(path).suffix)) is not None:
        if pieces:
            raise UsageError(f"{path}: only text can be split")
        yield lambda: Program(read(path))
        return
    name = "<stdin>" if path == "-" else path
    text = read_text(path)
    for chunk in split(name, text) if pieces else (Chunk(name, text),):
        yield lambda chunk=chunk: _read_text(ctx, chunk, path)


def _read_text(ctx: Context, chunk: Chunk, path: str) -> Program:
    program = parse(ctx, chunk)
    weights = Path(path).with_suffix(".safetensors")
    if path != "-" and _NAMED_CONTENT in chunk.text and weights.is_file():
        from etc.dialects.weights_file import attach

        attach(program.module, weights)
    return program


def _read_pt2(path: str) -> ModuleOp:
    from etc.lowering.import_torch import import_program
    from etc.lowering.import_torch_files import load_pt2

    return import_program(load_pt2(path))


def _read_pte(path: str) -> ModuleOp:
    from etc.emit.flatbuffer import read_pte

    data = read_bytes(path)
    try:
        return read_pte(data)
    except EtcError as error:
        raise EtcError([in_file(path, problem) for problem in error.problems]) from error


_READERS = {".pt2": _read_pt2, ".pte": _read_pte}


def write_text(text: str, modules: list[ModuleOp], path: str | None) -> None:
    """Write the text of programs to a file, and their large weights to a `.safetensors` file beside it.

    To standard output (`path` None) goes the text alone.
    """
    if path is None:
        sys.stdout.write(text)
        return
    if _NAMED_CONTENT in text:
        from etc.dialects.weights_file import save

        save(Path(path).with_suffix(".safetensors"), *modules)
    write_whole(path, text.encode())


def write_pte(module: ModuleOp, path: str | None) -> None:
    """Write a program of stage `exec` as a `.pte` file, or to standard output. Raises EtcError."""
    from etc.emit.flatbuffer import emit_pte

    data = emit_pte(module)
    if path is not None:
        write_whole(path, data)
    elif sys.stdout.isatty():
        raise EtcError("a .pte is not for the terminal", next_step="give a file name: -o FILE.pte")
    else:
        sys.stdout.buffer.write(data)
