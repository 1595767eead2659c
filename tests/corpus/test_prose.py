"""What is prose in documentation, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textrep.corpus.prose import is_prose, paragraphs

SENTENCE = "This is the sentence that a reader of the manual should be able to see."


@pytest.mark.parametrize(
    "text",
    [
        f">>> print(1)\n{SENTENCE.upper()}",
        f"```python\n{SENTENCE}\n```",
        f"Example::\n\n    {SENTENCE}",
        f".. code-block:: python\n\n    {SENTENCE}",
        f"{SENTENCE}\n==========",
        f":param x: {SENTENCE}",
        f"| {SENTENCE} |",
        "x : int\ny : float\n",
        "def f(x): return the_value_of(x, and_of[y])",
        "too short to be of any use.",
        "Der schnelle braune Fuchs springt gestern wieder ganz ohne jede Eile davon.",
        "PROVIDED AS IS AND WITHOUT ANY WARRANTY OF ANY KIND OR OF THE SAME KIND.",
    ],
)
def test_what_is_not_prose_goes(text):
    assert list(paragraphs(text)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Title\n=====\n\n{SENTENCE}", [SENTENCE]),
        (f"Shown here::\n\n    x = 1\n\n{SENTENCE}", [SENTENCE]),
        (f".. note::\n   {SENTENCE}", [SENTENCE]),
        (f"- {SENTENCE}\n- {SENTENCE}", [SENTENCE, SENTENCE]),
        (f"x : int\n    {SENTENCE}", [SENTENCE]),
        (f"Args:\n  x (int): a number\n\n{SENTENCE}", [SENTENCE]),
        (SENTENCE.replace("of the", "of\r\n   the"), [SENTENCE]),
        (SENTENCE.replace("manual", ":term:`manual`"), [SENTENCE]),
        (SENTENCE.replace("manual", "`manual <https://example.org/a>`_"), [SENTENCE]),
        (SENTENCE.replace("manual", "[manual](https://example.org)"), [SENTENCE]),
        (SENTENCE.replace("manual", "**manual**"), [SENTENCE]),
        (SENTENCE.replace("manual", "``manual``"), [SENTENCE]),
        (SENTENCE.replace("manual", "<b>manual</b>"), [SENTENCE]),
    ],
)
def test_prose_stays_without_its_markup(text, expected):
    assert list(paragraphs(text)) == expected


@given(st.text(alphabet=st.sampled_from("aTb the of. \n\t`*[]()<>:|_=-#>\\\0é"), max_size=300))
def test_any_text_gives_clean_paragraphs(text):
    for paragraph in paragraphs(text):
        assert is_prose(paragraph)
        assert paragraph == " ".join(paragraph.split())
