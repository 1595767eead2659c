"""Letters that say which models a benchmark does not tell apart: a compact letter display."""

from __future__ import annotations

import string

from textrep.evaluation import Comparison

__all__ = ["tie_letters"]

_LETTERS = string.ascii_lowercase + string.ascii_uppercase


def tie_letters(compared: Comparison) -> dict[str, str]:
    """Return letters for each model; two models have one in common if they are not told apart.

    Parameters
    ----------
    compared : Comparison
        One benchmark.

    Returns
    -------
    dict of str to str
        "a" is of the group that has the best model; empty where no two models are told apart, and
        the letters would say nothing, where not all models compare with one another, or where 52
        letters do not suffice.

    References
    ----------
    Piepho 2004, An Algorithm for a Letter-Based Representation of All-Pairwise Comparisons, Journal
    of Computational and Graphical Statistics 13(2).
    """
    if len(compared.families) > 1:
        return {}
    (ranked,) = compared.families
    groups = [frozenset(ranked)]
    for difference in compared.differences:
        if difference.significant:
            groups = _split(groups, difference.first, difference.second)
    if len(groups) == 1 or len(groups) > len(_LETTERS):
        return {}
    place = {model: number for number, model in enumerate(ranked)}
    groups.sort(key=lambda group: sorted(place[model] for model in group))
    return {
        model: "".join(
            letter for letter, group in zip(_LETTERS, groups, strict=False) if model in group
        )
        for model in ranked
    }


def _split(groups: list[frozenset[str]], one: str, other: str) -> list[frozenset[str]]:
    """Part two models wherever they are in one group; what lies inside another group goes."""
    parted: dict[frozenset[str], None] = {}
    for group in groups:
        if one in group and other in group:
            parted |= dict.fromkeys([group - {one}, group - {other}])
        else:
            parted[group] = None
    return [group for group in parted if not any(group < larger for larger in parted)]
