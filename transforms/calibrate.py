"""calibrate: execute the program on torch over data, and write what is found onto its observers.

    quant.observe(%x, key="x", …) {quant.spec = …}    -->    … {quant.spec = …, quant.params = #quant.params<i8 …>}

`data` is an `.npz` file with an array for each input by its name, of any number of rows, or a directory of such files.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.transforms.rewriting import EtcPass


@dataclass(frozen=True)
class CalibratePass(EtcPass):
    """Execute the program on torch over `data`, an .npz file or a directory, and give its observers their scales."""

    name = "calibrate"
    data: str

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        from etc.quantize.calibrate import calibrate

        calibrate(module, self.data)
