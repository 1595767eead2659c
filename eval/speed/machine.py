"""What was measured on: figures mean little without it."""

from __future__ import annotations

import os
import platform
import textwrap
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["cores", "machine_facts", "machine_lines"]

_LIBRARIES = ("textrep", "numpy", "scipy", "numba", "scikit-learn", "gensim")


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine_facts() -> dict[str, Any]:
    """Return processor, cores, memory, load, and versions of libraries; None where unknown."""
    return {
        "cpu": _cpu_model(),
        "cores": cores(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
    }


def machine_lines(facts: dict[str, Any]) -> list[str]:
    """Return the facts as lines of text."""
    libraries = {"Python": facts["python"], **facts["libraries"]}
    return [
        f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_gb']:.0f} GB, "
        f"load {facts['load']:.1f} before",
        *textwrap.wrap(", ".join(f"{name} {version}" for name, version in libraries.items()), 80),
    ]


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
