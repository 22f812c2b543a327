"""The models that tests, demo and benchmarks compile: plain `nn.Module`s in eval mode, trained ones where there are.

    spec = MODELS["silero_vad"]
    module, inputs, dynamic_shapes = spec.load()
    program = torch.export.export(module, inputs, dynamic_shapes=dynamic_shapes)
    spec.check(module)                        # {"speech in a phrase": 0.99…, "speech in noise": 0.0…}

The functions behind `load` are what `etc-compile FILE.py:FUNCTION` takes: `examples/models/vad.py:silero_vad`.
"""

from __future__ import annotations

import functools

from examples.models import llama, minilm, mltk, mtcnn, tiny, vad, vision
from examples.models.packages import ModelUnavailable
from examples.models.spec import FIXED_SEED, Example, Facts, ModelSpec, Run

__all__ = ["FIXED_SEED", "MODELS", "Example", "Facts", "ModelSpec", "ModelUnavailable", "Run", "load_model"]

_FAMILIES = (vision, tiny, llama, minilm, vad, mtcnn, mltk)
MODELS: dict[str, ModelSpec] = {spec.name: spec for family in _FAMILIES for spec in family.SPECS}


@functools.cache
def load_model(name: str) -> Example:
    """The model of `MODELS`, loaded once a process. Run a copy of a module with mutable buffers, not the module."""
    return MODELS[name].load()
