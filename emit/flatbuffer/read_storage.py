"""Symbols for the bytes of a file that is read, and what both halves of the reader need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xdsl.dialects.builtin import TensorType

from etc.dialects import exec as ex
from etc.dialects.blob import Blob
from etc.emit.flatbuffer import schema as s
from etc.emit.flatbuffer.container import damaged
from etc.emit.flatbuffer.placement import Segment
from etc.emit.flatbuffer.reader import Row


def need(row: Row, table: s.Table, *fields: str) -> Any:
    """The field that must be there; several as a tuple."""
    for name in fields:
        if row[name] is None:
            raise damaged("a part of the program is missing", f"{table.name}.{name}", "a value", "nothing")
    return row[fields[0]] if len(fields) == 1 else tuple(row[field] for field in fields)


def pick(items: Sequence[Any], index: int, place: str, what: str) -> Any:
    if not 0 <= index < len(items):
        raise damaged(f"there is no such {what}", place, f"an index below {len(items)}", index)
    return items[index]


class Names:
    """Unique symbols: the wish, or the wish and a number."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def take(self, wish: str) -> str:
        name, number = wish, 1
        while name in self._used:
            number += 1
            name = f"{wish}.{number}"
        self._used.add(name)
        return name


class Group:
    """The data of one table: where each datum is, what the tensors say about it, and its symbol."""

    def __init__(self, prefix: str, spans: Sequence[tuple[int, memoryview]], names: Names):
        self.spans, self._prefix, self._names = spans, prefix, names
        self._tensors: dict[int, tuple[TensorType[Any], int, str | None]] = {}
        self.symbols: dict[int, str] = {}

    def use(self, index: int, type: TensorType[Any] | None, nbytes: int, fqn: str | None) -> None:
        """Note that a tensor of this type has its bytes here: it tells their number and gives them a name."""
        if type is not None and index not in self._tensors:
            self._tensors[index] = (type, nbytes, fqn)

    def entries(self, place: bool) -> list[ex.DataOp]:
        """One `exec.data` per datum; `place`: say where it is, when the emitter would put it elsewhere."""
        segment = Segment()
        blobs: dict[tuple[int, int], Blob] = {}  # equal content is seen at once where the place is equal
        entries: list[ex.DataOp] = []
        for index, (offset, span) in enumerate(self.spans, 1):
            type, nbytes, fqn = self._tensors.get(index, (None, -1, None))
            if nbytes != len(span):
                if 0 <= nbytes < len(span) and not bytes(span[nbytes:]).strip(b"\0"):
                    span = span[:nbytes]  # what follows is padding
                else:
                    type = None
            blob = blobs.setdefault((offset, len(span)), Blob.from_bytes(span))
            at = None
            if place:
                at = offset if offset != segment.default(blob) else None
                if not segment.place(blob, offset):
                    raise damaged(
                        "constants overlap", f"SubsegmentOffsets.offsets[{index}]", f"{segment.end} or more", offset
                    )
            name = self.symbols[index] = self._names.take(fqn or f"{self._prefix}{index}")
            entries.append(ex.DataOp(name, blob, type, at=at))
        self.end = segment.end
        return entries


@dataclass
class Storage:
    """The bytes that plans refer to by index."""

    constants: Group | None = None
    mutable: list[Group] = field(default_factory=list[Group])
    constant_buffer: Group | None = None
    segments: dict[int, str] = field(default_factory=dict[int, str])
    """Names of the segments that backends use, by index."""
    inline: list[str] = field(default_factory=list[str])

    def segment_name(self, index: int, place: str) -> str:
        name = self.segments.get(index)
        if name is None:
            raise damaged("there is no such segment for a backend", place, f"one of {list(self.segments)}", index)
        return name
