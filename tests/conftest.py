"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of the machine, and of what was compiled before, than of us.
settings.register_profile("textrep", deadline=None)
settings.load_profile("textrep")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The first folder of ``TEXTREP_DATA``, or a skip."""
    folder = os.environ.get("TEXTREP_DATA", "").split(os.pathsep)[0]
    if not folder or not Path(folder).is_dir():
        pytest.skip("TEXTREP_DATA names no folder with corpora and benchmarks")
    return Path(folder).resolve()
