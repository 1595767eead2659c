"""How every kernel is compiled: to machine code, cached on disk, without the interpreter's lock.

The cache notices when a kernel's own file changes, not when a kernel that it calls does: after
editing one that others call (``words``, ``row``, ``context`` …), remove ``kernels/__pycache__``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

__all__ = ["fast_kernel", "fast_step", "kernel", "step"]

P = ParamSpec("P")
R = TypeVar("R")

_ALWAYS = {"cache": True, "nogil": True, "error_model": "numpy"}
_FAST = {"fastmath": {"reassoc", "contract", "arcp", "nsz"}}
_UNCOUNTED = {"_nrt": False}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` with exact floating point; other threads run while it does."""
    compiled: Callable[P, R] = numba.njit(**_ALWAYS)(function)
    return compiled


def fast_kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` and let sums be reordered, so that loops over floats become vector code.

    Not-a-number and infinity keep their meaning.
    """
    compiled: Callable[P, R] = numba.njit(**_ALWAYS, **_FAST)(function)
    return compiled


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function``, a step of a kernel that makes no arrays and returns none.

    It leaves the references to its arrays uncounted. Else it would count each when it is called and
    when it returns, atomically: for a step of a few rows, as long as it takes to multiply them.
    """
    compiled: Callable[P, R] = numba.njit(**_ALWAYS, **_UNCOUNTED)(function)
    return compiled


def fast_step(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` both as a :func:`step` and as a :func:`fast_kernel`."""
    compiled: Callable[P, R] = numba.njit(**_ALWAYS, **_FAST, **_UNCOUNTED)(function)
    return compiled
