"""The explorer: one page with maps of the words of one or two models."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_choice, check_integer
from textrep.errors import InputError, UnknownNameError, UsageError
from textrep.report.explorer_maps import LAYOUTS, WordMap, draw_maps
from textrep.report.page import asset, escape, page
from textrep.vectors import WordVectors
from textrep.vectors.rows import Rows

__all__ = ["explorer"]

_MOST_MODELS = 2  # that can be looked at side by side
_SCRIPTS = ("map-grids.js", "map-gestures.js", "map.js", "explorer.js")


def explorer(
    models: Mapping[str, WordVectors],
    *,
    words: int = 70_000,
    layout: str = "tsne",
    analogies: Sequence[tuple[str, str, str, str]] = (),
    n_jobs: int | None = None,
) -> str:
    """Return a page with a map of the words of each model, and their neighbours.

    Parameters
    ----------
    models : mapping of str to WordVectors
        One or two, by the name they have on the page; with at least one word in common.
    words : int, default=70_000
        The first words of each model, which are the most frequent ones; a word takes about 100
        bytes of the page for each model.
    layout : {"tsne", "pca"}, default="tsne"
        The map that is shown first. "pca" draws no other, "tsne" both.
    analogies : sequence of (str, str, str, str)
        Words a, b, c and d, for a line from a to b and one from c to d.
    n_jobs : int, optional
        Threads; every core by default. The page is the same for any number.

    Returns
    -------
    str
        HTML; nothing else is needed to show it.

    Raises
    ------
    UsageError
        More than two models.
    UnknownNameError
        No model has a word of an analogy among those shown.
    InputError
        The two models have no word in common, or one has only zero vectors.
    """
    check_integer("words", "explorer", words, 1)
    check_choice("layout", "explorer", layout, LAYOUTS)
    if not 1 <= len(models) <= _MOST_MODELS:
        raise UsageError(
            f"The explorer shows one model, or two side by side. Got {len(models)}: name the two "
            "to compare."
        )
    shown = {name: _with_directions(name, model, words) for name, model in models.items()}
    union = dict.fromkeys(word for vectors in shown.values() for word in vectors.words)
    numbers = {word: number for number, word in enumerate(union)}
    if len(shown) > 1 and sum(map(len, shown.values())) == len(numbers):
        raise InputError(
            f"{' and '.join(models)} have no word in common among the first {words:,} of each, so "
            "there is nothing to compare. Explore each by itself."
        )
    lines = [[_number(word, numbers) for word in analogy] for analogy in analogies]
    drawn = draw_maps(list(shown.values()), layout, n_jobs)
    data = {
        "words": list(numbers),
        "models": [
            {
                "name": name,
                "about": _about(vectors, min(words, len(models[name]))),
                **_map_data([numbers[word] for word in vectors.words], its_map),
            }
            for (name, vectors), its_map in zip(shown.items(), drawn, strict=True)
        ],
        "analogies": lines,
    }
    body = _body(list(models), [drawing.title for drawing in drawn[0].drawings], analogies)
    return page(
        f"Words of {' and '.join(models)}",
        body,
        style=asset("explorer.css"),
        script="".join(map(asset, _SCRIPTS)),
        data=data,
    )


def _with_directions(name: str, vectors: WordVectors, n: int) -> WordVectors:
    """Return the first ``n`` words, but for those whose vector is zero: they are near nothing."""
    matrix = vectors.matrix[:n]
    rows = np.flatnonzero(Rows.of(matrix).inverse)
    if not len(rows):
        raise InputError(
            f"{name} has only zero vectors, so no word is near another: train it anew."
        )
    return WordVectors([vectors.words[row] for row in rows], matrix[rows])


def _about(vectors: WordVectors, wanted: int) -> str:
    left_out = wanted - len(vectors)
    zeros = f" {left_out:,} more have a zero vector and are left out." if left_out else ""
    return f"{len(vectors):,} words, {vectors.dim:,} dimensions.{zeros}"


def _number(word: str, numbers: Mapping[str, int]) -> int:
    try:
        return numbers[word]
    except KeyError:
        hint = f"The page has {len(numbers):,} words."
        raise UnknownNameError("word of an analogy", word, numbers, hint) from None


def _map_data(numbers: Sequence[int], its_map: WordMap) -> dict[str, Any]:
    found = its_map.neighbors
    cosines = np.where(found.ids >= 0, found.scores, 0.0)
    return {
        "words": _packed(np.array(numbers), "<u4"),
        "width": found.ids.shape[1],
        "neighbors": _packed(found.ids, "<i4"),
        "cosines": _packed(np.rint(cosines * 32767), "<i2"),
        "layouts": [
            {"points": _packed(_in_a_square(drawing.points), "<u2"), "about": drawing.about}
            for drawing in its_map.drawings
        ],
    }


def _packed(array: NDArray[Any], dtype: str) -> str:
    return base64.b64encode(array.astype(dtype).tobytes()).decode("ascii")


def _in_a_square(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points scaled so that the longer side is from 0 to 65535, the middle in the middle."""
    low, high = points.min(axis=0), points.max(axis=0)
    side = float((high - low).max()) or 1.0
    within: NDArray[np.float64] = (points - (low + high) / 2) / side + 0.5
    return np.round(within * 65535)


