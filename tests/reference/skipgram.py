"""Skip-gram with negative sampling in blocks, written from the equations in plain NumPy."""

from __future__ import annotations

import numpy as np

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def hash64(value: int) -> int:
    """The finaliser of SplitMix64."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def key_of(key: int, item: int) -> int:
    """The key of an item of a sequence."""
    return hash64((key + (item + 1) * GOLDEN) & MASK)


def draw_alias(bits: int, keep, other) -> int:
    """A word from an alias table."""
    column = ((bits >> 32) * len(keep)) >> 32
    return column if (bits & 0xFFFFFFFF) <= int(keep[column]) else int(other[column])


def sigmoid(x):
    """1 / (1 + exp(-x)) in float64."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x, np.float64)))


def train(words, begins, ends, negative, v, u, keep, other, rate, key, block, drawn):
    """Train block after block on ``v`` and ``u`` (float64, changed); return the loss and pairs.

    The pairs of a block are taken one by one; every gradient is that at the block's start.
    """
    loss, n_pairs = 0.0, 0
    for start in range(0, len(words), block):
        centres = range(start, min(start + block, len(words)))
        noise = [draw_alias(key_of(key, start * drawn + k), keep, other) for k in range(drawn)]
        old_v, old_u = v.copy(), u.copy()
        for i in centres:
            for c in range(begins[i], ends[i]):
                if c == i:
                    continue
                n_pairs += 1
                context, word = words[c], words[i]
                p = sigmoid(old_v[context] @ old_u[word])
                loss -= np.log(p)
                v[context] += rate * (1 - p) * old_u[word]
                u[word] += rate * (1 - p) * old_v[context]
                for n in noise:
                    if n == word:
                        continue
                    p = sigmoid(old_v[context] @ old_u[n])
                    share = negative / drawn
                    loss -= share * np.log(1 - p)
                    v[context] -= rate * share * p * old_u[n]
                    u[n] -= rate * share * p * old_v[context]
    return loss, n_pairs


def pair_loss(v_context, u_word, u_noise, share):
    """The loss of one pair, for checking the gradient above by finite differences."""
    negatives = np.log(sigmoid(-(u_noise @ v_context))).sum() * share
    return -np.log(sigmoid(u_word @ v_context)) - negatives
