"""A Dask cluster: reaching it, checking it, and saying in one line what is wrong with it."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, TypeVar

from textrep.checks import check_integer
from textrep.corpus.encoded import Corpus
from textrep.distributed.place import CorpusPlace, trouble_with
from textrep.distributed.versions import check_same
from textrep.errors import ClusterError, InvalidParameterError

if TYPE_CHECKING:
    from distributed import Client, Future

    from textrep.progress import Task

__all__ = ["AVERAGE_EVERY", "Cluster", "current_cluster", "on_cluster"]

AVERAGE_EVERY = 1_000_000

_PATIENCE = 10  # seconds that a scheduler, or the first worker, is waited for
_ADDRESS = re.compile(r"[a-z]+://[^/\s]+:\d+/?")
_LOST = (ConnectionError, TimeoutError)
_WARNS_FROM = "distributed.admin.large-graph-warning-threshold"

# What must be the same everywhere, because objects travel as they are in memory.
_SAME_ON_WORKERS = ("textrep", "dask", "distributed", "numpy", "scipy")
_SAME_ON_SCHEDULER = ("dask", "distributed")


T = TypeVar("T")


class Cluster:
    """A Dask cluster whose workers have what ours has.

    Parameters
    ----------
    client : distributed.Client
        Connected to the scheduler.
    replicas : int, optional
        How many replicas of a model are trained side by side. Default: as many as there are
        threads when the training starts.
    average_every : int, default=1000000
        Tokens that a replica is trained on between two averages, of models that are averaged.

    Attributes
    ----------
    client, replicas, average_every
        The same.

    Raises
    ------
    InvalidParameterError
        ``replicas`` or ``average_every`` is no integer from 1 up.
    ClusterError
        There are no workers, or a worker has other versions of what is needed.
    """

    def __init__(
        self,
        client: Client,
        *,
        replicas: int | None = None,
        average_every: int = AVERAGE_EVERY,
    ) -> None:
        if replicas is not None:
            check_integer("replicas", "on_cluster", replicas, 1)
        check_integer("average_every", "on_cluster", average_every, 1)
        self.client, self.replicas, self.average_every = client, replicas, average_every
        with self.explaining():
            self._check_workers()
            self._check_versions()

    @property
    def address(self) -> str:
        """Where the scheduler is."""
        return str(self.client.scheduler.address)

    @property
    def n_threads(self) -> int:
        """Threads of all workers that there are now, at least 1."""
        return max(1, sum(map(int, self.client.nthreads().values())))

    @property
    def n_replicas(self) -> int:
        """Replicas of a model to train: as asked for, or as many as there are threads now."""
        return self.replicas or self.n_threads

    def check_corpus(self, corpus: Corpus) -> CorpusPlace:
        """Return the place of a corpus that every worker can read.

        Raises
        ------
        ClusterError
            A worker cannot.
        """
        place = CorpusPlace.of(corpus)
        for worker, trouble in self.on_workers(trouble_with, place).items():
            if trouble:
                raise ClusterError(
                    f"Worker {worker} cannot use the corpus: {trouble} Put the corpus on a file "
                    f"system that every worker sees under {place.path}."
                )
        return place

    def on_workers(self, function: Callable[..., T], *arguments: Any) -> dict[str, T]:
        """Call a function on each worker; return what it returns, by the worker's address.

        A worker that ends meanwhile is left out.
        """
        with self.explaining():
            answers = self.client.run(function, *arguments, on_error="return")
        found: dict[str, T] = {}
        for worker, answer in answers.items():
            if isinstance(answer, Exception):
                if not isinstance(answer, OSError):
                    raise answer
            else:
                found[worker] = answer
        return found

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future:
        """Let a worker call a function; arguments may be large.

        The scheduler keeps them, and gives them to another worker if one ends. What Dask scatters
        is lost with the worker that has it.
        """
        import dask

        with self.explaining(), dask.config.set({_WARNS_FROM: sys.maxsize}):
            return self.client.submit(function, *arguments, pure=False)

    def send(self, value: Any) -> Future:
        """Send an object once, for several tasks to take as an argument."""
        return self.submit(_received, value)

    def results(self, futures: Sequence[Future]) -> list[Any]:
        """Return the results of tasks in order.

        Raises
        ------
        ClusterError
            The cluster is lost, or a task ended each worker that it ran on.
        """
        with self.explaining():
            return list(self.client.gather(futures))

    def wait(self, futures: Sequence[Future], task: Task) -> None:
        """Wait until all are computed, and advance ``task`` by one for each."""
        from distributed import as_completed

        with self.explaining():
            for future in as_completed(futures, loop=self.client.loop):
                if future.status == "error":
                    future.result()
                task.advance(1)

    @contextlib.contextmanager
    def explaining(self) -> Iterator[None]:
        """Turn Dask's errors inside the block into ClusterError."""
        from distributed import KilledWorker

        try:
            yield
        except KilledWorker as error:
            raise ClusterError(
                f"Workers of {self.address} end when they compute {_task_name(error.task)}, most "
                "often for lack of memory. Give them more, or fewer threads each."
            ) from None
        except (CancelledError, OSError) as error:
            if getattr(error, "errno", None) is not None and not isinstance(error, _LOST):
                raise  # a task's own: a file that cannot be written, a disk that is full
            raise ClusterError(
                f"The connection to the Dask cluster at {self.address} was lost. See the log of "
                "its scheduler, and run the command again."
            ) from None

    def _check_workers(self) -> None:
        try:
            self.client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise ClusterError(
                f"The Dask cluster at {self.address} has no workers. Start some with `dask worker "
                f"{self.address}`."
            ) from None

    def _check_versions(self) -> None:
        found = self.client.get_versions(packages=["textrep", "scipy"])
        here = found["client"]["packages"]
        check_same("The scheduler", found["scheduler"]["packages"], here, _SAME_ON_SCHEDULER)
        for name, worker in found["workers"].items():
            check_same(f"Worker {name}", worker["packages"], here, _SAME_ON_WORKERS)


