"""What a language model of characters is worth: its bits a character, beside gzip's and a 5-gram's.

    textrep corpus build general-en-1m -o characters --tokenizer char
    textrep train recurrent characters -o lstm --config eval/configs/general-en-1m-characters.toml
    python -m eval.characters lstm characters

All are measured on what the model held out of its training. gzip has seen nothing before it; the
n-gram model has counted the rest of the text.
"""

from __future__ import annotations

import argparse
import gzip
import math
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

import textrep
from textrep.errors import TextrepError
from textrep.models.encoders.text import FIRST_WORD, sentences_of

__all__ = ["gzip_bits", "main", "ngram_bits"]

Integers = NDArray[np.int64]


def ngram_bits(seen: Integers, asked: Integers, n_symbols: int, order: int = 5) -> float:
    """Return the mean of −log₂ p of the symbols of a text, by an n-gram model of another text.

    Probabilities are interpolated from those of the next shorter context, down to 1 / n_symbols:
    p(c | x) = (n(x, c) + t(x) p(c | x')) / (n(x) + t(x)), with the number t(x) of different symbols
    that came after x.

    Parameters
    ----------
    seen, asked : ndarray of shape (n,), int64
        Symbols from 0 to ``n_symbols`` - 1: the text that is counted, and the one that is measured,
        whose first ``order`` - 1 symbols are only contexts.
    n_symbols : int
        How many there are; at most 2^63 to the power of 1 / ``order``.
    order : int, default=5
        Symbols of an n-gram.

    References
    ----------
    Witten and Bell 1991, The Zero-Frequency Problem, IEEE Transactions on Information Theory,
    method C; interpolated as in Chen and Goodman 1999, An Empirical Study of Smoothing Techniques
    for Language Modeling, section 2.5.
    """
    chances = np.full(len(asked) - order + 1, 1 / n_symbols)
    for length in range(1, order + 1):
        grams, n_gram = np.unique(_windows(seen, length, n_symbols), return_counts=True)
        contexts, begins = np.unique(grams // n_symbols, return_index=True)
        n_context = np.add.reduceat(n_gram, begins)
        different = np.diff(np.append(begins, len(grams)))
        wanted = _windows(asked, length, n_symbols)[order - length :]
        n_wanted = _looked_up(grams, n_gram, wanted)
        of_context = _looked_up(contexts, n_context, wanted // n_symbols)
        novel = _looked_up(contexts, different, wanted // n_symbols)
        known = of_context > 0
        shorter = chances[known]
        chances[known] = (n_wanted[known] + novel[known] * shorter) / (of_context + novel)[known]
    return float(-np.log2(chances).mean())


def _windows(symbols: Integers, length: int, n_symbols: int) -> Integers:
    """Return each ``length`` symbols that follow one another as one number."""
    n = len(symbols) - length + 1
    keys = np.zeros(n, np.int64)
    for place in range(length):
        keys = keys * n_symbols + symbols[place : place + n]
    return keys


def _looked_up(keys: Integers, values: Integers, wanted: Integers) -> Integers:
    """Return the value of each wanted key, 0 for one that is not among the ascending keys."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], 0)


def gzip_bits(text: str) -> float:
    """Return how many bits of a file of gzip, at its best, there are for a character."""
    return 8 * len(gzip.compress(text.encode("utf-8"), 9)) / len(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m eval.characters", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("model", help="a language model of characters, with held-out text")
    parser.add_argument("corpus", help="the corpus that it was trained on")
    chosen = parser.parse_args(arguments)
    try:
        model, corpus = textrep.load_model(chosen.model), textrep.Corpus.open(chosen.corpus)
    except TextrepError as error:
        print(f"eval.characters: {error}", file=sys.stderr)
        return 1
    last = model.history_[-1]
    if "bits_per_character" not in last:
        print(
            f"eval.characters: {chosen.model} has no bits per character: train a language model "
            "of a corpus of characters, with holdout above 0.",
            file=sys.stderr,
        )
        return 1
    train, out = sentences_of(corpus, model.holdout, model.random_state, type(model).__name__)
    symbols = len(corpus.vocabulary) + FIRST_WORD
    asked = out.stream().astype(np.int64)
    letters = ["\n", *corpus.vocabulary.words]
    text = "".join(letters[symbol] for symbol in asked)
    order = min(5, int(63 / math.log2(symbols)))
    rows = [
        ("gzip -9", gzip_bits(text)),
        (f"{order}-gram, Witten-Bell", ngram_bits(train.stream().astype(np.int64), asked, symbols)),
        (f"{type(model).__name__}, {len(model.history_)} epochs", last["bits_per_character"]),
    ]
    print(f"bits a character, of {len(asked):,} that the model held out")
    for name, bits in rows:
        print(f"  {name:<34}{bits:6.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
