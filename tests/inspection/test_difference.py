"""What changed between two models: rotations change nothing, planted changes are found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp
from reference.alignment import best_rotation

from textrep.errors import InputError, InvalidParameterError, UsageError, VocabularyError
from textrep.inspection import diff
from textrep.inspection.alignment import aligned_cosines
from textrep.inspection.noise import limits, noise_bands
from textrep.vectors import WordVectors

DIM = 8
N_WORDS = 3000
COUNTS = np.sort(np.random.default_rng(5).zipf(1.3, N_WORDS).clip(1, 10**6))[::-1]
WORDS = [f"w{number}" for number in range(N_WORDS)]


def rotation(seed: int, dim: int = DIM) -> np.ndarray:
    return np.linalg.qr(np.random.default_rng(seed).standard_normal((dim, dim)))[0]


def model(seed: int, noise: float = 0.05, moved: int = 0) -> WordVectors:
    """The same vectors for all seeds, but for noise (more for rare words), turned at random."""
    true = np.random.default_rng(0).standard_normal((N_WORDS, DIM))
    true[:moved] = np.random.default_rng(1).standard_normal((moved, DIM))
    draw = np.random.default_rng(100 + seed)
    blurred = true + noise * draw.standard_normal(true.shape) * (1 + 3 / np.sqrt(COUNTS))[:, None]
    return WordVectors(WORDS, blurred @ rotation(seed), COUNTS)


def unit(matrix: np.ndarray) -> np.ndarray:
    return (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)


def test_alignment_is_by_the_best_rotation() -> None:
    draw = np.random.default_rng(0)
    a, b = unit(draw.standard_normal((5000, 6))), unit(draw.standard_normal((5000, 6)))
    b[:2500] = unit(a[:2500] @ rotation(3, 6) + 0.3 * draw.standard_normal((2500, 6)))
    wanted = ((a.astype(float) @ best_rotation(a.astype(float), b.astype(float))) * b).sum(axis=1)
    found = aligned_cosines(a, b, 1)
    np.testing.assert_allclose(found, wanted, atol=1e-6)
    np.testing.assert_array_equal(found, aligned_cosines(a, b, 2))


def test_a_rotation_changes_nothing() -> None:
    one, turned = model(0, 0.0), model(1, 0.0)
    found = diff(one, turned)
    assert found.changes.max() < 1e-5
    assert (found.share, found.changed, found.limits, found.bands) == (None, None, None, [])


def test_fewer_dimensions_are_filled_up() -> None:
    one = model(0, 0.0)
    wider = np.hstack([one.matrix, np.zeros((N_WORDS, 3), np.float32)]) @ rotation(7, DIM + 3)
    for a, b in [(one, WordVectors(WORDS, wider)), (WordVectors(WORDS, wider), one)]:
        assert diff(a, b).changes.max() < 1e-5


def test_another_seed_changes_no_more_than_noise() -> None:
    found = diff(model(0), model(3), [model(1), model(2)])
    assert 0.003 < found.share < 0.02
    assert found.false_share > 0.5
    assert found.share == pytest.approx(found.changed.mean())


def test_planted_changes_are_found() -> None:
    found = diff(model(0), model(3, moved=60), [model(1), model(2)])
    assert found.changed[:60].mean() > 0.9
    assert found.changed[60:].mean() < 0.02
    top = found.most_changed(20)
    moved = set(WORDS[:60])
    assert sum(word.word in moved for word in top) >= 18
    first = top[0]
    place = WORDS.index(first.word)
    assert first.change == found.changes[place]
    assert first.limit == found.limits[place]
    assert first.count_a == COUNTS[place]
    assert first.overlap < first.seed_overlap
    near_a, near_b = (
        [near.word for near in model.neighbors(first.word)] for model in (found.a, found.b)
    )
    assert (first.neighbors_a, first.neighbors_b) == (near_a, near_b)
    assert first.overlap == len({*near_a} & {*near_b}) / len({*near_a} | {*near_b})
    excess = [word.change - word.limit for word in top]
    assert excess == sorted(excess, reverse=True)


def test_the_most_changed_without_seeds() -> None:
    found = diff(model(0), model(1, moved=5))
    top = found.most_changed(3, n_neighbors=4)
    assert [word.change for word in top] == sorted(found.changes, reverse=True)[:3]
    assert {(word.limit, word.seed_overlap, len(word.neighbors_a)) for word in top} == {
        (None, None, 4)
    }


def test_nothing_is_listed_where_nothing_changed() -> None:
    found = diff(model(0), model(0), [model(1)])
    assert found.share == 0.0
    assert found.false_share == 0.0
    assert found.most_changed() == []


def test_bands_of_frequency() -> None:
    draw = np.random.default_rng(0)
    noise = [draw.random(N_WORDS) / np.sqrt(COUNTS) for _ in range(2)]
    bands = noise_bands(COUNTS, noise)
    assert len(bands) > 1
    assert sum(band.n_words for band in bands) == N_WORDS
    assert min(band.n_words for band in bands) >= 500
    assert bands[-1].least == 0
    counts, above = COUNTS, np.inf
    for band in bands:
        inside = (counts >= band.least) & (counts < above)
        values = np.concatenate([change[inside] for change in noise])
        assert band.n_words == inside.sum()
        assert band.median == np.median(values)
        assert 0 < (values > band.limit).mean() <= 0.01
        found = limits(bands, COUNTS, N_WORDS)[inside]
        assert (found == band.limit).all()
        above = band.least


def test_bands_where_there_are_no_counts_or_few_words() -> None:
    changes = [np.arange(50) / 50]
    for counts in (None, np.arange(50, 0, -1)):
        [band] = noise_bands(counts, changes)
        assert (band.least, band.n_words, band.limit) == (0, 50, 0.98)
        assert limits([band], counts, 50).tolist() == [0.98] * 50


def test_a_word_has_the_limit_of_its_lower_frequency() -> None:
    a, b = model(0), model(3)
    rare = WordVectors(WORDS, b.matrix, np.ones(N_WORDS, np.int64))
    found = diff(a, rare, [model(1)])
    assert set(found.limits) == {found.bands[-1].limit}


def test_words_of_one_model_alone() -> None:
    a, b = model(0), model(1)
    fewer = WordVectors(
        ["x", *WORDS[10:], "y"], np.vstack([b.matrix[:1], b.matrix[10:], b.matrix[:1]])
    )
    found = diff(a, fewer)
    assert found.words == WORDS[10:]
    assert (found.only_a, found.only_b) == (WORDS[:10], ["x", "y"])
    assert found.most_changed(1)[0].count_b is None


def test_zero_vectors_are_left_out() -> None:
    matrix = model(1).matrix.copy()
    matrix[[3, 7]] = 0
    found = diff(model(0), WordVectors(WORDS, matrix))
    assert found.without_vector == 2
    assert not {"w3", "w7"} & set(found.words)
    assert len(found.changes) == N_WORDS - 2


def test_frequent_words_only() -> None:
    least = int(COUNTS[700])
    found = diff(model(0), model(3), [model(1)], min_count=least)
    assert found.words == [
        word for word, count in zip(WORDS, COUNTS, strict=True) if count >= least
    ]
    every = diff(model(0), model(3), [model(1)])
    np.testing.assert_array_equal(found.changes, every.changes[: len(found.words)])
    with pytest.raises(VocabularyError, match="No shared word occurs 9,999,999 times in both"):
        diff(model(0), model(1), min_count=9_999_999)
    uncounted = [WordVectors(WORDS, model(seed).matrix) for seed in (0, 1)]
    with pytest.raises(InputError, match="min_count needs a model that has counts"):
        diff(*uncounted, min_count=2)


def test_too_few_shared_words(caplog: pytest.LogCaptureFixture) -> None:
    a, b = model(0), model(1)
    few = [*WORDS[:DIM], *(f"x{number}" for number in range(N_WORDS - DIM))]
    with pytest.raises(VocabularyError, match=r"share 8 words with vectors, and 8 dimensions"):
        diff(a, WordVectors(few, b.matrix))
    none = [f"x{number}" for number in range(N_WORDS)]
    with pytest.raises(VocabularyError, match="share 0 words"):
        diff(a, WordVectors(none, b.matrix))
    some = [*WORDS[:50], *none[50:]]
    diff(a, WordVectors(some, b.matrix))
    assert "only 50 shared words for 8 dimensions" in caplog.text
    assert "only 50 of 3,000 words (2%) are in both models" in caplog.text


def test_sparse_vectors_are_refused() -> None:
    sparse = WordVectors(WORDS, sp.csr_array(model(1).matrix))
    for pair in [(sparse, model(0)), (model(0), sparse)]:
        with pytest.raises(UsageError, match=r"sparse, of 8 dimensions: reduce them first"):
            diff(*pair)


def test_models_that_are_no_reseedings() -> None:
    with pytest.raises(InputError, match="Model 2 of the seeds has the very vectors"):
        diff(model(0), model(1), [model(2), model(0)])
    other = WordVectors([*WORDS[:-1], "x"], model(1).matrix)
    with pytest.raises(InputError, match="Model 1 of the seeds has other words"):
        diff(model(0), model(1), [other])


def test_bad_calls(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameterError, match="word vectors, a fitted model or a path"):
        diff(model(0), 7)
    with pytest.raises(InputError, match="does not exist"):
        diff(model(0), tmp_path / "none")
    with pytest.raises(InvalidParameterError, match="min_count"):
        diff(model(0), model(1), min_count=0)
    with pytest.raises(InvalidParameterError, match="n parameter of most_changed"):
        diff(model(0), model(1)).most_changed(0)
