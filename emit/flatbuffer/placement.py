"""Where bytes go when nobody says otherwise: the one rule that both writing and reading of files use."""

from __future__ import annotations

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
        self._at: dict[int, Blob] = {}
        self._firsts: dict[tuple[int, bytes, bytes], tuple[Blob, int]] = {}
        """The first blob with a fingerprint. Only when a second has it are contents hashed."""
        self._by_key: dict[str, int] = {}

    def default(self, blob: Blob) -> int:
        """Where `blob` would go: where equal content is, else at the end."""
        first, offset = self._firsts.get(_fingerprint(blob), (None, 0))
        if first is blob:
            return offset
        if first is not None:
            self._by_key.setdefault(first.key, offset)
            if blob.key in self._by_key:
                return self._by_key[blob.key]
        return align(self.end, DATA_ALIGNMENT)

    def place(self, blob: Blob, offset: int) -> bool:
        """Put `blob` at `offset`, unless it is there already; False when something else is."""
        if offset < self.end:
            there = self._at.get(offset)
            return blob.nbytes == 0 or there is blob or (there is not None and there.key == blob.key)
        if self._firsts.setdefault(_fingerprint(blob), (blob, offset))[0] is not blob:
            self._by_key.setdefault(blob.key, offset)
        self._at[offset] = blob
        self.parts += [bytes(offset - self.end), blob.data]
        self.end = offset + blob.nbytes
        return True


def _fingerprint(blob: Blob) -> tuple[int, bytes, bytes]:
    """Cheap and telling: weights of one shape seldom begin and end alike."""
    return blob.nbytes, bytes(blob.data[:64]), bytes(blob.data[-64:])
