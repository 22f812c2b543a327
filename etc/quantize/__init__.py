"""`etc.quantize`: from a float program to one of integers, with data to calibrate it.

recipe = Recipe("int8", data=[(image,) for image in images], overrides={"classifier": "float"})
compiled = etc.compile(model, inputs, quantize=recipe)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from etc.quantize.calibrate import calibrate
from etc.quantize.flow import run
from etc.quantize.recipe import Recipe

if TYPE_CHECKING:
    from torch.nn import Module

    from etc.quantize.qat import QATModule

__all__ = ["Recipe", "calibrate", "prepare_qat", "run"]


def prepare_qat(module: Module, config: str = "int8") -> QATModule:
    """A copy of a module that trains with fake quantisation, with any optimizer; `etc.compile` takes it afterwards.

    `config` is one with static scales. Raises EtcError for what cannot be trained so; see etc/quantize/qat.py.
    """
    from etc.quantize.qat_placement import prepare_qat

    return prepare_qat(module, config)
