"""Bits a character of n-grams and gzip."""

from __future__ import annotations

import gzip
import math
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from textrep import Corpus, RecurrentEncoder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def characters(outside_the_library: None) -> Any:
    import eval.characters

    return eval.characters


def witten_bell(seen, context, symbol, n_symbols):
    """From the equation, one probability at a time."""
    shorter = 1 / n_symbols if not context else None
    after = Counter(
        seen[i + len(context)]
        for i in range(len(seen) - len(context))
        if tuple(seen[i : i + len(context)]) == context
    )
    if shorter is None:
        shorter = witten_bell(seen, context[1:], symbol, n_symbols)
    total, different = sum(after.values()), len(after)
    return (after[symbol] + different * shorter) / (total + different) if total else shorter


@pytest.mark.parametrize("order", [1, 2, 5])
def test_ngrams_are_those_of_the_equation(characters, order):
    numbers = np.random.default_rng(0)
    seen, asked = numbers.integers(0, 4, 60), numbers.integers(0, 5, 40)
    chances = [
        witten_bell(seen, tuple(asked[i - order + 1 : i]), asked[i], 5)
        for i in range(order - 1, len(asked))
    ]
    expected = -np.mean(np.log2(chances))
    assert characters.ngram_bits(seen, asked, 5, order) == pytest.approx(expected)


def test_chances_of_all_symbols_add_up_to_one(characters):
    seen = np.random.default_rng(1).integers(0, 6, 100)
    contexts = seen[10:14]
    bits = [characters.ngram_bits(seen, np.append(contexts, symbol), 6, 5) for symbol in range(6)]
    assert sum(2.0**-b for b in bits) == pytest.approx(1)


def test_gzip_counts_characters(characters):
    text = "é" * 50
    assert characters.gzip_bits(text) == 8 * len(gzip.compress(("é" * 50).encode(), 9)) / 50


@pytest.mark.usefixtures("one_torch_thread")
def test_the_table_is_of_what_was_held_out(characters, tmp_path, capsys):
    lines = [" ".join("abcdefgh"[(i * k) % 8] * 3 for k in range(1, 9)) for i in range(40)]
    (tmp_path / "text").write_text("\n".join(lines), "utf-8")
    corpus = Corpus.build(tmp_path / "text", tmp_path / "corpus", tokenizer="char", min_count=1)
    model = RecurrentEncoder(
        dim=8, units=8, epochs=1, holdout=0.2, softmax="full", batch_tokens=64, bptt=8
    ).fit(corpus)
    model.save(tmp_path / "model")
    assert characters.main([str(tmp_path / "model"), str(tmp_path / "corpus")]) == 0
    printed = capsys.readouterr().out
    bits = model.history_[-1]["bits_per_character"]
    assert f"{bits:6.3f}" in printed
    assert math.isclose(bits, model.history_[-1]["held_out_loss"] / math.log(2), rel_tol=1e-9)
    assert "5-gram" in printed


def test_a_model_of_words_has_no_bits(characters, tmp_path, capsys):
    corpus = Corpus.build(["a b c d e"] * 5, tmp_path / "corpus", min_count=1)
    RecurrentEncoder(dim=4, units=4, epochs=1).fit(corpus).save(tmp_path / "model")
    assert characters.main([str(tmp_path / "model"), str(tmp_path / "corpus")]) == 1
    assert "characters" in capsys.readouterr().err
