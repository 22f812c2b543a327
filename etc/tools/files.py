"""Files that the tools read and write. An output appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from etc.errors import EtcError, Problem


def read_bytes(path: str) -> bytes:
    """The content of a file, `-` for standard input. Raises EtcError when it cannot be read."""
    if path == "-":
        return sys.stdin.buffer.read()
    if not path:
        raise EtcError("the name of a file is empty")
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise EtcError(f"{path}: cannot be read: {reason_of(error)}") from error


def read_text(path: str) -> str:
    """The content of a UTF-8 file, `-` for standard input. Raises EtcError when it cannot be read."""
    data = read_bytes(path)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        name = "<stdin>" if path == "-" else path
        raise EtcError(
            f"{name}: this is not a text file: byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8",
            expected="a program as text (.mlir), or a .pt2 or .pte file with that extension in its name",
        ) from error


def write_whole(path: str, data: bytes) -> None:
    """Write a file so that it has all of `data` or is left as it was. Raises EtcError when it cannot be written."""
    target = Path(path)
    try:
        if target.exists() and not target.is_file():  # /dev/null, a pipe: nothing to keep whole
            target.write_bytes(data)
            return
        # Beside the target: a rename within one directory is atomic.
        draft = target.resolve().with_name(f".{target.name}.{os.getpid()}")
        try:
            draft.write_bytes(data)
            os.replace(draft, target.resolve())
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise EtcError(f"{path}: cannot be written: {reason_of(error)}") from error


def write_all(folder: str | os.PathLike[str], files: Mapping[str, bytes]) -> Path:
    """Write files into a folder, which is made if need be: all of them or none. Raises EtcError."""
    target = Path(folder)
    drafts = {target / f".{name}.{os.getpid()}": target / name for name in files}
    try:
        target.mkdir(parents=True, exist_ok=True)
        try:
            for draft, data in zip(drafts, files.values(), strict=True):
                draft.write_bytes(data)
            for draft, final in drafts.items():
                os.replace(draft, final)
        finally:
            for draft in drafts:
                draft.unlink(missing_ok=True)
    except OSError as error:
        raise EtcError(f"{folder}: cannot be written to: {reason_of(error)}") from error
    return target


def in_file(path: str, problem: Problem) -> Problem:
    """A problem whose place begins with the file that has it."""
    return replace(problem, where=f"{path}: {problem.where}" if problem.where else path)


def reason_of(error: OSError) -> str:
    """`No such file or directory`, without the number and the path."""
    return error.strerror or str(error)
