"""Heat maps of attention, of models that have it."""

import re

import numpy as np
import pytest
from report.studies import TABLES, contents, scored, vectors

from textrep.report.attention import (
    SENTENCES,
    AttentionMap,
    attention_maps,
    known_sentence,
)
from textrep.report.contents import gather
from textrep.report.document import to_html


def test_a_map_for_each_head_says_what_is_strongest():
    weights = np.full((2, 3, 2, 2), 0.5, np.float32)
    weights[1, 2] = [[0.1, 0.9], [0.5, 0.5]]
    html = attention_maps("<i>", [AttentionMap("<b>m</b>", ["one", "<u>two</u>"], weights)], ())
    assert html.count("<svg") == 6
    assert "Layer 2, head 3: one takes most from &lt;u&gt;two&lt;/u&gt;, 0.90" in html
    assert not re.search("<[biu]>", html)
    shades = [float(share) for share in re.findall(r'fill-opacity="([\d.]+)"', html)]
    assert shades[-4:] == pytest.approx([0.1, 0.9, 0.5, 0.5])


def test_models_without_attention_have_no_section(monkeypatch, tmp_path):
    found = contents(monkeypatch, tmp_path)
    assert found.attention == ()
    assert (found.sentence, found.unasked) == ("", ())
    assert attention_maps("w1 w2", found.attention, found.unasked) == ""


def test_a_transformer_is_asked(monkeypatch, tmp_path):
    pytest.importorskip("torch")
    from models.sources import sentences, small

    model = small("transformer", objective="masked").fit(sentences())
    model.save(tmp_path / "net")
    report = scored(monkeypatch, {"net": vectors()}, {"pairs": TABLES["pairs"]})
    text = " ".join(model.vocabulary_.words[:4])
    found = gather(report, {"net": (tmp_path / "net", vectors())}, sentence=text)
    [one] = found.attention
    assert one.words == text.split()
    np.testing.assert_allclose(one.weights, model.attention(text)[1], atol=1e-6)


class Knowing:
    """A model that knows some words, and cuts some of them in two."""

    def __init__(self, known, cut=()):
        self.known, self.cut = known, cut

    def tokens(self, texts):
        return [
            [
                part
                for word in text.split()
                if word in self.known
                for part in ([word[:1], f"##{word[1:]}"] if word in self.cut else [word])
            ]
            for text in texts
        ]


def test_the_first_sentence_that_all_know_is_chosen():
    second = set(SENTENCES[1].split())
    assert known_sentence([Knowing(second | set(SENTENCES[0].split()))]) == SENTENCES[0]
    assert (
        known_sentence([Knowing(second), Knowing(second | {"dog"}, cut={"city"})]) == SENTENCES[1]
    )
    assert known_sentence([Knowing(second), Knowing(second - {"city"})]) == ""


def test_sentences_are_short_and_of_letters():
    assert all(len(sentence.split()) <= 12 for sentence in SENTENCES)
    assert all(sentence.replace(" ", "").isalpha() for sentence in SENTENCES)


def transformer(monkeypatch, tmp_path, lines):
    pytest.importorskip("torch")
    from models.sources import small

    small("transformer", objective="masked").fit(lines).save(tmp_path / "net")
    report = scored(monkeypatch, {"n<e>t": vectors()}, {"pairs": TABLES["pairs"]})
    return gather(report, {"n<e>t": (tmp_path / "net", vectors())})


def test_without_a_sentence_one_that_is_known_is_shown(monkeypatch, tmp_path):
    lines = [SENTENCES[4].split(), *[["the", "king", "had", "a", "son"]] * 9] * 5
    found = transformer(monkeypatch, tmp_path, lines)
    assert found.sentence == SENTENCES[4]
    assert found.attention[0].words == SENTENCES[4].split()
    assert SENTENCES[4] in to_html(found)


def test_where_no_sentence_is_known_it_is_said(monkeypatch, tmp_path):
    found = transformer(monkeypatch, tmp_path, [["un", "deux", "trois", "quatre"]] * 20)
    assert (found.sentence, found.attention, found.unasked) == ("", (), ("n<e>t",))
    assert "<bdi>n&lt;e&gt;t</bdi>: none of the sentences at hand" in to_html(found)
