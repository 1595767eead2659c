"""When the callbacks stop a training."""

from __future__ import annotations

import pytest

from textrep.errors import InvalidParameterError
from textrep.training import LossPlateau, TimeBudget

from .trainers import Toy, train


def held_out(losses, callback):
    """Epochs that a training with these held-out losses has, and why it stopped."""
    outcome = train(Toy(n_parts=1, held_out=losses), len(losses), callbacks=[callback])
    return len(outcome.history), outcome.stopped


def test_a_time_budget(one_by_one):
    whole = train(Toy(), callbacks=[TimeBudget(1000)])
    assert whole.stopped is None
    cut = train(Toy(), callbacks=[TimeBudget(1e-9)])
    assert cut.stopped == "the time budget of 1e-09 s was spent"
    assert [row["tokens"] for row in cut.history] == [10]


@pytest.mark.parametrize(
    ("losses", "options", "epochs"),
    [
        ([5, 4, 3, 2], {}, 4),
        ([5, 4, 4, 2], {}, 3),
        ([5, 4, 4.5, 2, 1], {"patience": 2}, 5),
        ([5, 4, 4.5, 4.2, 1], {"patience": 2}, 4),
        ([5, 4.9, 4.8, 4.7, 1], {"patience": 2, "min_delta": 0.5}, 3),
        ([5, 4.7, 4.4, 4.1, 4.1, 1], {"min_delta": 0.5, "patience": 2}, 5),
    ],
)
def test_a_loss_plateau(losses, options, epochs):
    done, stopped = held_out(losses, LossPlateau(**options))
    assert done == epochs
    if epochs < len(losses):
        assert stopped is not None
        by = "by more than 0.5 below " if "min_delta" in options else "below "
        assert stopped.startswith(f"the held-out loss has not fallen {by}")
    else:
        assert stopped is None


@pytest.mark.parametrize(
    ("losses", "best"), [([3, 2, 1], 3), ([3, 1, 2, 2], 2), ([1, 2, 3], 1), ([3, 2, 2.5, 1, 4], 4)]
)
def test_the_training_ends_with_the_best(losses, best):
    toy, callback = Toy(n_parts=1, held_out=losses), LossPlateau(2, return_best=True)
    outcome = train(toy, len(losses), callbacks=[callback])
    assert outcome.best_epoch == best
    until = Toy(n_parts=1)
    train(until, best)
    assert (toy.matrix == until.matrix).all()


def test_without_held_out_text_the_loss_of_the_training_counts():
    """The toy's loss rises."""
    outcome = train(Toy(), 4, callbacks=[LossPlateau()])
    assert len(outcome.history) == 2
    assert outcome.history[1]["loss"] > outcome.history[0]["loss"]
    assert outcome.stopped == (
        f"the loss has not fallen below {outcome.history[0]['loss']:.4f} for 1 epoch"
    )


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: TimeBudget(0), "seconds"),
        (lambda: TimeBudget(float("nan")), "seconds"),
        (lambda: LossPlateau(patience=0), "patience"),
        (lambda: LossPlateau(patience=1.5), "patience"),
        (lambda: LossPlateau(min_delta=-1), "min_delta"),
        (lambda: LossPlateau(return_best=1), "return_best"),
    ],
)
def test_bad_values(made, message):
    with pytest.raises(InvalidParameterError, match=message):
        made()
