"""The benchmark's other side measures what it says."""

from __future__ import annotations

import pytest

from benchmarks.peer import measure_peer
from etc.errors import EtcError

pytest.importorskip("executorch")


def test_figures_of_a_small_model() -> None:
    figures = measure_peer("fc_autoencoder", repeats=1)
    weights = 4 * 267_928
    assert figures["pte_bytes"] > weights
    # inputs and activations, and each of the ten weights, transposed at run time: the two of 640x128 are largest
    assert figures["planned_bytes"] >= figures["lower_bound_bytes"] > 4 * 640 * 128
    assert figures["kernel_calls"] > 20
    assert figures["compile_seconds"] > 0
    assert 0 < figures["load_ms"] < figures["inference_ms"] * 100
    assert figures["max_error"] < 1e-4


def test_failure_is_the_peers_own_complaint() -> None:
    with pytest.raises(EtcError) as caught:
        measure_peer("no_such_model", repeats=1)
    assert str(caught.value) == (
        "ExecuTorch failed on no_such_model\n  found: KeyError: 'no_such_model'\n"
        "  next: python -m benchmarks.peer no_such_model"
    )
