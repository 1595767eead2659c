import numpy as np
import pytest
from evaluation.encoders import Adapting, Letters, SparseLetters
from reference import correlation

from textrep.errors import DataError, InputError
from textrep.evaluation.outcome import score
from textrep.evaluation.tasks import sts

PAIRS = {
    "sentence1": ["a", "a", "aab", "cd", "d"],
    "sentence2": ["a", "b", "ab", "c", "?"],
    "score": ["5", "0", "4.5", "2", "1"],
}
COSINES = [1.0, 0.0, 3 / np.sqrt(10), 1 / np.sqrt(2), 0.0]


def primary(outcome, chosen):
    return score(outcome.metric, outcome.items, chosen).value


@pytest.mark.parametrize("model", [Letters(), SparseLetters()])
def test_worked_by_hand(model):
    outcome = sts(model, PAIRS)
    assert outcome.items.values == pytest.approx(COSINES, abs=1e-9)
    assert outcome.items.covered.tolist() == [True, True, True, True, False]
    gold = [float(text) for text in PAIRS["score"]]
    everything = np.ones(5, bool)
    assert primary(outcome, everything) == pytest.approx(correlation.spearman(gold, COSINES))
    assert outcome.secondary["pearson"] == pytest.approx(correlation.pearson(gold, COSINES))
    assert (outcome.metric, outcome.oov) == ("spearman", "zero")


def test_texts_without_a_vector_may_be_left_out():
    outcome = sts(Letters(), PAIRS, oov="skip", metric="pearson")
    gold = [float(text) for text in PAIRS["score"]]
    assert primary(outcome, outcome.items.covered) == pytest.approx(
        correlation.pearson(gold[:4], COSINES[:4])
    )
    assert outcome.secondary["spearman"] == pytest.approx(
        correlation.spearman(gold[:4], COSINES[:4])
    )


def test_categories():
    outcome = sts(Letters(), PAIRS | {"category": list("xxxyy")})
    assert [(name, part.n_items) for name, part in outcome.categories.items()] == [
        ("x", 3),
        ("y", 2),
    ]
    assert outcome.categories["x"].score == pytest.approx(
        correlation.spearman([5, 0, 4.5], COSINES[:3])
    )


def test_one_that_adapts_is_adapted_to_all_sentences():
    model = Adapting()
    values = sts(model, PAIRS).items.values
    assert model.adapted == [[*PAIRS["sentence1"], *PAIRS["sentence2"]]]
    rows = model.adapted_to(model.adapted[0]).encode(["aab", "ab"])
    expected = rows[0] @ rows[1] / np.linalg.norm(rows[0]) / np.linalg.norm(rows[1])
    assert values[2] == pytest.approx(expected, abs=1e-6)


def test_a_score_that_is_no_number():
    with pytest.raises(DataError, match="of pair 5 is not a finite number"):
        sts(Letters(), PAIRS | {"score": ["1", "2", "3", "4", "high"]})


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda texts: np.zeros(len(texts)), r"a row for each of 10 texts. Got shape \(10,\)"),
        (lambda texts: np.zeros((3, 2)), r"Got shape \(3, 2\)"),
        (lambda texts: np.full((len(texts), 2), np.nan), "Wrong.encode gave .* not finite"),
    ],
)
def test_encoders_that_answer_wrongly(answer, message):
    class Wrong:
        def encode(self, texts):
            return answer(texts)

    with pytest.raises(InputError, match=message):
        sts(Wrong(), PAIRS)