def _received(value: Any) -> Any:
    """Return what was sent, on the worker."""
    return value


def _task_name(key: object) -> str:
    """Return the function's name in the key of a task."""
    return str(key).partition("-")[0]


_current: contextvars.ContextVar[Cluster | None] = contextvars.ContextVar("cluster", default=None)


def current_cluster() -> Cluster | None:
    """Return the cluster of the :func:`on_cluster` block that we are in, if we are in one."""
    return _current.get()


@contextlib.contextmanager
def on_cluster(
    scheduler: str | Client, *, replicas: int | None = None, average_every: int = AVERAGE_EVERY
) -> Iterator[Cluster]:
    """Do what can be done on a Dask cluster there, inside the block.

    Parameters
    ----------
    scheduler : str or distributed.Client
        The scheduler's address, ``tcp://HOST:PORT``, or a client that is connected to it.
    replicas, average_every : int
        How models that are trained step by step are averaged; see :class:`Cluster`.

    Yields
    ------
    Cluster
        The cluster.

    Raises
    ------
    InvalidParameterError
        ``scheduler`` is no address, or another parameter is out of its range.
    ClusterError
        Dask is not installed, no scheduler answers, there are no workers, or a worker has other
        versions than ours.

    Notes
    -----
    What is done there: counting a corpus, PMI and SVD of the counts, and training step by step
    (word2vec, on replicas that are averaged; GloVe, on replicas that share no vector). The corpus
    must be on a file system that every worker sees under the same path. Dask sends functions and
    arrays as pickles, so connect only to clusters that you trust.
    """
    with contextlib.ExitStack() as stack:
        client = scheduler
        if isinstance(client, str):
            client = _connected(client, stack)
        cluster = Cluster(client, replicas=replicas, average_every=average_every)
        token = _current.set(cluster)
        stack.callback(_current.reset, token)
        yield cluster


def _connected(address: str, stack: contextlib.ExitStack) -> Client:
    """Connect until ``stack`` is unwound."""
    if not _ADDRESS.fullmatch(address):
        rule = "the address of a Dask scheduler, tcp://HOST:PORT"
        raise InvalidParameterError("scheduler", "on_cluster", rule, address)
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("A cluster needs Dask: pip install 'textrep[distributed]'.") from None
    stack.enter_context(_without_log_lines())
    try:
        return stack.enter_context(Client(address, timeout=_PATIENCE, set_as_default=False))
    except (OSError, ValueError):
        raise ClusterError(
            f"No Dask scheduler answers at {address}. Start one with `dask scheduler`, which shows "
            "its address, or correct the address."
        ) from None


@contextlib.contextmanager
def _without_log_lines() -> Iterator[None]:
    """Keep Dask from logging to stderr what we raise as an error, or get over."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
