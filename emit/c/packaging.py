"""Files that make a generated program a library of a build system. They lie beside the C files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from etc.emit.c.header import tensor_macro
from etc.emit.c.interface import CInterface
from etc.errors import EtcError, did_you_mean

VERSION = "1.0.0"
"""Of the packages: build systems want one, and a model has none."""

_WHAT = "A neural network as C, without interpreter and without allocation"


def cmake(interface: CInterface) -> dict[str, str]:
    """A static library: `add_subdirectory(<model>)`, `target_link_libraries(app <model>)`."""
    model = interface.model
    assembly = " ASM" if any(s.endswith(".S") for s in interface.sources) else ""
    return {
        "CMakeLists.txt": f"""\
cmake_minimum_required(VERSION 3.13)
project({model} LANGUAGES C{assembly})

add_library({model} STATIC {" ".join(interface.sources)})
target_include_directories({model} PUBLIC ${{CMAKE_CURRENT_SOURCE_DIR}})
set_target_properties({model} PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
if(NOT MSVC)
  target_compile_options({model} PRIVATE -ffp-contract=off -ffunction-sections -fdata-sections)
endif()
if(UNIX)
  target_link_libraries({model} PUBLIC m)
endif()
"""
    }


def zephyr(interface: CInterface) -> dict[str, str]:
    """A Zephyr module: add its folder to ZEPHYR_EXTRA_MODULES or to west.yml, and set CONFIG_<MODEL>=y."""
    model, macro = interface.model, interface.model.upper()
    sources = "\n".join(f"  zephyr_library_sources({source})" for source in interface.sources)
    return {
        "zephyr/module.yml": f"name: {model}\nbuild:\n  cmake: .\n  kconfig: zephyr/Kconfig\n",
        "zephyr/Kconfig": f'config {macro}\n\tbool "{model}"\n\thelp\n\t  {_WHAT}.\n',
        "CMakeLists.txt": f"""\
if(CONFIG_{macro})
  zephyr_include_directories(.)
  zephyr_library()
{sources}
  zephyr_library_include_directories(.)
  zephyr_library_compile_options(-ffp-contract=off)
endif()
""",
    }


def platformio(interface: CInterface) -> dict[str, str]:
    """A PlatformIO library: put its folder into `lib/`."""
    manifest = {
        "name": interface.model,
        "version": VERSION,
        "description": _WHAT,
        "frameworks": "*",
        "platforms": "*",
        "headers": f"{interface.model}.h",
        "build": {
            "srcDir": ".",
            "includeDir": ".",
            "srcFilter": ["-<*>", *(f"+<{source}>" for source in interface.sources)],
            "flags": ["-ffp-contract=off"],
        },
    }
    return {"library.json": json.dumps(manifest, indent=2) + "\n"}


def arduino(interface: CInterface) -> dict[str, str]:
    """An Arduino library with a sketch that runs the model once: put its folder into `libraries/`."""
    model = interface.model
    return {
        "library.properties": f"""\
name={model}
version={VERSION}
author=generated
maintainer=generated
sentence={_WHAT}
paragraph={_WHAT}
category=Data Processing
url=
architectures=*
includes={model}.h
""",
        f"examples/{model}_once/{model}_once.ino": _sketch(interface),
    }


def _sketch(interface: CInterface) -> str:
    """Buffers of the right sizes, the first method called once."""
    model, macro = interface.model, interface.model.upper()
    method = interface.methods[0]
    buffers: list[str] = []
    members: list[str] = []
    for t in (*method.inputs, *method.outputs):
        name = tensor_macro(interface, method, t.identifier)
        buffers.append(f"static {name}_TYPE {t.identifier}[{name}_BYTES / sizeof({name}_TYPE) + 1];")
        members.append(f"  io.{t.identifier} = {t.identifier};")
    for s in method.symbols:
        if s.given:
            members.append(f"  io.{s.identifier} = {max(s.range.low, min(s.range.high, 1))};")
        else:
            buffers.append(f"static size_t {s.identifier};")
            members.append(f"  io.{s.identifier} = &{s.identifier};")
    memory = "\n".join(
        f"static uint8_t {part.name}[{macro}_{part.macro}_BYTES + 1] "
        f"__attribute__((aligned({macro}_{part.macro}_ALIGN)));"
        for part in interface.memory
    )
    listed, assigned = "\n".join(buffers), "\n".join(members)
    return f"""\
#include <{model}.h>

{memory}
{listed}

void setup() {{
  Serial.begin(115200);
  {model}_state_init(state);
}}

void loop() {{
  {method.io_type} io;
{assigned}
  Serial.println({method.function}(&io, {interface.memory_arguments}));
  delay(1000);
}}
"""


PACKAGES: Mapping[str, Callable[[CInterface], dict[str, str]]] = {
    "cmake": cmake,
    "arduino": arduino,
    "zephyr": zephyr,
    "platformio": platformio,
}


def packager(kind: str) -> Callable[[CInterface], dict[str, str]]:
    """What makes the files of a package. Raises EtcError for an unknown kind."""
    if kind not in PACKAGES:
        raise EtcError(f'there is no package "{kind}"', next_step=did_you_mean(kind, PACKAGES))
    return PACKAGES[kind]


def package(interface: CInterface, kind: str) -> dict[str, str]:
    """The files of a package, name → text, to lie beside the program's own. Raises EtcError for an unknown kind."""
    return packager(kind)(interface)
