"""Encoders, written from the equations in plain NumPy: one sequence, one step at a time.

Weights are dicts of matrices by the names that the equations give them.
"""

from __future__ import annotations

import math

import numpy as np

erf = np.vectorize(math.erf, otypes=[np.float64])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky-relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
    # Klambauer, Unterthiner, Mayr and Hochreiter 2017, Self-Normalizing Neural Networks.
    "selu": lambda x: (
        1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(np.minimum(x, 0)) - 1))
    ),
    "gelu": lambda x: x * (1 + erf(x / math.sqrt(2))) / 2,
    "silu": lambda x: x * sigmoid(x),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
}


# Recurrent cells: (weights, input, state before) -> state after; its first part is the output.


def rnn_step(w, x, state, f=np.tanh):
    """h' = f(W x + b + U h + c)."""
    (h,) = state
    return (f(w["W"] @ x + w["b"] + w["U"] @ h + w["c"]),)


def lstm_step(w, x, state):
    """Hochreiter and Schmidhuber 1997; the forget gate is that of Gers et al. 2000."""
    h, c = state
    i, f, o = (sigmoid(w[f"W{k}"] @ x + w[f"b{k}"] + w[f"U{k}"] @ h + w[f"c{k}"]) for k in "ifo")
    g = np.tanh(w["Wg"] @ x + w["bg"] + w["Ug"] @ h + w["cg"])
    c = f * c + i * g
    return o * np.tanh(c), c


def gru_step(w, x, state):
    """Cho et al. 2014, with the reset after the product with U, as in cuDNN."""
    (h,) = state
    r, z = (sigmoid(w[f"W{k}"] @ x + w[f"b{k}"] + w[f"U{k}"] @ h + w[f"c{k}"]) for k in "rz")
    n = np.tanh(w["Wn"] @ x + w["bn"] + r * (w["Un"] @ h + w["cn"]))
    return ((1 - z) * n + z * h,)


STEPS = {
    "rnn": rnn_step,
    "rnn-relu": lambda w, x, state: rnn_step(w, x, state, ACTIVATIONS["relu"]),
    "lstm": lstm_step,
    "gru": gru_step,
}


def recurrent_layer(step, w, inputs, state):
    """The outputs at all positions of a sequence of shape (time, n_inputs), and the last state."""
    outputs = []
    for x in inputs:
        state = step(w, x, state)
        outputs.append(state[0])
    return np.array(outputs), state


def bidirectional_layer(step, forwards, backwards, inputs, state):
    """Both directions' outputs side by side; each direction begins with ``state``."""
    there, _ = recurrent_layer(step, forwards, inputs, state)
    back, _ = recurrent_layer(step, backwards, inputs[::-1], state)
    return np.concatenate([there, back[::-1]], 1)


def convolution(W, b, inputs, left):
    """b + Σ_i W[:, :, i] x_{t - left + i}; x is 0 outside of the sequence."""
    n_outputs, _, width = W.shape
    outputs = np.tile(b, (len(inputs), 1)).astype(np.float64)
    for t in range(len(inputs)):
        for i in range(width):
            if 0 <= t - left + i < len(inputs):
                outputs[t] += W[:, :, i] @ inputs[t - left + i]
    return outputs.reshape(len(inputs), n_outputs)


def layer_norm(x, gain, bias, epsilon=1e-5):
    """Ba, Kiros and Hinton 2016: each row to mean 0 and variance 1."""
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return gain * (x - mean) / np.sqrt(variance + epsilon) + bias


def batch_norm(x, gain, bias, epsilon=1e-5):
    """Ioffe and Szegedy 2015: each column of x, of shape (n, width), to mean 0 and variance 1."""
    mean, variance = x.mean(0), ((x - x.mean(0)) ** 2).mean(0)
    return gain * (x - mean) / np.sqrt(variance + epsilon) + bias


def softmax(x):
    exponentials = np.exp(x - x.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


def sinusoid(t, width):
    """Vaswani et al. 2017, section 3.5."""
    vector = np.empty(width)
    for j in range(width):
        angle = t / 10000 ** (2 * (j // 2) / width)
        vector[j] = np.sin(angle) if j % 2 == 0 else np.cos(angle)
    return vector


def rotated(x, t):
    """Su et al. 2021, equation 15, of the pairs i and i + d/2: complex numbers times e^(i t θ)."""
    half = len(x) // 2
    angles = t * 10000.0 ** (-2 * np.arange(half) / len(x))
    turned = (x[:half] + 1j * x[half:]) * np.exp(1j * angles)
    return np.concatenate([turned.real, turned.imag])


def attention(w, inputs, heads, causal=False, rotary=False):
    """Vaswani et al. 2017, section 3.2: softmax(Q Kᵀ / √d) V of each head, then a linear map."""
    time, width = inputs.shape
    d = width // heads
    value = inputs @ w["Wv"].T + w["bv"]
    results = np.empty((time, width))
    for head, weights in enumerate(attention_weights(w, inputs, heads, causal, rotary)):
        part = slice(head * d, (head + 1) * d)
        for t in range(time):
            results[t, part] = weights[t] @ value[:, part]
    return results @ w["Wo"].T + w["bo"]


def attention_weights(w, inputs, heads, causal=False, rotary=False):
    """The same section: softmax(Q Kᵀ / √d) of each head, 0 where a position cannot see."""
    time, width = inputs.shape
    d = width // heads
    query, key = (inputs @ w[f"W{k}"].T + w[f"b{k}"] for k in "qk")
    weights = np.zeros((heads, time, time))
    for head in range(heads):
        q, k = (x[:, head * d : (head + 1) * d] for x in (query, key))
        if rotary:
            q, k = (np.array([rotated(x[t], t) for t in range(time)]) for x in (q, k))
        for t in range(time):
            seen = t + 1 if causal else time
            weights[head, t, :seen] = softmax(k[:seen] @ q[t] / np.sqrt(d))
    return weights


def feed_forward(w, x, name):
    """Vaswani et al. 2017, section 3.3; Shazeer 2020, equation 6."""
    if name == "swiglu":
        return (ACTIVATIONS["silu"](x @ w["W"].T) * (x @ w["V"].T)) @ w["W2"].T
    return ACTIVATIONS[name](x @ w["W1"].T + w["b1"]) @ w["W2"].T + w["b2"]


def transformer_layer(w, x, heads, norm, part, causal, rotary):
    """Xiong et al. 2020, table 1."""

    def attend(x):
        return attention(w["attention"], x, heads, causal, rotary)

    def forward(x):
        return feed_forward(w["feed_forward"], x, part)

    if norm == "pre":
        x = x + attend(layer_norm(x, *w["norm1"]))
        return x + forward(layer_norm(x, *w["norm2"]))
    x = layer_norm(x + attend(x), *w["norm1"])
    return layer_norm(x + forward(x), *w["norm2"])


def adaptive_softmax(head, tails, cutoffs, h):
    """Grave et al. 2017: the probabilities of all words; a tail is a map, and its words."""
    first = softmax(head @ h)
    parts = [first[: cutoffs[0]]]
    for group, (narrow, words) in enumerate(tails):
        parts.append(first[cutoffs[0] + group] * softmax(words @ (narrow @ h)))
    return np.concatenate(parts)
