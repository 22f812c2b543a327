"""Write docs/reference/: what the definitions of passes and dialects say, as pages.

python docs/generate.py           write
python docs/generate.py --check   exit with 1 when a page is not what would be written
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from etc.dialects.edge.base import EdgeOp

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # run as a file, without an install
REFERENCE = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the definitions: edit those. -->"


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them."""
    stale = [path for path, text in pages().items() if not path.is_file() or path.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not up to date: run `make docs`")
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        path.write_text(text)
    return 0


def pages() -> dict[Path, str]:
    """The text of every page."""
    return {REFERENCE / f"{name}.md": "\n".join(write()).rstrip() + "\n" for name, write in PAGES.items()}


def passes_page() -> Iterator[str]:
    """The catalogue, a section for each pass: summary, options, the docstring of its module with before and after."""
    from etc.tools.catalogue import option_lines
    from etc.tools.pipeline import PassTable
    from etc.transforms import CATALOGUE

    yield from ("# Passes", "", NOTE, "")
    yield "`etc-opt -p name,name{option=value}` runs them; `etc-opt --list-passes` prints this list."
    table = PassTable()
    for group in CATALOGUE:
        yield from ("", f"## {group.title}")
        for name in group.passes:
            found = table.get(name)
            yield from ("", f"### {name}", "", first_paragraph(found.__doc__), "")
            if options := list(option_lines(found)):
                yield from ("| option | default |", "|---|---|")
                for option in options:
                    left, _, default = option.partition(" = ")
                    yield f"| `{left}` | {f'`{default}`' if default else 'required'} |".replace(" (required)", "")
                yield ""
            module = inspect.getdoc(sys.modules[found.__module__]) or ""
            yield from prose(sentence(module.removeprefix(f"{name}: ")))


def edge_page() -> Iterator[str]:
    """Every edge operation: schema, meaning, dtypes, kernel."""
    from etc.dialects import edge

    yield from ("# The dialect `edge`", "", NOTE, "")
    yield from prose(inspect.getdoc(edge) or "")
    yield from _operators(edge.OPERATIONS)


def quant_page() -> Iterator[str]:
    """Every operation on quantised values, and the attributes that say what integers stand for."""
    from etc.dialects import quant

    yield from ("# The dialect `quant`", "", NOTE, "")
    yield from prose(inspect.getdoc(quant) or "")
    yield from _operators(quant.OPERATIONS)
    yield from ("", "## Attributes")
    for attribute in quant.Quant.attributes:
        yield from ("", f"### {attribute.name}", "")
        yield from prose(inspect.getdoc(attribute) or "")


def _operators(classes: Sequence[type[EdgeOp]]) -> Iterator[str]:
    yield from ("", "## Operations")
    for op in classes:
        yield from ("", f"### {op.name}", "", f"`{op.schema()}`", "")
        yield from prose(inspect.getdoc(op) or "")
        yield ""
        for name, allowed in op.DTYPES.items():
            yield f"* `{name}`: {', '.join(sorted(str(d) for d in allowed))}"
        if op.SAME_DTYPE:
            yield f"* of one dtype: {', '.join(f'`{name}`' for name in op.SAME_DTYPE)}"
        yield f"* kernel of the stock runtime: {f'`{op.KERNEL}`' if op.KERNEL else 'none'}"


def stages_page() -> Iterator[str]:
    """The dialect aten as a whole, and the stages."""
    from etc.dialects import aten
    from etc.dialects.schema import table
    from etc.transforms.stages import STAGES

    yield from ("# Stages, and the dialect `aten`", "", NOTE, "")
    yield from prose(inspect.getdoc(sys.modules["etc.transforms.stages"]) or "")
    yield from ("", "| stage | dialects | reached from | by |", "|---|---|---|---|")
    for stage in STAGES.values():
        dialects = ", ".join(sorted(stage.dialects)) + (
            f" (`{stage.aten_tag}` overloads only)" if stage.aten_tag else ""
        )
        passes = ", ".join(f"`{name}`" for name in stage.by.split(",") if name)
        yield f"| {stage.name} | {dialects} | {stage.after} | {passes} |"
    yield from ("", "## The dialect `aten`", "")
    yield from prose(inspect.getdoc(aten) or "")
    keys = sorted(table())
    core = [key for key in keys if "core" in aten.tags(key)]
    yield from ("", f"The table has {len(keys)} overloads. The {len(core)} of Core ATen are:", "")
    yield ", ".join(f"`{key}`" for key in core)
    yield from ("", "Operations with regions:")
    for op in (aten.CondOp, aten.WhileLoopOp, aten.ScanOp, aten.MapOp):
        yield from ("", f"### {op.name}", "")
        yield from prose(inspect.getdoc(op) or "")


def dialect_page(name: str) -> Callable[[], Iterator[str]]:
    """A page for a dialect of documented classes."""

    def write() -> Iterator[str]:
        from etc.dialects import get_own_dialects

        dialect = get_own_dialects()[name]()
        yield from (f"# The dialect `{name}`", "", NOTE, "")
        yield from prose(inspect.getdoc(sys.modules[f"etc.dialects.{name}"]) or "")
        for title, members in (("Operations", dialect.operations), ("Attributes", dialect.attributes)):
            yield from ("", f"## {title}")
            for member in members:
                yield from ("", f"### {member.name}", "")
                yield from prose(inspect.getdoc(member) or "")

    return write


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "passes": passes_page,
    "edge": edge_page,
    "aten-stages": stages_page,
    "exec": dialect_page("exec"),
    "program": dialect_page("program"),
    "quant": quant_page,
}


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def first_paragraph(text: Any) -> str:
    return inspect.cleandoc(text or "").split("\n\n")[0]


def prose(text: str) -> Iterator[str]:
    """A docstring as Markdown: what is indented becomes code."""
    for paragraph in re.split(r"\n\n(?=\S)|\n\n(?= {4}\S)", text):
        lines = paragraph.splitlines()
        if lines and all(line.startswith("    ") or not line for line in lines):
            yield from ("```", *(line[4:] for line in lines), "```", "")
        else:
            yield from (*lines, "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
