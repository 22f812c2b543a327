"""What quantization without data costs language models: `python -m benchmarks.quantization_llm [WORD]`.

Sizes are of whole `.pte` files beside those of the float models. The sentence encoder embeds 200 sentences, of Python's
own documentation, on torch, and some of them on the stock runtime; cosines are to the float model's vectors. The
decoder's logits are compared step by step; its weights are random, which no quantisation goes well with.
"""

from __future__ import annotations

import copy
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from rich.console import Console
from rich.table import Table
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp

from etc.compiler import Compiled, compile
from etc.quantize.stages import QUANTISED
from etc.runtime.torch_executor import Executor
from examples.models import load_model
from examples.models.llama import decode
from examples.models.minilm import tokenize

SENTENCES, BATCH, LENGTH = 200, 8, 64
STEPS_ON_STOCK = 3


@dataclass(frozen=True)
class LanguageFigures:
    """A quantised language model beside the float one."""

    model: str
    config: str
    size: float
    """bytes of the file, as a part of the float model's"""
    largest_size: float
    cosine: float
    """of the results to the float model's, the mean"""
    least_cosine: float
    wanted_cosine: float
    stock_error: float
    """the largest difference of the stock runtime's results to torch's, beside the largest result"""


def sentences(count: int = SENTENCES) -> list[str]:
    """English sentences that every Python brings along, spread over all topics of its documentation."""
    from pydoc_data.topics import topics

    text = re.sub(r"\s+", " ", " ".join(topics[name] for name in sorted(topics)))
    found = [
        sentence
        for sentence in dict.fromkeys(re.split(r"(?<=\.) ", text))
        if re.fullmatch(r"[A-Z][A-Za-z0-9 ,;:()'\"-]{30,150}\.", sentence)
    ]
    return found[:: max(1, len(found) // count)][:count]


def _batches() -> Iterator[tuple[Tensor, Tensor]]:
    texts = sentences()
    for start in range(0, len(texts), BATCH):
        yield tokenize(*texts[start : start + BATCH], length=LENGTH)


def _compiled(name: str, config: str) -> tuple[Compiled, Executor, float]:
    """A quantised model, the same on torch, and its size beside that of the float one."""
    module, inputs, shapes = load_model(name)
    kept: dict[str, ModuleOp] = {}

    def keep(stage: str, program: ModuleOp) -> None:
        if stage == QUANTISED:
            kept[stage] = program.clone()

    def program() -> Any:
        return torch.export.export(copy.deepcopy(module), inputs, dynamic_shapes=shapes)

    compiled = compile(program(), quantize=config, on_stage=keep)
    return compiled, Executor(kept[QUANTISED]), len(compiled.pte) / len(compile(program()).pte)


def measure_minilm(config: str, largest_size: float, wanted_cosine: float) -> LanguageFigures:
    compiled, on_torch, size = _compiled("minilm_batches", config)
    model = load_model("minilm_batches").module
    batches = list(_batches())
    with torch.no_grad():
        wanted = torch.cat([model(*batch) for batch in batches])
    found = torch.cat([on_torch.run("forward", *batch)[0] for batch in batches])
    on_stock = compiled.run(*batches[0])
    return _figures("minilm", config, size, largest_size, found, wanted, wanted_cosine, on_stock)


def measure_llama(config: str, largest_size: float, wanted_cosine: float) -> LanguageFigures:
    compiled, on_torch, size = _compiled("llama", config)
    model = copy.deepcopy(load_model("llama").module)
    with torch.no_grad():
        wanted = torch.stack(decode(model))
    found = torch.stack(decode(lambda *step: on_torch.run("forward", *step)[0]))
    steps: list[Tensor] = []

    def run(*step: Tensor) -> Tensor:
        steps.append(compiled.run(*step) if len(steps) < STEPS_ON_STOCK else steps[-1])
        return steps[-1]

    on_stock = torch.stack(decode(run)[:STEPS_ON_STOCK])
    return _figures("llama", config, size, largest_size, found, wanted, wanted_cosine, on_stock)


def _figures(
    model: str,
    config: str,
    size: float,
    largest_size: float,
    found: Tensor,
    wanted: Tensor,
    wanted_cosine: float,
    on_stock: Tensor,
) -> LanguageFigures:
    cosines = F.cosine_similarity(found, wanted, dim=-1)
    error = float((on_stock - found[: len(on_stock)]).abs().max() / found.abs().max())
    means = float(cosines.mean()), float(cosines.min())
    return LanguageFigures(model, config, size, largest_size, *means, wanted_cosine, error)


MEASUREMENTS: Sequence[tuple[str, Callable[[], LanguageFigures]]] = (
    ("minilm int8-dynamic", lambda: measure_minilm("int8-dynamic", 0.27, 0.99)),
    ("minilm int8-weight", lambda: measure_minilm("int8-weight", 0.27, 0.99)),
    ("minilm int4-weight-g32", lambda: measure_minilm("int4-weight-g32", 0.3, 0.97)),
    ("llama int8-weight", lambda: measure_llama("int8-weight", 0.27, 0.99)),
    ("llama int4-weight-g32", lambda: measure_llama("int4-weight-g32", 0.3, 0.9)),
)


def measure_language(word: str = "") -> list[LanguageFigures]:
    """All models and configs, or those whose name has `word` in it."""
    return [measure() for name, measure in MEASUREMENTS if word in name]


def table(found: Sequence[LanguageFigures]) -> Table:
    view = Table(title="Language models, quantised without data", title_justify="left")
    view.add_column("model")
    view.add_column("config")
    for name in ("size / float", "limit", "cosine", "least", "wanted", "stock / torch"):
        view.add_column(name, justify="right")
    for row in found:
        sizes = f"{row.size:.4f}", f"{row.largest_size:.2f}"
        cosines = f"{row.cosine:.4f}", f"{row.least_cosine:.4f}", f"{row.wanted_cosine:.2f}"
        view.add_row(row.model, row.config, *sizes, *cosines, f"{row.stock_error:.1e}")
    return view


if __name__ == "__main__":
    Console(width=120).print(table(measure_language(sys.argv[1] if len(sys.argv) > 1 else "")))
