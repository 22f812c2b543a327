"""`exec` → the bytes of a `.pte` file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xdsl.dialects.builtin import IntegerAttr, ModuleOp
from xdsl.ir import Operation

from etc.dialects import exec as ex
from etc.emit.flatbuffer import schema as s
from etc.emit.flatbuffer.container import Bytes, join
from etc.emit.flatbuffer.placement import Segment, align
from etc.emit.flatbuffer.write_plan import Places, PlanWriter, index_of
from etc.emit.flatbuffer.writer import Writer
from etc.errors import EtcError, problem_at

_OFFSETS = s.Vector(s.U64)


def emit_pte(module: ModuleOp) -> bytes:
    """The `.pte` file of the module's one `exec.program`. Equal programs give equal bytes.

    Raises EtcError when the module holds no program or several, when memory is not planned, when a view is left or
    when the content of a constant is not at hand.
    """
    programs = [op for op in module.ops if isinstance(op, ex.ProgramOp)]
    if len(programs) != 1:
        raise EtcError(
            "a .pte file holds one program",
            expected="one exec.program in the module",
            found=f"{len(programs)} among {', '.join(sorted({op.name for op in module.ops})) or 'no ops'}",
            next_step="lower the module first: run edge-to-exec and plan-memory",
        )
    return _Program(programs[0]).emit()


def _list_or_none(writer: Writer, positions: Sequence[int], present: bool) -> int | None:
    return writer.tables(positions) if positions or present else None


class _Program:
    """Lays out segments, then writes the tables."""

    def __init__(self, op: ex.ProgramOp):
        self.op = op
        self.writer = Writer()
        self.ops = list(op.body.ops)
        self.segments: list[tuple[int, Sequence[Bytes], int]] = []
        """Offset, content and size of each."""
        self.places = Places()
        self.constants: int | None = None
        self.mutable: list[int] = []
        self.constant_buffer: list[int] = []

    def emit(self) -> bytes:
        w, empty = self.writer, self.op.empty_lists
        for op in self.ops:
            if isinstance(op, ex.ConstantBufferOp):
                self._constant_buffer(op)
            elif isinstance(op, ex.DataGroupOp):
                self._group(op)
            elif isinstance(op, ex.SegmentOp):
                self.places.segments[op.sym_name.data] = len(self.segments)
                self._segment(op, op.at, [_content(op)], op.nbytes)
        inline = [op for op in self.ops if isinstance(op, ex.BackendDataOp)]
        self.places.inline = {op.sym_name.data: i for i, op in enumerate(inline)}
        backend_data = [w.table(s.INLINE_DATA, w.blob(_content(op))) for op in inline]
        named = [
            w.table(
                s.NAMED_DATA,
                w.string(op.key.data),
                index_of(op, op.segment.string_value(), self.places.segments, "exec.segment"),
            )
            for op in self.ops
            if isinstance(op, ex.NamedDataOp)
        ]
        if self.constants is None and "constant_segment" in empty:
            self.constants = w.table(s.SUBSEGMENT_OFFSETS, 0, w.numbers(_OFFSETS, ()))
        plans = w.tables([PlanWriter(w, self.places, plan).emit() for plan in self.op.plans])
        segments = [w.table(s.DATA_SEGMENT, offset, size) for offset, _, size in self.segments]
        root = w.table(
            s.PROGRAM,
            self.op.version.value.data if self.op.version is not None else 0,
            plans,
            _list_or_none(w, self.constant_buffer, "constant_buffer" in empty),
            _list_or_none(w, backend_data, "backend_delegate_data" in empty),
            _list_or_none(w, segments, "segments" in empty),
            self.constants,
            _list_or_none(w, self.mutable, "mutable_data_segments" in empty),
            _list_or_none(w, named, "named_data" in empty),
        )
        has_data = any(size for _, _, size in self.segments)
        pieces, size = w.finish(root, s.IDENTIFIER, header=has_data)
        content = [(offset, parts) for offset, parts, _ in self.segments]
        return join(pieces, size, content, self.op.segment_alignment)

    def _segment(self, op: Operation, at: IntegerAttr[Any] | None, parts: Sequence[Bytes], size: int) -> None:
        end = self.segments[-1][0] + self.segments[-1][2] if self.segments else 0
        offset = align(end, self.op.segment_alignment) if at is None else at.value.data
        if offset < end:
            raise EtcError(problem_at(op, "segments overlap", expected=f"`at` from {end} up", found=f"at {offset}"))
        self.segments.append((offset, parts, size))

    def _group(self, op: ex.DataGroupOp) -> None:
        segment = Segment()
        offsets = [0]
        mutable = len(self.mutable) if isinstance(op, ex.MutableSegmentOp) else None
        for index, entry in enumerate(op.entries, 1):
            _content(entry)
            at = entry.at.value.data if entry.at is not None else segment.default(entry.blob)
            if not segment.place(entry.blob, at):
                raise EtcError(
                    problem_at(
                        entry,
                        f"@{entry.sym_name.data} overlaps what is before it",
                        expected=f"`at` from {segment.end} up",
                        found=f"at {at}",
                    )
                )
            offsets.append(at)
            self.places.data[entry.sym_name.data] = (index, mutable)
        size = segment.end if op.size is None else op.size.value.data
        if size < segment.end:
            raise EtcError(
                problem_at(op, "the segment is too small", expected=f"size {segment.end}", found=f"size {size}")
            )
        if size > segment.end:
            segment.parts.append(bytes(size - segment.end))
        w = self.writer
        table = w.table(s.SUBSEGMENT_OFFSETS, len(self.segments), w.numbers(_OFFSETS, offsets))
        if mutable is None:
            self.constants = table
        else:
            self.mutable.append(table)
        self._segment(op, op.at, segment.parts, size)

    def _constant_buffer(self, op: ex.ConstantBufferOp) -> None:
        w = self.writer
        self.constant_buffer = [w.table(s.BUFFER, w.blob(b""))]
        for index, entry in enumerate(op.entries, 1):
            self.constant_buffer.append(w.table(s.BUFFER, w.blob(_content(entry))))
            self.places.data[entry.sym_name.data] = (index, None)


def _content(op: ex.BytesOp) -> memoryview:
    data = op.blob.data
    if len(data) != op.nbytes:
        raise EtcError(
            problem_at(
                op,
                f"@{op.sym_name.data} has the wrong number of bytes",
                expected=f"{op.nbytes} for {op.type}",
                found=str(len(data)),
                next_step="check that the weights file belongs to this program",
            )
        )
    return data
