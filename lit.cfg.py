# pyright: reportUndefinedVariable=false, reportUnknownMemberType=false
# ruff: noqa: F821
"""lit's configuration: `lit test` runs every test/**/*.mlir; `lit --param=shell=1 test` runs them in a shell."""

import os
import sys

root = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [root, os.path.join(root, "test")]

from lit_inprocess import InProcessTest  # noqa: E402

config.name = "etc"
config.test_format = InProcessTest({"etc-opt": "etc.tools.opt:main"}, execute_external=False)
config.suffixes = [".mlir"]
config.test_source_root = root  # with `root/test`, `lit test` would find nothing
config.test_exec_root = os.path.join(root, "build", "lit")
os.makedirs(config.test_exec_root, exist_ok=True)
config.excludes = ["build", "inputs"]
config.environment["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), config.environment["PATH"]])
config.environment["OMP_NUM_THREADS"] = "1"
