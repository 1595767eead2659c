"""What the transformers of texts have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Self

from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin, clone

from textrep.corpus.texts import as_texts
from textrep.errors import NotFittedError
from textrep.pipeline.estimators import is_fitted, takes_texts, unfitted_copy

__all__ = ["TextTransformer"]


class TextTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A scikit-learn transformer that takes texts and gives vectors.

    A subclass stores its parameters in ``__init__`` and implements :meth:`_learn` and
    :meth:`_encode`.
    """

    def fit(self, X: Any, y: object = None) -> Self:
        """Learn from texts what the vectors of texts need.

        Parameters
        ----------
        X : iterable of str
            A list, an array or a column of texts, at least one.
        y : None
            Ignored; there for scikit-learn.

        Returns
        -------
        self

        Raises
        ------
        InvalidParameterError
            A parameter is out of its range, or ``X`` is no list of texts.
        """
        self._learn(as_texts(X, type(self).__name__))
        return self

    def transform(self, X: Any) -> Any:
        """Return a vector a text.

        Parameters
        ----------
        X : iterable of str
            A list, an array or a column of texts; there may be none.

        Returns
        -------
        ndarray or csr_array of shape (n_texts, dim), float32

        Raises
        ------
        InvalidParameterError
            ``X`` is no list of texts.
        NotFittedError
            ``fit`` has not been called.
        """
        return self.encode(X)

    def fit_transform(self, X: Any, y: object = None) -> Any:
        """Return the same as ``fit(X).transform(X)``, of texts that may be read only once."""
        texts = as_texts(X, type(self).__name__)
        index = getattr(X, "index", None)
        if index is None or callable(index):  # a list has a method of that name
            return self.fit(texts, y).transform(texts)
        return self.fit(texts, y).transform(X)

    def encode(self, texts: Any) -> Any:
        """Return the same as :meth:`transform`, as an array whatever ``set_output`` says."""
        self._check_fitted()
        return self._encode(as_texts(texts, type(self).__name__))

    def adapted_to(self, texts: Any) -> Self:
        """Return a copy that is fitted on ``texts``: what evaluations ask for."""
        copy: Self = clone(self)
        return copy.fit(texts)

    @abstractmethod
    def _learn(self, texts: list[str]) -> None:
        """Check the parameters and set the learnt attributes."""

    @abstractmethod
    def _encode(self, texts: list[str]) -> Any:
        """Return the vectors of texts."""

    @property
    @abstractmethod
    def _n_features_out(self) -> int:
        """Number of dimensions, for the names of features."""

    def get_feature_names_out(self, input_features: object = None) -> Any:
        """Return a name a dimension: the class in lower case and a number.

        Parameters
        ----------
        input_features : None
            Ignored: texts have no names.

        Returns
        -------
        ndarray of shape (dim,), str objects
        """
        self._check_fitted()
        return super().get_feature_names_out(input_features)

    def __sklearn_clone__(self) -> Self:
        """Return an unfitted copy that shares vectors and trained models."""
        copy: Self = unfitted_copy(self)
        return copy

    def __sklearn_tags__(self) -> Any:
        tags = takes_texts(super().__sklearn_tags__())
        tags.transformer_tags.preserves_dtype = []
        return tags

    def __sklearn_is_fitted__(self) -> bool:
        return is_fitted(self)

    def _check_fitted(self) -> None:
        if not self.__sklearn_is_fitted__():
            raise NotFittedError(f"This {type(self).__name__} is not fitted: call fit first.")
