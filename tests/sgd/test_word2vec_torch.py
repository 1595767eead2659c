"""word2vec by torch, on the CPU: against plain NumPy, and against the compiled kernels."""

from __future__ import annotations

import numpy as np
import pytest
from reference import word2vec_steps as plain

torch = pytest.importorskip("torch")

import textrep  # noqa: E402
from textrep.corpus import Corpus  # noqa: E402
from textrep.corpus.miniworld import generate  # noqa: E402
from textrep.errors import DeviceError, UnknownNameError  # noqa: E402
from textrep.kernels.random import draw_alias, key_of  # noqa: E402
from textrep.kernels.text import Text, sample_text  # noqa: E402
from textrep.kernels.torch_text import GROUP  # noqa: E402
from textrep.models.word2vec import Word2Vec  # noqa: E402
from textrep.sgd import (  # noqa: E402
    NoiseTable,
    keep_probabilities,
    torch_objectives,
    word2vec_torch,
)
from textrep.sgd.trees import TREES  # noqa: E402
from textrep.sgd.word2vec import Word2VecTrainer  # noqa: E402
from textrep.sgd.word2vec_settings import Settings  # noqa: E402
from textrep.sgd.word2vec_torch import (  # noqa: E402
    OBJECTIVES,
    Word2VecTorchTrainer,
    default_batch,
)

N_WORDS, DIM, RATE = 30, 9, 0.05
DRAWN = {"skipgram": 24, "cbow": 8}


pytestmark = pytest.mark.usefixtures("one_torch_thread")


@pytest.fixture(scope="module")
def text():
    """700 tokens in sentences, and their counts; every word is there."""
    random = np.random.default_rng(0)
    offsets = np.concatenate([[0], np.cumsum(random.integers(1, 25, 60))])
    tokens = (N_WORDS * random.random(offsets[-1]) ** 2).astype(np.int32)
    tokens[:N_WORDS] = np.arange(N_WORDS)
    return tokens, offsets, np.bincount(tokens, minlength=N_WORDS)


@pytest.fixture(scope="module")
def world():
    """A corpus of two parts."""
    return Corpus.build([*generate(tokens=270_000, seed=0)])


def settings_of(**options):
    """The defaults of the estimator, but for ``options``."""
    given = Word2Vec(**options).get_params() | {"n_jobs": 1}
    return Settings(**{name: given[name] for name in Settings.__dataclass_fields__})


def trainer_of(text, settings, **options):
    return Word2VecTorchTrainer(settings, *text, "cpu", **options)


def fill(trainer, seed):
    """Give a trainer vectors that are not small, and return them in float64."""
    arrays, random = trainer.arrays(), np.random.default_rng(seed)
    for name in sorted(arrays):
        arrays[name][:] = random.normal(size=arrays[name].shape) * 0.4
    return [arrays[name].astype(np.float64) for name in ("inputs", "outputs")]


