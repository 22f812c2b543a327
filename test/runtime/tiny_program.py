"""A C program written by hand as `emit/c` writes them: weights, arena, state, sizes that go in and come out, errors."""

from __future__ import annotations

from pathlib import Path

from etc.dialects import dtypes
from etc.dialects.symbolic import Range, symbol
from etc.emit.c.interface import STATUSES, CInterface, CMethod, CPool, CSymbol, CTensor

HEADER = """\
#ifndef TINY_H
#define TINY_H
#include <stddef.h>
#include <stdint.h>
typedef struct { const float *x; float *y; size_t rows; } tiny_forward_io_t;
typedef struct { const int8_t *values; int8_t *positive; size_t *count; } tiny_positive_io_t;
typedef struct { const int8_t *depth; uint8_t *result; } tiny_descend_io_t;
int tiny_forward(const tiny_forward_io_t *io, void *arena, void *state);
int tiny_positive(const tiny_positive_io_t *io, void *arena, void *state);
int tiny_descend(const tiny_descend_io_t *io, void *arena, void *state);
void tiny_state_init(void *state);
#endif
"""

SOURCE = """\
#include "tiny.h"
#include <math.h>
#include <string.h>

extern const float tiny_weights[3];

void tiny_state_init(void *state)
{
    *(float *)state = 10.0f;
}

/* y[i, j] = exp(x[i, j]) * weights[j] + state, stored column by column; the state counts calls */
int tiny_forward(const tiny_forward_io_t *io, void *arena, void *state)
{
    float *scratch = (float *)arena;
    float *count = (float *)state;
    size_t i, j;
    if (((uintptr_t)arena & 15u) != 0)
        return -2;
    for (i = 0; i < io->rows * 3; i++)
        scratch[i] = expf(io->x[i]);
    for (j = 0; j < 3; j++)
        for (i = 0; i < io->rows; i++)
            io->y[j * io->rows + i] = scratch[i * 3 + j] * tiny_weights[j] + *count;
    *count += 1.0f;
    return 0;
}

int tiny_positive(const tiny_positive_io_t *io, void *arena, void *state)
{
    size_t i, count = 0;
    (void)arena;
    (void)state;
    for (i = 0; i < 6; i++) {
        if (io->values[i] == -128)
            return -5;
        if (io->values[i] > 0)
            io->positive[count++] = io->values[i];
    }
    *io->count = count;
    return 0;
}

__attribute__((noinline)) static int descend(int depth)
{
    volatile unsigned char frame[1000];
    memset((void *)frame, depth, sizeof frame);
    return depth > 0 ? descend(depth - 1) + frame[999] : frame[0];
}

/* 1000 bytes of stack and a little more for each level; nothing at -1; an index out of range below;
   the last byte of the arena at -128 */
int tiny_descend(const tiny_descend_io_t *io, void *arena, void *state)
{
    static const unsigned char table[4] = {0, 1, 3, 6};
    volatile int depth = *io->depth;
    (void)state;
    if (depth == -128) {
        *io->result = ((const uint8_t *)arena)[95];
        return 0;
    }
    *io->result = depth == -1 ? 0 : depth < -1 ? table[-depth * 2] : (unsigned char)descend(depth);
    return 0;
}
"""

WEIGHTS = """\
extern const float tiny_weights[3];
const float tiny_weights[3] = {1.0f, 2.0f, -0.5f};
"""

_ROWS = symbol("s0")

INTERFACE = CInterface(
    "tiny",
    ("tiny.c", "tiny_weights.c"),
    (
        CMethod(
            "forward",
            "tiny_forward",
            "tiny_forward_io_t",
            (CTensor("x", "x", dtypes.float32, (_ROWS, 3), (8, 3), (0, 1)),),
            (CTensor("y", "y", dtypes.float32, (_ROWS, 3), (8, 3), (1, 0)),),
            (CSymbol("s0", "rows", Range(1, 8)),),
        ),
        CMethod(
            "positive",
            "tiny_positive",
            "tiny_positive_io_t",
            (CTensor("values", "values", dtypes.int8, (6,), (6,), (0,)),),
            (CTensor("positive", "positive", dtypes.int8, (symbol("u0"),), (6,), (0,)),),
            (CSymbol("u0", "count", Range(0, 6), given=False),),
        ),
        CMethod(
            "descend",
            "tiny_descend",
            "tiny_descend_io_t",
            (CTensor("depth", "depth", dtypes.int8, (), (), ()),),
            (CTensor("result", "result", dtypes.uint8, (), (), ()),),
        ),
    ),
    pools=(CPool("arena", 96),),
    state_bytes=4,
    statuses={**STATUSES, -5: "a value has no absolute value"},
)


def write(folder: Path) -> Path:
    """Write the program to a folder, which it returns."""
    files = {"tiny.h": HEADER, "tiny.c": SOURCE, "tiny_weights.c": WEIGHTS, "tiny.json": INTERFACE.to_json()}
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder
