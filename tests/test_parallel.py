"""Threads: order, errors, and BLAS kept to one thread while ours run."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from textrep.errors import InvalidParameterError
from textrep.parallel import map_in_order, one_blas_thread, resolve_n_jobs


def blas_threads() -> set[int]:
    np.ones((2, 2)) @ np.ones((2, 2))
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_blas_has_one_thread_inside_and_what_it_had_outside():
    with threadpool_limits(2, user_api="blas"):
        with one_blas_thread():
            assert blas_threads() == {1}
        assert blas_threads() == {2}


def test_overlapping_users_leave_blas_as_it_was():
    entered, leave = threading.Event(), threading.Event()

    def first():
        with one_blas_thread():
            entered.set()
            leave.wait(10)

    before = blas_threads()
    thread = threading.Thread(target=first)
    thread.start()
    entered.wait(10)
    with one_blas_thread():
        assert blas_threads() == {1}
        leave.set()
        thread.join()
    assert blas_threads() == before
    with one_blas_thread():
        assert blas_threads() == {1}


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_results_come_in_order_and_errors_come_out(n_jobs):
    assert list(map_in_order(lambda x: x * x, range(50), n_jobs)) == [x * x for x in range(50)]
    with pytest.raises(ZeroDivisionError):
        list(map_in_order(lambda x: 1 // x, [1, 0, 1], n_jobs))


def test_n_jobs():
    assert resolve_n_jobs(3) == 3
    assert resolve_n_jobs(None) == resolve_n_jobs(-1) >= 1
    for wrong in (0, -2):
        with pytest.raises(InvalidParameterError, match="n_jobs"):
            resolve_n_jobs(wrong)
