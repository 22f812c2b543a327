"""Reads flatbuffers, checking every offset, into plain rows: a dict per table, None for what is absent.

Nothing in a damaged file may cost more than the file's size: each list is read once, and all of them together may
not hold more bytes than the buffer.
"""

from __future__ import annotations

import struct
from typing import Any

from etc.emit.flatbuffer.container import damaged
from etc.emit.flatbuffer.schema import Field, Scalar, String, Table, Tables, Union, Vector

Row = dict[str, Any]


class Reader:
    """`data`: the flatbuffer from its root offset on."""

    def __init__(self, data: memoryview):
        self._data = data
        self._seen: dict[tuple[Any, int], Any] = {}
        self._budget = 2 * len(data)

    def root(self, schema: Table) -> Row:
        """The table that the first four bytes point at. Raises EtcError on anything that does not fit."""
        return self._table(schema, self._follow(0, schema.name), schema.name)

    def _scalar(self, scalar: Scalar, at: int, place: str) -> Any:
        if not 0 <= at <= len(self._data) - scalar.size:
            raise damaged(
                "the flatbuffer points outside itself", f"byte {at} ({place})", f"up to {len(self._data)} bytes", at
            )
        return struct.unpack_from("<" + scalar.code, self._data, at)[0]

    def _follow(self, at: int, place: str) -> int:
        return at + self._scalar(_OFFSET, at, place)

    def _table(self, schema: Table, at: int, place: str) -> Row:
        key = (schema, at)
        row = self._seen.get(key)
        if row is not None:
            return row
        vtable = at - self._scalar(_SIGNED, at, place)
        length = self._scalar(_SHORT, vtable, place)
        size = self._scalar(_SHORT, vtable + 2, place)
        if length < 4 or length % 2 or vtable + length > len(self._data) or at + size > len(self._data):
            raise damaged(
                "a table's description does not fit", f"byte {vtable} ({place})", "sizes within the file", length
            )
        self._spend(size, at, place)
        offsets = struct.unpack_from(f"<{length // 2 - 2}H", self._data, vtable + 4)
        row = self._seen[key] = {}
        slots = schema.slots
        for name, field in schema.fields.items():
            slot = slots[name]
            offset = offsets[slot] if slot < len(offsets) else 0
            where = f"{schema.name}.{name}"
            match field:
                case Scalar():
                    row[name] = self._scalar(field, at + offset, where) if offset else 0
                case Union():
                    value = offsets[slot + 1] if slot + 1 < len(offsets) else 0
                    row[name] = self._union(field, at, offset, value, where)
                case _:
                    row[name] = self._reference(field, self._follow(at + offset, where), where) if offset else None
        return row

    def _union(self, union: Union, at: int, code_at: int, value_at: int, place: str) -> tuple[int, Row]:
        code: int = self._scalar(_BYTE, at + code_at, place) if code_at else 0
        if not 1 <= code <= len(union.members):
            raise damaged(
                "this kind is not known",
                f"byte {at + code_at} ({place})",
                f"a code from 1 to {len(union.members)}",
                code,
            )
        if not value_at:
            raise damaged("a value is missing", f"byte {at} ({place})", union.members[code - 1].name, "nothing")
        return code, self._table(union.members[code - 1], self._follow(at + value_at, place), place)

    def _reference(self, field: Field, at: int, place: str) -> Any:
        if isinstance(field, Table):
            return self._table(field, at, place)
        key = (field, at)
        value = self._seen.get(key)
        if value is None:
            value = self._seen[key] = self._list(field, at, place)
        return value

    def _list(self, field: Field, at: int, place: str) -> Any:
        count: int = self._scalar(_OFFSET, at, place)
        width = field.item.size if isinstance(field, Vector) else 4 if isinstance(field, Tables) else 1
        start, size = at + 4, count * width
        if start + size > len(self._data):
            raise damaged(
                "a list is longer than the file", f"byte {at} ({place})", f"up to {len(self._data) - start} bytes", size
            )
        self._spend(size, at, place)
        match field:
            case Tables(item=schema):
                return [self._table(schema, self._follow(start + 4 * i, place), f"{place}[{i}]") for i in range(count)]
            case Vector(blob=True):
                return self._data[start : start + size]
            case Vector(item=item):
                return struct.unpack_from(f"<{count}{item.code}", self._data, start)
            case String():
                try:
                    return str(self._data[start : start + size], "utf-8")
                except UnicodeDecodeError as error:
                    raise damaged("text is not UTF-8", f"byte {at} ({place})", "UTF-8", error.reason) from None
            case _:
                raise TypeError(f"not a list: {field}")

    def _spend(self, size: int, at: int, place: str) -> None:
        self._budget -= size
        if self._budget < 0:
            raise damaged(
                "the lists overlap", f"byte {at} ({place})", f"no more than {len(self._data)} bytes in all", "more"
            )


_BYTE, _SHORT = Scalar("B", 1), Scalar("H", 2)
_OFFSET, _SIGNED = Scalar("I", 4), Scalar("i", 4)
