"""How operations between dequantize and quantize become operations on integers: one table per family, keyed by class.

values        what a quantised value and its weights are, and how they are read
site          where a rule is applied: the operation, what its result is quantised to, and how integers are rescaled
products      conv, linear, mm, addmm with constant weights; matmul and bmm of two activations
arithmetic    add, sub, mul, reductions, pooling, softmax
tables        functions of one value, element by element
moves         operations that move, select or compare elements
regions       what loops carry
islands       what stays in reals, and why
"""
