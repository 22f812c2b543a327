"""A pass whose name is taken."""

from dataclasses import dataclass

from etc.transforms.rewriting import EtcPass


@dataclass(frozen=True)
class OwnCsePass(EtcPass):
    """Not the compiler's own."""

    name = "cse"
