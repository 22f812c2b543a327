"""edge-to-linalg: edge operators become linalg.generic and loops on tensors of the upstream dialects.

    %y = edge.relu(%x) : (tensor<4xf32>) -> tensor<4xf32>
      -->
    %e = tensor.empty() : tensor<4xf32>
    %y = linalg.generic {…} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%a: f32, %b: f32):
      %m = arith.maximumf %a, %zero : f32
      linalg.yield %m : f32
    } -> tensor<4xf32>

Types lose what upstream does not know: sizes over symbols become `?` and index values, integers lose their sign, inputs
and outputs in another dim order are transposed at the ends of a method. The edge types of a method's inputs and outputs
stay behind in its attributes `c.inputs` and `c.outputs`.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.transforms.rewriting import EtcPass


@dataclass(frozen=True)
class EdgeToLinalgPass(EtcPass):
    """Write edge operators as loops over tensors: linalg.generic, tensor, scf."""

    name = "edge-to-linalg"
    start_stage = "edge"
    end_stage = "linalg"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        from etc.lowering.edge_to_linalg.methods import lower_program

        lower_program(module)
