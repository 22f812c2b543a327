"""The overlap checker: runs on every plan, and shares no code with what made it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from etc.errors import EtcError
from etc.transforms.memory.buffers import Buffer, Plan


def check_plan(buffers: Sequence[Buffer], plan: Plan) -> None:
    """Raise EtcError, naming the two buffers, when live bytes of two overlap and neither is an alias of the other.

    Also when a buffer has no place, or lies where its alignment, its fixed offset, its base or the size of its arena
    forbids. Takes O(n log n) steps for n buffers, and as many moves of list items as buffers are live together.
    """
    by_name = {buffer.name: buffer for buffer in buffers}
    bases: dict[str, str] = {}
    for buffer in buffers:
        _check_place(buffer, plan, by_name)
        base = buffer.name
        while (up := bases.get(base, by_name[base].alias_of)) is not None:
            base = up
        if base != buffer.name:
            bases[buffer.name] = base

    # Aliases share bytes by intention, so each storage with all its aliases is one span: [start, end, first, last].
    spans: dict[str, list[int]] = {}
    for buffer in buffers:
        start = plan.offsets[buffer.name]
        own = (start, start + buffer.size, buffer.first_use, buffer.last_use)
        span = spans.setdefault(bases.get(buffer.name, buffer.name), list(own))
        span[:] = [f(a, b) for f, a, b in zip((min, max, min, max), span, own, strict=True)]
    for space in plan.arena_sizes:
        _check_overlap({n: s for n, s in spans.items() if by_name[n].memory_space == space and s[0] < s[1]})


def _check_place(buffer: Buffer, plan: Plan, by_name: Mapping[str, Buffer]) -> None:
    arena = plan.arena_sizes.get(buffer.memory_space)
    at = plan.offsets.get(buffer.name)
    if at is None or arena is None:
        raise _bad(f"buffer {buffer.name!r} has no place", "an offset in an arena", "none")
    if at < 0 or at + buffer.size > arena:
        raise _bad(f"buffer {buffer.name!r} does not lie in its arena", f"bytes 0 to {arena}", _span(buffer, at))
    if at % buffer.alignment:
        raise _bad(f"buffer {buffer.name!r} is not aligned", f"a multiple of {buffer.alignment}", str(at))
    if buffer.offset is not None and at != buffer.offset:
        raise _bad(f"buffer {buffer.name!r} was moved", f"its fixed offset {buffer.offset}", str(at))
    if buffer.alias_of is not None:
        base = by_name[buffer.alias_of]
        if at != plan.offsets.get(base.name, at) + buffer.alias_offset or base.memory_space != buffer.memory_space:
            expected = f"{buffer.alias_offset} bytes after {base.name!r}"
            raise _bad(f"buffer {buffer.name!r} does not lie in the storage it shares", expected, f"offset {at}")


def _check_overlap(spans: Mapping[str, Sequence[int]]) -> None:
    """Sweep over time with the live spans by address. They never overlap, so a new one can only hit its neighbours."""
    events = sorted(
        event
        for name, (_, _, first, last) in spans.items()
        for event in ((first, 1, name), (last + 1, 0, name))  # at one step, first the ends, then the beginnings
    )
    starts: list[int] = []
    names: list[str] = []
    for step, begins, name in events:
        start, end = spans[name][:2]
        i = bisect_left(starts, start)
        if not begins:
            del starts[i], names[i]
            continue
        for other in names[max(i - 1, 0) : i + 1]:
            other_start, other_end = spans[other][:2]
            if other_start < end and start < other_end:
                found = f"bytes {start} to {end} and bytes {other_start} to {other_end}"
                raise _bad(f"buffers {name!r} and {other!r} overlap in step {step}", "bytes apart", found)
        starts.insert(i, start)
        names.insert(i, name)


def _span(buffer: Buffer, at: int) -> str:
    return f"bytes {at} to {at + buffer.size}"


def _bad(what: str, expected: str, found: str) -> EtcError:
    next_step = "unless offsets were fixed by hand, this is a bug of the memory planner: please report it"
    return EtcError(f"the memory plan is wrong: {what}", expected=expected, found=found, next_step=next_step)
