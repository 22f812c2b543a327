"""Our dialects and passes for plain `xdsl-opt`, which finds them through the entry point `xdsl.universe`."""

from __future__ import annotations

from xdsl.transforms import get_all_passes as get_upstream_passes
from xdsl.universe import Universe

from etc.dialects import get_own_dialects
from etc.transforms import get_all_passes

# xDSL refuses a name that two universes define: there, its own `canonicalize`, `cse` and `dce` stay.
UNIVERSE = Universe(
    all_dialects=get_own_dialects(),
    all_passes={name: load for name, load in get_all_passes().items() if name not in get_upstream_passes()},
)
