"""Parts, mistakes and seeds as lines of text."""

from evaluation.fakes import install, recipe
from evaluation.test_mistakes import CHOICES, MODEL, OTHER, PAIRS

from textrep.evaluation import evaluate, render_mistakes, render_slices


def report(monkeypatch, models):
    monkeypatch.setenv("TEXTREP_DATA", "")
    tables = {"pairs": PAIRS, "choices": CHOICES}
    recipes = [recipe("pairs", "relatedness"), recipe("choices", "synonym")]
    install(monkeypatch, tables, None, recipes)
    return evaluate(models)


def test_a_row_a_part(monkeypatch):
    lines = render_slices(report(monkeypatch, {"one": MODEL, "other": OTHER}), "frequency")
    assert lines[1].split() == ["one", "other"]
    assert lines[2] == "pairs"
    assert lines[3].split()[0] == "1-1,000"
    assert lines[3].split()[-1] == "4"
    note = " ".join(lines[lines.index("") :])
    assert "among the 5 words of one, the vocabulary of all models" in note.replace("   ", " ")


def test_many_models_go_below_and_long_names_become_numbers(monkeypatch):
    models = {f"a model with a long name {n}": MODEL for n in range(5)}
    lines = render_slices(report(monkeypatch, models), "frequency", 80)
    assert max(map(len, lines)) <= 80
    assert [line.split() for line in lines if "[" in line][:2] == [
        ["[1]", "[2]", "[3]"],
        ["[4]", "[5]"],
    ]
    assert lines.count("pairs") == 2


def test_parts_of_speech_that_nobody_knows_are_said_to_be_unknown(monkeypatch):
    lines = render_slices(report(monkeypatch, MODEL), "pos")
    assert "None is known here" in " ".join(lines)


def test_mistakes_fit_the_width_and_control_characters_are_not_printed(monkeypatch):
    lines = render_mistakes(report(monkeypatch, {"one": MODEL, "oth\x1ber": OTHER}), 2, 40)
    assert max(map(len, lines)) <= 40
    assert "\x1b" not in "".join(lines)
    assert lines[0] == "Most wrong: one on pairs"
    assert lines[1].startswith("  a : p")
    assert lines[1].endswith("1 / 0.900  +0.67")
    assert "Most disagreed on: choices" in lines
