"""`.pt2` files: what `torch.export.save` wrote, read back as an exported program."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import torch
from torch.export import ExportedProgram

from etc.errors import EtcError

_REGISTERED_BY: Mapping[bytes, str] = {
    b"torch.ops.quantized_decomposed.": "torch.ao.quantization.fx._decomposed",
    b"torch.ops.torchao.": "torchao.quantization",
}
"""Modules that register the operators of quantised programs, by how these are written in files."""


def load_pt2(path: str | Path) -> ExportedProgram:
    """Read a file that `torch.export.save` wrote. Raises EtcError when there is none or it is not such a file."""
    file = Path(path)
    if not file.is_file():
        raise EtcError(
            "there is no such file" if not file.exists() else "this is not a file",
            where=str(path),
            expected="a .pt2 file, as torch.export.save writes it",
        )
    try:
        with without_remarks():
            _register_operators(file)
            return torch.export.load(str(file))
    except Exception as error:  # whatever zipfile, json, pickle or torch raise for damaged content
        reason = str(error).strip().splitlines()
        raise EtcError(
            "the file cannot be read as an exported program",
            where=str(path),
            expected="a .pt2 file, as torch.export.save of this version of PyTorch writes it",
            found=reason[0] if reason else type(error).__name__,
            next_step="export and save the model again",
        ) from None


def _register_operators(file: Path) -> None:
    """Make the operators of quantisation that a program has known to torch."""
    with suppress(BadZipFile), ZipFile(file) as archive:
        programs = [archive.read(name) for name in archive.namelist() if name.endswith(".json")]
        for written, module in _REGISTERED_BY.items():
            if any(written in program for program in programs):
                with suppress(ImportError):
                    import_module(module)


@contextmanager
def without_remarks() -> Generator[None]:
    """Silence warnings, and what torch.export logs: the traceback of what it then raises."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
