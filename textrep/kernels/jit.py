"""How every kernel is compiled: to machine code, cached on disk, without the interpreter's lock.

The cache notices when a kernel's own file changes, not when a kernel that it calls does: after
editing one that others call (``words``, ``utf8``, ``prefetch``), remove ``kernels/__pycache__``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

__all__ = ["fast_kernel", "kernel"]

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` with exact floating point; other threads run while it does."""
    compiled: Callable[P, R] = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


def fast_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` and let sums be reordered, so that loops over floats become vector code.

    Not-a-number and infinity keep their meaning.
    """
    flags = {"reassoc", "contract", "arcp", "nsz"}
    compiled: Callable[P, R] = numba.njit(
        cache=True, nogil=True, error_model="numpy", fastmath=flags
    )(function)
    return compiled
