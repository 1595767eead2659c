"""``--scheduler``: a command's work on a Dask cluster."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from textrep.distributed import Cluster

__all__ = ["Scheduler", "computing_on"]

Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Compute on the Dask cluster of this scheduler, tcp://HOST:PORT. Its workers must see "
        "the files under the same paths.",
    ),
]


@contextlib.contextmanager
def computing_on(scheduler: str | None) -> Iterator[Cluster | None]:
    """Compute on a cluster inside the block, or here if there is no scheduler."""
    if scheduler is None:
        yield None
        return
    from textrep.distributed import on_cluster

    with on_cluster(scheduler) as cluster:
        yield cluster
