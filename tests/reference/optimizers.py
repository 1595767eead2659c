"""Update rules written from their equations, in NumPy; each yields the weights after every step."""

from __future__ import annotations

import numpy as np


def sgd(w, gradient, rate, momentum=0.0, nesterov=False):
    v = np.zeros_like(w)
    while True:
        g = gradient(w)
        v = momentum * v + g
        w = w - rate * (g + momentum * v if nesterov else v)
        yield w


def adagrad(w, gradient, rate, eps=1e-10):
    s = np.zeros_like(w)
    while True:
        g = gradient(w)
        s = s + g**2
        w = w - rate * g / (np.sqrt(s) + eps)
        yield w


def rmsprop(w, gradient, rate, rho=0.99, eps=1e-8):
    s = np.zeros_like(w)
    while True:
        g = gradient(w)
        s = rho * s + (1 - rho) * g**2
        w = w - rate * g / (np.sqrt(s) + eps)
        yield w


def adadelta(w, gradient, rate, rho=0.9, eps=1e-6):
    s, d = np.zeros_like(w), np.zeros_like(w)
    while True:
        g = gradient(w)
        s = rho * s + (1 - rho) * g**2
        step = np.sqrt(d + eps) / np.sqrt(s + eps) * g
        d = rho * d + (1 - rho) * step**2
        w = w - rate * step
        yield w


def adam(w, gradient, rate, beta1=0.9, beta2=0.999, eps=1e-8, decoupled_decay=0.0):
    m, v, t = np.zeros_like(w), np.zeros_like(w), 0
    while True:
        g, t = gradient(w), t + 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        ahead = m / (1 - beta1**t)
        w = w * (1 - rate * decoupled_decay)
        w = w - rate * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)
        yield w


def nadam(w, gradient, rate, beta1=0.9, beta2=0.999, eps=1e-8, decay=4e-3):
    """Dozat 2016, with its schedule of momentum: mu_t = beta1 (1 - 0.96^(t decay) / 2)."""
    m, v, t, product = np.zeros_like(w), np.zeros_like(w), 0, 1.0
    while True:
        g, t = gradient(w), t + 1
        mu, following = (beta1 * (1 - 0.5 * 0.96 ** (n * decay)) for n in (t, t + 1))
        product *= mu
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        ahead = following * m / (1 - product * following) + (1 - mu) * g / (1 - product)
        w = w - rate * ahead / (np.sqrt(v / (1 - beta2**t)) + eps)
        yield w


def adamax(w, gradient, rate, beta1=0.9, beta2=0.999, eps=1e-8):
    m, u, t = np.zeros_like(w), np.zeros_like(w), 0
    while True:
        g, t = gradient(w), t + 1
        m = beta1 * m + (1 - beta1) * g
        u = np.maximum(beta2 * u, np.abs(g) + eps)
        w = w - rate / (1 - beta1**t) * m / u
        yield w


def maxprop(w, gradient, rate, beta=0.999, eps=1e-8):
    u = np.zeros_like(w)
    while True:
        g = gradient(w)
        u = np.maximum(beta * u, np.abs(g))
        w = w - rate * g / (u + eps)
        yield w
