"""A step of word2vec with many words at once, pair by pair from the equations, in plain NumPy."""

from __future__ import annotations

import numpy as np


def sigmoid(x):
    """1 / (1 + exp(-x)) in float64."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x, np.float64)))


def terms(objective, h, target, u, drawn, share, margin, paths):
    """The loss of one pair of a hidden row and a word, the slope by the score of each output row.

    Returns the loss and a list of (output row, slope, what the row counts it as).
    """
    if objective == "negative-sampling":
        p = sigmoid(h @ u[target])
        loss, found = -np.log(p), [(target, p - 1, 1.0)]
        for n in drawn:
            if n != target:
                p = sigmoid(h @ u[n])
                loss -= share * np.log(1 - p)
                found.append((n, share * p, share))
        return loss, found
    if objective == "margin":
        loss, found, slope = 0.0, [], 0.0
        for n in drawn:
            if n != target:
                slack = margin - h @ u[target] + h @ u[n]
                active = float(slack > 0)
                loss += share * slack * active
                slope -= share * active
                found.append((n, share * active, share))
        return loss, [*found, (target, slope, share * len(drawn))]
    if objective == "hierarchical-softmax":
        loss, found = 0.0, []
        for node, code in paths[target]:
            sign = 1 - 2 * code
            p = sigmoid(sign * (h @ u[node]))
            loss -= np.log(p)
            found.append((node, -sign * (1 - p), 1.0))
        return loss, found
    scores = u @ h
    p = np.exp(scores - scores.max())
    p /= p.sum()
    found = [(row, p[row] - (row == target), p[row] + (row == target)) for row in range(len(u))]
    return -np.log(p[target]), found


def step(pairs, v, u, rate, most, objective, share=0.0, margin=0.0, paths=None):
    """One step on ``v`` and ``u`` (float64, changed) with gradients at its start; return the loss.

    ``pairs`` is a list of (inputs, target, drawn): inputs a list of (row of v, share of it in the
    hidden row, share of the hidden row's gradient that it gets). A row that counts more than
    ``most`` is given the share of its gradient that makes it count ``most``.
    """
    loss = 0.0
    change_v, change_u = np.zeros_like(v), np.zeros_like(u)
    count_v, count_u = np.zeros(len(v)), np.zeros(len(u))
    for inputs, target, drawn in pairs:
        h = sum(part * v[row] for row, part, _ in inputs)
        of_pair, found = terms(objective, h, target, u, drawn, share, margin, paths)
        loss += of_pair
        gradient = sum(slope * u[row] for row, slope, _ in found)
        for row, slope, counted in found:
            change_u[row] += slope * h
            count_u[row] += counted
        of_hidden = 1.0 if objective == "softmax" else sum(counted for _, _, counted in found)
        for row, _, part in inputs:
            change_v[row] += part * gradient
            count_v[row] += of_hidden
    for matrix, change, count in ((v, change_v, count_v), (u, change_u, count_u)):
        shares = np.minimum(1.0, most / np.maximum(count, 1e-30))
        matrix -= rate * shares[:, None] * change
    return loss
