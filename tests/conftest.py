"""Fixtures that every test may use."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of the machine, and of what was compiled before, than of us.
settings.register_profile("textrep", deadline=None)
settings.load_profile("textrep")

# A shell starts background jobs with Ctrl-C ignored, and programs inherit that. The tests that
# interrupt programs need it back; a handler of ours becomes the default in a program we start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The first folder of ``TEXTREP_DATA``, or a skip."""
    folder = os.environ.get("TEXTREP_DATA", "").split(os.pathsep)[0]
    if not folder or not Path(folder).is_dir():
        pytest.skip("TEXTREP_DATA names no folder with corpora and benchmarks")
    return Path(folder).resolve()


@pytest.fixture(scope="module")
def one_torch_thread() -> Iterator[None]:
    """Threads of torch that wait for each other take minutes where others use the cores."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
