"""Standalone C99 from programs of stage "loops": `emit_c`.

    program.py             the files of a program
    interface.py           what a program looks like from outside; interfaces.py reads it off the methods
    header.py, state.py, weights.py, kernel_text.py, method_text.py    the parts of the files
    selftest.py            a call with known outputs
    packaging.py           files for CMake, Arduino, Zephyr, PlatformIO
    functions.py           the body of a function; control_flow.py and memory_statements.py: its statements
    integers.py, floats.py how operations on numbers are spelt; support.py: the small functions that they call
    placement.py           which values are written in place and which get a name
    kernels.py             what is known of functions: what they write, whether they fail, what overlaps
    unused.py              locals that turn out not to be needed
    values.py, buffers.py, names.py    expressions, memrefs, identifiers

Generated code is C99 and C++17, without warnings, without allocation, recursion or writable globals.
"""

from etc.emit.c.program import CProgram, emit_c
from etc.emit.c.selftest import Golden

__all__ = ["CProgram", "Golden", "emit_c"]
