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

from textrep.kernels.jit import kernel

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
    "document_frequency",
    "encode_bytes",
    "first_invalid_utf8",
    "insert_words",
    "rebuild_slots",
    "remap_block",
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

_UNIT_SEPARATOR = 31  # between tokens: a line that has one is not empty
_OFFSET_BASIS = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_LOW = np.uint64(0xFFFFFFFF)


@kernel
def _mix(value: np.uint64) -> np.uint64:
    """Spread the entropy of ``value`` over its low bits."""
    value ^= value >> np.uint64(29)
    value *= np.uint64(0xBF58476D1CE4E5B9)
    return value ^ (value >> np.uint64(32))


@kernel
def _decode(data: NDArray[np.uint8], i: int) -> tuple[int, int]:
    """Return the code point that begins at byte ``i`` and its length; the text is valid UTF-8."""
    b = np.int64(data[i])
    if b < 0xE0:
        return ((b & 0x1F) << 6) | (data[i + 1] & 0x3F), 2
    if b < 0xF0:
        return ((b & 0x0F) << 12) | ((data[i + 1] & 0x3F) << 6) | (data[i + 2] & 0x3F), 3
    high = ((b & 0x07) << 18) | ((data[i + 1] & 0x3F) << 12)
    return high | ((data[i + 2] & 0x3F) << 6) | (data[i + 3] & 0x3F), 4


@kernel
def _append(arena: NDArray[np.uint8], used: int, point: int) -> int:
    """Write code point ``point`` to the arena as UTF-8; return the new end."""
    if point < 0x80:
        arena[used] = point
        return used + 1
    if point < 0x800:
        arena[used] = 0xC0 | (point >> 6)
        arena[used + 1] = 0x80 | (point & 0x3F)
        return used + 2
    if point < 0x10000:
        arena[used] = 0xE0 | (point >> 12)
        arena[used + 1] = 0x80 | ((point >> 6) & 0x3F)
        arena[used + 2] = 0x80 | (point & 0x3F)
        return used + 3
    arena[used] = 0xF0 | (point >> 18)
    arena[used + 1] = 0x80 | ((point >> 12) & 0x3F)
    arena[used + 2] = 0x80 | ((point >> 6) & 0x3F)
    arena[used + 3] = 0x80 | (point & 0x3F)
    return used + 4


@kernel
def _find(
    code: np.uint64,
    begin: int,
    end: int,
    slots: NDArray[np.uint64],
    starts: NDArray[np.int64],
    arena: NDArray[np.uint8],
    text: NDArray[np.uint8],
) -> tuple[np.int64, np.int64]:
    """Return the number of the word ``text[begin:end]``, or -1, and its slot.

    A slot holds the word's number plus one in its low half and the high half of its hash code.
    """
    mask = np.uint64(len(slots) - 1)
    tag = code & ~_LOW
    slot = code & mask
    while True:
        entry = slots[slot]
        if entry == 0:
            return np.int64(-1), np.int64(slot)
        if (entry & ~_LOW) == tag:
            word = np.int64(entry & _LOW) - 1
            first = starts[word]
            if starts[word + 1] - first == end - begin:
                same = True
                for k in range(end - begin):
                    if arena[first + k] != text[begin + k]:
                        same = False
                        break
                if same:
                    return word, np.int64(slot)
        slot = (slot + np.uint64(1)) & mask


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
    room = len(arena) - 4
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
        # A word may begin here. Write it behind the words in the arena, where it stays if new.
        begin, end, code = i, used, _OFFSET_BASIS
        while i < n:
            byte = data[i]
            if end >= room:
                status = GROW_ARENA
                break
            if byte < 128 or not unicode:
                out = byte_map[byte]
                if out == 0:
                    break
                arena[end] = out
                end += 1
                i += 1
                code = (code ^ np.uint64(out)) * _PRIME
                continue
            point, length = _decode(data, i)
            page = page_of[point >> 8]
            if page < 0:
                status = point >> 8
                break
            target = pages[page, point & 255]
            if target == 0 or (target < 0 and end == used):
                break
            last = end
            end = _append(arena, end, abs(target))
            for k in range(last, end):
                code = (code ^ np.uint64(arena[k])) * _PRIME
            i += length
        if status != DONE:
            i = begin
            break
        if end == used:  # a separator from 128 up, or a mark with no letter before it
            i += _decode(data, i)[1]
            continue
        code = _mix(code)
        word, slot = _find(code, used, end, slots, starts, arena, arena)
        if word < 0:
            if words >= len(counts):
                status = GROW_WORDS
                i = begin
                break
            word = np.int64(words)
            words += 1
            slots[slot] = (code & ~_LOW) | np.uint64(words)
            used = end
            starts[words] = end
            counts[word] = 0
        counts[word] += 1
        ids[n_ids] = word
        n_ids += 1
    state[POSITION], state[WORDS], state[USED] = i, words, used
    state[IDS], state[ENDS], state[DOCUMENTS], state[BLANK] = n_ids, n_ends, n_documents, blank
    return status


@kernel
def _hash_word(arena: NDArray[np.uint8], begin: int, end: int) -> np.uint64:
    code = _OFFSET_BASIS
    for k in range(begin, end):
        code = (code ^ np.uint64(arena[k])) * _PRIME
    return _mix(code)