def expected_steps(text, settings, batch):
    """The pairs of each step of an epoch, as the reference takes them."""
    tokens, offsets, counts = text
    key = np.uint64(key_of(np.uint64(settings.random_state), 0))
    sampled = Text(*np.empty((4, len(tokens)), np.int32))
    n = sample_text(
        tokens, offsets, 0, len(offsets) - 1, keep_probabilities(counts, settings.subsample),
        settings.window, settings.dynamic_window, False, False, 0, key, np.uint64(0), sampled,
    )  # fmt: skip
    words, begins, ends = (column[:n].tolist() for column in sampled[:3])
    table = NoiseTable.from_counts(counts, settings.ns_exponent)
    n_drawn = DRAWN[settings.architecture]
    noise_key = np.uint64(key_of(~key, 0))
    n_groups = -(-n // GROUP)
    n_steps = -(-n_groups // (batch // GROUP))
    steps = [[] for _ in range(n_steps)]
    for i in range(n):
        group = i // GROUP
        keys = (np.uint64(key_of(noise_key, group * n_drawn + k)) for k in range(n_drawn))
        drawn = [int(draw_alias(bits, table.keep, table.other)) for bits in keys]
        contexts = [j for j in range(begins[i], ends[i]) if j != i]
        if settings.architecture == "skipgram":
            pairs = [(words[j], words[i]) for j in contexts]
            if settings.objective == "softmax":  # the word in the middle predicts the others
                pairs = [(target, hidden) for hidden, target in pairs]
            pairs = [([(hidden, 1.0, 1.0)], target, drawn) for hidden, target in pairs]
        else:
            part = 1 / len(contexts) if contexts and settings.context == "average" else 1.0
            given = part if settings.exact_gradient else 1.0
            inputs = [(words[j], part, given) for j in contexts]
            pairs = [(inputs, words[i], drawn)] if contexts else []
        steps[group % n_steps].extend(pairs)
    return steps


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(
    "options",
    [
        {"architecture": "skipgram"},
        {"architecture": "skipgram", "subsample": 0.01, "window": 7, "negative": 11},
        {"architecture": "cbow"},
        {"architecture": "cbow", "exact_gradient": True, "dynamic_window": False},
        {"architecture": "cbow", "context": "sum", "window": 2},
    ],
)
def test_an_epoch_equals_plain_gradient_descent(text, objective, options, monkeypatch):
    most, batch = 20.0, 96
    monkeypatch.setattr(word2vec_torch, "MOST", most)
    monkeypatch.setattr(torch_objectives, "_LOGITS", 1000)  # the softmax in several chunks
    settings = settings_of(
        **{"dim": DIM, "subsample": 0.0, "epochs": 3, "learning_rate": RATE} | options,
        objective=objective, margin=0.7, random_state=5,
    )  # fmt: skip
    trainer = trainer_of(text, settings, batch=batch)
    v, u = fill(trainer, 1)
    (measured,) = trainer.train(0, range(1))
    paths = TREES["huffman"](text[2], 0)
    ways = [
        list(zip(paths.nodes[a:b].tolist(), paths.codes[a:b].tolist(), strict=True))
        for a, b in zip(paths.offsets[:-1], paths.offsets[1:], strict=True)
    ]
    steps = expected_steps(text, settings, batch)
    assert len(steps) > 3
    loss = 0.0
    for number, pairs in enumerate(steps):
        rate = RATE * (1 - number / len(steps) / 3)
        share = settings.negative / DRAWN[settings.architecture]
        loss += plain.step(pairs, v, u, rate, most, objective, share, 0.7, ways)
    assert measured.examples == sum(map(len, steps))
    assert measured.work == len(text[0])
    assert measured.loss == pytest.approx(loss, rel=1e-5)
    arrays = trainer.arrays()
    np.testing.assert_allclose(arrays["inputs"], v, atol=2e-5)
    np.testing.assert_allclose(arrays["outputs"], u, atol=2e-5)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_reference_goes_down_the_gradient_of_the_loss(objective):
    random = np.random.default_rng(5)
    v, u = random.normal(size=(2, 6, 4)) * 0.5
    ways = [[(0, 0), (1, 1)], [(0, 1)], [(0, 0), (1, 0)]]
    pairs = [([(0, 0.5, 0.5), (2, 0.5, 0.5)], 1, [2, 1, 4]), ([(2, 1.0, 1.0)], 2, [0, 5, 5])]

    def loss():
        return plain.step(pairs, v.copy(), u.copy(), 0.0, 1e9, objective, 0.3, 0.4, ways)

    new_v, new_u = v.copy(), u.copy()
    plain.step(pairs, new_v, new_u, 1.0, 1e9, objective, 0.3, 0.4, ways)
    step = 1e-6
    for matrix, new in ((v, new_v), (u, new_u)):
        for index in np.ndindex(matrix.shape):
            before = matrix[index]
            matrix[index] = before + step
            above = loss()
            matrix[index] = before - step
            below = loss()
            matrix[index] = before
            assert before - new[index] == pytest.approx((above - below) / (2 * step), abs=1e-7)


def test_two_epochs_are_one_and_one_that_is_resumed(text):
    settings = settings_of(dim=DIM, epochs=2, holdout=0.2)
    whole = trainer_of(text, settings)
    for epoch in range(2):
        list(whole.train(epoch, range(1)))
    first, second = trainer_of(text, settings), trainer_of(text, settings)
    list(first.train(0, range(1)))
    arrays = second.arrays()
    for name, array in first.arrays().items():
        arrays[name][:] = array
    list(second.train(1, range(1)))
    for name, array in whole.arrays().items():
        np.testing.assert_array_equal(second.arrays()[name], array)
    assert second.held_out() == whole.held_out()


def test_arrays_that_were_handed_out_in_mid_epoch_do_not_undo_what_follows(world):
    text = world.tokens, world.sentence_offsets, world.vocabulary.counts
    settings = settings_of(dim=4, epochs=1, subsample=1e-5)
    looked_at, left_alone = (trainer_of(text, settings) for _ in range(2))
    assert looked_at.n_parts == 2
    for _ in looked_at.train(0, range(2)):
        looked_at.arrays()
    list(left_alone.train(0, range(2)))
    np.testing.assert_array_equal(looked_at.vectors(), left_alone.vectors())


def test_held_out_sentences_are_not_trained_on(text):
    everything = trainer_of(text, settings_of(dim=DIM, subsample=0.0))
    settings = settings_of(dim=DIM, subsample=0.0, holdout=0.3)
    trainer = trainer_of(text, settings)
    before = trainer.vectors()
    held_out = trainer.held_out()
    assert held_out == trainer.held_out()
    np.testing.assert_array_equal(trainer.vectors(), before)
    (trained,), (all_of_it,) = (list(t.train(0, range(1))) for t in (trainer, everything))
    assert held_out.kept + trained.kept == all_of_it.kept == len(text[0])
    assert 0 < held_out.kept < trained.kept
    assert held_out.loss / held_out.examples == pytest.approx(6 * np.log(2), rel=0.05)
    assert everything.held_out() is None


def test_the_rate_is_that_of_the_schedule(text):
    trainer = trainer_of(text, settings_of(dim=DIM, epochs=4, learning_rate=0.1))
    assert [trainer.rate(epoch, 0) for epoch in range(4)] == pytest.approx(
        [0.1, 0.075, 0.05, 0.025]
    )


@pytest.mark.parametrize(
    "options",
    [
        {"architecture": "skipgram"},
        {"architecture": "cbow", "learning_rate": 0.05},
        {"architecture": "skipgram", "objective": "margin"},
        {"architecture": "cbow", "objective": "hierarchical-softmax"},
    ],
)
def test_it_learns_what_the_compiled_kernels_learn(world, options):
    text = world.tokens, world.sentence_offsets, world.vocabulary.counts
    settings = settings_of(dim=24, epochs=2, subsample=1e-3, **options)
    losses, models = {}, {}
    for name, trainer in (
        ("torch", trainer_of(text, settings)),
        ("numba", Word2VecTrainer(settings, *text)),
    ):
        for epoch in range(2):
            parts = list(trainer.train(epoch, range(trainer.n_parts)))
        losses[name] = sum(part.loss for part in parts) / sum(part.examples for part in parts)
        models[name] = textrep.WordVectors(world.vocabulary.words, trainer.vectors())
        losses[name, "kept"] = sum(part.kept for part in parts)
        losses[name, "examples"] = sum(part.examples for part in parts)
    for drawn in ("kept", "examples"):
        assert losses["torch", drawn] == losses["numba", drawn]
    assert losses["torch"] == pytest.approx(losses["numba"], rel=0.05)
    found = {}
    for result in textrep.evaluate(models, "miniworld-synonyms").results:
        found[result.model] = result.score
    assert found["torch"] > found["numba"] - 0.08


def test_a_full_memory_is_one_line_of_advice(text, monkeypatch):
    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    trainer = trainer_of(text, settings_of(dim=DIM), batch=4096)
    monkeypatch.setattr(word2vec_torch, "group_words", full)
    with pytest.raises(DeviceError, match=r"^The memory of cpu .* try batch_size=1024\.$"):
        list(trainer.train(0, range(1)))


def test_what_torch_does_not_train_is_said(text):
    with pytest.raises(UnknownNameError, match="context of word2vec on a torch device"):
        trainer_of(text, settings_of(architecture="cbow", context="concatenation"))


def test_larger_texts_have_larger_batches():
    batches = [default_batch(10**n) for n in range(10)]
    assert batches == sorted(batches)
    assert (batches[0], batches[6], batches[9]) == (256, 1024, 16384)
