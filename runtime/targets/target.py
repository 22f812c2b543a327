"""The targets: what compiles for them, what executes it, and where to get both."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from etc.errors import EtcError, did_you_mean

FIRMWARE = Path(__file__).parent / "firmware"
"""The C sources and linker scripts below the model."""


@dataclass(frozen=True)
class Target:
    """A processor, and the machine that it is in.

    `flags` choose the processor, for all sources; `emulator` is the command that an image's path is added to, and the
    image itself is the command when it is empty. `specs` is the file that tells the compiler its C library.
    """

    name: str
    description: str
    machine: str
    compiler: str
    flags: tuple[str, ...] = ()
    specs: str = ""
    emulator: tuple[str, ...] = ()
    script: str = ""
    """the linker script; without one the system's own is taken, and the program has the system below it"""
    firmware: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """sources besides the harness, with flags of their own"""
    optimise: tuple[str, ...] = ("-O2",)
    """what makes generated code fastest, as measured, of the usual options"""

    @property
    def is_bare(self) -> bool:
        """Whether there is no system below the program, so that instructions and stack can be measured."""
        return bool(self.script)

    def command(self, optimise: Iterable[str]) -> str:
        """`arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -Os`: what compiles generated code for it."""
        return " ".join([self.compiler, *self.flags, *optimise])

    def missing(self) -> list[str]:
        """What is not installed here of the tools and of the C library: names in `PACKAGES`."""
        missing = [tool for tool in (self.compiler, *self.emulator[:1]) if shutil.which(tool) is None]
        if self.specs and self.compiler not in missing and not _finds(self.compiler, self.specs):
            missing.append(self.specs)
        return missing

    def require(self) -> None:
        """Raise an EtcError that names all that is not installed for this target, and how to get it."""
        if missing := self.missing():
            packages = " ".join(dict.fromkeys(PACKAGES[part] for part in missing))
            raise EtcError(
                f"target {self.name} needs what is not installed here",
                found=f"no {', no '.join(missing)}",
                next_step=f"apt-get install {packages}",
            )


PACKAGES: Mapping[str, str] = {
    "cc": "gcc libc6-dev",
    "arm-none-eabi-gcc": "gcc-arm-none-eabi libnewlib-arm-none-eabi",
    "nano.specs": "libnewlib-arm-none-eabi",
    "qemu-system-arm": "qemu-system-arm",
    "riscv64-unknown-elf-gcc": "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf",
    "picolibc.specs": "picolibc-riscv64-unknown-elf",
    "qemu-system-riscv32": "qemu-system-misc",
}
"""Debian's packages that bring a tool, or a compiler's C library."""


@cache
def _finds(compiler: str, specs: str) -> bool:
    found = subprocess.run([compiler, f"-print-file-name={specs}"], capture_output=True, text=True, check=False)
    return Path(found.stdout.strip()).is_absolute()


# With "sleep=off" the clock knows nothing but instructions, and every run counts the same.
_COUNTED = ("-display", "none", "-icount", "shift=0,sleep=off", "-semihosting-config", "enable=on,target=native")


def _cortex_m(
    name: str,
    machine: str,
    description: str,
    script: str,
    *flags: str,
    fpgaio: int,
    tick: int,
    optimise: tuple[str, ...] = ("-O2",),
) -> Target:
    """A processor on one of Arm's boards: `fpgaio` is the address of its counter, `tick` its period in nanoseconds."""
    return Target(
        name,
        description,
        f"QEMU {machine}",
        "arm-none-eabi-gcc",
        (f"-mcpu={name}", "-mthumb", *flags),
        "nano.specs",
        ("qemu-system-arm", "-M", machine, *_COUNTED, "-kernel"),
        script,
        {
            "semihosting.c": (),
            "start.c": (),
            "cortex_m.c": (f"-DETC_FPGAIO={fpgaio:#x}u", f"-DETC_TICK={tick}u"),
        },
        optimise,
    )


HOST = Target("host", "this machine's processor", "this process", "cc", ("-fPIC",))
"""Programs are loaded into this process."""

SANITIZED = Target(
    "host-sanitized",
    "this machine's processor, with checks of memory and arithmetic by the compiler",
    "this machine",
    "cc",
    ("-g", "-fsanitize=address,undefined,float-cast-overflow", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"),
    firmware={"hosted.c": ()},
)

TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        HOST,
        SANITIZED,
        _cortex_m(
            "cortex-m3",
            "mps2-an385",
            "Cortex-M3, no floating-point unit, no DSP extension",
            "mps2.ld",
            "-mfloat-abi=soft",
            fpgaio=0x40028000,
            tick=40,
        ),
        _cortex_m(
            "cortex-m4",
            "mps2-an386",
            "Cortex-M4 with DSP extension and single-precision floating point",
            "mps2.ld",
            "-mfpu=fpv4-sp-d16",
            "-mfloat-abi=hard",
            fpgaio=0x40028000,
            tick=40,
            optimise=("-Os",),
        ),
        _cortex_m(
            "cortex-m55",
            "mps3-an547",
            "Cortex-M55 with MVE and floating point",
            "mps3.ld",
            "-mfloat-abi=hard",
            fpgaio=0x59302000,
            tick=50,
        ),
        Target(
            "rv32",
            "RV32IMAC, no floating-point unit",
            "QEMU virt",
            "riscv64-unknown-elf-gcc",
            ("-march=rv32imac", "-mabi=ilp32"),
            "picolibc.specs",
            ("qemu-system-riscv32", "-M", "virt", "-bios", "none", *_COUNTED, "-kernel"),
            "virt.ld",
            {"semihosting.c": (), "start.c": (), "rv32.c": ("-march=rv32imac_zicsr",)},
        ),
    )
}
"""By name, as `etc-run --target` takes them."""


def target_named(name: str) -> Target:
    """The target of this name. Raises EtcError when there is none."""
    if name not in TARGETS:
        raise EtcError(f"there is no target {name}", next_step=did_you_mean(name, TARGETS))
    return TARGETS[name]
