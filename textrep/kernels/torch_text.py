"""Sampled text and its windows as torch tensors, ready to be trained on in groups of words.

The same text as :func:`textrep.kernels.text.sample_text` draws, to the bit. Where that goes
from word to word, this has no loop: what is kept is counted by a running sum, and sentences are
found by bisection.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from textrep.kernels.torch_random import high_bits, key_of, low_bits

__all__ = ["GROUP", "Groups", "Sampled", "chosen_sentences", "group_words", "sample_text"]

GROUP = 32  # neighbouring words that share their contexts' rows and the drawn words


class Sampled(NamedTuple):
    """Kept words and their windows.

    Attributes
    ----------
    words : Tensor of shape (n,), int64
        The kept words.
    begins, ends : Tensors of shape (n,), int64
        For each kept word, the kept words from ``begins`` up to, not including, ``ends`` are in its
        window (it is among them).
    """

    words: Tensor
    begins: Tensor
    ends: Tensor


class Groups(NamedTuple):
    """Sampled text in steps of groups of ``GROUP`` neighbouring words.

    Attributes
    ----------
    words : Tensor of shape (n_steps, n_groups, GROUP), int64
        The words of each group.
    slots : Tensor of shape (n_steps, n_groups, GROUP + 2 * window), int64
        The words from ``window`` before a group to ``window`` after it.
    pairs : Tensor of shape (n_steps, n_groups, GROUP, GROUP + 2 * window), float32
        1 where the slot is in the window of the word and not the word itself, else 0.
    uses : Tensor of shape (n_steps, n_groups, GROUP), float32
        Contexts of each word. 0 also for the places after the last word of the text.
    numbers : Tensor of shape (n_steps, n_groups), int64
        Which group of the text it is.
    """

    words: Tensor
    slots: Tensor
    pairs: Tensor
    uses: Tensor
    numbers: Tensor


def sample_text(
    tokens: Tensor,
    offsets: Tensor,
    origin: int,
    keep: Tensor,
    window: int,
    dynamic: bool,
    in_text: bool,
    key: int,
    chosen: Tensor | None = None,
) -> Sampled:
    """Draw which words of a part of a text are kept, and how far their windows reach.

    Parameters
    ----------
    tokens : Tensor of shape (n_tokens,), int32
        The part: whole sentences.
    offsets : Tensor of shape (n_sentences + 1,), int64
        Where sentences begin in ``tokens``, from 0 on, and where the last ends.
    origin : int
        Place of the part's first token in the text.
    keep : Tensor of shape (n_words,), int64
        Probability that an occurrence of the word is kept, times 2^32 - 1.
    window : int
        Largest distance of a context.
    dynamic : bool
        Whether the reach of each window is drawn from 1 to ``window``.
    in_text : bool
        Whether distances are counted in the text, or among the kept words alone.
    key : int
        Names the random numbers; what is drawn for a token depends on it and the place alone.
    chosen : Tensor of shape (n_sentences,), bool, optional
        Sentences to take words from; default: all.
    """
    device = tokens.device
    bits = key_of(key, torch.arange(origin, origin + len(tokens), device=device))
    kept = low_bits(bits) <= keep[tokens]
    if chosen is not None:
        kept &= chosen.repeat_interleave(offsets.diff(), output_size=len(tokens))
    places = kept.nonzero().squeeze(1)  # the host waits here: it must know how many there are
    before = torch.zeros(len(tokens) + 1, dtype=torch.int64, device=device)
    torch.cumsum(kept, 0, out=before[1:])
    reach = 1 + ((high_bits(bits[places]) * window) >> 32) if dynamic else window
    if in_text:
        first = torch.searchsorted(places, places - reach)
        last = torch.searchsorted(places, places + reach, right=True)
    else:
        order = torch.arange(len(places), device=device)
        first, last = order - reach, order + reach + 1
    sentence = torch.searchsorted(offsets, places, right=True)
    begins = torch.maximum(before[offsets[sentence - 1]], first)
    ends = torch.minimum(before[offsets[sentence]], last)
    return Sampled(tokens[places].long(), begins, ends)


def chosen_sentences(first: int, n: int, share: int, key: int, device: torch.device) -> Tensor:
    """Return which sentences are held out, a bool each.

    Parameters
    ----------
    first, n : int
        Number of the first sentence in the text, and how many there are.
    share : int
        Share of the sentences that are held out, times 2^32.
    key : int
        Names the random numbers; what is drawn for a sentence depends on it and the number alone.
    device : torch.device
        Where the result is.
    """
    numbers = torch.arange(first, first + n, device=device)
    return high_bits(key_of(key, numbers)) < share


def group_words(text: Sampled, window: int, batch: int) -> Groups:
    """Cut sampled text into groups, and deal the groups out to steps of about ``batch`` words.

    Neighbouring groups come into different steps, so that the words of a topic, which a text uses
    again and again for a while, are spread over many steps.

    Parameters
    ----------
    text : Sampled
        At least one word.
    window : int
        Largest distance of a context.
    batch : int
        Words of a step, at most.
    """
    device, n = text.words.device, len(text.words)
    n_groups = -(-n // GROUP)
    n_steps = -(-n_groups // max(1, batch // GROUP))
    shape = (n_steps, -(-n_groups // n_steps))
    numbers = torch.arange(shape[0] * shape[1], device=device).view(shape[1], shape[0]).T
    starts = (numbers * GROUP).unsqueeze(-1)
    places = starts + torch.arange(GROUP, device=device)
    around = starts + torch.arange(-window, GROUP + window, device=device)
    own = places.clamp(max=n - 1)
    begins = text.begins[own].unsqueeze(-1)
    # No window reaches the places after the last word, and none of theirs reaches anything.
    ends = torch.where(places < n, text.ends[own], 0).unsqueeze(-1)
    slots = around.unsqueeze(-2)
    pairs = ((slots >= begins) & (slots < ends) & (slots != places.unsqueeze(-1))).float()
    return Groups(
        text.words[own], text.words[around.clamp(0, n - 1)], pairs, pairs.sum(-1), numbers
    )
