"""What all tests of this folder share."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")


@pytest.fixture(autouse=True)
def seed(one_torch_thread):
    """The same random numbers in any order of the tests."""
    torch.manual_seed(0)
