"""The description of a generated program in the folder that the program is in."""

from __future__ import annotations

import os
from pathlib import Path

from etc.emit.c.interface import CInterface, CMethod
from etc.errors import EtcError, did_you_mean


def read_interface(folder: str | os.PathLike[str]) -> CInterface:
    """Read `<model>.json`, the one that lies beside `<model>.h`. Raises EtcError when there is not exactly one."""
    place = Path(folder)
    if not place.is_dir():
        raise EtcError(f"{folder}: this is no folder", next_step="etc-compile MODEL --target c -o FOLDER writes one")
    found = sorted(path for path in place.glob("*.json") if path.with_suffix(".h").is_file())
    if len(found) != 1:
        raise EtcError(
            f"{folder}: this is not the folder of a generated C program",
            expected="one <model>.json beside <model>.h and the C files",
            found=", ".join(path.name for path in found) or "none",
        )
    try:
        interface = CInterface.from_json(found[0].read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise EtcError(f"{found[0]}: cannot be read: {error}") from error
    except EtcError as error:
        raise EtcError(f"{found[0]}: {error}") from error
    if missing := [name for name in interface.sources if not (place / name).is_file()]:
        raise EtcError(f"{folder}: C files are missing", expected=", ".join(missing))
    return interface


def check_status(interface: CInterface, method: CMethod, status: int) -> None:
    """Raise an EtcError for what a method returned, unless it is done."""
    if status:
        reason = interface.statuses.get(status, "unknown")
        raise EtcError(f"method {method.name} failed: {reason}", found=f"{method.function} returned {status}")


def method_named(interface: CInterface, name: str) -> CMethod:
    """A method of the program. Raises EtcError when there is none of this name."""
    methods = {method.name: method for method in interface.methods}
    if name not in methods:
        raise EtcError(f"there is no method {name}", next_step=did_you_mean(name, methods))
    return methods[name]
