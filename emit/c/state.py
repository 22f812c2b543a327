"""The state of a program: one struct with the model's mutable buffers, which the caller owns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etc.dialects.tensor import Tensor
from etc.emit.c.interfaces import C_ELEMENTS


@dataclass(frozen=True)
class Buffer:
    """A mutable buffer: its member in the struct, and the constant that holds its initial value; "" for zeros."""

    member: str
    origin: str
    tensor: Tensor
    initial: str = ""

    @property
    def element(self) -> str:
        return C_ELEMENTS[self.tensor.dtype][0]

    @property
    def size(self) -> int:
        """Bytes of one number."""
        return self.tensor.dtype.size // C_ELEMENTS[self.tensor.dtype][1]

    @property
    def numbers(self) -> int:
        count = C_ELEMENTS[self.tensor.dtype][1]
        for size in self.tensor.shape:
            count *= size
        return max(1, count)


def in_order(buffers: Sequence[Buffer]) -> list[Buffer]:
    """From large elements to small: no gaps in the struct."""
    return sorted(buffers, key=lambda b: -b.size)


def state_bytes(buffers: Sequence[Buffer]) -> int:
    """The size of the struct, a multiple of 8."""
    total = sum(b.numbers * b.size for b in buffers)
    return total + -total % 8


def print_state(model: str, buffers: Sequence[Buffer]) -> str:
    """The struct and the function that initialises it."""
    macro = model.upper()
    head = f"void {model}_state_init(void *state)\n{{\n"
    if not buffers:
        return f"{head}  (void)state;\n}}\n"
    members = "".join(
        f"  {b.element} {b.member}[{b.numbers}]; /* {b.origin}: {b.tensor.dtype} "
        f"{'x'.join(map(str, b.tensor.shape)) or 'scalar'} */\n"
        for b in in_order(buffers)
    )
    copies = "".join(
        f"    (void)memcpy(s->{b.member}, {b.initial}, sizeof s->{b.member});\n"
        if b.initial
        else f"    (void)memset(s->{b.member}, 0, sizeof s->{b.member});\n"
        for b in in_order(buffers)
    )
    return f"""\
typedef struct {{
{members}}} {model}_state_t;

/* An array of negative size, and so an error, if the header promises less than the struct takes. */
typedef char {model}_state_fits[(sizeof({model}_state_t) <= {macro}_STATE_BYTES) ? 1 : -1];

{head}  if (state != NULL) {{
    {model}_state_t *const s = ({model}_state_t *)state;
{copies}  }}
}}
"""
