"""How a PyTorch program is called: its arguments as a flat list, its flat outputs in the structure that it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch.utils._pytree import tree_flatten, tree_unflatten, treespec_loads

from etc.errors import EtcError


@dataclass(frozen=True)
class Signature:
    """The structures of a method's arguments and outputs; None where the program does not have them.

    Leaves that torch.export made a part of the program are constants, by their number.
    """

    method: str
    in_spec: Any
    out_spec: Any
    constant_inputs: Mapping[int, Any] = field(default_factory=dict[int, Any])
    constant_outputs: Mapping[int, Any] = field(default_factory=dict[int, Any])

    def flat(self, inputs: Sequence[Any], keywords: Mapping[str, Any] | None = None) -> list[Any]:
        """The values to call the program with. Raises EtcError for other arguments than it was exported with."""
        flat = list(inputs)
        if self.in_spec is not None:
            flat = tree_flatten((tuple(inputs), self._in_order(keywords or {})))[0]
        self._check_constants(flat)
        return [v for i, v in enumerate(flat) if i not in self.constant_inputs]

    def structured(self, outputs: Sequence[Any]) -> Any:
        """What the PyTorch program gives, from what the compiled one does."""
        leaves = list(outputs)
        for leaf, value in sorted(self.constant_outputs.items()):
            leaves.insert(leaf, value)
        return leaves if self.out_spec is None else tree_unflatten(leaves[: self.out_spec.num_leaves], self.out_spec)

    def _in_order(self, keywords: Mapping[str, Any]) -> dict[str, Any]:
        """Keyword arguments in the order of the program."""
        names: list[str] = list(self.in_spec.child(1).context or ()) if self.in_spec.num_children == 2 else []
        if set(names) != set(keywords):
            raise EtcError(
                f"method {self.method} takes other keyword arguments",
                expected=", ".join(names) or "none",
                found=", ".join(keywords) or "none",
                next_step="pass each argument as it was passed when the model was exported",
            )
        return {name: keywords[name] for name in names}

    def _check_constants(self, flat: Sequence[Any]) -> None:
        """Raise an EtcError when an argument that torch.export made a part of the program has another value now."""
        import torch

        for number, compiled in self.constant_inputs.items():
            value = flat[number] if number < len(flat) else compiled
            if isinstance(value, torch.Tensor) or value != compiled:
                raise EtcError(
                    f"input {number} of method {self.method} is a part of the program",
                    expected=repr(compiled),
                    found="a tensor" if isinstance(value, torch.Tensor) else repr(value),
                    next_step="compile with a tensor there, or once for each value",
                )


def structure(text: str | None) -> Any:
    """A structure from its JSON text; None for one that has none, as named tuples of torch's have none."""
    if text is None:
        return None
    try:
        return treespec_loads(text)
    except ValueError:
        return None
