"""What training will cost, beside what it costs."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from models.sources import FROM_TEXT, VARIANTS, sentences, small

from textrep import PMI, PPMI, SVD, Cooccurrence, Word2Vec
from textrep.corpus import Corpus
from textrep.counting.outlook import Outlook
from textrep.errors import InvalidParameterError
from textrep.models import model_class
from textrep.models.cost import PROGRAM_BYTES, PredictsCost, csr_bytes

pytestmark = pytest.mark.usefixtures("one_torch_thread")

NAMES = [name for name in FROM_TEXT if name not in VARIANTS]


@pytest.fixture(scope="module")
def corpus():
    random = np.random.default_rng(0)
    numbers = random.zipf(1.4, (3000, 8)).clip(1, 5000).tolist()
    return Corpus.build([[f"w{number}" for number in line] for line in numbers], min_count=1)


@pytest.fixture(scope="module")
def outlook(corpus):
    return Outlook.of(corpus)


def size_of(folder):
    return sum(file.stat().st_size for file in folder.iterdir())


@pytest.mark.parametrize("name", [*NAMES, "word2vec concatenation negative-sampling"])
def test_the_disk_that_a_model_takes(name, corpus, outlook, tmp_path):
    """The sample is the whole text, so nothing but the sizes of files is left to predict."""
    model = small(name)
    assert isinstance(model, PredictsCost)
    cost = model.predict_cost(outlook)
    before = model.get_params()
    model.fit(corpus).save(tmp_path / "model")
    assert cost.disk == pytest.approx(size_of(tmp_path / "model"), abs=1500)
    assert cost.memory > PROGRAM_BYTES
    assert math.isfinite(cost.seconds)
    assert cost.seconds > 0
    assert model.get_params() == before


def test_the_disk_that_n_grams_take(corpus, outlook, tmp_path):
    model = small("recurrent", subwords=True, buckets=500)
    cost = model.predict_cost(outlook)
    model.fit(corpus).save(tmp_path / "model")
    assert cost.disk == pytest.approx(size_of(tmp_path / "model"), abs=1500)


@pytest.mark.parametrize("model", [Cooccurrence(window=3, side="left"), PMI(), PPMI(shift=3.0)])
def test_entries_of_a_whole_sample_are_exact(model, corpus, outlook):
    entries = model.fit(corpus).word_vectors_.nnz
    shown = model.predict_cost(outlook).notes[-1].split()[0]
    assert int(shown.replace(",", "")) == pytest.approx(entries, rel=0.005)


@pytest.mark.parametrize("boundary", ["document", "none"])
def test_windows_that_cross_sentences_make_more_entries(boundary, corpus, outlook):
    model = Cooccurrence(boundary=boundary, window=6)
    entries = model.fit(corpus).word_vectors_.nnz
    predicted = model.predict_cost(outlook).disk
    assert predicted == pytest.approx(csr_bytes(entries, 8, len(corpus.vocabulary)), rel=0.25)


def test_n_grams_take_rows_for_the_buckets_in_use(corpus, outlook, tmp_path):
    model = small("word2vec", subwords=True, buckets=1000)
    cost = model.predict_cost(outlook)
    model.fit(corpus).save(tmp_path / "model")
    assert cost.disk == pytest.approx(size_of(tmp_path / "model"), abs=1500)


def test_counts_on_disk_take_disk_in_place_of_memory(outlook):
    there = Cooccurrence().predict_cost(outlook)
    on_disk = Cooccurrence(memory=1 << 24).predict_cost(outlook)
    assert on_disk.disk > 1.9 * there.disk


def test_what_more_words_dimensions_and_epochs_cost(outlook):
    one, two = (SVD(dim=dim).predict_cost(outlook) for dim in (50, 100))
    assert two.disk > 1.8 * one.disk
    one, two = (Word2Vec(dim=64, epochs=epochs).predict_cost(outlook) for epochs in (1, 10))
    assert (one.disk, one.memory) == (two.disk, two.memory)
    assert two.seconds > one.seconds


@pytest.mark.parametrize("name", NAMES)
def test_bad_parameters_are_refused(name, outlook):
    if "n_jobs" in model_class(name)().get_params():
        with pytest.raises(InvalidParameterError, match="n_jobs"):
            small(name, n_jobs=0).predict_cost(outlook)


def test_more_dimensions_than_words():
    with pytest.raises(InvalidParameterError, match=r"dim.*30 words.*Got 31"):
        SVD(dim=31).predict_cost(Outlook.of(Corpus.build(sentences())))


CLI = Path(__file__).parents[2] / "cli.py"
MEASURE = """
import os, sys
child = os.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss * 1024)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.fixture(scope="module")
def general_english(shared_data, tmp_path_factory):
    """All seventeen million tokens, and what the first million lets expect of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEXTREP_DATA", str(shared_data))
        sample = Corpus.build("general-en-1m", min_count=1, tokenizer="text8")
        folder = tmp_path_factory.mktemp("general-en") / "whole"
        whole = Corpus.build("general-en", folder, tokenizer="text8")
    return whole, Outlook.of_sample(sample, whole.manifest.read["tokens"])


def test_a_million_tokens_tell_how_many_words_there_are(general_english):
    whole, outlook = general_english
    assert outlook.n_words == pytest.approx(len(whole.vocabulary), rel=0.25)
    left_out = 1 - whole.n_tokens / outlook.n_read
    assert 1 - outlook.coverage == pytest.approx(left_out, rel=0.25)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("cooccurrence", {}),
        pytest.param("svd", {}, marks=pytest.mark.slow),
        pytest.param("glove", {"epochs": 1}, marks=pytest.mark.slow),
        pytest.param("word2vec", {"epochs": 1}, marks=pytest.mark.slow),
    ],
)
def test_a_million_tokens_tell_what_seventeen_million_take(
    general_english, tmp_path, name, options
):
    """Memory, disk and entries within 25%, before the text is read."""
    whole, outlook = general_english
    predicted = model_class(name)(**options).predict_cost(outlook)
    command = [sys.executable, str(CLI), "train", name, str(whole.path)]
    command += [f"--{option}={value}" for option, value in options.items()]
    command += ["-o", str(tmp_path / "model"), "-q"]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *command], capture_output=True, text=True, check=True
    )
    peak = int(done.stdout.split()[-1])
    config = json.loads((tmp_path / "model" / "config.json").read_text("utf-8"))
    assert predicted.disk == pytest.approx(size_of(tmp_path / "model"), rel=0.25)
    assert predicted.memory == pytest.approx(peak, rel=0.25)
    if "entries" in config["metrics"]:
        entries = int(predicted.notes[-1].split()[0].replace(",", ""))
        assert entries == pytest.approx(config["metrics"]["entries"], rel=0.25)
