"""The report as a page: its sections one after the other, and links to them."""

from __future__ import annotations

import re

from textrep.report.agreement import heat_maps
from textrep.report.attention import attention_maps
from textrep.report.bands import by_frequency, by_part_of_speech
from textrep.report.contents import Contents
from textrep.report.cost import costs
from textrep.report.curves import curves
from textrep.report.disagreement import tables_of_disagreements
from textrep.report.intervals import intervals
from textrep.report.markup import Html, bulleted, join, section
from textrep.report.nearest import neighbour_tables
from textrep.report.page import asset, page
from textrep.report.provenance import benchmarks, configurations, repeat
from textrep.report.scores import scores
from textrep.report.seeds import over_seeds
from textrep.report.wins import wins
from textrep.report.words import as_html

__all__ = ["to_html"]

_HEADING = re.compile(r'<h2 id="([a-z0-9-]+)">([^<]*)</h2>')


def to_html(contents: Contents) -> str:
    """Return the whole page, with everything in it.

    Parameters
    ----------
    contents : Contents
        What it tells. Sections with nothing to tell are left out.
    """
    report = contents.report
    sections = [
        section("Summary", [bulleted(map(as_html, contents.summary))]),
        scores(report),
        over_seeds(report, contents.groups, contents.methods),
        intervals(report, contents.groups),
        wins(report, contents.methods),
        by_frequency(report, contents.frequencies),
        by_part_of_speech(report, contents.speech),
        heat_maps(report, contents.agreements),
        tables_of_disagreements(report, contents.disagreements),
        neighbour_tables(contents.neighbourhoods, contents.chosen_words),
        costs(report, contents.cards),
        curves(contents.cards),
        attention_maps(contents.sentence, contents.attention, contents.unasked),
        configurations(contents.cards),
        benchmarks(report),
        repeat(contents.command),
    ]
    body = join(one for one in sections if one)
    return page(
        _title(contents),
        f"{_links(body)}\n{body}",
        style=asset("report.css"),
        script=asset("report.js"),
    )


def _title(contents: Contents) -> str:
    models = contents.report.models
    if len(models) <= 4:
        return f"Report on {', '.join(models)}"
    return f"Report on {len(models)} models"


def _links(body: Html) -> Html:
    """Return links to all sections."""
    items = "".join(
        f'<li><a href="#{name}">{title}</a></li>' for name, title in _HEADING.findall(body)
    )
    return Html(f'<nav aria-label="Sections"><ul>{items}</ul></nav>')
