"""What `make demo` runs: a trained face detector for the stock ExecuTorch runtime, and in C for a Cortex-M4.

R-Net, the second stage of MTCNN (arXiv:1604.02878), says whether a crop of 24x24 pixels shows a face. Its weights come
with the package facenet-pytorch, forty labelled photographs with scikit-image; both are downloaded once from PyPI.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file, without an install

if TYPE_CHECKING:
    from rich.console import Console

    from etc.report import Report

OUTPUT = Path("build") / "demo"
SHADES = " .:-=+*#%@"
SHOWN = (0, 7, 30)
"""The photographs that are drawn: two faces, and no face."""
MAP_ROWS, LARGEST = 16, 8
"""Rows of the memory map, and tensors that its legend names."""


def main() -> int:
    """Run the demo; returns an exit code."""
    from rich.console import Console

    console = Console(highlight=False)
    from etc.errors import EtcError
    from examples.models import ModelUnavailable

    try:
        demonstrate(console)
    except ModelUnavailable as error:
        console.print(f"{error}\nThe trained weights cannot be had, so here is an untrained network.\n")
        demonstrate_untrained(console)
    except EtcError as error:
        print(f"demo: error: {error}", file=sys.stderr)
        return 1
    return 0


def demonstrate(console: Console) -> None:
    """Compile R-Net, run it on all photographs, say how it compares with eager."""
    import torch
    from rich.table import Table

    import etc
    from etc.report import bytes_text, render
    from examples.models import load_model
    from examples.models.mtcnn import pictures

    OUTPUT.mkdir(parents=True, exist_ok=True)
    console.rule("1. A trained PyTorch model")
    module, inputs, _ = load_model("mtcnn_rnet")
    images, faces = pictures(24)
    parameters = sum(p.numel() for p in module.parameters())
    console.print(f"MTCNN R-Net, {parameters:,} parameters: does a picture of 24x24 pixels show a face?\n")

    console.rule("2. compiled ahead of time")
    with console.status("compiling"):
        compiled = etc.compile(module, inputs)
    path = compiled.save(OUTPUT / "rnet.pte")
    console.print(render(compiled.report, f"etc.compile → {path}"))

    console.rule("3. runs on the stock ExecuTorch runtime, on photographs")
    start = time.perf_counter()
    ours = [float(compiled.run(image[None])[1][0, 1]) for image in images]
    milliseconds = 1e3 * (time.perf_counter() - start) / len(ours)
    with torch.no_grad():
        eager = [float(module(image[None])[1][0, 1]) for image in images]
    console.print(draw([images[number, 0].tolist() for number in SHOWN]), markup=False, soft_wrap=True)
    answers = Table()
    answers.add_column("photograph")
    for number in SHOWN:
        answers.add_column(f"{number}: {'a face' if faces[number] else 'no face'}", justify="right")
    answers.add_row("face, says the .pte", *(f"{ours[n]:.6f}" for n in SHOWN))
    answers.add_row("face, says PyTorch", *(f"{eager[n]:.6f}" for n in SHOWN))
    console.print(answers)
    right = sum((p > 0.5) == bool(face) for p, face in zip(ours, faces, strict=True))
    error = max(abs(a - b) for a, b in zip(ours, eager, strict=True))
    console.print(f"all {len(ours)} photographs: {right} right, largest difference to PyTorch {error:.1e}")
    console.print(f"{milliseconds:.2f} ms for each\n")

    console.rule("4. in memory that was planned when it was compiled")
    console.print(memory_map(compiled.report), markup=False, soft_wrap=True)
    report = compiled.report
    (method,) = report.methods
    sizes = Table(show_header=False, box=None)
    sizes.add_row("weights", bytes_text(report.weight_bytes), f"{parameters:,} parameters of 4 B")
    sizes.add_row("file", bytes_text(report.file_bytes), "with the program")
    bound = bytes_text(method.lower_bound)
    sizes.add_row("memory", bytes_text(method.planned_bytes), f"no plan takes less than {bound}")
    console.print(sizes)
    console.rule("5. the same model as C, on an emulated Cortex-M4")
    from examples.demo_c import on_microcontroller

    calls = {f"{n}: {'a face' if faces[n] else 'no face'}": images[n][None] for n in SHOWN[1:]}
    on_target = on_microcontroller(
        console, module, inputs, OUTPUT / "rnet", calls, lambda outputs: f"face {float(outputs[1][0, 1]):.6f}"
    )
    console.print(f"Next: .venv/bin/etc-run {path} --random 0")
    console.print(f"      .venv/bin/etc-opt {path} | less")
    console.print(f"      .venv/bin/etc-run {OUTPUT / 'rnet'} --target cortex-m4 --random 0")
    if right < 0.9 * len(ours) or max(error, on_target) > 1e-4:
        raise etc.Error("the compiled program does not do what the model does")


def memory_map(report: Report) -> str:
    """The picture of the only method's memory, with its largest tensors named."""
    from etc.transforms.memory.picture import draw_text

    ((_, memory, sources),) = report.memory_maps()
    lines = draw_text(memory, sources, columns=72, rows=MAP_ROWS).splitlines()
    return "\n".join(lines[: MAP_ROWS + 3 + LARGEST])  # a title, the peak and the steps are about the picture


def draw(images: Sequence[Sequence[Sequence[float]]]) -> str:
    """Grey pictures, given row by row, side by side; a character is one pixel wide and two high."""
    drawn = [_draw(image) for image in images]
    return "\n".join("    ".join(parts) for parts in zip(*drawn, strict=True))


def _draw(image: Sequence[Sequence[float]]) -> list[str]:
    values = [[(a + b) / 2 for a, b in zip(image[y], image[y + 1], strict=True)] for y in range(0, len(image), 2)]
    low, high = min(map(min, values)), max(map(max, values))
    shades = [[int((v - low) / (high - low) * (len(SHADES) - 1) + 0.5) for v in row] for row in values]
    return ["".join(SHADES[shade] for shade in row) for row in shades]


def demonstrate_untrained(console: Console) -> None:
    """The same without a download: a keyword spotter with made-up weights, on made-up input."""
    import torch

    import etc
    from etc.report import render
    from examples.models import load_model

    OUTPUT.mkdir(parents=True, exist_ok=True)
    module, inputs, _ = load_model("ds_cnn")
    compiled = etc.compile(module, inputs)
    path = compiled.save(OUTPUT / "ds_cnn.pte")
    console.print(render(compiled.report, f"etc.compile → {path}"))
    with torch.no_grad():
        error = float((compiled.run(*inputs) - module(*inputs)).abs().max())
    console.print(f"largest difference to PyTorch on the stock ExecuTorch runtime: {error:.1e}\n")
    from examples.demo_c import on_microcontroller

    words = {"noise": inputs[0]}
    on_microcontroller(console, module, inputs, OUTPUT / "ds_cnn", words, lambda y: f"word {int(y.argmax())}")


if __name__ == "__main__":
    sys.exit(main())
