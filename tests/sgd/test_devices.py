"""What the names of devices stand for, with and without torch and GPUs."""

from __future__ import annotations

import importlib.util
import sys
import types

import pytest

from textrep.errors import DeviceError, UnknownNameError
from textrep.sgd import resolve_device


@pytest.fixture
def gpus(monkeypatch):
    """Pretend that torch finds so many GPUs; None: that torch is not installed."""

    def pretend(number):
        cuda = types.SimpleNamespace(
            is_available=lambda: number > 0, device_count=lambda: number, current_device=lambda: 0
        )
        monkeypatch.setitem(
            sys.modules, "torch", types.SimpleNamespace(cuda=cuda, __version__="2.9")
        )
        found = None if number is None else object()
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: found)

    return pretend


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("cpu", None, "cpu"),
        ("cpu", 2, "cpu"),
        ("auto", None, "cpu"),
        ("auto", 0, "cpu"),
        ("auto", 1, "cuda:0"),
        ("cuda", 2, "cuda:0"),
        ("cuda:1", 2, "cuda:1"),
    ],
)
def test_names(gpus, name, number, expected):
    gpus(number)
    assert resolve_device(name) == expected


@pytest.mark.parametrize(
    ("name", "number", "error", "message"),
    [
        ("cuda", None, DeviceError, 'not installed: pip install "textrep[torch]"'),
        ("cuda:0", 0, DeviceError, "torch 2.9 finds no GPU on this machine"),
        ("cuda:2", 2, DeviceError, "this machine's GPUs are cuda:0 to cuda:1"),
        ("cudaa", 1, UnknownNameError, "Did you mean 'cuda'?"),
        ("gpu", 1, UnknownNameError, "Did you mean 'cpu'?"),
        ("cuda:x", 1, UnknownNameError, "Did you mean 'cuda'?"),
        ("cuda:1\n", 2, UnknownNameError, "Did you mean 'cuda'?"),
        (None, 1, UnknownNameError, "Unknown device 'None'"),
    ],
)
def test_names_of_nothing(gpus, name, number, error, message):
    gpus(number)
    with pytest.raises(error) as caught:
        resolve_device(name)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
