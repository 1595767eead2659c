"""Every error that textrep raises on purpose.

One line of text names the thing, the rule it breaks and the way out; the command line prints that
line and exits with the error's ``exit_code``::

    TextrepError
    ├── UsageError                 exit 2: the call itself is wrong
    │   ├── InvalidParameterError  (also ValueError) a parameter is out of its range
    │   └── UnknownNameError       (also LookupError) no such model, tokenizer, benchmark, word …
    └── InputError                 exit 1: the call is right, what it was given is not
        ├── CorpusError            text that cannot be read, or an encoded corpus that is damaged
        ├── VocabularyError        a vocabulary that is empty or does not fit
        ├── FormatError            a model folder or vector file that cannot be read
        ├── DataError              a recipe's data that is missing, cut or altered
        ├── TrainingError          vectors that overflow
        ├── DeviceError            a GPU that is not there, or whose memory is too small
        ├── ClusterError           a Dask cluster that is not there, differs, or is lost
        └── NotFittedError         a model that is used before ``fit``
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "ClusterError",
    "CorpusError",
    "DataError",
    "DeviceError",
    "FormatError",
    "InputError",
    "InvalidParameterError",
    "NotFittedError",
    "TextrepError",
    "TrainingError",
    "UnknownNameError",
    "UsageError",
    "VocabularyError",
]


class TextrepError(Exception):
    """Base of every error raised on purpose."""

    exit_code = 1


class UsageError(TextrepError):
    """The call itself is wrong: the way out is to call differently."""

    exit_code = 2


class InvalidParameterError(UsageError, ValueError):
    """A parameter breaks its rule.

    Parameters
    ----------
    parameter : str
        Name of the parameter, as the caller wrote it.
    caller : str
        Class or function that has the parameter.
    rule : str
        What the value must be, to follow "must be".
    value : object
        What was given.
    """

    def __init__(self, parameter: str, caller: str, rule: str, value: object) -> None:
        super().__init__(
            f"The {parameter} parameter of {caller} must be {rule}. Got {value!r} instead."
        )
        self.parameter = parameter


class UnknownNameError(UsageError, LookupError):
    """A name that is not among the known ones; suggests the nearest.

    Parameters
    ----------
    kind : str
        What the name should name: "tokenizer", "benchmark", "word", …
    name : str
        The unknown name.
    known : iterable of str
        The known names.
    hint : str, default=""
        One more sentence for the way out.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        names = list(known)
        near = difflib.get_close_matches(name, names[:100_000], n=1, cutoff=0.6)
        message = f"Unknown {kind} {name!r}."
        if near:
            message += f" Did you mean {near[0]!r}?"
        elif names and len(names) <= 20:
            message += f" Known: {', '.join(sorted(names))}."
        if hint:
            message += f" {hint}"
        super().__init__(message)
        self.name = name
        self.suggestion = near[0] if near else None


class InputError(TextrepError):
    """The call is right, but what it was given is not."""


class CorpusError(InputError):
    """Text that cannot be read, or an encoded corpus that is damaged."""


class VocabularyError(InputError):
    """A vocabulary that is empty or does not fit."""


class FormatError(InputError):
    """A model folder or a vector file that cannot be read or written."""


class DataError(InputError):
    """Data named by a recipe that is missing, cut or altered."""


class TrainingError(InputError):
    """Training that went wrong: vectors that overflow."""


class DeviceError(InputError):
    """A device that is not there, or whose memory is too small."""


class ClusterError(InputError):
    """A Dask cluster that is not there, differs from what is here, or is lost."""


class NotFittedError(InputError, ValueError, AttributeError):
    """A model that is used before ``fit``."""