@kernel
def rebuild_slots(
    slots: NDArray[np.uint64],
    starts: NDArray[np.int64],
    arena: NDArray[np.uint8],
    n_words: int,
) -> None:
    """Fill the empty hash table ``slots`` with the first ``n_words`` words. Changes ``slots``."""
    mask = np.uint64(len(slots) - 1)
    for word in range(n_words):
        code = _hash_word(arena, starts[word], starts[word + 1])
        slot = code & mask
        while slots[slot] != 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = (code & ~_LOW) | np.uint64(word + 1)


@kernel
def insert_words(
    new_starts: NDArray[np.int64],
    new_counts: NDArray[np.int64],
    new_arena: NDArray[np.uint8],
    slots: NDArray[np.uint64],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    arena: NDArray[np.uint8],
    n_words: int,
    numbers: NDArray[np.int32],
) -> int:
    """Add the words of one table and their counts to another that has room for them all.

    Parameters
    ----------
    new_starts, new_counts, new_arena : ndarrays of shapes (n_new + 1,), (n_new,), (any,)
        The words to add.
    slots, starts, counts, arena : ndarrays
        The table they are added to. Changed.
    n_words : int
        Words in that table now.
    numbers : ndarray of shape (n_new,), int32
        The number that each new word has there. Changed.

    Returns
    -------
    int
        Words in the table now.
    """
    for i in range(len(new_counts)):
        begin, end = new_starts[i], new_starts[i + 1]
        code = _hash_word(new_arena, begin, end)
        word, slot = _find(code, begin, end, slots, starts, arena, new_arena)
        if word < 0:
            word = np.int64(n_words)
            n_words += 1
            slots[slot] = (code & ~_LOW) | np.uint64(n_words)
            first = starts[word]
            for k in range(end - begin):
                arena[first + k] = new_arena[begin + k]
            starts[n_words] = first + end - begin
            counts[word] = 0
        counts[word] += new_counts[i]
        numbers[i] = word
    return n_words


@kernel
def remap_block(
    ids: NDArray[np.int32],
    ends: NDArray[np.int32],
    documents: NDArray[np.int32],
    numbers: NDArray[np.int32],
) -> int:
    """Renumber the words of a block in place and leave out those whose new number is negative.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Word numbers. Its first entries become the kept words' new numbers. Changed.
    ends, documents : ndarrays of shapes (n_sentences,) and (n_documents,), int32
        Where sentences and documents end; become positions among the kept words. Changed.
    numbers : ndarray of shape (n_words,), int32
        The new number of each word; negative to leave it out.

    Returns
    -------
    int
        How many words were kept.
    """
    kept = 0
    sentence = 0
    document = 0
    for i in range(len(ids)):
        while sentence < len(ends) and ends[sentence] == i:
            ends[sentence] = kept
            sentence += 1
        while document < len(documents) and documents[document] == i:
            documents[document] = kept
            document += 1
        number = numbers[ids[i]]
        if number >= 0:
            ids[kept] = number
            kept += 1
    ends[sentence:] = kept
    documents[document:] = kept
    return kept


@kernel
def first_invalid_utf8(data: NDArray[np.uint8]) -> int:
    """Return the position of the first byte that is not part of valid UTF-8, or -1.

    Follows table 3-7 of the Unicode standard: no overlong forms, no surrogates, nothing above
    U+10FFFF.
    """
    i, n = 0, len(data)
    while i < n:
        b = data[i]
        if b < 0x80:
            i += 1
            continue
        low, high = 0x80, 0xBF
        if 0xC2 <= b <= 0xDF:
            length = 2
        elif 0xE0 <= b <= 0xEF:
            length = 3
            if b == 0xE0:
                low = 0xA0
            elif b == 0xED:
                high = 0x9F
        elif 0xF0 <= b <= 0xF4:
            length = 4
            if b == 0xF0:
                low = 0x90
            elif b == 0xF4:
                high = 0x8F
        else:
            return i
        if i + length > n or data[i + 1] < low or data[i + 1] > high:
            return i
        for k in range(2, length):
            if data[i + k] & 0xC0 != 0x80:
                return i
        i += length
    return -1


@kernel
def document_frequency(
    ids: NDArray[np.int32],
    documents: NDArray[np.int32],
    numbers: NDArray[np.int32],
    last: NDArray[np.int64],
    frequency: NDArray[np.int64],
    document: int,
    begun: bool,
) -> tuple[int, bool]:
    """Count in how many documents each word is, block after block.

    Parameters
    ----------
    ids : ndarray of shape (n_tokens,), int32
        Word numbers of the block.
    documents : ndarray of shape (n_documents,), int32
        Where documents end in it.
    numbers : ndarray of shape (n_table,), int32
        The row of ``last`` and ``frequency`` for each word number.
    last : ndarray of shape (n_words,), int64
        Number of the last document in which each word was seen; -1 at first. Changed.
    frequency : ndarray of shape (n_words,), int64
        Documents in which each word is. Changed.
    document : int
        Number of the document in which the block begins.
    begun : bool
        Whether that document has words already.

    Returns
    -------
    document, begun
        The same for the next block. Documents without a word have no number.
    """
    ended = 0
    for i in range(len(ids) + 1):
        while ended < len(documents) and documents[ended] <= i:
            ended += 1
            if begun:
                document += 1
                begun = False
        if i == len(ids):
            break
        begun = True
        word = numbers[ids[i]]
        if last[word] != document:
            last[word] = document
            frequency[word] += 1
    return document, begun
