import numpy as np
import pytest
from evaluation.fakes import install, recipe
from reference import correlation
from reference.plain_vectors import PlainVectors

import textrep
from textrep import recipes
from textrep.errors import DataError, InvalidParameterError, UnknownNameError
from textrep.evaluation import TEXT_TASKS, evaluate
from textrep.progress import reporting_to

SIMILARITIES = {"p": 0.9, "q": 0.7, "r": 0.4, "s": 0.2, "t": 0.0}
PAIRS = {
    "word1": ["a"] * 5,
    "word2": ["p", "q", "r", "s", "t"],
    "score": ["9", "6", "7", "2", "1"],
}
CHOICES = {"question": ["a", "a"], "options": ["p|t", "t|q"], "correct": ["1", "1"]}
QUESTIONS = {"category": ["x"], "a": ["a"], "b": ["p"], "c": ["q"], "d": ["r"]}
TABLES = {"pairs": PAIRS, "choices": CHOICES, "questions": QUESTIONS}
RECIPES = [
    recipe("pairs", "relatedness", human_ceiling=0.8),
    recipe("choices", "synonym", oov="zero"),
    recipe("questions", "analogy"),
    recipe("absent", "relatedness"),
]


def model(words="pqrst"):
    table = {"a": [1.0, 0.0]}
    table |= {w: [SIMILARITIES[w], np.sqrt(1 - SIMILARITIES[w] ** 2)] for w in words}
    return PlainVectors(table)


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch):
    suites = {"words": ("pairs", "choices", "questions"), "all": tuple(r.name for r in RECIPES)}
    install(monkeypatch, TABLES, suites, RECIPES)


def test_a_suite_on_one_model():
    report = evaluate(model())
    assert report.models == ("model",)
    assert report.benchmarks == ("pairs", "choices", "questions")
    pairs, choices, questions = report.results
    assert pairs.score == pytest.approx(correlation.spearman([9, 6, 7, 2, 1], [5, 4, 3, 2, 1]))
    assert (choices.score, questions.metric) == (0.5, "accuracy")
    assert (pairs.n_items, pairs.n_covered, pairs.coverage) == (5, 5, 1.0)
    assert (pairs.oov, choices.oov) == ("skip", "zero")
    assert (pairs.sha256, pairs.citation) == ("sum of pairs", "pairs et al.")
    assert pairs.human_ceiling == 0.8
    assert report.missing == ()


def test_three_figures_when_models_know_different_words():
    report = evaluate({"full": model(), "no q": model("prst"), "no s": model("pqrt")}, "pairs")
    full, no_q, _ = report.results
    gold = {"p": 9, "q": 6, "r": 7, "s": 2, "t": 1}

    def over(words, cosines):
        return correlation.spearman([gold[w] for w in words], [cosines[w] for w in words])

    assert no_q.on_covered.value == pytest.approx(over("prst", SIMILARITIES))
    assert no_q.on_all.value == pytest.approx(over("pqrst", SIMILARITIES | {"q": 0.0}))
    assert no_q.coverage == 0.8
    assert full.on_covered.value == pytest.approx(over("pqrst", SIMILARITIES))
    for result in report.results:
        assert result.on_shared.value == pytest.approx(over("prt", SIMILARITIES))
        assert result.on_shared.n == 3


def test_the_policy_of_the_call_overrides_the_recipe():
    small = model("prst")
    by_recipe, zero, mean = (
        evaluate(small, "pairs", oov=p).results[0] for p in (None, "zero", "mean")
    )
    assert (by_recipe.oov, zero.oov, mean.oov) == ("skip", "zero", "mean")
    assert by_recipe.score == by_recipe.on_covered.value
    assert zero.score == zero.on_all.value == by_recipe.on_all.value
    assert zero.on_covered.value == mean.on_covered.value == by_recipe.score
    assert mean.score != zero.score


def test_missing_data_are_reported():
    report = evaluate(model(), "all")
    assert [(gap.benchmark, gap.reason) for gap in report.missing] == [
        ("absent", "The data of 'absent' are not at hand.")
    ]
    assert report.benchmarks == ("pairs", "choices", "questions")


def test_a_damaged_table_is_reported_and_the_others_run(monkeypatch):
    damaged = TABLES | {"choices": CHOICES | {"correct": ["1", "9"]}}
    install(monkeypatch, damaged, None, RECIPES[:3])
    report = evaluate({"x": model(), "y": model()})
    assert report.benchmarks == ("pairs", "questions")
    assert "question 2" in report.missing[0].reason


def test_nothing_at_hand_is_an_error():
    with pytest.raises(DataError, match=r"No benchmark could be run\..*'absent' are not at hand"):
        evaluate(model(), "absent")


def test_nothing_of_several_at_hand_is_one_short_line(monkeypatch):
    items = [recipe(f"absent-{number}", "relatedness") for number in range(16)]
    install(monkeypatch, {}, None, items)
    with pytest.raises(DataError) as caught:
        evaluate(model())
    assert str(caught.value) == (
        "No benchmark could be run. The data of 'absent-0' are not at hand. "
        "The other 15 are missing as well."
    )


