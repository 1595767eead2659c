"""What a run gave, as a small file of JSON; and its answers, to compare models by.

Scores are kept with the project, in ``eval/results``. What a model said on each item is megabytes:
it is kept in the cache, until models have been compared.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from textrep.errors import FormatError
from textrep.evaluation.outcome import Items, Outcome, score
from textrep.files import atomic_file

from .halves import HALVES, members, take

__all__ = [
    "Half",
    "Record",
    "read_answers",
    "read_record",
    "scores_of",
    "versions",
    "write_answers",
]

_LIBRARIES = ("textrep", "numpy", "scipy", "numba", "scikit-learn", "torch")
_DECIMALS = 4


@dataclass(frozen=True)
class Half:
    """Scores of one half of a benchmark.

    Attributes
    ----------
    score, low, high : float or None
        Of the items that the model covers, and its 95% interval; None where it is not defined.
    on_all : float or None
        Of all items; one with unknown words has the similarity 0 or counts as wrong.
    covered, items : int
        How many.
    """

    score: float | None
    low: float | None
    high: float | None
    on_all: float | None
    covered: int
    items: int


@dataclass(frozen=True)
class Record:
    """One run.

    Attributes
    ----------
    model, estimator : str
        The row, and what ``textrep train`` calls it.
    changed : dict
        Parameters of the sweep that are not the default.
    parameters : dict
        All parameters of the estimator.
    members : dict of str to dict
        The runs that a combination puts together, and their parameters.
    seed : int
    corpus : dict
        Its name, fingerprint, tokens and words.
    scores : dict of str to dict of str to Half
        By half and benchmark.
    seconds : dict of str to float
        Of training and evaluation.
    threads : int
        How many there were.
    versions : dict of str to str
        Of Python and the libraries.
    command : str
        What makes it.
    """

    model: str
    estimator: str
    changed: dict[str, Any]
    parameters: dict[str, Any]
    members: dict[str, dict[str, Any]]
    seed: int
    corpus: dict[str, Any]
    scores: dict[str, dict[str, Half]]
    seconds: dict[str, float]
    threads: int
    versions: dict[str, str]
    command: str

    def write(self, path: Path) -> None:
        """Write the record, one benchmark a line."""
        head = {key: value for key, value in asdict(self).items() if key != "scores"}
        lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
        for half in HALVES:
            lines.append(f" {json.dumps(half)}: {{")
            rows = [
                f"  {json.dumps(name)}: {json.dumps(asdict(part))}"
                for name, part in self.scores[half].items()
            ]
            lines += [",\n".join(rows), " }," if half != HALVES[-1] else " }"]
        with atomic_file(path) as temporary:
            temporary.write_text("\n".join(["{", *lines, "}"]) + "\n", "utf-8")


def read_record(path: Path) -> Record:
    """Read what :meth:`Record.write` wrote.

    Raises
    ------
    FormatError
        The file is damaged, or of another version of this program.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
        scores = {
            half: {name: Half(**part) for name, part in content.pop(half).items()}
            for half in HALVES
        }
        return Record(**content, scores=scores)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise FormatError(
            f"{path} is not the result of a run ({error}). Remove it, and it is made again."
        ) from None


def scores_of(answers: Mapping[str, Outcome]) -> dict[str, dict[str, Half]]:
    """Return the scores of both halves of each benchmark."""
    return {
        half: {
            benchmark: _half(outcome, take(outcome.items, members(benchmark, half)))
            for benchmark, outcome in answers.items()
        }
        for half in HALVES
    }


def _half(outcome: Outcome, items: Items) -> Half:
    covered = score(outcome.metric, items, items.covered)
    everything = score(outcome.metric, items, np.ones_like(items.covered))
    return Half(
        score=_rounded(covered.value),
        low=_rounded(covered.low),
        high=_rounded(covered.high),
        on_all=_rounded(everything.value),
        covered=int(items.covered.sum()),
        items=len(items.covered),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that are installed."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


_ARRAYS = ("covered", "values", "gold", "groups", "clusters")


def write_answers(path: Path, answers: Mapping[str, Outcome], half: str) -> None:
    """Write what a model said on the items of a half."""
    arrays = {}
    for benchmark, outcome in answers.items():
        items = take(outcome.items, members(benchmark, half))
        for name in _ARRAYS:
            values = getattr(items, name)
            if values is not None:
                arrays[f"{benchmark} {outcome.metric} {outcome.oov} {name}"] = values
    with atomic_file(path) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(stream, **arrays)


def read_answers(path: Path) -> dict[str, Outcome]:
    """Read what :func:`write_answers` wrote, by benchmark."""
    parts: dict[tuple[str, ...], dict[str, Any]] = {}
    with np.load(path, allow_pickle=False) as arrays:
        for key in arrays.files:
            *names, array = key.split(" ")
            parts.setdefault(tuple(names), {})[array] = arrays[key]
    return {
        benchmark: Outcome(metric, Items(**given), oov)  # type: ignore[arg-type]
        for (benchmark, metric, oov), given in parts.items()
    }
