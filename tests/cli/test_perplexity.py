"""``textrep perplexity``."""

from __future__ import annotations

import io
import itertools
import json

import numpy as np
import pytest
from evaluation.fakes import install, recipe

from textrep import Corpus, OneHot, RecurrentEncoder, TransformerEncoder, load_model
from textrep.cli.run import run
from textrep.models.ngrams import NGramModel

LINES = ["a b c d", "b c", "d a b"] * 4
pytestmark = pytest.mark.usefixtures("one_torch_thread")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("models")
    for name, seed in (("lstm", 0), ("again", 1)):
        model = RecurrentEncoder(dim=4, units=4, epochs=1, random_state=seed)
        model.fit(LINES).save(where / name)
    RecurrentEncoder(dim=4, units=4, epochs=1).fit([*LINES, *["e a"] * 5]).save(where / "more")
    masked = TransformerEncoder(dim=8, heads=2, objective="masked", epochs=1)
    masked.fit(LINES).save(where / "masked")
    OneHot().fit(LINES).save(where / "onehot")
    (where / "text").write_text("a b zz\n\nc d\n", "utf-8")
    (where / "known").write_text("a b\nc d\n", "utf-8")
    return where


def said(capsys, *arguments):
    assert run(["perplexity", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def results(capsys, *arguments):
    return json.loads(said(capsys, *arguments, "--json"))["results"]


def test_a_file_and_stdin_say_the_same(folder, capsys, monkeypatch):
    lstm = folder / "lstm"
    printed = said(capsys, lstm, folder / "text")
    assert "2 sentences" in printed
    assert "1 left out" in printed
    (by_file,) = results(capsys, lstm, folder / "text")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a b zz\n\nc d\n")))
    (by_stdin,) = results(capsys, lstm)
    assert by_stdin == by_file | {"text": "-"}
    loss = load_model(lstm).text_loss(["a b zz", "c d"])
    assert by_file["loss"] == pytest.approx(loss.loss)
    assert by_file["perplexity"] == pytest.approx(loss.perplexity)
    assert f"{loss.perplexity:.3f}" in printed
    assert (by_file["n_predicted"], by_file["n_unknown"], by_file["left_out"]) == (6, 1, True)
    assert by_file["bits_per_character"] is None


def test_models_and_texts_with_an_ensemble(folder, capsys):
    names = [folder / name for name in ("lstm", "again", "known", "text")]
    rows = results(capsys, *names, "--ensemble")
    assert [(row["model"], row["text"] == str(names[2])) for row in rows] == [
        (model, first) for first in (True, False) for model in ("lstm", "again", "ensemble")
    ]
    parts = [load_model(path).token_losses(["a b", "c d"]).losses for path in names[:2]]
    mean = -np.log(np.exp(-np.stack(parts)).mean(axis=0)).mean()
    assert rows[2]["loss"] == pytest.approx(mean)
    # "a b" and "c d", each with its end: 8 characters.
    assert rows[2]["bits_per_character"] == pytest.approx(6 * mean / np.log(2) / 8)
    table = said(capsys, *names, "--ensemble").split("\n")
    assert sum(line.startswith("  ensemble") for line in table) == 2
    assert max(map(len, table[table.index("") :])) <= 80


def test_an_n_gram_model_stands_beside_the_networks(folder, capsys):
    corpus = Corpus.build(LINES, folder / "corpus")
    names = [folder / name for name in ("lstm", "again", "known")]
    options = ("--ngram", 2, "--train", folder / "corpus", "--ensemble")
    rows = results(capsys, *names, *options)
    assert [row["model"] for row in rows] == ["lstm", "again", "2-gram", "ensemble"]
    expected = NGramModel(2).fit(corpus).token_losses(["a b", "c d"]).mean()
    assert rows[2]["perplexity"] == pytest.approx(expected.perplexity)
    without = results(capsys, *names, "--ensemble")
    assert rows[3]["loss"] == without[2]["loss"]
    assert "Not compared" not in said(capsys, *names, *options)


def test_models_of_other_vocabularies_are_shown_and_not_compared(folder, capsys):
    names = [folder / name for name in ("lstm", "more", "known")]
    assert "Not compared with one another" in said(capsys, *names)
    assert run(["perplexity", *map(str, names), "--ensemble"]) == 1
    assert "lstm and more have different vocabularies" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "code", "message"),
    [
        (["onehot", "text"], 1, "OneHot, which predicts no text"),
        (["masked", "text"], 2, "only a language model predicts"),
        (["text"], 1, "text is no model folder"),
        (["lstm", "text", "--ensemble"], 2, "--ensemble needs two models or more"),
        (["lstm", "text", "--ngram", "2"], 2, "--ngram N and --train CORPUS belong together"),
        (["lstm", "nowhere"], 1, "nowhere"),
        (["lstm", "empty"], 1, "nothing to predict"),
    ],
)
def test_what_cannot_be_done_is_one_line(folder, capsys, names, code, message):
    (folder / "empty").write_text("\n", "utf-8")
    paths = [str(folder / name) if name.isalpha() else name for name in names]
    assert run(["perplexity", *paths, "-q"]) == code
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_evaluate_shows_language_models_beside_what_predicts_nothing(folder, capsys, monkeypatch):
    lines = [" ".join(letters) for letters in itertools.product("abcd", repeat=3)]
    asked = recipe("text", "perplexity", metric="perplexity", oov="zero")
    install(monkeypatch, {"text": {"sentence": lines}}, None, [asked])
    models = [str(folder / name) for name in ("lstm", "again", "onehot", "masked")]
    assert run(["evaluate", *models, "--benchmark", "text", "--json", "-q"]) == 0
    found = {r["model"]: r for r in json.loads(capsys.readouterr().out)["results"]}
    for name in ("lstm", "again"):
        expected = load_model(folder / name).text_loss(lines)
        assert found[name]["score"] == pytest.approx(expected.perplexity)
    assert found["onehot"]["reason"] == "it is no language model"
    assert "objective='masked'" in found["masked"]["reason"]
    assert run(["report", *models, "--benchmark", "text", "-o", str(folder / "r.tex"), "-q"]) == 0
    written = (folder / "r.tex").read_text("utf-8")
    assert "lower is better" in written