def test_suites_and_benchmarks_mix_without_repetition():
    report = evaluate(model(), ["questions", "words", "pairs"])
    assert report.benchmarks == ("questions", "pairs", "choices")


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(UnknownNameError, match="Did you mean 'pairs'"):
        evaluate(model(), "pair")
    with pytest.raises(UnknownNameError, match="Did you mean 'words'"):
        evaluate(model(), ["pairs", "word"])


def test_names_of_models():
    assert evaluate([model(), model()], "pairs").models == ("model 1", "model 2")
    assert evaluate({"b": model(), "a": model()}, "pairs").models == ("b", "a")


def test_fitted_models_are_taken_by_their_vectors():
    class Fitted:
        vectors_ = model()

    for models in (Fitted(), [Fitted()], {"fitted": Fitted()}):
        assert evaluate(models, "choices").results[0].score == 0.5


@pytest.mark.parametrize("models", ["a path", ["a path"], {"x": 3}, None, object()])
def test_what_is_no_model(models):
    with pytest.raises(InvalidParameterError, match="models parameter of evaluate"):
        evaluate(models, "pairs")


@pytest.mark.parametrize("models", [[], {}])
def test_no_model(models):
    with pytest.raises(InvalidParameterError, match="at least one model"):
        evaluate(models, "pairs")


@pytest.mark.parametrize(
    "options",
    [
        {"oov": "ignore"},
        {"method": "add"},
        {"restrict_vocabulary": 0},
        {"n_jobs": 0},
        {"probe": "tree"},
        {"suite": []},
    ],
)
def test_options_out_of_range(options):
    with pytest.raises(InvalidParameterError, match=f"The {next(iter(options))} parameter"):
        evaluate(model(), **options)


def test_analogy_options_reach_the_task():
    report = evaluate(model(), "questions", method="3cosmul", restrict_vocabulary=2)
    assert report.results[0].outcome.options == {"method": "3cosmul", "restrict_vocabulary": 2}
    assert report.results[0].n_covered == 0


def test_the_metric_of_the_recipe_is_primary(monkeypatch):
    install(monkeypatch, TABLES, None, [recipe("pairs", "relatedness", metric="pearson")])
    result = evaluate(model()).results[0]
    values = list(SIMILARITIES.values())
    assert result.score == pytest.approx(correlation.pearson([9, 6, 7, 2, 1], values))


def test_lower_casing_is_as_the_recipe_says(monkeypatch):
    shouted = PAIRS | {"word1": ["A"] * 5}
    for lowercase, covered in ((True, 5), (False, 0)):
        item = recipe("pairs", "relatedness", lowercase=lowercase)
        install(monkeypatch, {"pairs": shouted}, None, [item])
        assert evaluate(model()).results[0].n_covered == covered


def test_a_task_without_a_runner_is_reported(monkeypatch):
    items = [RECIPES[0], recipe("odd", "parsing")]
    install(monkeypatch, TABLES, None, items)
    assert "parsing" in evaluate(model()).missing[0].reason


def test_progress_reaches_its_total():
    class Recorder:
        done = 0.0

        def start(self, name, total, unit, done):
            self.total = total
            return self

        def advance(self, amount):
            self.done += amount

        def describe(self, text):
            self.text = text

        def finish(self):
            self.finished = True

    recorder = Recorder()
    with reporting_to(recorder):
        evaluate([model(), model()], "all")
    assert recorder.done == recorder.total == 8
    assert recorder.finished


def test_every_task_of_the_recipes_has_a_runner(monkeypatch):
    words = {"category": ["x", "x", "y", "y"], "word": list("apst")}
    sets = {"category": ["x"], "words": ["a|p"], "outliers": ["t"]}
    related = {"word1": ["a", "a"], "word2": ["p", "t"], "relation": ["coord", "random"]}
    tagged = {"sentence": ["a p", "p a"] * 5, "tags": ["A P", "P A"] * 5}
    text = {"sentence": ["a p", "q"]}
    tables = TABLES | {"words": words, "sets": sets, "related": related, "tagged": tagged}
    tables["text"] = text
    items = [recipe("words", "categorization"), recipe("sets", "outlier")]
    items = [*RECIPES[:3], *items, recipe("related", "relations"), recipe("tagged", "tagging")]
    items.append(recipe("text", "perplexity"))
    install(monkeypatch, tables, None, items)
    report = evaluate(model())
    assert set(report.tasks) == set(recipes.TASKS) - TEXT_TASKS
    metrics = {result.task: result.metric for result in report.results}
    assert all(metric in recipes.TASKS[task].metrics for task, metric in metrics.items())
    assert [result.score for result in report.results[3:]] == [1.0] * 4 + [None]


def test_it_is_public():
    assert textrep.evaluate is evaluate
