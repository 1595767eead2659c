"""Tagging: the split, the features and the baselines by hand."""

import numpy as np
import pytest
from evaluation.fakes import install, recipe
from reference.plain_vectors import PlainVectors

from textrep.errors import DataError, InputError
from textrep.evaluation import evaluate, mistakes, render
from textrep.evaluation.tasks.tagging import _features, tagging, text_of

NOUNS, VERBS = ["cat", "dog", "sun"], ["runs", "sees", "eats"]


def table(n_documents=10):
    """Nouns and verbs in turn; the last document of five has a word that the others lack."""
    sentences = [f"{noun} {verb} {noun}" for noun in NOUNS for verb in VERBS]
    rows = [(str(d), text) for d in range(n_documents) for text in sentences]
    rows += [(str(d), "owl runs") for d in range(n_documents) if d % 5 == 4]
    tags = [" ".join("V" if word in VERBS else "N" for word in text.split()) for _, text in rows]
    documents, texts = zip(*rows, strict=True)
    return {"document": list(documents), "sentence": list(texts), "tags": tags}


VECTORS = PlainVectors(
    {word: [1, i] for i, word in enumerate([*NOUNS, "owl"])}
    | {word: [-1, i] for i, word in enumerate(VERBS)}
)


def test_every_fifth_document_is_tagged():
    training, asked = text_of(table())
    assert len(training.sentences) == 8 * 9
    assert len(asked.sentences) == 2 * (9 + 1)
    assert ["owl", "runs"] in asked.sentences
    assert ["owl", "runs"] not in training.sentences
    rows = {"sentence": [f"w{i}" for i in range(10)], "tags": ["T"] * 10}
    assert text_of(rows)[1].sentences == [["w4"], ["w9"]]
    with pytest.raises(DataError, match="5 documents or more"):
        text_of(table(4))


def test_a_recipe_says_which_documents_are_tagged():
    columns = table(3)
    columns["part"] = ["test" if name == "0" else "train" for name in columns["document"]]
    training, asked = text_of(columns)
    assert (len(training.sentences), len(asked.sentences)) == (18, 9)
    assert tagging(VECTORS, columns).items.values.all()


def test_separable_vectors_are_tagged_without_a_mistake():
    outcome = tagging(VECTORS, table())
    assert outcome.items.values.tolist() == [1.0] * (2 * (9 * 3 + 2))
    assert outcome.items.groups.max() + 1 == 2 * 10
    assert (outcome.items.margins > 0).all()
    # Trained on 144 nouns and 72 verbs: an unseen word is taken for a noun, which owl is.
    assert outcome.secondary == {
        "unknown": 1.0, "most_frequent_tag": 1.0, "most_frequent_tag_unknown": 1.0,
    }  # fmt: skip


def test_the_most_frequent_tags_by_hand():
    columns = {
        "sentence": ["a b", "a a", "a", "b", "a new b"],
        "tags": ["X Y", "X Y", "X", "Y", "Y Y Y"],
    }
    vectors = PlainVectors({"a": [1.0, 0.0], "b": [0.0, 1.0]})
    outcome = tagging(vectors, columns)
    # Known: a is X three times of four, b is Y; X and Y are three each, X came first.
    assert outcome.secondary["most_frequent_tag"] == pytest.approx(1 / 3)
    assert outcome.secondary["most_frequent_tag_unknown"] == 0.0
    assert outcome.items.covered.tolist() == [True, False, True]
    assert tagging(vectors, columns, oov="skip").categories["Y"].n_covered == 2


def test_a_word_has_the_vectors_of_its_neighbours_in_the_sentence():
    vectors = PlainVectors({"a": [1, 2], "b": [3, 4]})
    found = _features(vectors, [["a", "B"], ["b", "?", "a"]], True)
    a, b, o = [1, 2], [3, 4], [0, 0]
    assert found.window.tolist() == [
        o + a + b, a + b + o,
        o + b + o, b + o + a, o + a + o,
    ]  # fmt: skip
    assert found.has_vector.tolist() == [True, True, True, False, True]


class States:
    """Vectors of words in their place."""

    def __init__(self, rows=lambda words: [VECTORS.table[word] for word in words]):
        self.rows = rows

    def encode_tokens(self, texts):
        return [np.array(self.rows(words), np.float32) for words in texts]

    def known_tokens(self, texts):
        return [np.array([word != "owl" for word in words]) for words in texts]


def test_states_of_encoders_are_taken_alone(monkeypatch):
    outcome = tagging(States(), table())
    assert outcome.options == {"window": 0}
    assert outcome.items.values.all()
    assert outcome.items.covered.sum() == len(outcome.items.covered) - 2  # the owls
    install(monkeypatch, {"x": table()}, None, [recipe("x", "tagging", oov="zero")])
    report = evaluate({"states": States(), "vectors": VECTORS}, "x")
    assert [result.score for result in report.results] == [1.0, 1.0]
    assert mistakes(report) == ()
    assert report.wording("x").texts[1] == "cat [runs] cat"
    text = " ".join(render(report))
    assert "On words of x that its training part lacks: states 1.000, vectors 1.000" in text


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (lambda words: [[1.0]], "one row for each word"),
        (lambda words: [[np.nan]] * len(words), "not finite"),
    ],
)
def test_states_that_are_wrong_are_refused(rows, message):
    with pytest.raises(InputError, match=message):
        tagging(States(rows), table())


def test_one_tag_is_nothing_to_learn():
    columns = table()
    columns["tags"] = [tags.replace("V", "N") for tags in columns["tags"]]
    with pytest.raises(DataError, match="one tag only, 'N'"):
        tagging(VECTORS, columns)


def test_the_real_sample_is_split_by_documents(shared_data):
    from textrep import data, recipes

    training, asked = text_of(data.table(recipes.benchmark_recipe("treebank_tags")).columns)
    n_words = [sum(map(len, part.sentences)) for part in (training, asked)]
    assert sum(n_words) == 94_084
    assert 0.15 < n_words[1] / sum(n_words) < 0.25
