"""Neighbours that other seeds have, too."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from textrep.errors import InputError, InvalidParameterError, UnknownNameError
from textrep.inspection import neighbor_agreement
from textrep.vectors import WordVectors

WORDS = [f"w{number}" for number in range(40)]


def model(seed: int) -> WordVectors:
    true = np.random.default_rng(0).standard_normal((40, 5))
    return WordVectors(WORDS, true + 0.4 * np.random.default_rng(seed + 1).standard_normal((40, 5)))


def near(vectors: WordVectors, word: str, n: int) -> set[str]:
    """The n words of the highest cosine, one after the other."""
    row = vectors.index[word]
    cosines = {
        other: vectors.similarity(word, other) for place, other in enumerate(WORDS) if place != row
    }
    return set(sorted(cosines, key=lambda other: -cosines[other])[:n])


def test_neighbours_that_other_seeds_have() -> None:
    one, others = model(0), [model(1), model(2), model(3)]
    found = neighbor_agreement(one, others, ["w0", "w9"], n=6)
    assert [agreement.word for agreement in found] == ["w0", "w9"]
    for agreement in found:
        assert [(n.word, n.similarity) for n in agreement.neighbors] == one.neighbors(
            agreement.word, 6
        )
        for neighbor in agreement.neighbors:
            having = sum(neighbor.word in near(other, agreement.word, 6) for other in others)
            assert neighbor.agreeing == having
        shared = [
            len(near(one, agreement.word, 6) & near(other, agreement.word, 6)) / 6
            for other in others
        ]
        assert agreement.overlap == pytest.approx(np.mean(shared))
    assert 0 < found[0].overlap < 1


def test_no_other_word() -> None:
    one, other = (WordVectors(["a"], [[value]]) for value in (1.0, 2.0))
    [found] = neighbor_agreement(one, [other], ["a"])
    assert (found.neighbors, np.isnan(found.overlap)) == ([], True)


def test_models_that_tell_nothing() -> None:
    with pytest.raises(InvalidParameterError, match="at least one model from another seed"):
        neighbor_agreement(model(0), [], ["w0"])
    with pytest.raises(InputError, match="the very vectors of the model"):
        neighbor_agreement(model(0), [model(0)], ["w0"])
    sparse = [WordVectors(WORDS, sp.csr_array(model(0).matrix)) for _ in range(2)]
    with pytest.raises(InputError, match="the very vectors of the model"):
        neighbor_agreement(sparse[0], sparse[1:], ["w0"])
    with pytest.raises(InputError, match="has other words"):
        neighbor_agreement(model(0), [WordVectors(WORDS[:5], model(1).matrix[:5])], ["w0"])
    with pytest.raises(UnknownNameError, match="Unknown word 'w99'"):
        neighbor_agreement(model(0), [model(1)], ["w99"])
