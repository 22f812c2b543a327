"""What rewrite rules did: how often each was applied, and why each declined an operation.

`with recording() as log:` collects the counts and the reasons of every pass that runs inside the block; outside of one,
recording costs nothing. `etc-opt --explain` prints `log.explain()`, the compile report prints `log.applied`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import NamedTuple


class Rule(NamedTuple):
    """A rewrite rule of a pass: the class name of the pattern, or the name of the decorated function."""

    pass_name: str
    name: str

    def __str__(self) -> str:
        return f"{self.pass_name}: {self.name}"


class Decline(NamedTuple):
    """Why `rule` left an operation alone. `where` is the model's source line, `""` when it is unknown."""

    rule: Rule
    op: str
    where: str
    reason: str


@dataclass
class RewriteLog:
    """Applications and declines of one run, in the order in which they happened."""

    applied: Counter[Rule] = field(default_factory=Counter[Rule])
    declined: Counter[Decline] = field(default_factory=Counter[Decline])

    def explain(self) -> str:
        """One paragraph per rule: its counts, then each operation and reason that it declined, equal ones counted."""
        lines: list[str] = []
        for rule in dict.fromkeys((*self.applied, *(decline.rule for decline in self.declined))):
            declines = [(d, n) for d, n in self.declined.items() if d.rule == rule]
            total = sum(n for _, n in declines)
            lines.append(f"{rule}: applied {self.applied[rule]}, declined {total}")
            for decline, count in declines:
                place = f" ({decline.where})" if decline.where else ""
                times = f" ({count} times)" if count > 1 else ""
                lines.append(f"  {decline.op}{place}: {decline.reason}{times}")
        return "\n".join(lines)


_CURRENT: ContextVar[RewriteLog | None] = ContextVar("rewrite_log", default=None)


def current_log() -> RewriteLog | None:
    """The log that the enclosing `recording()` block fills, or None."""
    return _CURRENT.get()


@contextmanager
def recording() -> Generator[RewriteLog]:
    """Fill a new log with everything that passes do inside the block. An inner block hides an outer one."""
    log = RewriteLog()
    token = _CURRENT.set(log)
    try:
        yield log
    finally:
        _CURRENT.reset(token)
