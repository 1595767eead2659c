"""Threads: order, errors, and BLAS kept to one thread while ours run."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info, threadpool_limits

from textrep.errors import InvalidParameterError
from textrep.parallel import (
    even_rows,
    map_in_order,
    one_blas_thread,
    resolve_n_jobs,
    run_all,
    run_rounds,
)


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


def test_no_results_of_no_items():
    for n_jobs in (1, 3):
        assert list(map_in_order(str, [], n_jobs)) == []


def test_one_job_runs_on_the_calling_thread_and_more_do_not():
    here = threading.get_ident()
    assert set(map_in_order(lambda _: threading.get_ident(), range(5), 1)) == {here}
    others = set(map_in_order(lambda _: threading.get_ident(), range(50), 3))
    assert here not in others
    assert 1 <= len(others) <= 3


def test_order_is_kept_though_the_first_is_the_slowest():
    last_done = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert last_done.wait(30)
        if item == 2:
            last_done.set()
        return item

    assert list(map_in_order(work, range(8), 3)) == list(range(8))


@pytest.mark.parametrize("n_jobs", [1, 2, 4])
@pytest.mark.parametrize("ahead", [0, 2])
def test_no_more_is_read_than_said(n_jobs, ahead):
    read = 0

    def items():
        nonlocal read
        for item in range(100):
            read += 1
            yield item

    taken = 0
    for _ in map_in_order(str, items(), n_jobs, ahead):
        taken += 1
        assert read <= taken + n_jobs + ahead
    assert taken == read == 100


def test_items_are_read_on_the_calling_thread():
    threads = set()

    def items():
        for item in range(20):
            threads.add(threading.get_ident())
            yield item

    list(map_in_order(str, items(), 3))
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("n_jobs", [2, 3])
def test_who_stops_early_waits_for_nothing_that_has_not_begun(n_jobs):
    stop = threading.Event()
    begun = []

    def work(item: int) -> None:
        begun.append(item)
        assert item == 0 or stop.wait(30)

    before = threading.active_count()
    results = map_in_order(work, range(1000), n_jobs, ahead=5, abandon=stop.set)
    next(results)
    results.close()
    assert stop.is_set()
    assert len(begun) <= 1 + n_jobs
    assert threading.active_count() == before


def failing_items():
    yield 1
    raise KeyboardInterrupt


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_errors_of_the_items_come_out(n_jobs):
    with pytest.raises(KeyboardInterrupt):
        list(map_in_order(abs, failing_items(), n_jobs))


def test_running_calls_can_be_abandoned():
    """Without it, an error would wait for the other calls to end."""
    stop = threading.Event()

    def work(item: int) -> None:
        if item == 0:
            raise ValueError("wrong")
        assert stop.wait(30)

    with pytest.raises(ValueError, match="wrong"):
        list(map_in_order(work, range(3), 3, abandon=stop.set))
    assert stop.is_set()


def test_work_that_is_done_is_not_abandoned():
    abandoned = []
    assert list(map_in_order(abs, range(9), 2, abandon=lambda: abandoned.append(1)))
    assert abandoned == []


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_all_are_run(n_jobs):
    done = set()
    run_all(done.add, range(100), n_jobs)
    assert done == set(range(100))
    with pytest.raises(ZeroDivisionError):
        run_all(lambda x: 1 // x, [1, 0], n_jobs)


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(1, 9))
def test_rows_are_cut_evenly(sizes, parts):
    indptr = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    cuts = even_rows(indptr, parts)
    assert [row for begin, end in cuts for row in range(begin, end)] == list(range(len(sizes)))
    assert len(cuts) <= parts
    assert all(begin < end for begin, end in cuts)
    share = sum(sizes) / parts
    for begin, end in cuts:
        assert indptr[end] - indptr[begin] <= share + 2 * max(sizes)


@pytest.mark.parametrize("wrong", [0, -2, 1.5, "2", True])
def test_what_is_no_number_of_threads(wrong):
    with pytest.raises(InvalidParameterError, match="n_jobs parameter of SVD"):
        resolve_n_jobs(wrong, "SVD")


def test_only_the_cores_this_process_may_use(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {3, 5, 7}, raising=False)
    assert resolve_n_jobs(None) == resolve_n_jobs(-1) == 3
    assert resolve_n_jobs(np.int64(2)) == 2


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_a_round_begins_when_the_one_before_is_done(n_jobs: int) -> None:
    done: list[int] = []

    def rounds() -> Iterator[list[int]]:
        for number in range(20):
            assert sorted(done) == list(range(5 * number))
            yield list(range(5 * number, 5 * number + 5))

    def work(item: int) -> None:
        time.sleep(0.001 * (item % 3))
        done.append(item)

    ends = [len(done) for _ in run_rounds(work, rounds(), n_jobs)]
    assert ends == list(range(5, 101, 5))


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_an_error_in_a_round_is_raised(n_jobs: int) -> None:
    with pytest.raises(ZeroDivisionError):
        list(run_rounds(lambda item: 1 // item, [[1, 2], [1, 0]], n_jobs))
