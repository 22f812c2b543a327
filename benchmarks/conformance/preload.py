"""What the server process imports before it forks workers."""

import logging
import os
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)

import executorch.extension.pybindings.portable_lib  # noqa: E402, F401  # pyright: ignore[reportUnusedImport]
import torch.export  # noqa: E402, F401  # pyright: ignore[reportUnusedImport]

import benchmarks.conformance.evaluate  # noqa: E402, F401  # pyright: ignore[reportUnusedImport]
