"""The bytes of a `.pte` file → `exec`."""

from __future__ import annotations

from collections.abc import Sequence

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from etc.dialects import exec as ex
from etc.dialects.blob import Blob
from etc.emit.flatbuffer import schema as s
from etc.emit.flatbuffer.container import Bytes, Container, damaged, split
from etc.emit.flatbuffer.placement import align
from etc.emit.flatbuffer.read_plan import PlanReader
from etc.emit.flatbuffer.read_storage import Group, Names, Storage, need, pick
from etc.emit.flatbuffer.reader import Reader, Row

_ALIGNMENTS = (ex.DEFAULT_ALIGNMENT, 16, *(1 << n for n in range(17) if 1 << n not in (ex.DEFAULT_ALIGNMENT, 16)))
"""Segment alignments that a file may have been written with, likeliest first."""


def read_pte(data: Bytes) -> ModuleOp:
    """A module with the `exec.program` that the file holds, of this compiler's making or another's.

    Constants are views of `data`, not copies. Raises EtcError naming the byte where the file stops making sense.
    """
    container = split(data)
    row = Reader(container.flatbuffer).root(s.PROGRAM)
    return ModuleOp([_Program(container, row).read()])


class _Program:
    def __init__(self, container: Container, row: Row):
        self.container, self.row = container, row
        self.names = Names()
        segments = row["segments"] or ()
        self.segments = [container.segment(i, g["offset"], g["size"]) for i, g in enumerate(segments)]
        self.places: list[int] = [g["offset"] for g in segments]
        self.alignment = self._alignment()
        self.groups: dict[int, tuple[type[ex.DataGroupOp], Group]] = {}
        """By segment index."""
        self.storage = Storage()

    def read(self) -> ex.ProgramOp:
        row = self.row
        constants: Row | None = row["constant_segment"]
        if constants is not None and constants["offsets"]:
            self.storage.constants = self._group(ex.ConstantSegmentOp, constants, "c")
        lists = row | {"constant_segment": None if constants is None else constants["offsets"] or ()}
        empty = [name for name in ex.ProgramOp.LISTS if lists[name] is not None and not lists[name]]
        previous = -1
        for table in row["mutable_data_segments"] or ():
            if table["segment_index"] <= previous:
                raise damaged(
                    "segments of state are not in order",
                    "Program.mutable_data_segments",
                    f"a segment after {previous}",
                    table["segment_index"],
                )
            previous = table["segment_index"]
            self.storage.mutable.append(self._group(ex.MutableSegmentOp, table, f"s{len(self.storage.mutable) or ''}_"))
        self._constant_buffer(row["constant_buffer"] or ())
        for i in range(len(self.segments)):
            if i not in self.groups:
                self.storage.segments[i] = self.names.take(f"segment{i}")
        inline = [
            ex.BackendDataOp(self.names.take(f"inline{i}"), Blob.from_bytes(need(data, s.INLINE_DATA, "data")))
            for i, data in enumerate(row["backend_delegate_data"] or ())
        ]
        self.storage.inline = [op.sym_name.data for op in inline]
        readers = [PlanReader(self.storage, plan) for plan in need(row, s.PROGRAM, "execution_plan")]
        for reader in readers:
            reader.note_data()
        storage: list[Operation] = []
        if self.storage.constant_buffer is not None:
            storage.append(ex.ConstantBufferOp(self.storage.constant_buffer.entries(place=False)))
        storage += self._segment_ops()
        storage += inline
        for named in row["named_data"] or ():
            name = self.storage.segment_name(named["segment_index"], "NamedData.segment_index")
            storage.append(ex.NamedDataOp(need(named, s.NAMED_DATA, "key"), name))
        plans = [reader.read() for reader in readers]
        return ex.ProgramOp([*storage, *plans], version=row["version"], alignment=self.alignment, empty=empty)

    def _alignment(self) -> int:
        """The alignment that explains where the segments are, the default when none does."""
        sizes = [len(segment) for segment in self.segments]

        def explains(alignment: int) -> bool:
            if any(sizes) and self.container.base != align(len(self.container.flatbuffer), alignment):
                return False
            end = 0
            for place, size in zip(self.places, sizes, strict=True):
                if place != align(end, alignment):
                    return False
                end = place + size
            return True

        return next(filter(explains, _ALIGNMENTS), ex.DEFAULT_ALIGNMENT)

    def _group(self, kind: type[ex.DataGroupOp], table: Row, prefix: str) -> Group:
        """The data of a segment: each reaches to the next one's offset."""
        index: int = table["segment_index"]
        place = f"{kind.name}: segment {index}"
        offsets: tuple[int, ...] = table["offsets"] or (0,)
        content: memoryview = pick(self.segments, index, "SubsegmentOffsets.segment_index", "segment")
        if index in self.groups:
            raise damaged("two tables share a segment", place, "a segment of its own", index)
        if offsets[0] != 0 or max(offsets) > len(content):
            raise damaged(
                "data lies outside its segment",
                place,
                f"offsets from 0 to {len(content)}, the first 0",
                f"{offsets[0]} … {max(offsets)}",
            )
        bounds = sorted({*offsets, len(content)})
        next_bound = dict(zip(bounds, [*bounds[1:], len(content)], strict=True))
        group = Group(prefix, [(o, content[o : next_bound[o]]) for o in offsets[1:]], self.names)
        self.groups[index] = (kind, group)
        return group

    def _constant_buffer(self, buffers: Sequence[Row]) -> None:
        if not buffers:
            return
        contents: list[memoryview] = [row["storage"] or memoryview(b"") for row in buffers]
        if len(contents[0]):
            raise damaged("entry 0 is reserved", "Program.constant_buffer[0]", "no bytes", f"{len(contents[0])} bytes")
        self.storage.constant_buffer = Group("b", [(0, content) for content in contents[1:]], self.names)

    def _segment_ops(self) -> list[Operation]:
        ops: list[Operation] = []
        end = 0
        for i, (place, content) in enumerate(zip(self.places, self.segments, strict=True)):
            if place < end:
                raise damaged("segments overlap", f"Program.segments[{i}].offset", f"{end} or more", place)
            at = None if place == align(end, self.alignment) else place
            if i in self.groups:
                kind, group = self.groups[i]
                entries = group.entries(place=True)
                ops.append(kind(entries, at=at, size=len(content) if len(content) != group.end else None))
            else:
                ops.append(ex.SegmentOp(self.storage.segments[i], Blob.from_bytes(content), at=at))
            end = place + len(content)
        return ops
