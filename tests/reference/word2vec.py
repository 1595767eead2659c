"""word2vec in blocks, written from the equations in plain NumPy, a pair at a time."""

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


# Losses of one pair: functions of the hidden vector and the rows that it meets. Each returns the
# loss, its gradient for the hidden vector, and for the rows.


def sampling_loss(h, target, negatives, share):
    """-log σ(h·t) - share Σ log σ(-h·n)."""
    p, q = sigmoid(target @ h), sigmoid(negatives @ h)
    loss = -np.log(p) - share * np.log(1 - q).sum()
    rows = np.vstack([[(p - 1) * h], share * np.outer(q, h)])
    return loss, (p - 1) * target + share * q @ negatives, rows


def margin_loss(h, target, negatives, share, margin):
    """Share Σ max(0, m - h·t + h·n)."""
    slack = margin - target @ h + negatives @ h
    active = share * (slack > 0)
    rows = np.vstack([[-active.sum() * h], np.outer(active, h)])
    return active @ slack, active @ (negatives - target), rows


def tree_loss(h, nodes, codes):
    """-Σ log σ((1 - 2c) h·n)."""
    p = sigmoid(nodes @ h)
    loss = -np.log(np.where(codes == 0, p, 1 - p)).sum()
    return loss, (p - 1 + codes) @ nodes, np.outer(p - 1 + codes, h)


def softmax_loss(h, words, target):
    """-log of the softmax over all words."""
    scores = words @ h
    p = np.exp(scores - scores.max())
    p /= p.sum()
    error = p - (np.arange(len(p)) == target)
    return -np.log(p[target]), error @ words, np.outer(error, h)


class Model:
    """Float64 matrices and what they are trained with.

    ``parts`` lists for each word the rows of ``v`` whose mean is its vector; ``seen`` the words
    that are no negatives of each.
    """

    def __init__(
        self, v, u, window, architecture, objective, *, exact=False, rate=0.01, negative=5,
        drawn=24, block=16, noise=None, key=0, margin=1.0, paths=None, parts=None, seen=None,
    ):  # fmt: skip
        vars(self).update({name: value for name, value in locals().items() if name != "self"})
        self.loss, self.n_pairs = 0.0, 0

    def vector(self, v, word):
        """The input vector of a word."""
        return v[self.parts[word]].mean(axis=0) if self.parts else v[word]

    def add_input(self, word, change):
        """Change the parts of a word."""
        rows = self.parts[word] if self.parts else [word]
        for row in rows:
            self.v[row] += change / (len(rows) if self.exact else 1)

    def train(self, words, begins, ends, places):
        """Train block after block; every gradient of ``v`` is that at the block's start."""
        for start in range(0, len(words), self.block):
            draws = range(start * 24, start * 24 + self.drawn)
            noise = [draw_alias(key_of(self.key, i), *self.noise) for i in draws]
            old_v, old_u = self.v.copy(), self.u.copy()
            for i in range(start, min(start + self.block, len(words))):
                near = [c for c in range(begins[i], ends[i]) if c != i]
                if not near:
                    continue
                if self.objective == "hierarchical-softmax":
                    old_u = self.u.copy()  # the nodes are trained word by word
                if self.objective == "hierarchical-softmax" and self.architecture == "skipgram":
                    self.to_the_middle(words, i, near, old_v)
                elif self.architecture == "skipgram":
                    for c in near:
                        hidden, target = words[c], words[i]
                        if self.objective == "softmax":
                            hidden, target = target, hidden
                        vector = self.vector(old_v, hidden)
                        change = self.pair(vector, words[i], target, noise, old_u)
                        self.add_input(hidden, change)
                else:
                    self.cbow(words, i, near, places, noise, old_v, old_u)

    def to_the_middle(self, words, i, near, old_v):
        """Let each word of a window predict that in the middle, by a tree.

        Probabilities are those before any is trained. Of the gradients of the hidden vectors, those
        of four words at a time, then of two, then of one, see nodes that those before have changed.
        """
        nodes, codes = self.paths[words[i]]
        before = self.u[nodes].copy()
        while near:
            n = next(n for n in (4, 2, 1) if n <= len(near))
            group, near = near[:n], near[n:]
            now = self.u[nodes].copy()
            for c in group:
                h = self.vector(old_v, words[c])
                loss, _, d_rows = tree_loss(h, before, codes)
                self.loss += loss
                self.n_pairs += 1
                self.add_input(words[c], -self.rate * (sigmoid(before @ h) - 1 + codes) @ now)
                self.u[nodes] -= self.rate * d_rows

    def cbow(self, words, i, near, places, noise, old_v, old_u):
        """Predict a word from those around it."""
        dim = self.v.shape[1]
        vectors = [self.vector(old_v, words[c]) for c in near]
        distances = [places[c] - places[i] for c in near]
        columns = [dim * (self.window + d - (d > 0)) for d in distances]
        if self.architecture == "concatenation":
            h = np.zeros(2 * self.window * dim)
            for column, vector in zip(columns, vectors, strict=True):
                h[column : column + dim] = vector
        else:
            h = np.sum(vectors, axis=0) / (len(near) if self.architecture == "average" else 1)
        change = self.pair(h, words[i], words[i], noise, old_u)
        for c, column in zip(near, columns, strict=True):
            part = change
            if self.architecture == "concatenation":
                part = change[column : column + dim]
            elif self.architecture == "average" and self.exact:
                part = change / len(near)
            self.add_input(words[c], part)

    def pair(self, h, word, target, noise, u):
        """Train one pair of a hidden vector, of ``word``, and the word that it predicts."""
        self.n_pairs += 1
        if self.objective == "hierarchical-softmax":
            nodes, codes = self.paths[target]
            loss, d_h, d_rows = tree_loss(h, u[nodes], codes)
            rows = nodes
        elif self.objective == "softmax":
            loss, d_h, d_rows = softmax_loss(h, u, target)
            rows = range(len(u))
        else:
            unseen = [n for n in noise if not self.seen or n not in self.seen[word]]
            share = self.negative / (max(1, len(unseen)) if self.seen else self.drawn)
            others = [n for n in unseen if n != target]
            rows = [target, *others]
            if self.objective == "margin":
                loss, d_h, d_rows = margin_loss(h, u[target], u[others], share, self.margin)
            else:
                loss, d_h, d_rows = sampling_loss(h, u[target], u[others], share)
        self.loss += loss
        for row, gradient in zip(rows, d_rows, strict=True):
            self.u[row] -= self.rate * gradient
        return -self.rate * d_h
