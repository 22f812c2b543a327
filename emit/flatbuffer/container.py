"""The file around the flatbuffer: an extended header, then segments.

    0   u32 root offset, "ET12"
    8   "eh00", u32 header length 32, u64 flatbuffer size, u64 first segment's place, u64 bytes from there to the end
    40  the rest of the flatbuffer; padding; segments

A program whose segments are all empty has no header, as the stock exporter does it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from etc.emit.flatbuffer.schema import IDENTIFIER
from etc.emit.flatbuffer.writer import HEADER_BYTES
from etc.errors import EtcError

_HEADER = struct.Struct("<4sIQQQ")
_MAGIC = b"eh00"
_SHORTEST_HEADER = 24
"""Older files lack the last field."""
_SMALLEST_FILE = 64
"""The runtime reads this much before it looks at anything."""

Bytes = bytes | memoryview


def damaged(what: str, place: str, expected: object, found: object) -> EtcError:
    """A `.pte` file that cannot be what its writer meant. `place`: a byte offset, and the field at it if known."""
    return EtcError(
        what,
        where=place,
        expected=str(expected),
        found=str(found),
        next_step="the file is damaged or cut short; copy it again, or make it again with `etc-compile`",
    )


@dataclass(frozen=True)
class Container:
    """A file taken apart. `base` is where segment offsets count from; 0 when there is no header."""

    flatbuffer: memoryview
    base: int
    data: memoryview

    def segment(self, index: int, offset: int, size: int) -> memoryview:
        """The bytes of a segment; raises EtcError when they are not all in the file."""
        if not self.base and size:
            raise damaged(f"segment {index} has data but the file has no header", "byte 8", '"eh00"', "no header")
        if self.base + offset + size > len(self.data):
            raise damaged(
                f"segment {index} is not all in the file",
                f"byte {self.base + offset}",
                f"{size} bytes",
                f"a file of {len(self.data)} bytes",
            )
        return self.data[self.base + offset : self.base + offset + size]


def split(data: Bytes) -> Container:
    """Take a file apart. Raises EtcError when it is no `.pte` file or too short."""
    view = memoryview(data).cast("B") if len(data) else memoryview(b"")
    found = bytes(view[4:8])
    if found != IDENTIFIER:
        raise EtcError(
            "this is not a .pte program",
            where="byte 4",
            expected=f'the identifier "{IDENTIFIER.decode()}"',
            found=repr(found)[1:] if found else f"a file of {len(view)} bytes",
            next_step="check the path; `etc-compile` writes .pte files",
        )
    if len(view) < 8 + _HEADER.size or bytes(view[8:12]) != _MAGIC:
        return Container(view, 0, view)
    _, length, program_size, base, segments_size = _HEADER.unpack_from(view, 8)
    if length < _SHORTEST_HEADER:
        raise damaged("the header is too short", "byte 12", f"{_SHORTEST_HEADER} or more", length)
    if length < HEADER_BYTES:
        segments_size = 0
    if not 8 + length <= program_size <= len(view):
        raise damaged(
            "the flatbuffer is not all in the file", "byte 16", f"a size up to {len(view)} bytes", program_size
        )
    if base and (base < program_size or base + segments_size > len(view)):
        raise damaged(
            "the segments are not all in the file",
            "byte 24",
            f"places within {len(view)} bytes, after the flatbuffer's {program_size}",
            f"{segments_size} bytes from {base}",
        )
    return Container(view[:program_size], base, view)


def join(pieces: list[Bytes], size: int, segments: Sequence[tuple[int, Sequence[Bytes]]], alignment: int) -> bytes:
    """The file. `pieces`: a flatbuffer of `size` bytes with room for a header if any segment has bytes.

    `segments`: offset and bytes of each, by rising offset; the first starts at a multiple of `alignment`.
    """
    if any(len(part) for _, parts in segments for part in parts):
        base = size + -size % alignment
        parts = [*pieces, bytes(base - size)]
        at = 0
        for offset, content in segments:
            parts.append(bytes(offset - at))
            parts += content
            at = offset + sum(map(len, content))
        parts[1] = _HEADER.pack(_MAGIC, HEADER_BYTES, size, base, at)
        return b"".join(parts)
    return b"".join([*pieces, bytes(max(0, _SMALLEST_FILE - size))])
