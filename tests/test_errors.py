"""The tree of errors: what is what, the exit codes, and the wording."""

from __future__ import annotations

import pytest

from textrep import errors
from textrep.errors import InvalidParameterError, TextrepError, UnknownNameError

TREE = {
    "TextrepError": Exception,
    "UsageError": errors.TextrepError,
    "InvalidParameterError": errors.UsageError,
    "UnknownNameError": errors.UsageError,
    "InputError": errors.TextrepError,
    "CorpusError": errors.InputError,
    "VocabularyError": errors.InputError,
    "FormatError": errors.InputError,
    "DataError": errors.InputError,
    "TrainingError": errors.InputError,
    "DeviceError": errors.InputError,
    "ClusterError": errors.InputError,
    "NotFittedError": errors.InputError,
}


def test_the_tree() -> None:
    assert set(errors.__all__) == set(TREE)
    for name, parent in TREE.items():
        assert parent in getattr(errors, name).__bases__


@pytest.mark.parametrize("name", sorted(TREE))
def test_exit_codes_and_the_drawing(name: str) -> None:
    usage = issubclass(getattr(errors, name), errors.UsageError)
    assert getattr(errors, name).exit_code == (2 if usage else 1)
    assert name in (errors.__doc__ or "")


def test_errors_of_the_language_catch_them_too() -> None:
    assert issubclass(InvalidParameterError, ValueError)
    assert issubclass(UnknownNameError, LookupError)
    assert issubclass(errors.NotFittedError, ValueError)
    assert issubclass(errors.NotFittedError, AttributeError)


def test_the_wording_of_a_parameter() -> None:
    error = InvalidParameterError("dim", "SVD", "an integer from 1 up", "x")
    assert str(error) == "The dim parameter of SVD must be an integer from 1 up. Got 'x' instead."
    assert error.parameter == "dim"


def test_the_wording_of_a_name() -> None:
    near = UnknownNameError("tokenizer", "simpel", ["simple", "text8"], "Or a path.")
    assert str(near) == "Unknown tokenizer 'simpel'. Did you mean 'simple'? Or a path."
    assert (near.name, near.suggestion) == ("simpel", "simple")
    far = UnknownNameError("tokenizer", "x", ["text8", "simple"])
    assert str(far) == "Unknown tokenizer 'x'. Known: simple, text8."
    assert far.suggestion is None
    many = UnknownNameError("word", "x", (f"word{i}" for i in range(21)))
    assert str(many) == "Unknown word 'x'."
    assert str(UnknownNameError("word", "x", [])) == "Unknown word 'x'."


def test_a_lookup_error_is_not_quoted_like_a_key() -> None:
    """``KeyError`` shows the representation of its message; ours is a sentence."""
    assert not issubclass(UnknownNameError, KeyError)
    assert isinstance(UnknownNameError("word", "x", []), TextrepError)
