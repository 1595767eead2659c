"""The loop: what is trained, what is reported, and where it can stop and go on."""

from __future__ import annotations

import itertools
import signal
from types import SimpleNamespace

import numpy as np
import pytest

from textrep.errors import CorpusError, TrainingError
from textrep.progress import reporting_to
from textrep.training import Checkpoint, loop

from .trainers import WORDS, Toy, timeless, train

EPOCHS, PARTS = 2, 5
EVERYWHERE = [(epoch, part) for epoch in range(EPOCHS) for part in range(PARTS)]


@pytest.fixture(scope="module")
def whole():
    """A training that was never interrupted, and what it reports."""
    toy = Toy()
    return toy, train(toy)


def stop_at(epoch, part):
    """A callback that stops when ``part`` parts of the epoch, counted from 0, are done."""

    def callback(state):
        done = (state.epoch - 1) * PARTS + round(state.done * PARTS)
        return "enough" if done == epoch * PARTS + part else None

    return callback


def test_every_part_is_trained_once_in_order(whole):
    toy, outcome = whole
    assert toy.trained == EVERYWHERE
    assert (outcome.stopped, outcome.best_epoch) == (None, None)


def test_the_history_is_what_was_measured(whole):
    toy = Toy()
    losses = [
        sum(measured.loss for measured in toy.train(epoch, range(PARTS))) for epoch in range(EPOCHS)
    ]
    rows = whole[1].history
    assert timeless(rows) == [
        {"loss": losses[0] / 15, "examples": 15, "learning_rate": 0.5, "tokens": 50, "kept": 35},
        {"loss": losses[1] / 15, "examples": 15, "learning_rate": 0.25, "tokens": 50, "kept": 35},
    ]
    for row in rows:
        assert row["tokens_per_second"] == pytest.approx(50 / row["seconds"])
        assert row["kept_per_second"] == pytest.approx(35 / row["seconds"])


def test_what_is_held_out_is_in_the_history():
    rows = train(Toy(held_out=[0.7, 0.6])).history
    assert [row["held_out_loss"] for row in rows] == [0.7, 0.6]


@pytest.mark.parametrize("seconds", [0.0, 1e-4, 1e9])
def test_slices_change_nothing(whole, monkeypatch, seconds):
    monkeypatch.setattr(loop, "_SLICE", seconds)
    monkeypatch.setattr(loop, "_FIRST", 2)
    toy = Toy()
    outcome = train(toy, callbacks=[lambda state: None])
    assert timeless(outcome.history) == timeless(whole[1].history)
    assert (toy.matrix == whole[0].matrix).all()


def test_slices_grow_step_by_step(monkeypatch):
    monkeypatch.setattr(loop, "_FIRST", 1)
    monkeypatch.setattr(loop, "_SLICE", 1e9)
    toy = Toy(n_parts=40)
    train(toy, 1, callbacks=[lambda state: None])
    assert toy.slices == [1, 4, 16, 19]
    whole = Toy(n_parts=40)
    train(whole, 1)
    assert whole.slices == [40]


