"""Threads: how many, and mapping work over them in order.

Kernels release the interpreter's lock, so plain threads use every core without copies.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from textrep.checks import check_integer

__all__ = [
    "even_rows",
    "map_in_order",
    "one_blas_thread",
    "resolve_n_jobs",
    "run_all",
    "run_rounds",
]

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_THREADS = 1024  # more are a mistake, and would take memory for each

T = TypeVar("T")
R = TypeVar("R")


def resolve_n_jobs(n_jobs: int | None, caller: str = "textrep") -> int:
    """Return the number of threads that ``n_jobs`` asks for.

    Parameters
    ----------
    n_jobs : int or None
        None or -1: every core this process may use. A number from 1 to 1024: that many.
    caller : str
        Named in the error.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    InvalidParameterError
        ``n_jobs`` is 0, below -1, above 1024, or no integer.
    """
    if n_jobs is None or n_jobs == -1:
        return (
            len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity")
            else os.cpu_count() or 1
        )
    check_integer("n_jobs", caller, n_jobs, 1, _MOST_THREADS)
    return int(n_jobs)


def map_in_order(
    function: Callable[[T], R],
    items: Iterable[T],
    n_jobs: int,
    ahead: int = 2,
    abandon: Callable[[], object] | None = None,
) -> Iterator[R]:
    """Yield ``function(item)`` for each item, in order, computed on ``n_jobs`` threads.

    Parameters
    ----------
    function : callable
        Called on a worker thread.
    items : iterable
        Consumed on the calling thread, at most ``n_jobs + ahead`` items beyond the last result
        that was taken, so memory stays bounded.
    n_jobs : int
        Number of threads; 1 calls ``function`` on the calling thread.
    ahead : int, default=2
        How many finished or waiting items there may be beyond one a thread.
    abandon : callable, optional
        Called if the work ends early, by an error, Ctrl-C, or because no more results are taken,
        before the running calls are waited for: it may make them end sooner.

    Yields
    ------
    R
        Results in the order of ``items``. An exception of ``function`` is raised here.
    """
    if n_jobs == 1:
        for item in items:
            yield function(item)
        return
    with ThreadPoolExecutor(n_jobs) as pool:
        waiting: deque[Future[R]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > n_jobs + ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            for future in waiting:
                future.cancel()
            if abandon is not None:
                abandon()
            raise


def run_all(function: Callable[[T], object], items: Iterable[T], n_jobs: int) -> None:
    """Call ``function`` on each item, on ``n_jobs`` threads, for what it does to shared arrays."""
    for _ in map_in_order(function, items, n_jobs):
        pass


def run_rounds(
    function: Callable[[T], object], rounds: Iterable[Sequence[T]], n_jobs: int
) -> Iterator[None]:
    """Call ``function`` on the items of one round after the other, for what it does to arrays.

    Parameters
    ----------
    function : callable
        Called on a worker thread.
    rounds : iterable of sequence
        Consumed on the calling thread, a round at a time.
    n_jobs : int
        Number of threads; 1 calls ``function`` on the calling thread.

    Yields
    ------
    None
        When all items of a round are done, and before the next round is asked for. An exception of
        ``function`` is raised here.
    """
    if n_jobs == 1:
        for items in rounds:
            for item in items:
                function(item)
            yield
        return
    with ThreadPoolExecutor(n_jobs) as pool:
        for items in rounds:
            for future in [pool.submit(function, item) for item in items]:
                future.result()
            yield


def even_rows(indptr: NDArray[np.integer[Any]], parts: int) -> list[tuple[int, int]]:
    """Cut the rows of a CSR matrix into stretches with about equally many entries.

    Parameters
    ----------
    indptr : ndarray of shape (n_rows + 1,)
        Where each row begins, and where the last ends.
    parts : int
        How many stretches; fewer where a row has more than its share.

    Returns
    -------
    list of tuple
        First row of each stretch, and the row after its last.
    """
    import numpy as np

    targets = np.linspace(0, int(indptr[-1]), parts + 1)[1:-1]
    cuts = np.unique(np.concatenate([[0], np.searchsorted(indptr, targets), [len(indptr) - 1]]))
    return list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True))


_blas_limit = threading.Lock()


@contextlib.contextmanager
def one_blas_thread() -> Iterator[None]:
    """Keep BLAS to one thread inside the block, so that it does not compete with our threads.

    The number of BLAS threads belongs to the process. Of overlapping users only the first sets it,
    and sets it back, so that none takes another's limit for what there was before.
    """
    from threadpoolctl import threadpool_limits

    if not _blas_limit.acquire(blocking=False):
        yield
        return
    try:
        with threadpool_limits(limits=1, user_api="blas"):
            yield
    finally:
        _blas_limit.release()
