"""What the memory planner takes and gives: buffers with live ranges in, offsets and arena sizes out.

Nothing here knows of IR: the `.pte` path and the generated-C path describe their tensors as `Buffer`s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from etc.errors import EtcError


@dataclass(frozen=True, slots=True)
class Buffer:
    """A run of `size` bytes that must keep its contents from step `first_use` to step `last_use`, both included.

    Steps number the instructions of one method; a result and the operands of the instruction that writes it are
    live in the same step, so they never share storage unless one is declared an alias of the other.

    `alias_of` names the buffer in whose storage this one lies, `alias_offset` bytes from its start: a view of it, or
    the in-place result of an operation whose operand dies there. `offset` fixes the place in the arena beforehand.

    `accesses` is how often elements of it are read and written, for the choice between pools.
    """

    name: str
    size: int
    first_use: int
    last_use: int
    alignment: int = 16
    memory_space: int = 1
    alias_of: str | None = None
    alias_offset: int = 0
    offset: int | None = None
    accesses: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Storage that buffers share: one buffer with all its aliases. This is what has to be placed.

    `size` is a multiple of `alignment`, and `offset` is None unless a member's place is fixed. `members` holds the
    index of each buffer and where it starts within the block.
    """

    size: int
    first_use: int
    last_use: int
    alignment: int
    memory_space: int
    offset: int | None
    members: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where every buffer lies.

    `offsets` maps a buffer's name to its byte offset in the arena of its memory space, `arena_sizes` a memory space
    to the bytes it needs, `lower_bounds` a memory space to the bytes below which no plan can go (see `lower_bound`).
    `strategies` names what found the plan of each memory space.
    """

    offsets: dict[str, int]
    arena_sizes: dict[int, int]
    lower_bounds: dict[int, int]
    strategies: dict[int, str]

    @property
    def planned_bytes(self) -> int:
        """Bytes of all arenas together."""
        return sum(self.arena_sizes.values())

    @property
    def bound_bytes(self) -> int:
        """Lower bounds of all arenas together."""
        return sum(self.lower_bounds.values())


def round_up(value: int, alignment: int) -> int:
    """The first multiple of `alignment` that is not below `value`."""
    return -(-value // alignment) * alignment


def live_changes(blocks: Iterable[Block]) -> dict[int, int]:
    """By how many bytes the live storage changes at each step where it does."""
    change: dict[int, int] = {}
    for block in blocks:
        change[block.first_use] = change.get(block.first_use, 0) + block.size
        change[block.last_use + 1] = change.get(block.last_use + 1, 0) - block.size
    return change


def lower_bound(blocks: Iterable[Block]) -> int:
    """Bytes below which no arena for these blocks can go: the most bytes that are live in any one step.

    A block counts from its first to its last step with its size rounded up to its alignment, and once however many
    aliases it holds. A fixed offset reserves what lies below its block's end. No plan can be smaller, because blocks
    that are live in one step must not overlap; none need be this small, so a plan above it may still be the best.
    """
    blocks = list(blocks)
    changes = sorted(live_changes(blocks).items())
    peak = max(accumulate(change for _, change in changes), default=0)
    return max(peak, max((b.offset + b.size for b in blocks if b.offset is not None), default=0))


def share_storage(buffers: Sequence[Buffer]) -> list[Block]:
    """Merge every buffer with its aliases, in the order in which the first member of each block is given.

    Raises EtcError for a name given twice, a live range that ends before it starts, an alignment that is no power of
    two, a negative size or offset, an alias of an unknown buffer or of itself, or aliases that cannot share storage.
    """
    index = {buffer.name: i for i, buffer in enumerate(buffers)}
    if len(index) != len(buffers):
        twice = next(buffer.name for i, buffer in enumerate(buffers) if index[buffer.name] != i)
        raise EtcError(f"buffer {twice!r} is given twice to the memory planner", next_step="name each buffer once")

    places: list[tuple[int, int] | None] = [None] * len(buffers)  # (index of the base, offset within it)
    groups: dict[int, list[tuple[int, int]]] = {}
    for i, buffer in enumerate(buffers):
        _check(buffer)
        base, at = places[i] = _resolve(i, buffers, index, places)
        groups.setdefault(base, []).append((i, at))
    return [_block(buffers, members) for members in groups.values()]


def _check(buffer: Buffer) -> None:
    if buffer.last_use < buffer.first_use:
        expected, found = f"a last use at or after step {buffer.first_use}", f"step {buffer.last_use}"
    elif buffer.alignment < 1 or buffer.alignment & (buffer.alignment - 1):
        expected, found = "an alignment that is a power of two", str(buffer.alignment)
    elif buffer.size < 0 or buffer.alias_offset < 0 or (buffer.offset or 0) < 0:
        expected = "a size and offsets of at least 0 bytes"
        found = f"size {buffer.size}, offset {buffer.offset}, offset within its base {buffer.alias_offset}"
    else:
        return
    raise EtcError(f"buffer {buffer.name!r} cannot be planned", expected=expected, found=found)


def _resolve(
    i: int, buffers: Sequence[Buffer], index: dict[str, int], places: list[tuple[int, int] | None]
) -> tuple[int, int]:
    """The base storage of buffer `i` and its offset within it, following aliases of aliases."""
    base, at, hops = i, 0, 0
    while (name := buffers[base].alias_of) is not None:
        at += buffers[base].alias_offset
        if name not in index:
            raise EtcError(f"buffer {buffers[base].name!r} is an alias of {name!r}, which is not planned")
        base, hops = index[name], hops + 1
        if hops > len(buffers):
            raise EtcError(f"buffer {buffers[i].name!r} is an alias of itself through {name!r}")
        if (known := places[base]) is not None:
            return known[0], at + known[1]
    return base, at


def _block(buffers: Sequence[Buffer], members: list[tuple[int, int]]) -> Block:
    """One block for `members`: the hull of their live ranges, the strictest alignment, room for the last byte."""
    if len(members) == 1:
        buffer = buffers[members[0][0]]
        size = round_up(buffer.size, buffer.alignment)
        place = (buffer.alignment, buffer.memory_space, buffer.offset, tuple(members))
        return Block(size, buffer.first_use, buffer.last_use, *place)
    parts = [(buffers[i], at) for i, at in members]
    first = parts[0][0]
    offset: int | None = None
    for buffer, at in parts:
        if buffer.memory_space != first.memory_space:
            raise _cannot_share(first, buffer, "memory space", first.memory_space, buffer.memory_space)
        if at % buffer.alignment:
            raise _cannot_share(first, buffer, "alignment", f"a multiple of {buffer.alignment}", f"offset {at}")
        if buffer.offset is not None:
            start = buffer.offset - at
            if start < 0 or (offset is not None and start != offset):
                raise _cannot_share(first, buffer, "place", f"offset {(offset or 0) + at}", buffer.offset)
            offset = start
    alignment = max(buffer.alignment for buffer, _ in parts)
    return Block(
        size=round_up(max(at + buffer.size for buffer, at in parts), alignment),
        first_use=min(buffer.first_use for buffer, _ in parts),
        last_use=max(buffer.last_use for buffer, _ in parts),
        alignment=alignment,
        memory_space=first.memory_space,
        offset=offset,
        members=tuple(members),
    )


def _cannot_share(first: Buffer, buffer: Buffer, what: str, expected: object, found: object) -> EtcError:
    return EtcError(
        f"buffers {first.name!r} and {buffer.name!r} cannot share storage: they differ in {what}",
        expected=str(expected),
        found=str(found),
    )
