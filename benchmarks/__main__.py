"""`make bench`: every figure of ours beside ExecuTorch's, measured in the same run on the same machine.

python -m benchmarks [MODEL …] [--repeats N] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.ours import measure_ours
from benchmarks.peer import Figures, measure_peer
from benchmarks.quantization import Accuracy, measure_all
from benchmarks.quantization import table as accuracies
from benchmarks.quantization_llm import LanguageFigures, measure_language
from benchmarks.quantization_llm import table as language
from benchmarks.quantization_training import measure_training
from benchmarks.tools import ToolFigures, measure_tools
from etc.errors import EtcError

COMPARED = ("mobilenet_v2", "mobilenet_v3_small", "resnet18", "resnet50", "minilm", "llama", "lstm", "ds_cnn") + (
    "fc_autoencoder",
    "silero_vad",
    "akiki_vad",
    "mtcnn_rnet",
)


@dataclass(frozen=True)
class Goal:
    """A figure that must not exceed a limit."""

    what: str
    model: str
    limit: float
    found: float

    @property
    def met(self) -> bool:
        return self.found <= self.limit


_FAST = ("mobilenet_v2", "mobilenet_v3_small", "resnet50", "minilm", "llama", "lstm")


def goals(ours: Sequence[Figures], theirs: Sequence[Figures], tools: ToolFigures) -> list[Goal]:
    """What this project promises, with what was measured."""
    found: list[Goal] = []
    for us, peer in zip(ours, theirs, strict=True):
        name = us["model"]
        if name in _FAST:
            ratio = us["compile_seconds"] / peer["compile_seconds"]
            found.append(Goal("compile time / ExecuTorch's", name, 0.15, ratio))
        found.append(Goal("planned / lower bound", name, 1.001, us["planned_bytes"] / us["lower_bound_bytes"]))
        found.append(Goal("file / ExecuTorch's", name, 1.0, us["pte_bytes"] / peer["pte_bytes"]))
        found.append(Goal("error against eager", name, 1e-4, us["max_error"]))
        if name == "mobilenet_v2":
            found.append(Goal("inference / ExecuTorch's", name, 0.45, us["inference_ms"] / peer["inference_ms"]))
        if name == "fc_autoencoder":
            found.append(Goal("planned bytes", name, 5_324, us["planned_bytes"]))
        if name == "llama":
            found.append(Goal("planned bytes", name, 7_500_000, us["planned_bytes"]))
    found.append(Goal("etc-opt --help, seconds", "", 0.35, tools["help_seconds"]))
    found.append(Goal("etc-opt on a small file, seconds", "", 0.35, tools["small_file_seconds"]))
    found.append(Goal("cost per op at 20k ops / at 1k", "", 1.5, tools["per_op_20k_us"] / tools["per_op_1k_us"]))
    return found


def goals_of_accuracy(found: Sequence[Accuracy]) -> list[Goal]:
    """What quantization may cost, with what it did."""
    return [
        Goal(f"accuracy lost, {row.config}", row.task, row.in_float - row.goal, row.in_float - row.worst)
        for row in found
    ]


def goals_of_language(found: Sequence[LanguageFigures]) -> list[Goal]:
    """What quantised language models may take, and what they keep."""
    return [
        goal
        for row in found
        for goal in (
            Goal(f"file / float's, {row.config}", row.model, row.largest_size, row.size),
            Goal(f"1 - cosine to float, {row.config}", row.model, 1 - row.wanted_cosine, 1 - row.cosine),
            Goal(f"stock runtime beside torch, {row.config}", row.model, 0.05, row.stock_error),
        )
    ]


def comparison(ours: Sequence[Figures], theirs: Sequence[Figures]) -> Table:
    table = Table(title="etc / ExecuTorch, in one run", title_justify="left")
    table.add_column("model")
    for name in (
        "compile s",
        "ratio",
        ".pte bytes",
        "planned bytes",
        "bound",
        "kernels",
        "inference ms",
        "ratio",
        "error",
    ):
        table.add_column(name, justify="right")
    for us, peer in zip(ours, theirs, strict=True):
        table.add_row(
            us["model"],
            f"{us['compile_seconds']:.2f} / {peer['compile_seconds']:.2f}",
            f"{us['compile_seconds'] / peer['compile_seconds']:.3f}",
            f"{us['pte_bytes']:,} / {peer['pte_bytes']:,}",
            f"{us['planned_bytes']:,} / {peer['planned_bytes']:,}",
            f"{us['planned_bytes'] / us['lower_bound_bytes']:.3f}",
            f"{us['kernel_calls']:,} / {peer['kernel_calls']:,}",
            f"{us['inference_ms']:.2f} / {peer['inference_ms']:.2f}",
            f"{us['inference_ms'] / peer['inference_ms']:.3f}",
            f"{us['max_error']:.1e}",
        )
    return table


def verdicts(found: Sequence[Goal]) -> Table:
    table = Table(title="Goals", title_justify="left")
    table.add_column("figure")
    table.add_column("model")
    for name in ("limit", "measured", ""):
        table.add_column(name, justify="right")
    for goal in found:
        verdict = "[green]met[/]" if goal.met else "[red]missed[/]"
        table.add_row(goal.what, goal.model, f"{goal.limit:,.6g}", f"{goal.found:,.4g}", verdict)
    return table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("models", nargs="*", default=COMPARED, metavar="MODEL", help="models of examples.models")
    parser.add_argument("--repeats", type=int, default=3, help="compilations to time; the median counts")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    arguments = parser.parse_args()
    console = Console(stderr=True)
    ours: list[Figures] = []
    theirs: list[Figures] = []
    with console.status("measuring") as status:
        tools = measure_tools()
        for name in arguments.models:
            try:
                status.update(f"{name}: etc")
                us = measure_ours(name, arguments.repeats)
                status.update(f"{name}: ExecuTorch")
                peer = measure_peer(name, arguments.repeats)
            except EtcError as error:
                console.print(f"{name}: {error}", style="red", markup=False)
                continue
            ours.append(us)
            theirs.append(peer)
        status.update("quantization")
        everything = tuple(arguments.models) == COMPARED
        quantised = [*measure_all(), measure_training()] if everything else []
        spoken = measure_language() if everything else []
    found = [*goals(ours, theirs, tools), *goals_of_accuracy(quantised), *goals_of_language(spoken)]
    printer = Console(width=None if sys.stdout.isatty() else 200)
    printer.print(comparison(ours, theirs))
    if quantised:
        printer.print(accuracies(quantised))
        printer.print(language(spoken))
    printer.print(verdicts(found))
    if arguments.json is not None:
        figures = {
            "etc": ours,
            "executorch": theirs,
            "tools": tools,
            "quantization": [asdict(row) for row in quantised],
            "language": [asdict(row) for row in spoken],
            "goals": [asdict(g) | {"met": g.met} for g in found],
        }
        arguments.json.write_text(json.dumps(figures, indent=1))
    return 0 if len(ours) == len(arguments.models) and all(g.met for g in found) else 1


if __name__ == "__main__":
    sys.exit(main())
