"""``--scheduler``: a command's work on a Dask cluster."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from textrep.cli.flags import parameter
from textrep.errors import UsageError

if TYPE_CHECKING:
    from textrep.distributed import Cluster

__all__ = ["Scheduler", "computing_on", "options"]

Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Compute on the Dask cluster of this scheduler, tcp://HOST:PORT. Its workers must see "
        "the files under the same paths.",
    ),
]


def options(*, replicated: bool, averaged: bool) -> list[inspect.Parameter]:
    """Return the options of a model that can be computed on a cluster."""
    replicas = typer.Option(
        "--replicas",
        metavar="N",
        help="With --scheduler: replicas of the model that are trained side by side.",
        show_default="one a thread of the workers",
    )
    every = typer.Option(
        "--average-every",
        metavar="N",
        help="With --scheduler: tokens that each replica is trained on between two averages.",
        show_default="1000000",
    )
    found = [parameter("scheduler", Scheduler, default=None)]
    if replicated:
        found.append(parameter("replicas", Annotated[int | None, replicas], default=None))
    if averaged:
        found.append(parameter("average_every", Annotated[int | None, every], default=None))
    return found


@contextlib.contextmanager
def computing_on(
    scheduler: str | None, replicas: int | None = None, average_every: int | None = None
) -> Iterator[Cluster | None]:
    """Compute on a cluster inside the block, or here if there is no scheduler."""
    if scheduler is None:
        for name, value in (("--replicas", replicas), ("--average-every", average_every)):
            if value is not None:
                raise UsageError(f"{name} is for training on a cluster: name its --scheduler.")
        yield None
        return
    from textrep.distributed import on_cluster

    every = {} if average_every is None else {"average_every": average_every}
    with on_cluster(scheduler, replicas=replicas, **every) as cluster:
        yield cluster
