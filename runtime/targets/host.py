"""Programs on this machine: a shared library, loaded into this process."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from etc.emit.c.interface import CInterface, CMethod
from etc.runtime.targets.arrays import arguments_of, output_of
from etc.runtime.targets.build import compile_sources, model_sources, run_tool
from etc.runtime.targets.interface import check_status, method_named, read_interface
from etc.runtime.targets.target import HOST

_UNSET = 0xFF
"""Bytes of memory that nothing was written to: a NaN, where floats are."""


class HostCall:
    """One method with inputs and buffers in place: `run` is nothing but the C function."""

    def __init__(self, program: HostProgram, method: CMethod, inputs: Sequence[Any]):
        arguments = arguments_of(method, inputs)
        self._interface, self._method, self._sizes = program.interface, method, arguments.sizes
        self._inputs = arguments.inputs
        self._outputs = [np.full(max(output.bytes, 1), _UNSET, np.uint8) for output in method.outputs]
        self._found = {symbol.name: ctypes.c_size_t() for symbol in method.symbols if not symbol.given}
        pointers = [array.ctypes.data for array in (*self._inputs, *self._outputs)]
        symbols = [
            self._sizes[symbol.name] if symbol.given else ctypes.addressof(self._found[symbol.name])
            for symbol in method.symbols
        ]
        self._io = _io_structure(method)(*pointers, *symbols)
        self._function = program.function(method.function)
        self._arguments = (ctypes.addressof(self._io), *program.pools, program.state)

    def run(self) -> None:
        """Call the function once. Raises EtcError when it returns an error."""
        if status := self._function(*self._arguments):
            check_status(self._interface, self._method, status)

    def outputs(self) -> list[np.ndarray]:
        """What the last run gave."""
        sizes = {**self._sizes, **{name: size.value for name, size in self._found.items()}}
        pairs = zip(self._method.outputs, self._outputs, strict=True)
        return [output_of(output, sizes, buffer) for output, buffer in pairs]


class HostProgram:
    """A generated program in this process. Attributes: `interface`; `pools` and `state`, addresses of its memory."""

    interface: CInterface

    def __init__(self, folder: str | os.PathLike[str], optimise: Sequence[str] = HOST.optimise):
        """Compile the program in a folder, with more options if wanted: `("-O3", "-march=native")`. Raises EtcError."""
        self.interface = read_interface(folder)
        with TemporaryDirectory(prefix="etc-") as place:
            sources = model_sources(Path(folder).resolve(), self.interface, optimise)
            objects = compile_sources(HOST, sources, Path(place))
            library = Path(place) / f"{self.interface.model}.so"
            run_tool([HOST.compiler, "-shared", *map(str, objects), "-lm", "-o", str(library)])
            self._library = ctypes.CDLL(str(library))
        align = self.interface.align
        self._memory = [np.full(part.bytes + align, _UNSET, np.uint8) for part in self.interface.memory]
        *self.pools, self.state = (-(-memory.ctypes.data // align) * align for memory in self._memory)
        self.reset()

    def reset(self) -> None:
        """Give the state its first values again."""
        if self.interface.state_bytes:
            init = self._library[f"{self.interface.model}_state_init"]
            init.argtypes, init.restype = [ctypes.c_void_p], None
            init(self.state)

    def function(self, name: str) -> Any:
        """A method's function: it takes the addresses of its inputs and outputs, of the pools and of the state."""
        found = self._library[name]
        found.argtypes, found.restype = [ctypes.c_void_p] * (2 + len(self.pools)), ctypes.c_int
        return found

    def bind(self, method: str, inputs: Sequence[Any]) -> HostCall:
        """A call that can be run again and again. Raises EtcError when the inputs do not fit."""
        return HostCall(self, method_named(self.interface, method), inputs)

    def call(self, method: str, inputs: Sequence[Any]) -> list[np.ndarray]:
        """Flat outputs for flat inputs; state lives on to the next call. Raises EtcError."""
        bound = self.bind(method, inputs)
        bound.run()
        return bound.outputs()


def _io_structure(method: CMethod) -> type[ctypes.Structure]:
    pointers = [(tensor.identifier, ctypes.c_void_p) for tensor in (*method.inputs, *method.outputs)]
    sizes = [(s.identifier, ctypes.c_size_t if s.given else ctypes.c_void_p) for s in method.symbols]
    return type(method.io_type, (ctypes.Structure,), {"_fields_": [*pointers, *sizes]})
