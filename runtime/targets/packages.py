"""`python -m etc.runtime.targets.packages [TOOL …]`: the Debian packages to install, on one line; none if all is there.

They bring what every target needs, and the tools that are named, which packages of their names bring.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable

from etc.runtime.targets.target import PACKAGES, TARGETS


def missing_packages(tools: Iterable[str] = ()) -> list[str]:
    """The packages that are missing for all targets and for these tools."""
    missing = [part for target in TARGETS.values() for part in target.missing()]
    listed = [package for part in missing for package in PACKAGES[part].split()]
    return list(dict.fromkeys([*listed, *(tool for tool in tools if shutil.which(tool) is None)]))


if __name__ == "__main__":
    print(*missing_packages(sys.argv[1:]))
