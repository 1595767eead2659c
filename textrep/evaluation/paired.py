"""Whether two models that answered the same items differ by more than chance.

Two scores of one benchmark rest on the same items, and rise and fall together; a test that took
them for independent would miss most differences. These compare them item by item.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

__all__ = ["holm", "mcnemar", "williams"]


def williams(r_jk: float, r_jh: float, r_kh: float, n: int) -> tuple[float, float]:
    """Test whether two correlations with one variable differ, by Williams' t.

    Parameters
    ----------
    r_jk, r_jh : float
        The correlations of k and of h with j.
    r_kh : float
        That of k with h.
    n : int
        Number of items that all three rest on.

    Returns
    -------
    t, p : float
        The statistic, with n - 3 degrees of freedom, and the two-sided p-value. NaN for fewer than
        four items, and where k and h are the same but for their scale.

    References
    ----------
    Williams 1959, The Comparison of Regression Variables, Journal of the Royal Statistical Society
    B 21(2); as in Steiger 1980, Tests for Comparing Elements of a Correlation Matrix, Psychological
    Bulletin 87(2), equation 7.
    """
    if n < 4 or 1 - r_kh < 1e-12:
        return math.nan, math.nan
    determinant = 1 - r_jk**2 - r_jh**2 - r_kh**2 + 2 * r_jk * r_jh * r_kh
    mean = (r_jk + r_jh) / 2
    spread = 2 * (n - 1) / (n - 3) * max(determinant, 0.0) + mean**2 * (1 - r_kh) ** 3
    if spread == 0:
        return math.nan, math.nan
    t = (r_jk - r_jh) * math.sqrt((n - 1) * (1 + r_kh) / spread)
    return t, 2 * float(stats.t.sf(abs(t), n - 3))


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    """Return the exact two-sided p-value of McNemar's test.

    Of the items that just one of two models answered right, each should be as likely to be the one
    model's as the other's.

    Parameters
    ----------
    first, second : ndarray of bool, shape (n_items,)
        Whether each answered an item right.

    References
    ----------
    McNemar 1947, Note on the Sampling Error of the Difference between Correlated Proportions or
    Percentages, Psychometrika 12(2).
    """
    only_first = int(np.sum(first & ~second))
    differing = int(np.sum(first != second))
    if differing == 0:
        return 1.0
    return float(stats.binomtest(only_first, differing).pvalue)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted so that the chance of one false finding among all stays that of one.

    Parameters
    ----------
    p_values : sequence of float
        NaN, where there was nothing to test, stays and does not count.

    References
    ----------
    Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of
    Statistics 6(2).

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    given = [place for place, p in enumerate(p_values) if not math.isnan(p)]
    adjusted, least = list(p_values), 0.0
    for rank, place in enumerate(sorted(given, key=lambda place: p_values[place])):
        least = min(1.0, max(least, (len(given) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted
