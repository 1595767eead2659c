"""Scores by part: the parts by hand, the scores by the definition."""

import zipfile

import numpy as np
import pytest
from evaluation.fakes import install, recipe
from reference import correlation
from reference.plain_vectors import PlainVectors

from textrep.errors import InvalidParameterError
from textrep.evaluation import evaluate, slices
from textrep.evaluation.frequency import bands, common_vocabulary

# Ranks 1 to 30,000, by counts, in a vocabulary that is not in order.
WORDS = [f"w{rank}" for rank in range(30_000, 0, -1)]
COUNTS = list(range(1, 30_001))


def vocabulary(words=WORDS, counts=COUNTS):
    return PlainVectors({word: [1.0] for word in words}, counts)


def test_an_item_is_in_the_band_of_its_rarest_word():
    found = common_vocabulary({"m": vocabulary()})
    items = [["w1", "w1000"], ["w1", "w1001"], ["w5000"], ["w20000", "w3"], ["w20001"], ["w1", "?"]]
    assert bands(items, found).tolist() == [0, 1, 1, 2, 3, 4]


def test_a_word_is_looked_up_as_written_and_then_in_lower_case():
    found = common_vocabulary({"m": vocabulary(["a", "B", "b"], None)})
    assert [found.ranks[word] for word in ("a", "B", "b")] == [1, 2, 3]
    assert bands([["A"], ["B"], ["C"]], found).tolist() == [0, 0, 4]


def test_the_ranks_are_those_of_the_vocabulary_that_most_models_share():
    one, two = vocabulary(["a", "b"], None), vocabulary(["b", "a"], None)
    found = common_vocabulary({"x": one, "y": two, "z": two})
    assert (found.model, found.n_models, found.ranks["b"]) == ("y", 2, 1)
    tie = common_vocabulary({"x": one, "y": two})
    assert (tie.model, tie.ranks["b"]) == ("x", 2)
    assert common_vocabulary({}) is None


PAIRS = {
    "word1": ["f1", "f1", "f1", "f2", "r1", "r1", "r1", "r1"],
    "word2": ["f2", "f3", "f4", "f3", "f1", "f2", "r2", "gone"],
    "score": ["1", "2", "3", "4", "4", "2", "3", "1"],
    "pos": ["N", "N", "N", "V", "V", "V", "V", "V"],
}


def model(seed):
    """Four frequent words, 1,500 in between, two rare ones."""
    words = ["f1", "f2", "f3", "f4", *(f"x{n}" for n in range(1_500)), "r1", "r2"]
    rows = np.random.default_rng(seed).normal(size=(len(words), 3))
    return PlainVectors(dict(zip(words, rows, strict=True)))


def by_hand(model, rows):
    cosines = model.similarities(
        [PAIRS["word1"][r] for r in rows], [PAIRS["word2"][r] for r in rows]
    )
    return correlation.spearman([float(PAIRS["score"][r]) for r in rows], list(cosines))


@pytest.fixture
def report(monkeypatch):
    monkeypatch.setenv("TEXTREP_DATA", "")
    texts = {"text": ["a b", "b a", "a", "b"], "label": ["0", "1", "0", "1"]}
    choices = {"question": ["f1"], "options": ["f2|f3"], "correct": ["1"]}
    tables = {"pairs": PAIRS, "texts": texts, "choices": choices}
    recipes = [recipe("pairs", "relatedness"), recipe("choices", "synonym")]
    install(monkeypatch, tables, None, recipes)
    return evaluate({"one": model(1), "two": model(2)})


def test_parts_by_frequency_are_scored_like_the_whole(report):
    found = {(s.name, s.model): s for s in slices(report, "frequency") if s.benchmark == "pairs"}
    assert {name for name, _ in found} == {"1-1,000", "1,001-5,000", "unknown"}
    for name, vectors in (("one", model(1)), ("two", model(2))):
        frequent, rare = found["1-1,000", name], found["1,001-5,000", name]
        assert frequent.estimate.value == pytest.approx(by_hand(vectors, [0, 1, 2, 3]))
        assert rare.estimate.value == pytest.approx(by_hand(vectors, [4, 5, 6]))
        assert (frequent.n_items, rare.n_items, rare.estimate.n) == (4, 3, 3)
        unknown = found["unknown", name]
        assert (unknown.n_items, unknown.n_covered, unknown.estimate.value) == (1, 0, None)


def test_parts_of_speech_as_the_benchmark_states_them(report):
    found = {(s.name, s.model): s for s in slices(report, "pos")}
    assert {name for name, _ in found} == {"noun", "verb"}
    assert found["noun", "one"].estimate.value == pytest.approx(by_hand(model(1), [0, 1, 2]))
    assert (found["verb", "one"].n_items, found["verb", "one"].n_covered) == (5, 4)
    assert found["verb", "one"].to_dict()["estimate"]["n"] == 4


def test_parts_of_speech_as_brown_tags_the_words(monkeypatch, tmp_path):
    folder = tmp_path / "nltk_data" / "corpora"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "brown.zip", "w") as archive:
        archive.writestr("brown/ca01", "\tF1/nn f2/nns-tl f1/vb f1/np\n\n f3/bedz f4/jjr\n")
    monkeypatch.setenv("TEXTREP_DATA", str(tmp_path))
    table = {
        "word1": ["f1", "f1", "f3", "f4", "r1"],
        "word2": ["f2", "f3", "f3", "f4", "f1"],
        "score": ["1", "2", "3", "4", "5"],
    }
    install(monkeypatch, {"pairs": table}, None, [recipe("pairs", "relatedness")])
    found = slices(evaluate(model(1)), "pos")
    assert [(part.name, part.n_items) for part in found] == [
        ("noun", 1), ("verb", 1), ("adjective", 1), ("mixed", 1), ("unknown", 1),
    ]  # fmt: skip


def test_another_split_is_refused(report):
    with pytest.raises(InvalidParameterError, match="'frequency', 'pos'"):
        slices(report, "length")
