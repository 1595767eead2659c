"""Counting and joining pairs against plain Python."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from reference.corpus import joined

from textrep.kernels.phrases import DONE, count_pairs, insert_pairs, join_pairs, pair_key

SENTENCES = st.lists(st.lists(st.integers(0, 4), max_size=8), max_size=6)
PAIRS = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(5, 40))
Table = tuple[
    "np.ndarray[tuple[int], np.dtype[np.uint64]]", "np.ndarray[tuple[int], np.dtype[np.int64]]"
]


def flat(sentences: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    ids = np.array([word for sentence in sentences for word in sentence], np.int32)
    ends = np.unique(np.cumsum([len(sentence) for sentence in sentences])).astype(np.int32)
    return ids, ends


def table_of(entries: dict[tuple[int, int], int], size: int = 128) -> Table:
    keys, values = np.zeros(size, np.uint64), np.zeros(size, np.int64)
    new = np.array([pair_key(*pair) for pair in entries], np.uint64)
    insert_pairs(new, np.array(list(entries.values()), np.int64), keys, values)
    return keys, values


def entries_of(table: Table) -> dict[tuple[int, int], int]:
    keys, values = table
    return {
        divmod(int(key) - 1, 2**32): int(value)
        for key, value in zip(keys, values, strict=True)
        if key
    }


@given(SENTENCES, st.lists(st.booleans(), min_size=5, max_size=5))
def test_counting_in_a_table_that_grows(sentences: list[list[int]], eligible: list[bool]) -> None:
    ids, ends = flat(sentences)
    keys, values = np.zeros(2, np.uint64), np.zeros(2, np.int64)
    used = start = rounds = 0
    while start != DONE:
        used, start = count_pairs(ids, ends, np.array(eligible), keys, values, used, start)
        assert used == np.count_nonzero(keys)
        if start != DONE:
            assert 2 * used >= len(keys)
            keys, values = table_of(entries_of((keys, values)), 2 * len(keys))
            rounds += 1
    assert entries_of((keys, values)) == Counter(
        pair for sentence in sentences for pair in pairwise(sentence)
        if eligible[pair[0]] and eligible[pair[1]]
    )  # fmt: skip
    assert rounds < 8


@given(SENTENCES, PAIRS, st.data())
@example([[0, 0, 0], [0, 0]], {(0, 0): 9}, None)
@example([[0, 1], [1, 2, 3]], {(1, 1): 9, (1, 2): 8, (2, 3): 7}, None)
def test_joining_from_left_to_right(
    sentences: list[list[int]], pairs: dict[tuple[int, int], int], data: st.DataObject | None
) -> None:
    ids, ends = flat(sentences)
    closed = data.draw(st.sets(st.sampled_from(ends.tolist()))) if data and len(ends) else set()
    documents = np.array(sorted(closed), np.int32)
    # The plain oracle joins words, so each number is spelt by a letter and each pair by two.
    spelt = [joined([chr(97 + n) for n in sentence], {(chr(97 + a), chr(97 + b)) for a, b in pairs})
             for sentence in sentences]  # fmt: skip
    numbers = {f"{chr(97 + a)}_{chr(97 + b)}": n for (a, b), n in pairs.items()}
    expected = [[numbers.get(w, ord(w[0]) - 97) for w in sentence] for sentence in spelt]
    before = np.cumsum([0, *map(len, sentences)]).tolist()
    after = np.cumsum([0, *map(len, expected)]).tolist()
    moved = dict(zip(before, after, strict=True))

    old_ends = ends.tolist()
    kept = join_pairs(ids, ends, documents, *table_of(pairs))
    assert ids[:kept].tolist() == [word for sentence in expected for word in sentence]
    assert ends.tolist() == [moved[end] for end in old_ends]
    assert documents.tolist() == [moved[end] for end in sorted(closed)]


def test_keys_are_never_zero_and_never_alike() -> None:
    numbers = [0, 1, 2, 255, 65536, 2**31 - 1]
    keys = {int(pair_key(a, b)) for a in numbers for b in numbers}
    assert len(keys) == len(numbers) ** 2
    assert 0 not in keys