def test_the_seconds_of_an_epoch_are_those_of_its_slices(monkeypatch, one_by_one):
    clock = itertools.count()
    monkeypatch.setattr(loop, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    toy = Toy()
    row = train(toy, 1, callbacks=[lambda state: None]).history[0]
    assert toy.slices == [1] * 5
    assert (row["seconds"], row["tokens_per_second"]) == (5, 10)


@pytest.mark.parametrize("place", EVERYWHERE[1:])
def test_a_training_that_goes_on_is_one_that_never_stopped(whole, one_by_one, tmp_path, place):
    folder = tmp_path / "checkpoint"
    first = Toy()
    stopped = train(first, callbacks=[stop_at(*place)], checkpoint=Checkpoint(folder))
    assert stopped.stopped == "enough"
    assert first.trained == EVERYWHERE[: EVERYWHERE.index(place)]
    toy = Toy()
    outcome = train(toy, checkpoint=Checkpoint(folder), resume=True)
    assert first.trained + toy.trained == EVERYWHERE
    assert (toy.matrix == whole[0].matrix).all()
    assert toy.steps == 10
    assert timeless(outcome.history) == timeless(whole[1].history)
    assert outcome.stopped is None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("place", EVERYWHERE)
def test_interrupts_leave_a_checkpoint(whole, one_by_one, tmp_path, monkeypatch, number, place):
    def interrupt(*at):
        if at == place:
            signal.raise_signal(number)

    def terminate(number, frame):
        raise KeyboardInterrupt(number)

    before = signal.signal(number, terminate)
    try:
        first = Toy(before=interrupt)
        with pytest.raises(KeyboardInterrupt):
            train(first, checkpoint=Checkpoint(tmp_path / "checkpoint"))
        assert signal.getsignal(number) is terminate
    finally:
        signal.signal(number, before)
    assert first.trained == EVERYWHERE[: EVERYWHERE.index(place) + 1]
    toy = Toy()
    outcome = train(toy, checkpoint=Checkpoint(tmp_path / "checkpoint"), resume=True)
    assert first.trained + toy.trained == EVERYWHERE
    assert (toy.matrix == whole[0].matrix).all()
    assert timeless(outcome.history) == timeless(whole[1].history)


def test_interrupts_come_at_once_where_nothing_is_kept():
    def interrupt(epoch, part):
        if part == 2:
            signal.raise_signal(signal.SIGINT)

    toy = Toy(before=interrupt)
    with pytest.raises(KeyboardInterrupt):
        train(toy)
    assert toy.trained == EVERYWHERE[:2]


def test_the_second_interrupt_is_not_held(tmp_path):
    toy = Toy(before=lambda epoch, part: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        train(toy, checkpoint=Checkpoint(tmp_path / "checkpoint"))
    assert toy.trained == EVERYWHERE[:1]
    assert not (tmp_path / "checkpoint").exists()


def test_checkpoints_are_written_when_they_are_due(whole, one_by_one, tmp_path):
    seen = []
    folder = tmp_path / "checkpoint"
    toy = Toy(before=lambda *at: seen.append(Checkpoint(folder).exists))
    checkpoint = Checkpoint(folder, interval=0.0)
    train(toy, checkpoint=checkpoint)
    assert not seen[0]
    assert any(seen)
    unhurried = Checkpoint(tmp_path / "other", interval=1e9)
    train(Toy(), checkpoint=unhurried)
    assert not unhurried.exists


def test_what_callbacks_see(one_by_one):
    states = []
    toy = Toy(held_out=[0.7, 0.6])
    history = train(toy, callbacks=[states.append]).history
    at = [(state.epoch, state.done, state.ends_epoch) for state in states]
    assert at[:5] == [
        (1, 0.2, False),
        (1, 0.4, False),
        (1, 0.6, False),
        (1, 0.8, False),
        (1, 1, True),
    ]
    assert [state.epoch for state in states] == [1] * 5 + [2] * 5
    last = states[-1]
    assert (last.epochs, last.words, last.held_out_loss) == (2, WORDS, 0.6)
    assert last.loss == history[-1]["loss"]
    assert last.history == history
    assert states[3].held_out_loss is None
    assert states[3].loss is not None
    assert (last.vectors() == toy.matrix).all()
    seconds = [state.seconds for state in states]
    assert seconds == sorted(seconds)
    assert seconds[0] > 0


def test_a_training_stopped_within_an_epoch_reports_what_it_did(one_by_one):
    outcome = train(Toy(), callbacks=[stop_at(1, 2)])
    assert outcome.stopped == "enough"
    assert [row["tokens"] for row in outcome.history] == [50, 20]


def test_nobody_stops_what_is_complete():
    assert train(Toy(), callbacks=[stop_at(1, PARTS)]).stopped is None


def keep_first(state):
    if state.ends_epoch and state.epoch == 1:
        state.history[-1]["kept_here"] = True
        state.keep()


def test_what_is_kept_is_what_it_ends_with():
    toy, one = Toy(), Toy()
    train(one, 1)
    outcome = train(toy, callbacks=[keep_first])
    assert outcome.best_epoch == 1
    assert (toy.matrix == one.matrix).all()
    assert toy.steps == 5
    assert len(outcome.history) == 2
    assert outcome.history[0]["kept_here"]


def test_what_is_kept_later_counts():
    def keep_second(state):
        if state.ends_epoch and state.epoch < 3:
            state.keep()

    toy, two = Toy(), Toy()
    train(two, 2)
    outcome = train(toy, 3, callbacks=[keep_second])
    assert outcome.best_epoch == 2
    assert (toy.matrix == two.matrix).all()


def test_what_is_kept_is_in_the_checkpoint(one_by_one, tmp_path):
    folder = tmp_path / "checkpoint"
    one, toy = Toy(), Toy()
    train(one, 1)
    train(Toy(), callbacks=[keep_first, stop_at(1, 3)], checkpoint=Checkpoint(folder))
    outcome = train(toy, checkpoint=Checkpoint(folder), resume=True)
    assert toy.trained == EVERYWHERE[8:]
    assert outcome.best_epoch == 1
    assert (toy.matrix == one.matrix).all()


def test_what_overflows_is_noticed_and_not_kept(one_by_one, tmp_path):
    toy = Toy()
    toy.before = lambda epoch, part: toy.matrix.fill(np.inf) if (epoch, part) == (1, 1) else None
    with pytest.raises(TrainingError, match=r"epoch 2: the learning rate 0\.25 is too high"):
        train(toy, checkpoint=Checkpoint(tmp_path / "c", interval=0.0))
    again = Toy()
    train(again, checkpoint=Checkpoint(tmp_path / "c"), resume=True)
    assert np.isfinite(again.matrix).all()


@pytest.mark.parametrize("interval", [0.0, 1e9])
def test_what_overflows_is_not_the_result_of_a_stop(one_by_one, tmp_path, interval):
    toy = Toy()
    toy.before = lambda epoch, part: toy.matrix.fill(np.inf)
    kept = Checkpoint(tmp_path / "c", interval=interval)
    with pytest.raises(TrainingError, match=r"epoch 1: the learning rate 0\.5 is too high"):
        train(toy, callbacks=[stop_at(0, 1)], checkpoint=kept)
    assert not kept.exists
    with pytest.raises(TrainingError):
        train(toy, callbacks=[stop_at(0, 1)])


def test_an_epoch_without_examples():
    class Empty(Toy):
        def train(self, epoch, parts):
            for measured in super().train(epoch, parts):
                yield measured._replace(examples=0, loss=0.0)

    with pytest.raises(TrainingError, match="nothing to learn from"):
        train(Empty())
    with pytest.raises(CorpusError, match="mine"):
        train(Empty(), nothing=CorpusError("mine"))


class Recorder:
    """Writes down what the loop reports."""

    def __init__(self):
        self.started, self.texts, self.amounts = [], [], []

    def start(self, name, total, unit, done):
        self.started.append((name, total, unit, done))
        return self

    def advance(self, amount):
        self.amounts.append(amount)

    def describe(self, text):
        self.texts.append(text)

    def finish(self):
        pass


def test_progress(one_by_one, tmp_path):
    recorder = Recorder()
    options = {"callbacks": [stop_at(1, 2)], "checkpoint": Checkpoint(tmp_path / "c")}
    with reporting_to(recorder):
        train(Toy(held_out=[0.75, 0.5]), **options)
        train(Toy(), checkpoint=Checkpoint(tmp_path / "c"), resume=True)
    assert recorder.started == [
        ("epoch 1 of 2", 100, "tokens", 0),
        ("epoch 2 of 2", 100, "tokens", 50),
        ("epoch 2 of 2", 100, "tokens", 70),
    ]
    assert recorder.amounts == [10] * 10
    assert recorder.texts[0].startswith("loss ")
    assert recorder.texts[0].endswith(", lr 0.417")
    assert "held out 0.7500" in recorder.texts[5]
