"""choose-layouts: the order of dimensions in memory that the loops over a tensor want.

    %w = program.constant … : tensor<32x3x3x3xf32>              %w = program.constant … : tensor<3x3x3x32xf32>
    %y = linalg.generic … ins(%x, %w) outs(%e)           -->    %y = linalg.generic … ins(%x, %w) outs(%f)
         … -> tensor<1x32x8x8xf32>                                   … -> tensor<1x8x8x32xf32>

A reduction such as a convolution runs at the speed of SIMD instructions when one of its parallel loops goes over
neighbouring elements of the result and of each input that it moves in: for a convolution, that over output channels.
Every such operation votes for the dimension that its operands should have last; elementwise operations between them
follow. Constants are rewritten, at no cost at run time. Inputs and outputs of methods keep their order, and so does
what is reshaped: there, a copy is made where the operation does much more work than the copy.

wishes.py: what an operation wants; groups.py: which tensors have the same order; rewrite.py: changes the program;
panels.py: constants in pieces as wide as the blocks that loops compute.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.dialects import program
from etc.transforms.rewriting import EtcPass


@dataclass(frozen=True)
class ChooseLayoutsPass(EtcPass):
    """Order the dimensions of tensors and constants in memory as the loops over them want.

    `vector` is that of `linalg-to-loops`: constants are stored in panels as wide as its blocks; 1 leaves them whole. So
    is `integer-vector`, for integers; 0 stands for `vector`.
    """

    name = "choose-layouts"
    start_stage = "linalg"
    end_stage = "linalg"

    vector: int = 16
    integer_vector: int = 0

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        from etc.lowering.choose_layouts.panels import store_in_panels
        from etc.lowering.choose_layouts.rewrite import Constants, reorder
        from etc.lowering.choose_layouts.wishes import chosen_orders, copy_what_is_pinned

        constants = Constants()
        for method in program.methods(module):
            copy_what_is_pinned(method)
            reorder(method, chosen_orders(method), constants)
            if self.vector > 1 or self.integer_vector > 1:
                store_in_panels(method, self.vector, self.integer_vector, constants)
