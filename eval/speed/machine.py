"""What was measured on: figures mean little without it."""

from __future__ import annotations

import os
import platform
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["cores", "machine_facts", "machine_limits", "machine_lines"]

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


def machine_limits(threads: int) -> dict[str, float]:
    """Return what so many threads reach at best: float32 GFLOP/s and GB/s of memory (in a child).

    The one is a product of large matrices by NumPy's BLAS, the other a triad a = b + s · c on
    arrays beyond the caches; the best of several runs.
    """
    import numpy as np

    n = 3072
    left, right = np.ones((2, n, n), np.float32)
    product = np.empty((n, n), np.float32)
    flops = 2.0 * n**3 / _best(lambda: np.dot(left, right, out=product))
    size = 1 << 24
    arrays = [np.ones((3, size), np.float32) for _ in range(threads)]

    def triad(memory: np.ndarray) -> None:
        a, b, c = memory
        part = 1 << 15  # stays in cache between the two operations
        for first in range(0, size, part):
            at = slice(first, first + part)
            np.multiply(c[at], np.float32(3), out=a[at])
            np.add(a[at], b[at], out=a[at])

    with ThreadPoolExecutor(threads) as pool:
        moved = 3.0 * 4 * size * threads / _best(lambda: list(pool.map(triad, arrays)))
    return {"gflops": flops / 1e9, "gb_per_second": moved / 1e9}


def _best(function: Callable[[], object]) -> float:
    """Return the seconds of the fastest of several calls."""
    seconds = []
    for _ in range(7):
        begun = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


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
