"""scikit-learn's own checks of estimators, as far as they need no data."""

from __future__ import annotations

import pytest
from sklearn.utils import estimator_checks

__all__ = ["without_data"]

without_data = pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_estimator_tags_renamed,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_mixin_order,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_set_params,
        estimator_checks.check_valid_tag_types,
    ],
)
"""A parameter ``check`` of a test: a function of an estimator's name and the estimator."""
