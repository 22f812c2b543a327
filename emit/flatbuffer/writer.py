"""Writes flatbuffers back to front, each distinct piece once.

Children are written before the tables that point at them, so every position is known when it is needed. A position is
a distance from the end of the buffer. Equal strings, lists and tables are the same bytes: a program names the integer 1
thousands of times. (The format allows it: readers follow offsets and never write.)
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from operator import ne
from typing import Any

from etc.emit.flatbuffer.schema import Scalar, Table, Union, Vector
from etc.errors import EtcError

HEADER_BYTES = 32
_ALIGNMENT = 16
"""Of the whole buffer: the largest alignment that anything in it has."""


class _Layout:
    """How a table of one schema with one set of present fields lies in memory."""

    def __init__(self, schema: Table, present: tuple[bool, ...]):
        codes = [code for code, _ in _columns(schema)]
        sizes = [struct.calcsize("<" + code) for code in codes]
        chosen = sorted((i for i, there in enumerate(present) if there), key=lambda i: -sizes[i])
        self.align = max([4, *(sizes[i] for i in chosen)])
        self.format = struct.Struct("<i" + "".join(codes[i] for i in chosen))
        """The distance to the vtable, then the fields from large to small: no gap between them."""
        self.size = self.format.size
        references = [is_reference for _, is_reference in _columns(schema)]
        offsets: dict[int, int] = {}
        at = 4
        for i in chosen:
            offsets[i] = at
            at += sizes[i]
        self.fields = [(i, offsets[i] if references[i] else 0) for i in chosen]
        slots = max(chosen, default=-1) + 1
        self.vtable = struct.pack(
            f"<{slots + 2}H", 4 + 2 * slots, self.size, *(offsets.get(slot, 0) for slot in range(slots))
        )


class _Schema:
    """What the writer remembers of a table: the values that are left out, and the layouts met so far."""

    def __init__(self, schema: Table):
        self.absent = tuple(None if is_reference else 0 for _, is_reference in _columns(schema))
        self.layouts: dict[tuple[bool, ...], _Layout] = {}


def _columns(schema: Table) -> list[tuple[str, bool]]:
    """Per slot: `struct`'s code and whether it is an offset to something else."""
    columns: list[tuple[str, bool]] = []
    for field in schema.fields.values():
        match field:
            case Scalar(code="d"):
                columns.append(("Q", False))
            case Scalar(code=code):
                columns.append((code, False))
            case Union():
                columns += [("B", False), ("I", True)]
            case _:
                columns.append(("I", True))
    return columns


class Writer:
    """Collects a buffer. The methods return the position of what they wrote, for use as a field's value."""

    def __init__(self) -> None:
        self._pieces: list[bytes | memoryview] = []
        """From the end of the buffer to its start."""
        self._size = 0
        self._positions: dict[Any, int] = {}
        self._schemas: dict[Table, _Schema] = {}

    def string(self, text: str) -> int:
        position = self._positions.get(text)
        if position is None:
            data = text.encode("utf-8")
            position = self._positions[text] = self._list(len(data), data + b"\0", 1)
        return position

    def numbers(self, field: Vector, values: Sequence[Any]) -> int:
        try:
            data = struct.pack(f"<{len(values)}{field.item.code}", *values)
        except struct.error:
            raise _too_large(f"list of {field.item.size * 8}-bit numbers", values) from None
        key = (field.item.size, data)
        position = self._positions.get(key)
        if position is None:
            position = self._positions[key] = self._list(len(values), data, field.item.size)
        return position

    def blob(self, data: bytes | memoryview, align: int = _ALIGNMENT) -> int:
        """Bytes that are kept as they are, not copied until the end and not looked for among earlier ones."""
        return self._list(len(data), data, align)

    def tables(self, positions: Iterable[int]) -> int:
        """A list of tables written before."""
        children = list(positions)
        start = self._size + 4 * len(children)
        start += -start % 4
        # An element's value is the distance from itself to its child.
        offsets = [start - 4 * i - child for i, child in enumerate(children)]
        return self._list(len(children), struct.pack(f"<{len(offsets)}I", *offsets), 4)

    def table(self, schema: Table, *values: Any) -> int:
        """`values`: one per slot, in order; None for what is absent; a union's code and value are two.

        A number that is 0, its default, is left out. A double must come as its 64 bits.
        """
        key = (schema, values)
        position = self._positions.get(key)
        if position is not None:
            return position
        known = self._schemas.get(schema)
        if known is None:
            known = self._schemas[schema] = _Schema(schema)
        present = tuple(map(ne, values, known.absent))
        layout = known.layouts.get(present)
        if layout is None:
            layout = known.layouts[present] = _Layout(schema, present)
        vtable = self._positions.get(layout.vtable)
        if vtable is None:
            vtable = self._positions[layout.vtable] = self._put(layout.vtable, 2)
        padding = -(self._size + layout.size - 4) % layout.align
        start = self._size + padding + layout.size
        fields = [start - at - values[i] if at else values[i] for i, at in layout.fields]
        try:
            data = layout.format.pack(vtable - start, *fields)
        except struct.error:
            raise _too_large(schema.name, values) from None
        if padding:
            self._pad(padding)
        self._pieces.append(data)
        self._size = self._positions[key] = start
        return start

    def finish(self, root: int, identifier: bytes, header: bool) -> tuple[list[bytes | memoryview], int]:
        """The buffer as pieces in file order and its size. With `header`, 32 bytes of zeros follow the identifier."""
        prefix = 8 + (HEADER_BYTES if header else 0)
        self._pad(-(self._size + prefix) % _ALIGNMENT)
        size = self._size + prefix
        start = struct.pack("<I4s", size - root, identifier)
        return [start, bytes(prefix - 8), *reversed(self._pieces)], size

    def _list(self, count: int, data: bytes | memoryview, align: int) -> int:
        self._pad(-(self._size + len(data)) % max(align, 4))
        self._pieces.append(data)
        self._pieces.append(struct.pack("<I", count))
        self._size += len(data) + 4
        return self._size

    def _put(self, data: bytes, align: int) -> int:
        self._pad(-(self._size + len(data)) % align)
        self._pieces.append(data)
        self._size += len(data)
        return self._size

    def _pad(self, count: int) -> None:
        if count:
            self._pieces.append(bytes(count))
            self._size += count


def _too_large(what: str, values: object) -> EtcError:
    return EtcError(
        "a number of the program does not fit its field in the file",
        expected=f"numbers that fit a {what}",
        found=str(values),
        next_step="verify the program before writing it: `etc-opt` without --disable-verify names the op",
    )
