"""The trainer in the loop: resuming, accumulating, averages, and what goes wrong."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from textrep.errors import DeviceError, InvalidParameterError, TrainingError, UnknownNameError
from textrep.optim.batches import LengthBatches
from textrep.optim.contrastive import Contrastive
from textrep.optim.network import Network
from textrep.optim.objectives import (
    CausalLanguageModel,
    Classification,
    MaskedLanguageModel,
    Tagging,
)
from textrep.optim.optimizers import OPTIMIZERS
from textrep.optim.sequences import Sequences
from textrep.training import Checkpoint, loop

from .networks import EPOCHS, N_WORDS, TinyEncoder, lengths, network, sentences, streams
from .networks import train as run_loop
from .networks import trainer as make


def bits(trainer):
    return {name: array.tobytes() for name, array in trainer.arrays().items()}


def epoch(trainer, number=0):
    return list(trainer.train(number, range(trainer.n_parts)))


def labelled(labels):
    plain = sentences()
    of_tokens = [
        [int(token % 3) for token in plain.tokens[begin:end]]
        for begin, end in zip(plain.offsets, plain.offsets[1:], strict=False)
    ]
    lists = [
        plain.tokens[a:b].tolist() for a, b in zip(plain.offsets, plain.offsets[1:], strict=False)
    ]
    given = of_tokens if labels == "tokens" else [row[0] for row in of_tokens]
    return LengthBatches(Sequences.of(lists, given), batch_tokens=40)


def pairs():
    """Documents of two sentences that share a word, which the others do not have."""
    of_words = [[[word, 0, word], [1, word]] for word in range(2, N_WORDS)] * 4
    plain = Sequences.of([sentence for document in of_words for sentence in document])
    documents = np.arange(0, len(plain) + 1, 2)
    return LengthBatches(
        Sequences(plain.tokens, plain.offsets, documents=documents), batch_size=6, neighbours=True
    )


TASKS = {
    "stream": lambda: {"batches": streams(), "held_out": streams(100, batch_size=1)},
    "causal": lambda: {"batches": lengths(accumulate=2)},
    "masked": lambda: {
        "batches": lengths(),
        "objective": MaskedLanguageModel(0, N_WORDS),
        "net": network(bidirectional=True),
    },
    "itself": lambda: {"batches": lengths(), "objective": Contrastive()},
    "neighbour": lambda: {"batches": pairs(), "objective": Contrastive("neighbour", 0.5)},
    "tagging": lambda: {"batches": labelled("tokens"), "objective": Tagging()},
    "classification": lambda: {"batches": labelled("sequences"), "objective": Classification()},
}
WAYS = {
    "adam": {},
    "nesterov": {
        "optimizer": "nesterov",
        "momentum_schedule": "sutskever",
        "l1": 1e-4,
        "weight_decay": 1e-3,
        "clip_value": 0.1,
    },
    "all": {
        "optimizer": "nadam",
        "average": "mean",
        "average_start": 0.3,
        "halve_on_plateau": True,
        "schedule": "cosine-restarts",
        "cycles": 3,
        "warmup": 0.2,
    },
}


def same_task(task, way):
    return make(**TASKS[task](), **WAYS[way])


@pytest.mark.parametrize("task", TASKS)
def test_what_is_learnt(task):
    options = TASKS[task]()
    options.pop("held_out", None)
    # A fraction of the loss without learning: only the way down is looked at.
    trainer = make(**options, epochs=20, learning_rate=0.05)
    means = []
    for number in range(20):
        measured = epoch(trainer, number)
        assert sum(part.work for part in measured) == trainer.work
        means.append(sum(p.loss for p in measured) / sum(p.examples for p in measured))
    assert means[-1] < 0.85 * means[0]


@pytest.mark.parametrize(
    ("task", "way"),
    [*((task, "adam") for task in TASKS), ("stream", "nesterov"), ("stream", "all")],
)
def test_resuming_equals_not_stopping(task, way, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "_SLICE", 0.0)
    monkeypatch.setattr(loop, "_FIRST", 1)
    whole = same_task(task, way)
    history = run_loop(whole, callbacks=[lambda state: None]).history
    n = whole.n_parts
    for stop in (n - 1, n, n + 1):
        folder = tmp_path / str(stop)

        def halt(state, stop=stop):
            done = round(((state.epoch - 1) + state.done) * n)
            return "enough" if done == stop else None

        run_loop(same_task(task, way), callbacks=[halt], checkpoint=Checkpoint(folder, 0.0))
        torch.rand(7)  # what the program draws in between does not matter
        resumed = same_task(task, way)
        torch.nn.init.normal_(resumed.network.head.weight)  # all is read, nothing is left
        rest = run_loop(resumed, checkpoint=Checkpoint(folder, 0.0), resume=True).history
        assert bits(resumed) == bits(whole)
        assert [row["loss"] for row in rest] == [row["loss"] for row in history]
        assert [row.get("held_out_loss") for row in rest] == [
            row.get("held_out_loss") for row in history
        ]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_resumes(name):
    whole, cut, rest = (make(optimizer=name) for _ in range(3))
    epoch(whole)
    list(cut.train(0, range(5)))
    for key, array in rest.arrays().items():
        array[...] = cut.arrays()[key]
    list(rest.train(0, range(5, rest.n_parts)))
    assert bits(rest) == bits(whole)


def test_the_random_numbers_of_the_program_are_its_own():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    trainer = make(held_out=streams(100))
    epoch(trainer)
    trainer.held_out()
    assert (torch.rand(2) == expected).all()


def test_dropout_depends_on_the_seed_and_the_epoch():
    losses = [
        epoch(make(random_state=seed, learning_rate=1e-12, optimizer="sgd"), number)[0].loss
        for seed, number in [(0, 0), (0, 0), (1, 0), (0, 1)]
    ]
    assert losses[0] == losses[1]
    assert len(set(losses)) == 3


def test_accumulated_batches_are_as_one():
    one = make(net=network(dropout=0.0), batches=streams(batch_size=4), optimizer="sgd")
    two = make(
        net=network(dropout=0.0), batches=streams(batch_size=2, accumulate=2), optimizer="sgd"
    )
    for whole, halves in zip(epoch(one), epoch(two), strict=True):
        assert whole.loss == pytest.approx(halves.loss, rel=1e-5)
        assert whole[:2] == halves[:2]
    for name, array in one.arrays().items():
        if name.startswith("weights"):
            np.testing.assert_allclose(array, two.arrays()[name], atol=2e-5)


def test_states_are_carried_through_an_epoch_and_not_into_the_next():
    """Hardly anything is learnt, so the losses are those of reading the text in one piece."""

    def losses(bptt):
        trainer = make(
            net=network(dropout=0.0), batches=streams(bptt=bptt), optimizer="sgd",
            learning_rate=1e-12,
        )  # fmt: skip
        return [sum(part.loss for part in epoch(trainer, number)) for number in range(2)]

    first, second = losses(3)
    assert first == pytest.approx(losses(1000)[0], rel=1e-6)
    assert second == pytest.approx(first, rel=1e-6)


def test_a_step_is_down_the_gradient_of_the_mean():
    trainer = make(net=network(dropout=0.0), optimizer="sgd", learning_rate=0.5, clip_norm=0.0)
    objective, batches = CausalLanguageModel(), streams()
    other = network(dropout=0.0)
    loss = objective.loss(other, objective.prepare(batches.batch((0, 0))))
    (loss.total / loss.examples).backward()
    list(trainer.train(0, range(1)))
    for weight, after in zip(other.parameters(), trainer.network.parameters(), strict=True):
        torch.testing.assert_close(weight - 0.5 * weight.grad, after)


def test_the_rate_follows_the_schedule_and_the_plateau():
    trainer = make(
        epochs=4, schedule="linear", learning_rate=1.0, halve_on_plateau=True, held_out=streams(100)
    )
    n = trainer.n_parts
    assert [trainer.rate(number, 0) for number in range(4)] == [1.0, 0.75, 0.5, 0.25]
    assert trainer.rate(3, n // 2) == pytest.approx(0.25 - 0.25 * (n // 2) / n)
    trainer.held_out()
    assert trainer.rate(1, 0) == 0.75
    trainer.held_out()  # the loss is the same, so not lower
    assert trainer.rate(1, 0) == 0.375


def test_the_rate_changes_from_step_to_step(monkeypatch):
    trainer = make(batches=LengthBatches(sentences(), batch_tokens=20), schedule="linear")
    take, rates = trainer._stepper.take, []

    def spy(batches, rate, *rest):
        rates.append(rate)
        return take(batches, rate, *rest)

    monkeypatch.setattr(trainer._stepper, "take", spy)
    epoch(trainer)
    assert len(rates) > trainer.n_parts
    assert (np.diff(rates) < 0).all()


def test_the_best_weights_are_among_the_arrays():
    """Stopped before an epoch that is worse, a training returns to the same weights."""
    whole, rest = (make(halve_on_plateau=True, held_out=streams(100)) for _ in range(2))
    whole.held_out()
    best = bits(whole)
    epoch(whole)
    for key, array in rest.arrays().items():
        array[...] = whole.arrays()[key]
    for trainer in (whole, rest):
        with torch.no_grad():
            trainer.network.head.bias[0] += 50  # a loss that is far from the best
        trainer.held_out()
        assert trainer.rate(0, 0) == 0.01
        now = bits(trainer)
        assert all(now[name] == best[name] for name in now if name.startswith("weights"))
    assert bits(rest) == bits(whole)


def test_the_number_of_steps_is_among_the_arrays():
    trainer = make(optimizer="nesterov", momentum_schedule="sutskever")
    taken = trainer.arrays()["optimizer.taken"]
    taken[0] = 250
    list(trainer.train(0, range(1)))
    assert trainer._stepper.optimizer.param_groups[0]["momentum"] == 0.75
    assert taken[0] == 251


def test_what_is_held_out_is_measured_with_averaged_weights():
    trainer = make(average="mean", held_out=streams(100, batch_size=2), learning_rate=0.1)
    epoch(trainer)
    loss = trainer.held_out()
    raw = bits(trainer)
    settled = trainer.settle()
    objective, batches = CausalLanguageModel(), streams(100, batch_size=2)
    total, state = 0.0, None
    for part in range(batches.n_parts):
        with torch.no_grad():
            found = objective.loss(settled, objective.prepare(batches.batch((part, 0))), state)
        total, state = total + found.total.item(), found.state
    assert loss.loss == pytest.approx(total, rel=1e-6)
    assert loss.examples == loss.work == batches.work
    assert set(trainer.metrics) == {"perplexity", "accuracy"}
    assert trainer.metrics["perplexity"] == pytest.approx(np.exp(total / batches.work), rel=1e-6)
    assert bits(trainer) != raw  # the average took their place only now
    assert not settled.training


def test_buffers_are_among_the_arrays_and_frozen_weights_are_not():
    class Normed(TinyEncoder):
        def __init__(self):
            super().__init__()
            self.norm = nn.BatchNorm1d(8)
            self.register_buffer("constant", torch.ones(1), persistent=False)
            self.embedding.weight.requires_grad_(False)

        def forward(self, tokens, lengths, state=None):
            encoded = super().forward(tokens, lengths, state)
            normed = self.norm(encoded.layers[-1].flatten(0, 1)).view_as(encoded.layers[-1])
            return encoded._replace(layers=[normed])

    trainer = make(net=Network(Normed(), nn.Linear(8, N_WORDS)))
    names = {name.removeprefix("weights.") for name in trainer.arrays() if "weights" in name}
    assert "encoder.norm.running_mean" in names
    assert not {"encoder.constant", "encoder.embedding.weight"} & names
    before = bits(trainer)
    epoch(trainer)
    after = bits(trainer)
    changed = {name for name in before if before[name] != after[name]}
    assert "weights.encoder.norm.running_mean" in changed


def test_a_network_is_made_smaller_by_l1_and_l2():
    plain, l1, l2 = (make(**{name: 0.05}) for name in ("momentum", "l1", "weight_decay"))

    def size(trainer):
        epoch(trainer)
        return float(sum(w.detach().abs().sum() for w in trainer.network.parameters()))

    sizes = [size(trainer) for trainer in (plain, l1, l2)]
    assert max(sizes[1:]) < sizes[0]


def test_vectors():
    net = network()
    assert make(net=net).vectors().shape == (0, 0)
    from textrep.optim.settings import TrainingSettings
    from textrep.optim.trainer import NetworkTrainer

    trainer = NetworkTrainer(
        net, CausalLanguageModel(), streams(), TrainingSettings(average="mean"),
        vectors=lambda: net.encoder.embedding.weight.numpy().copy(),
    )  # fmt: skip
    epoch(trainer)
    average = trainer.arrays()["average.encoder.embedding.weight"]
    assert (trainer.vectors() == average).all()


class Failing(CausalLanguageModel):
    """Gives a loss that is not a number from the fifth batch on."""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def loss(self, network, batch, state=None):
        found = super().loss(network, batch, state)
        self.calls += 1
        return found if self.calls < 5 else found._replace(total=found.total * float("nan"))


def test_a_loss_that_is_not_a_number_is_named():
    trainer = make(objective=Failing())
    says = r"The loss of step 5 \(epoch 1\) is nan at a learning rate of 0.02: try a tenth of it\."
    with pytest.raises(TrainingError, match=says):
        epoch(trainer)


def test_a_learning_rate_that_is_too_high():
    trainer = make(learning_rate=3e38, optimizer="sgd", clip_norm=0.0)
    with pytest.raises(TrainingError, match=r"try a tenth of it, or clip_norm=1\."):
        epoch(trainer)


class Small(TinyEncoder):
    """An encoder on a device with memory for so many sequences."""

    def __init__(self, room):
        super().__init__()
        self.room = room

    def forward(self, tokens, lengths, state=None):
        if len(tokens) > self.room:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return super().forward(tokens, lengths, state)


@pytest.mark.parametrize(
    ("room", "says"),
    [
        (4, r"8 sequences of \d+ tokens do not fit, 4 do: try batch_size=4 with accumulate=2\."),
        (3, r"8 sequences of \d+ tokens do not fit, 2 do: try batch_size=2 with accumulate=4\."),
        (1, r"8 sequences of \d+ tokens do not fit, not even 2: try shorter sequences"),
    ],
)
def test_a_memory_that_is_too_small(room, says):
    net = Network(Small(room), nn.Linear(8, N_WORDS))
    batches = LengthBatches(sentences(8), batch_size=8)
    with pytest.raises(DeviceError, match=r"too small for step 1 \(epoch 1\): " + says):
        epoch(make(batches=batches, net=net))


def test_a_memory_that_is_too_small_for_streams():
    class Shrinking(Small):
        """One more batch each time takes up room, as other programs do."""

        def forward(self, tokens, lengths, state=None):
            self.room -= len(tokens) > 1
            return super().forward(tokens, lengths, state)

    net = Network(Shrinking(7), nn.Linear(8, N_WORDS))
    with pytest.raises(
        DeviceError,
        match=r"step 3 \(epoch 1\): 4 sequences .* 2 do: try batch_size=2 with accumulate=2",
    ):
        epoch(make(batches=streams(batch_size=4, accumulate=1), net=net))


def test_other_errors_are_not_explained_away():
    class Broken(TinyEncoder):
        def forward(self, tokens, lengths, state=None):
            raise RuntimeError("something else")

    with pytest.raises(RuntimeError, match="something else"):
        epoch(make(batches=lengths(), net=Network(Broken(), nn.Linear(8, N_WORDS))))


@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ({"optimizer": "adm"}, UnknownNameError),
        ({"schedule": "linaer"}, UnknownNameError),
        ({"average": "median"}, UnknownNameError),
        ({"precision": "float16"}, UnknownNameError),
        ({"momentum_schedule": "x"}, UnknownNameError),
        ({"momentum_schedule": "sutskever", "optimizer": "adam"}, InvalidParameterError),
        ({"learning_rate": 0.0}, InvalidParameterError),
        ({"momentum": 1.0}, InvalidParameterError),
        ({"warmup": 1.0}, InvalidParameterError),
        ({"decay": 0.0}, InvalidParameterError),
        ({"cycles": 0}, InvalidParameterError),
        ({"growth": 0.5}, InvalidParameterError),
        ({"clip_norm": -1.0}, InvalidParameterError),
        ({"l1": -1.0}, InvalidParameterError),
        ({"weight_decay": -1.0}, InvalidParameterError),
        ({"epochs": 0}, InvalidParameterError),
        ({"compiled": 1}, InvalidParameterError),
        ({"device": "cuda:99"}, DeviceError),
    ],
)
def test_settings_are_checked(setting, error):
    with pytest.raises(error):
        make(**setting)


def test_low_precision():
    low, full = make(precision="bfloat16"), make()
    losses = [sum(part.loss for part in epoch(trainer)) for trainer in (low, full)]
    assert losses[0] != losses[1]
    assert losses[0] == pytest.approx(losses[1], rel=0.02)
    assert all(array.dtype != np.float16 for array in low.arrays().values())


def test_encoder_and_head_are_compiled_if_that_is_wished(monkeypatch):
    compiled = []
    monkeypatch.setattr(nn.Module, "compile", lambda module: compiled.append(type(module)))
    make()
    assert compiled == []
    make(compiled=True)
    assert compiled == [TinyEncoder, nn.Linear]


def test_metrics_are_in_the_history():
    trainer = make(held_out=streams(100))
    history = run_loop(trainer, callbacks=[trainer.report]).history
    assert len(history) == EPOCHS
    assert history[1]["held_out_loss"] < history[0]["held_out_loss"]
    for row in history:
        assert row["perplexity"] == pytest.approx(np.exp(row["held_out_loss"]))
        assert 0 <= row["accuracy"] <= 1
