"""``textrep doctor``."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from textrep.cli.options import Json
from textrep.cli.output import columns, print_json

__all__ = ["doctor"]

_PACKAGES = (
    "textrep",
    "numpy",
    "scipy",
    "scikit-learn",
    "numba",
    "llvmlite",
    "nltk",
    "tokenizers",
    "safetensors",
    "typer",
    "rich",
    "torch",
    "pyarrow",
    "distributed",
)
_VECTOR_BITS = (("avx512f", 512), ("avx2", 256), ("avx", 256), ("sse2", 128), ("neon", 128))


def doctor(json: Json = False) -> None:
    """Show what textrep finds on this machine: versions, cores, devices, folders.

    Put its output into a report of a problem.
    """
    sections: dict[str, Callable[[], dict[str, Any]]] = {
        "versions": _versions,
        "machine": _machine,
        "devices": _devices,
        "folders": _folders,
    }
    found = {title: section() for title, section in sections.items()}
    if json:
        print_json(found)
        return
    for title, facts in found.items():
        print(title)
        print(columns([(name, _shown(value)) for name, value in facts.items()], indent="  "))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "not known" if value is None else str(value)


def _versions() -> dict[str, Any]:
    found: dict[str, Any] = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def _machine() -> dict[str, Any]:
    from textrep.parallel import resolve_n_jobs

    name, bits = _processor()
    return {
        "system": platform.platform(),
        "processor": name,
        "cores": os.cpu_count(),
        "threads used": resolve_n_jobs(None),
        "vector width": f"{bits} bits" if bits else None,
        "memory": _memory(),
    }


def _processor() -> tuple[str, int | None]:
    """Return the processor's name and the widest vectors for which LLVM makes code here."""
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    bits = next((width for name, width in _VECTOR_BITS if features.get(name)), None)
    return binding.get_host_cpu_name(), bits


def _memory() -> str | None:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not every system counts its pages
        return None
    return f"{total / 2**30:.1f} GiB"


def _devices() -> dict[str, Any]:
    try:
        import torch
    except ImportError:
        return {"cuda": "torch is not installed (pip install 'textrep[torch]')"}
    if not torch.cuda.is_available():
        return {"cuda": "none"}
    names = [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
    return {"cuda": names}


def _folders() -> dict[str, Any]:
    from textrep import data

    cache = data.cache_folder()
    return {
        "cache": str(cache),
        "cache writable": _writable(cache),
        "free space": f"{shutil.disk_usage(_existing(cache)).free / 2**30:.1f} GiB",
        "data": [str(folder) for folder in data.data_folders()],
        "compiled kernels": _kernel_cache(),
        "offline": os.environ.get("TEXTREP_OFFLINE", "") not in {"", "0"},
    }


def _existing(path: Path) -> Path:
    """Return the nearest folder above ``path`` that exists."""
    return next(folder for folder in (path, *path.absolute().parents) if folder.exists())


def _writable(path: Path) -> bool:
    return os.access(_existing(path), os.W_OK)


def _kernel_cache() -> str:
    """Say where numba keeps compiled kernels; without a place each run compiles them anew."""
    import textrep.kernels

    named = os.environ.get("NUMBA_CACHE_DIR")
    if named:
        place = Path(named)
    else:
        beside = Path(textrep.kernels.__path__[0]) / "__pycache__"
        place = beside if _writable(beside) else Path(sys.prefix)
    if _writable(place):
        return f"{place} (writable)"
    return f"{place} (not writable: every run compiles anew; set NUMBA_CACHE_DIR to a folder)"
