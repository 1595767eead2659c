"""Devices: what a name stands for on this machine."""

from __future__ import annotations

import importlib.util
import re

from textrep.errors import DeviceError, UnknownNameError, UsageError

__all__ = ["DEVICES", "device_or_cpu", "require_torch", "resolve_device"]

DEVICES = ("auto", "cpu", "cuda")
"""Names of devices; ``cuda:0``, ``cuda:1`` and so on are those of one GPU."""

_NUMBERED = re.compile(r"cuda:\d{1,4}")


def require_torch(caller: str) -> None:
    """Raise UsageError unless PyTorch is installed.

    Parameters
    ----------
    caller : str
        What needs it.
    """
    if importlib.util.find_spec("torch") is None:
        raise UsageError(
            f'{caller} needs PyTorch, which is not installed: pip install "textrep[torch]".'
        )


def resolve_device(name: str) -> str:
    """Return the device to train on.

    Parameters
    ----------
    name : str
        ``cpu``: compiled kernels on its cores. ``cuda``, ``cuda:0``, ``cuda:1``, …: torch on a GPU.
        ``auto``: a GPU where torch finds one, otherwise ``cpu``.

    Returns
    -------
    str
        ``cpu``, or ``cuda:`` and a number.

    Raises
    ------
    UnknownNameError
        No device has such a name.
    DeviceError
        torch is not installed, or it finds no such GPU.
    """
    if name not in DEVICES and not _NUMBERED.fullmatch(str(name)):
        raise UnknownNameError("device", str(name), DEVICES, "Of several GPUs one is cuda:1, say.")
    if name == "cpu":
        return name
    if importlib.util.find_spec("torch") is None:
        if name == "auto":
            return "cpu"
        raise DeviceError(
            f"Device {name!r} needs PyTorch, which is not installed: "
            'pip install "textrep[torch]", or use device="cpu".'
        )
    import torch

    n_devices = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if name == "auto":
        return "cuda:0" if n_devices else "cpu"
    if not n_devices:
        raise DeviceError(
            f"Device {name!r} is not there: torch {torch.__version__} finds no GPU on this "
            'machine. Use device="cpu", or "auto" to take a GPU only where there is one.'
        )
    number = torch.cuda.current_device() if name == "cuda" else int(name.partition(":")[2])
    if number >= n_devices:
        raise DeviceError(
            f"Device {name!r} is not there: this machine's GPUs are cuda:0 to cuda:{n_devices - 1}."
        )
    return f"cuda:{number}"


def device_or_cpu(name: str) -> str:
    """Return the device that something was trained on if it is there, else the CPU."""
    try:
        return resolve_device(name)
    except DeviceError:
        return "cpu"
