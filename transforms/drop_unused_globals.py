"""drop-unused-globals: erase globals that no method reads or writes.

    program.global parameter @fc.weight : …        -->    (nothing)

Folding weights leaves the originals behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp

from etc.dialects import program
from etc.transforms.rewrite_log import Rule, current_log
from etc.transforms.rewriting import EtcPass


@dataclass(frozen=True)
class DropUnusedGlobalsPass(EtcPass):
    """Erase globals that no method reads or writes."""

    name = "drop-unused-globals"

    def rewrite(self, ctx: Context, module: ModuleOp) -> None:
        used = {op.symbol for op in module.walk() if isinstance(op, program.LoadOp | program.StoreOp)}
        unused = [target for name, target in program.globals_of(module).items() if name not in used]
        for target in unused:
            target.detach()
            target.erase()
        if unused and (log := current_log()) is not None:
            log.applied[Rule(self.name, "DropUnused")] += len(unused)
