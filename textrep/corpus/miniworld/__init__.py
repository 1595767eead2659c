"""miniworld: a synthetic corpus about a small world, with questions whose answers are known.

**The text is synthetic.** It is not English as people write it: a program speaks about a hand-made
world of some 600 things, qualities and actions (``world/*.toml``) in a few hundred sentence
patterns. Because the world is known, so are the answers: which words are synonyms, how related two
words are, what is to France as Rome is to Italy. Every representation therefore has something
definite to find, offline, on any machine, from about a million tokens that take a second or two
to make. A score on miniworld says that a method works; it says nothing about real language, for
which there are real corpora and the human judgements of the published benchmarks.

Examples
--------
>>> from textrep.corpus.miniworld import benchmark_table, generate
>>> document = next(generate(tokens=100, seed=0))
>>> document.endswith(".")
True
>>> sorted(benchmark_table("miniworld-synonyms"))
['correct', 'option1', 'option2', 'option3', 'option4', 'question']
"""

from __future__ import annotations

from textrep.corpus.miniworld.facts import Entry, World, load_world
from textrep.corpus.miniworld.generate import generate
from textrep.corpus.miniworld.gold import benchmark_names, benchmark_table

__all__ = ["Entry", "World", "benchmark_names", "benchmark_table", "generate", "load_world"]
