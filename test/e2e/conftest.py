"""What the end-to-end tests share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from examples.models import Example, ModelUnavailable, load_model


@pytest.fixture
def load_or_skip() -> Callable[[str], Example]:
    """Loads a model of the zoo by name; skips the test, by the model's name, when its weights cannot be had."""

    def load(name: str) -> Example:
        try:
            return load_model(name)
        except ModelUnavailable as error:
            pytest.skip(f"{name}: {error.problems[0].what}")

    return load