def _body(
    names: Sequence[str], titles: Sequence[str], analogies: Sequence[tuple[str, str, str, str]]
) -> str:
    figures = "\n".join(_figure(place, name) for place, name in enumerate(names))
    return f"""<div class="controls">
<div class="search">
<label class="hidden-text" for="search">Search for a word</label>
<input id="search" type="search" role="combobox" aria-expanded="false" aria-controls="matches"
 aria-autocomplete="list" autocomplete="off" autocapitalize="off" spellcheck="false"
 placeholder="Search for a word">
<ul id="matches" role="listbox" aria-label="Words"></ul>
</div>
{_choice(titles)}</div>
<div class="explorer">
<div class="maps">
{figures}
</div>
<section class="about" aria-label="Neighbours">
<div id="word"></div>
{_buttons(analogies)}<p class="faint">Drag to move, turn the wheel or pinch to zoom. On a map that
has the focus: arrow keys, + and -, 0 for all, Escape to let go of a word.</p>
<p id="said" class="hidden-text" aria-live="polite"></p>
</section>
</div>
<noscript><p>The maps are drawn by JavaScript, which is switched off here.</p></noscript>"""


def _figure(place: int, name: str) -> str:
    buttons = "".join(
        f'<button type="button" data-map="{place}" data-does="{does}" title="{title}"'
        f' aria-label="{title}">{sign}</button>'
        for does, title, sign in (
            ("in", "Zoom in", "+"),
            ("out", "Zoom out", "&minus;"),
            ("all", "Show all", "⤢"),
        )
    )
    return f"""<figure class="map">
<h2>{escape(name)}</h2>
<div class="surface">
<canvas id="map-{place}" tabindex="0" role="application" aria-roledescription="map of words"
 aria-label="Map of {escape(name)}" aria-describedby="about-{place}"></canvas>
<div class="zoom">{buttons}</div>
</div>
<figcaption id="about-{place}"></figcaption>
</figure>"""


def _choice(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return ""
    options = "".join(
        f'<option value="{i}">{escape(title)}</option>' for i, title in enumerate(titles)
    )
    return f'<label>Map <select id="layout">{options}</select></label>\n'


def _buttons(analogies: Sequence[tuple[str, str, str, str]]) -> str:
    if not analogies:
        return ""
    buttons = "\n".join(
        f'<button type="button" data-analogy="{place}"><bdi>{escape(a)}</bdi> : '
        f"<bdi>{escape(b)}</bdi> :: <bdi>{escape(c)}</bdi> : <bdi>{escape(d)}</bdi></button>"
        for place, (a, b, c, d) in enumerate(analogies)
    )
    return f'<div id="analogies">\n<h3>Analogies</h3>\n{buttons}\n</div>\n'
