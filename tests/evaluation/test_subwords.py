"""The policy "subwords": composed vectors stand for unknown words, and are not coverage."""

from __future__ import annotations

import json

import numpy as np
import pytest
from evaluation.fakes import install, recipe
from reference import correlation
from reference.plain_vectors import PlainVectors

from textrep.evaluation import evaluate, render
from textrep.evaluation.tasks import relatedness, synonym
from textrep.vectors import Subwords, SubwordVectors

OTHERS = {"ax": [1, 1], "bx": [0.2, 1]}


class Composing(PlainVectors):
    """Vectors that know other words than those of the vocabulary."""

    def composable(self, words):
        return np.array([word in OTHERS for word in words])

    def _row(self, word, unknown):
        composed = unknown == "subwords" and word not in self.table
        return OTHERS[word] if composed else super()._row(word, unknown)


TABLE = {"a": [1, 0], "b": [0, 1], "c": [1, 0.5]}
MODEL, PLAIN = Composing(TABLE), PlainVectors(TABLE)
PAIRS = {
    "word1": ["a", "a", "b", "Ax", "ax", "a"],
    "word2": ["b", "c", "c", "b", "zz", "bx"],
    "score": ["1", "6", "3", "5", "4", "2"],
}
CHOICES = {
    "question": ["a", "ax", "b", "zz", "a"],
    "options": ["c|b", "c|b", "bx|a", "a|b", "c|zz"],
    "correct": ["1", "1", "1", "1", "2"],
}


def test_relatedness():
    outcome = relatedness(MODEL, PAIRS, lowercase=True, oov="subwords")
    assert outcome.oov == "subwords"
    assert outcome.items.covered.tolist() == [True] * 3 + [False] * 3
    assert outcome.items.composed.tolist() == [False] * 3 + [True, False, True]
    cosines = [0, 2 / 5**0.5, 1 / 5**0.5, 0.5**0.5, 0, 0.2 / 1.04**0.5]
    assert outcome.items.values == pytest.approx(cosines)
    # All pairs count: the one that cannot be answered has the similarity 0.
    expected = correlation.pearson([1, 6, 3, 5, 4, 2], cosines)
    assert outcome.secondary["pearson"] == pytest.approx(expected)


def test_a_word_is_composed_as_written_unless_the_recipe_allows_lower_case():
    outcome = relatedness(MODEL, PAIRS, lowercase=False, oov="subwords")
    assert outcome.items.composed.tolist() == [False] * 5 + [True]


def test_synonym():
    outcome = synonym(MODEL, CHOICES, oov="subwords")
    assert outcome.items.covered.tolist() == [True, False, False, False, False]
    assert outcome.items.composed.tolist() == [False, True, True, False, False]
    # ax: cos with c .95, with b .71; b: with bx .98, with a 0; zz is unknown and wrong.
    assert outcome.items.values.tolist() == [1, 1, 1, 0, 0]


def test_an_unknown_option_of_a_covered_question_is_composed_too():
    question = {"question": ["b"], "options": ["c|bx"], "correct": ["1"]}
    assert synonym(MODEL, question, oov="zero").items.values.tolist() == [1]
    outcome = synonym(MODEL, question, oov="subwords")
    assert outcome.items.values.tolist() == [0]
    assert outcome.items.composed.tolist() == [False]


@pytest.mark.parametrize("task", [relatedness, synonym])
def test_other_policies_and_other_models_compose_nothing(task):
    table = PAIRS if task is relatedness else CHOICES
    zero = task(PLAIN, table, oov="zero")
    assert zero.items.composed is None
    same = task(MODEL, table, oov="zero")
    assert same.items.values.tolist() == zero.items.values.tolist()
    asked = task(PLAIN, table, oov="subwords")
    assert asked.items.values.tolist() == zero.items.values.tolist()
    assert not asked.items.composed.any()


def test_the_report_tells_what_was_composed(monkeypatch):
    analogy = {"category": ["x"], "a": ["a"], "b": ["b"], "c": ["c"], "d": ["ax"]}
    tables = {"pairs": PAIRS, "choices": CHOICES, "analogies": analogy}
    recipes = [recipe("pairs", "relatedness", lowercase=True)]
    recipes += [recipe("choices", "synonym"), recipe("analogies", "analogy")]
    install(monkeypatch, tables, None, recipes)
    report = evaluate({"parts": MODEL, "plain": PLAIN}, oov="subwords")
    parts, plain = report.of("pairs")
    assert (parts.n_covered, parts.n_composed, plain.n_composed) == (3, 2, 0)
    assert parts.coverage == plain.coverage == 0.5
    assert parts.estimate is parts.on_all
    assert parts.on_shared.n == 3
    assert [result.oov for result in report.of("analogies")] == ["zero", "zero"]
    text = " ".join(" ".join(render(report, 300)).split())
    assert "(pairs, choices): subwords, a vector composed from its n-grams stands" in text
    assert "Unknown words (analogies): zero" in text
    assert (
        "Items answered with composed vectors, which are not covered: "
        "2 of 6 on pairs (parts), 2 of 5 on choices (parts)." in text
    )
    first = json.loads(json.dumps(report.to_dict(items=True)))["results"][0]
    assert first["n_composed"] == report.rows()[0]["n_composed"] == 2
    assert first["items"]["composed"] == [False, False, False, True, False, True]
    unasked = evaluate({"parts": MODEL}, oov="zero")
    assert "composed" not in " ".join(render(unasked))


def test_subword_vectors_are_such_vectors():
    words, subwords = ["walk", "talk", "run"], Subwords(3, 4, 100_000)
    rows = np.random.default_rng(0).standard_normal((subwords.rows(words).n_rows, 8))
    vectors = SubwordVectors.from_input(words, subwords, rows)
    pairs = {"word1": ["walk", "walked"], "word2": ["talk", "walks"], "score": ["1", "2"]}
    outcome = relatedness(vectors, pairs, oov="subwords")
    assert outcome.items.composed.tolist() == [False, True]
    assert outcome.items.values[1] == pytest.approx(vectors.similarity("walked", "walks"))
