"""The self-test of a C program, from tensors: a call of a method with the outputs that it must give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from etc.dialects.symbolic import evaluate
from etc.errors import EtcError

if TYPE_CHECKING:
    from etc.emit.c import Golden
    from etc.emit.c.interface import CInterface, CTensor
    from etc.runtime.signature import Signature


def golden_call(
    interface: CInterface,
    signature: Signature,
    inputs: Sequence[Any],
    keywords: Mapping[str, Any],
    outputs: Any,
    tolerance: float,
) -> Golden:
    """The bytes of a call: `outputs` is what the PyTorch module returns for `inputs`. Raises EtcError for misfits."""
    import numpy as np
    from torch.utils._pytree import tree_leaves

    from etc.emit.c import Golden
    from etc.runtime.targets.arrays import arguments_of, from_torch, numpy_dtype
    from etc.runtime.targets.interface import method_named

    method = method_named(interface, signature.method)
    given = arguments_of(method, [from_torch(value) for value in signature.flat(inputs, keywords)])
    constant = signature.constant_outputs
    leaves = [leaf for number, leaf in enumerate(tree_leaves(outputs)) if number not in constant]
    if len(leaves) != len(method.outputs):
        raise EtcError(
            f"method {method.name} has another number of outputs",
            expected=str(len(method.outputs)),
            found=str(len(leaves)),
        )
    arrays = [np.asarray(from_torch(leaf)) for leaf in leaves]
    sizes = dict(given.sizes)
    for symbol in method.symbols:
        if not symbol.given:
            sizes |= _found(symbol.name, method.outputs, arrays)
    laid_out = [
        np.ascontiguousarray(array.astype(numpy_dtype(t.dtype)).transpose(t.dim_order))
        for t, array in zip(method.outputs, arrays, strict=True)
    ]
    for described, array in zip(method.outputs, arrays, strict=True):
        expected = [evaluate(size, sizes) for size in described.sizes]
        if list(array.shape) != expected:
            what = f"output {described.name} of method {method.name} does not fit"
            raise EtcError(what, expected=str(expected), found=str(list(array.shape)))
    inputs_bytes, outputs_bytes = ([array.tobytes() for array in part] for part in (given.inputs, laid_out))
    return Golden(inputs_bytes, outputs_bytes, method.name, sizes, tolerance)


def _found(symbol: str, outputs: Sequence[CTensor], arrays: Sequence[Any]) -> dict[str, int]:
    """The value of a size that the data decides, where an output has it as a dimension."""
    for described, array in zip(outputs, arrays, strict=True):
        for size, actual in zip(described.sizes, array.shape, strict=False):
            if str(size) == symbol:
                return {symbol: actual}
    return {}
