"""Docstrings of classes that share parameters: what is said of these stands in one place."""

from __future__ import annotations

import inspect
from string import Template

__all__ = ["fill_docstring", "parameters_of"]


def fill_docstring(cls: type, shared: dict[str, str], own: dict[str, str]) -> None:
    """Put what several classes share into the docstring of one.

    Parameters
    ----------
    cls : type
        Its docstring is changed: ``$name`` becomes what ``shared`` has under that name, and then,
        there too, what ``own`` has.
    shared : dict of str to str
        Text with lines of its own, such as ``$parameters``.
    own : dict of str to str
        What differs in it from class to class.
    """
    text = Template(inspect.cleandoc(cls.__doc__ or "")).safe_substitute(shared)
    cls.__doc__ = Template(text).safe_substitute(own)


def parameters_of(cls: type) -> str:
    """Return what the docstring of a class says under Parameters, its last section."""
    _, _, text = inspect.cleandoc(cls.__doc__ or "").partition("Parameters\n----------\n")
    return text
