"""Text to word numbers in one pass over its bytes.

The kernel walks over UTF-8 text, cuts it into words by a table of characters, looks each word up in
a hash table that it extends as it goes, and writes one number a word. It stops and says why when
something has to grow, and is called again to go on from there.

A *character table* says what each code point becomes: 0 separates words; ``c > 0`` is written as
code point ``c`` and may begin a word; ``c < 0`` is written as ``-c`` and only continues a word
(combining marks). Code points from 128 up are looked up in pages of 256 that are filled on demand,
because almost all texts use few of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textrep.kernels.jit import kernel, step
from textrep.kernels.utf8 import append_utf8, decode_utf8
from textrep.kernels.words import LOW, OFFSET_BASIS, PRIME, find_word, mix

__all__ = [
    "BLANK",
    "DOCUMENTS",
    "DONE",
    "ENDS",
    "GROW_ARENA",
    "GROW_WORDS",
    "IDS",
    "LINES_END_SENTENCES",
    "NEED_PAGE",
    "POSITION",
    "STATE_SIZE",
    "UNICODE",
    "USED",
    "WORDS",
    "encode_bytes",
]

# Fields of the state that a call takes over from the one before it.
POSITION = 0  # next byte of the text
WORDS = 1  # words in the table
USED = 2  # bytes of the arena in use
IDS = 3  # word numbers written
ENDS = 4  # sentence ends written
DOCUMENTS = 5  # document ends written
BLANK = 6  # 1 while the current line has only ASCII white space and controls
UNICODE = 7  # 1: bytes from 128 up are decoded; 0: they are looked up like any byte
LINES_END_SENTENCES = 8  # 1: a line break ends a sentence
STATE_SIZE = 9

# Why a call returned.
DONE = -1
GROW_WORDS = -2
GROW_ARENA = -3
NEED_PAGE = 0  # this value or above: the page of the character table that is missing

_LONGEST_UTF8 = 4
_UNIT_SEPARATOR = 31  # between tokens: a line that has one is not empty


@step
def _read_word(
    data: NDArray[np.uint8],
    i: int,
    begin: int,
    byte_map: NDArray[np.uint8],
    page_of: NDArray[np.int32],
    pages: NDArray[np.int32],
    unicode: bool,
    arena: NDArray[np.uint8],
) -> tuple[int, int, np.uint64, int]:
    """Write the word that begins at byte ``i``, if one does, to the arena from ``begin`` on.

    Returns
    -------
    i : int
        Where the text goes on.
    end : int
        Where the word ends in the arena; ``begin`` where there is none.
    code : uint64
        The state of its hash.
    status : int
        DONE; or GROW_ARENA or the number of a page, if it could not be read to its end.
    """
    end, code, n, room = begin, OFFSET_BASIS, len(data), len(arena) - _LONGEST_UTF8
    while i < n:
        if end >= room:
            return i, end, code, GROW_ARENA
        byte = data[i]
        if byte < 128 or not unicode:
            out = byte_map[byte]
            if out == 0:
                break
            arena[end] = out
            end += 1
            i += 1
            code = (code ^ np.uint64(out)) * PRIME
            continue
        point, length = decode_utf8(data, i)
        page = page_of[point >> 8]
        if page < 0:
            return i, end, code, point >> 8
        target = pages[page, point & 255]
        if target == 0 or (target < 0 and end == begin):
            break
        last = end
        end = append_utf8(arena, end, abs(target))
        for k in range(last, end):
            code = (code ^ np.uint64(arena[k])) * PRIME
        i += length
    return i, end, code, DONE


@kernel
def encode_bytes(
    data: NDArray[np.uint8],
    byte_map: NDArray[np.uint8],
    page_of: NDArray[np.int32],
    pages: NDArray[np.int32],
    slots: NDArray[np.uint64],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    arena: NDArray[np.uint8],
    ids: NDArray[np.int32],
    ends: NDArray[np.int32],
    documents: NDArray[np.int32],
    state: NDArray[np.int64],
) -> int:
    """Encode ``data`` from ``state[POSITION]`` on.

    Parameters
    ----------
    data : ndarray of shape (n_bytes,), uint8
        Valid UTF-8.
    byte_map : ndarray of shape (256,), uint8
        The byte that each byte becomes in a word; 0 separates words. Line feed must be 0.
    page_of : ndarray of shape (4352,), int32
        Row of ``pages`` that holds code points ``256 * i`` to ``256 * i + 255``; -1 if not filled.
    pages : ndarray of shape (n_pages, 256), int32
        Rows of the character table.
    slots : ndarray of shape (n_slots,), uint64
        Open-addressing hash table, a power of two long. Changed.
    starts : ndarray of shape (max_words + 1,), int64
        Where each word begins in the arena; word ``i`` ends where the next begins. Changed.
    counts : ndarray of shape (max_words,), int64
        Occurrences of each word. Changed.
    arena : ndarray of shape (n_arena,), uint8
        The words, one after the other. Changed.
    ids : ndarray of shape (n_bytes // 2 + 1,), int32
        The word numbers. Changed.
    ends : ndarray of shape (n_bytes // 2 + 1,), int32
        For each sentence, how many words had been written at its end. Changed.
    documents : ndarray of shape (n_bytes // 2 + 1,), int32
        For each document, how many words had been written at its end. Changed.
    state : ndarray of shape (STATE_SIZE,), int64
        Where the call begins and, after it, where it stopped. Changed.

    Returns
    -------
    int
        DONE, GROW_WORDS (``starts``, ``counts``, ``slots``), GROW_ARENA, or the number of the page
        (NEED_PAGE or above) to fill before the next call.
    """
    i, n = state[POSITION], len(data)
    words, used = state[WORDS], state[USED]
    n_ids, n_ends, n_documents = state[IDS], state[ENDS], state[DOCUMENTS]
    blank, unicode = state[BLANK] == 1, state[UNICODE] == 1
    lines = state[LINES_END_SENTENCES] == 1
    status = DONE
    while i < n:
        byte = data[i]
        if byte == 10:
            sentence_open = n_ids > (ends[n_ends - 1] if n_ends > 0 else 0)
            # A block may begin inside a sentence, so its first line end counts even with no word.
            if (lines or blank) and (sentence_open or n_ends == 0):
                ends[n_ends] = n_ids
                n_ends += 1
            if blank and (n_documents == 0 or documents[n_documents - 1] < n_ids):
                documents[n_documents] = n_ids
                n_documents += 1
            blank = True
            i += 1
            continue
        if byte_map[byte] == 0 and not (unicode and byte >= 128):
            blank = blank and byte <= 32 and byte != _UNIT_SEPARATOR
            i += 1
            continue
        blank = False
        # A word may begin here. It is written behind the words in the arena, and stays if new.
        begin = i
        i, end, code, status = _read_word(data, i, used, byte_map, page_of, pages, unicode, arena)
        if status != DONE:
            i = begin
            break
        if end == used:  # a separator from 128 up, or a mark with no letter before it
            i += decode_utf8(data, i)[1]
            continue
        code = mix(code)
        word, slot = find_word(code, used, end, slots, starts, arena, arena)
        if word < 0:
            if words >= len(counts):
                status = GROW_WORDS
                i = begin
                break
            word = np.int64(words)
            words += 1
            slots[slot] = (code & ~LOW) | np.uint64(words)
            used = end
            starts[words] = end
            counts[word] = 0
        counts[word] += 1
        ids[n_ids] = word
        n_ids += 1
    state[POSITION], state[WORDS], state[USED] = i, words, used
    state[IDS], state[ENDS], state[DOCUMENTS], state[BLANK] = n_ids, n_ends, n_documents, blank
    return status
