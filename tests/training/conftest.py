"""What the tests of the training loop share."""

from __future__ import annotations

import pytest

from textrep.training import loop


@pytest.fixture
def one_by_one(monkeypatch):
    """Slices of one part, so that callbacks and checkpoints come after each."""
    monkeypatch.setattr(loop, "_FIRST", 1)
    monkeypatch.setattr(loop, "_SLICE", 0.0)
