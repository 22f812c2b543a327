"""Where bytes go when nobody says otherwise: the one rule that both writing and reading of files use."""

from __future__ import annotations

from typing import Any

from etc.dialects.blob import Blob
from etc.dialects.exec import DATA_ALIGNMENT
from etc.emit.flatbuffer.container import Bytes


def align(offset: int, alignment: int) -> int:
    return offset + -offset % alignment


class Segment:
    """Collects the tensors of a segment: each at a multiple of 16 bytes, equal content once."""

    def __init__(self) -> None:
        self.end = 0
        """Bytes so far."""
        self.parts: list[Bytes] = []
        self._placed: dict[Any, list[tuple[Blob, int]]] = {}

    def default(self, blob: Blob) -> int:
        """Where `blob` would go."""
        for other, offset in self._placed.get(_fingerprint(blob), ()):
            if _same(other, blob):
                return offset
        return align(self.end, DATA_ALIGNMENT)

    def place(self, blob: Blob, offset: int) -> bool:
        """Put `blob` at `offset`, unless it is there already; False when something else is."""
        placed = self._placed.setdefault(_fingerprint(blob), [])
        if offset < self.end:
            return any(there == offset and _same(other, blob) for other, there in placed)
        placed.append((blob, offset))
        self.parts += [bytes(offset - self.end), blob.data]
        self.end = offset + blob.nbytes
        return True


def _fingerprint(blob: Blob) -> tuple[int, bytes, bytes]:
    """Cheap and telling: weights of one shape seldom begin and end alike."""
    return blob.nbytes, bytes(blob.data[:64]), bytes(blob.data[-64:])


def _same(a: Blob, b: Blob) -> bool:
    return a is b or a.key == b.key
