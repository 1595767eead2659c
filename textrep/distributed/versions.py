"""Whether the processes of a cluster have what is needed to understand one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textrep.errors import ClusterError

__all__ = ["check_same"]


def check_same(
    name: str, there: Mapping[str, str | None], here: Mapping[str, str], packages: Sequence[str]
) -> None:
    """Raise ClusterError unless packages and the series of Python are the same as here."""
    for package in ("python", *packages):
        other, own = there.get(package) or "", here[package]
        parts = 2 if package == "python" else None  # the rest does not change how objects are sent
        if other.split(".")[:parts] != own.split(".")[:parts]:
            has = f"{package} {other}" if other else f"no {package}"
            raise ClusterError(
                f"{name} has {has}, but here it is {own}. Install the same versions everywhere."
            )
