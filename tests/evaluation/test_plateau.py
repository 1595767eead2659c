"""Training until a benchmark's score no longer rises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from textrep.errors import DataError, InvalidParameterError, UnknownNameError
from textrep.evaluation import BenchmarkPlateau

from .fakes import install, recipe

WORDS = ["a", "b", "c", "d"]
PAIRS = {"word1": ["a", "a", "a"], "word2": ["b", "c", "d"], "score": ["3", "2", "1"]}

# Vectors whose rank correlation with the gold scores is known: angles of b, c, d from a.
ANGLES = {1.0: (0.1, 0.2, 0.3), 0.5: (0.1, 0.3, 0.2), -0.5: (0.3, 0.1, 0.2), -1.0: (0.3, 0.2, 0.1)}


@pytest.fixture(autouse=True)
def benchmarks(monkeypatch):
    strange = {"word1": ["x"] * 3, "word2": ["y"] * 3, "score": ["3", "2", "1"]}
    install(
        monkeypatch,
        {"pairs": PAIRS, "strange": strange},
        suites={"both": ("pairs", "strange"), "gone": ("pairs", "missing")},
        recipes=[recipe(name, "relatedness") for name in ("pairs", "strange", "missing")],
    )


@dataclass
class State:
    """A training whose scores are given."""

    scores: list[float]
    words: list[str] = field(default_factory=lambda: list(WORDS))
    history: list[dict[str, Any]] = field(default_factory=list)
    ends_epoch: bool = True
    kept: list[int] = field(default_factory=list)

    @property
    def epoch(self) -> int:
        return len(self.history)

    def vectors(self):
        angles = np.array([0.0, *ANGLES[self.scores[self.epoch - 1]]])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    def keep(self):
        self.kept.append(self.epoch)


def follow(scores, **options):
    """Run epochs with these scores; return the state and why it stopped."""
    plateau, state = BenchmarkPlateau("pairs", **options), State(scores)
    for _ in scores:
        state.history.append({"loss": 1.0})
        reason = plateau(state)
        if reason is not None:
            return state, reason
    return state, None


@pytest.mark.parametrize(
    ("scores", "patience", "epochs", "best"),
    [
        ([-1.0, -0.5, 0.5, 1.0], 1, 4, 4),
        ([0.5, -0.5, 1.0], 1, 2, 1),
        ([0.5, 0.5, 1.0], 1, 2, 1),
        ([0.5, -0.5, 1.0, 0.5], 2, 4, 3),
        ([-0.5, 0.5, -1.0, -0.5, 1.0], 2, 4, 2),
    ],
)
def test_when_it_stops_and_what_it_keeps(scores, patience, epochs, best):
    state, reason = follow(scores, patience=patience)
    assert state.epoch == epochs
    assert state.kept[-1] == best
    assert [row["pairs"] for row in state.history] == pytest.approx(scores[:epochs])
    if epochs < len(scores):
        waited = "1 epoch" if patience == 1 else f"{patience} epochs"
        score = scores[best - 1]
        assert reason == f"the score on pairs has not risen above {score:.4f} for {waited}"


def test_within_an_epoch_it_only_looks_whether_it_can_score():
    state = State([1.0], ends_epoch=False)
    assert BenchmarkPlateau("pairs")(state) is None
    assert state.kept == []
    with pytest.raises(DataError, match="have no score on strange"):
        BenchmarkPlateau("strange")(state)
    with pytest.raises(DataError, match="have no score on strange"):
        BenchmarkPlateau("both")(state)


def test_what_is_missing_is_known_at_once():
    with pytest.raises(DataError, match="missing"):
        BenchmarkPlateau("gone")
    with pytest.raises(UnknownNameError, match="Did you mean 'pairs'"):
        BenchmarkPlateau("pars")
    for bad in ({"benchmark": ""}, {"benchmark": "pairs", "patience": 0}):
        with pytest.raises(InvalidParameterError):
            BenchmarkPlateau(**bad)
