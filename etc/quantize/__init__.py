"""`etc.quantize`: from a float program to one of integers, with data to calibrate it.

recipe = Recipe("int8", data=[(image,) for image in images], overrides={"classifier": "float"})
compiled = etc.compile(model, inputs, quantize=recipe)
"""

from __future__ import annotations

from etc.quantize.calibrate import calibrate
from etc.quantize.flow import run
from etc.quantize.recipe import Recipe

__all__ = ["Recipe", "calibrate", "run"]
