"""Generated C on real processors: compiled and loaded on this machine, or run on emulated microcontrollers.

    from etc.runtime.targets.programs import open_program

    program = open_program("out", "cortex-m4")
    outputs = program.call("forward", [x])          # NumPy arrays; state lives on from call to call
    program.last.instructions, program.last.stack, program.footprint.flash

    programs.py    opens the program in a folder on a target
    target.py      the targets: compiler, flags, machine; Debian's packages for them
    packages.py    which of these packages are missing
    interface.py   the description of a program in its folder
    arrays.py      arrays as the program takes and gives them: sizes, symbols, order in memory
    build.py       from C to an image, and its sizes by section
    stack.py       the stack that a program takes at most
    table.py       the C table of inputs and outputs that the harness works from
    emulated.py    images under QEMU, measured: instructions, stack
    host.py        shared libraries, called in this process
    firmware/      start-up code, linker scripts, semihosting, the harness: the C below the model

Instructions are counted, not cycles: QEMU executes one per nanosecond of its virtual clock (`-icount shift=0`), and
each run counts a loop of known length before the model.
"""
