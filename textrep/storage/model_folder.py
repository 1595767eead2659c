"""The model folder: what a trained model is on disk.

============================ =====================================================================
``config.json``              format version, class, parameters, versions, seed, corpus, metrics;
                             of classifiers and taggers also what their networks are made of
``vocabulary.tsv``           header ``word<TAB>count`` (or ``word`` where there are no counts)
``model.safetensors``        every array: ``word_vectors``, ``context_vectors``, …
``tokenizer.json``           what cuts texts into subwords, of models that encode texts of subwords
``timings.json``             the metrics that a clock measured, which differ from run to run
============================ =====================================================================

Nothing in it is ever executed.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textrep.errors import FormatError
from textrep.files import atomic_folder
from textrep.storage.tensors import read_tensors, write_tensors
from textrep.storage.timings import read_timings, timings_of, without_timings
from textrep.storage.vocabulary import read_vocabulary, vocabulary_text

__all__ = ["ModelData", "is_model_folder", "read_config", "read_model", "write_model"]

FORMAT = "textrep-model"
FORMAT_VERSION = 1
CONFIG = "config.json"
VOCABULARY = "vocabulary.tsv"
TENSORS = "model.safetensors"
TOKENIZER = "tokenizer.json"
TIMINGS = "timings.json"


def library_versions() -> dict[str, str]:
    """Return the versions that a model is written with."""
    libraries = {name: version(name) for name in ("textrep", "numpy", "scipy")}
    return {"python": platform.python_version(), **libraries}


@dataclass(frozen=True)
class ModelData:
    """What a model folder holds.

    Attributes
    ----------
    class_name : str
        Name of the estimator: "SVD".
    parameters : dict
        Its constructor's parameters.
    words : list of str
        One word a row of ``word_vectors``.
    counts : int64 array of shape (n_words,), or None
        How often each word occurred.
    tensors : dict of str to ndarray or csr_array
        ``word_vectors`` has a row a word; the others are the model's business.
    versions : dict of str to str
        Versions of Python and the libraries that wrote it.
    seed : int or None
        The random state of the training.
    corpus : dict
        Fingerprint and description of the corpus.
    metrics : dict
        What was measured during training; what is named ``seconds`` or ``…_per_second`` is written
        apart.
    tokenizer : str or None
        A tokenizer of subwords, as JSON.
    structure : dict
        What networks are made of, and their labels: of classes whose parameters do not say it.
    """

    class_name: str
    parameters: Mapping[str, Any]
    words: list[str]
    counts: NDArray[np.int64] | None
    tensors: Mapping[str, Any]
    versions: Mapping[str, str] = field(default_factory=library_versions)
    seed: int | None = None
    corpus: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    tokenizer: str | None = None
    structure: Mapping[str, Any] = field(default_factory=dict)


def is_model_folder(path: str | Path) -> bool:
    """Return whether ``path`` is a folder with a ``config.json``."""
    return (Path(path) / CONFIG).is_file()


def write_model(path: str | Path, data: ModelData, *, overwrite: bool = True) -> None:
    """Write a model folder; nothing half-written is ever at ``path``.

    Parameters
    ----------
    path : str or Path
        The folder; a model folder that is there is replaced.
    data : ModelData
    overwrite : bool, default=True
        Whether a model folder that is there may be replaced.

    Raises
    ------
    FormatError
        A word cannot be written, rows and words differ in number, or a parameter is not JSON.
    InputError
        ``path`` is a file or a folder that is no model folder.
    """
    _check_rows("The model", data)
    config = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "class": data.class_name,
        "parameters": dict(data.parameters),
        "versions": dict(data.versions),
        "seed": data.seed,
        "corpus": dict(data.corpus),
        "metrics": without_timings(data.metrics),
    }
    if data.structure:
        config["structure"] = dict(data.structure)
    described = {CONFIG: config, TIMINGS: timings_of(data.metrics)}
    try:
        texts = {name: _json(content) for name, content in described.items() if content is not None}
    except (TypeError, ValueError) as error:
        raise FormatError(f"Cannot write {CONFIG} of {data.class_name}: {error}.") from None
    vocabulary = vocabulary_text(data.words, data.counts)
    with atomic_folder(path, marker=CONFIG, overwrite=overwrite) as folder:
        for name, text in texts.items():
            (folder / name).write_bytes(text)
        (folder / VOCABULARY).write_bytes(vocabulary)
        write_tensors(folder / TENSORS, data.tensors)
        if data.tokenizer is not None:
            (folder / TOKENIZER).write_text(data.tokenizer, encoding="utf-8", newline="\n")


def _json(content: Any) -> bytes:
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def read_model(path: str | Path) -> ModelData:
    """Read a model folder of this or an earlier format version.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    ModelData
        Arrays are read-only memory maps.

    Raises
    ------
    FormatError
        The folder is missing or foreign, was written by a later textrep, or is damaged.
    """
    folder = Path(path)
    config = read_config(folder)
    words, counts = read_vocabulary(folder / VOCABULARY)
    data = ModelData(
        class_name=config["class"],
        parameters=config["parameters"],
        words=words,
        counts=counts,
        tensors=read_tensors(folder / TENSORS),
        versions=config["versions"],
        seed=config["seed"],
        corpus=config["corpus"],
        metrics=config["metrics"],
        tokenizer=_read_tokenizer(folder / TOKENIZER),
        structure=config.get("structure", {}),
    )
    _check_rows(str(folder), data)
    return data


def _check_rows(name: str, data: ModelData) -> None:
    vectors = data.tensors.get("word_vectors")
    if vectors is not None and (vectors.ndim != 2 or vectors.shape[0] != len(data.words)):
        raise FormatError(
            f"{name} does not fit together: {len(data.words)} words in the vocabulary, "
            f"word_vectors of shape {list(vectors.shape)}."
        )


def _read_tokenizer(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8") if file.is_file() else None
    except UnicodeDecodeError:
        raise FormatError(f"{file} is damaged: it is not UTF-8. Save the model again.") from None


def read_config(path: str | Path) -> dict[str, Any]:
    """Return the ``config.json`` of a model folder, checked, its metrics with their timings.

    Raises
    ------
    FormatError
        As `read_model` does.
    """
    folder = Path(path)
    if not folder.is_dir():
        what = "is a file, not a model folder" if folder.exists() else "does not exist"
        raise FormatError(f"{folder} {what}. Give the folder that `textrep train` wrote.")
    file = folder / CONFIG
    if not file.is_file():
        raise FormatError(f"{folder} holds no {CONFIG}, so it is not a model folder.")
    try:
        config = json.loads(file.read_bytes().decode("utf-8"))
    except (ValueError, RecursionError):
        raise FormatError(f"{file} is damaged: it is not JSON. Save the model again.") from None
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        raise FormatError(f"{folder} is not a textrep model: {file.name} says another format.")
    found = config.get("format_version")
    if type(found) is not int or found < 1:
        raise FormatError(f"{file} is damaged: format_version is {found!r}.")
    if found > FORMAT_VERSION:
        raise FormatError(
            f"{folder} was written by a later textrep: it has format version {found}, this one "
            f"reads up to {FORMAT_VERSION}. Update textrep."
        )
    kinds = {"class": str, "parameters": dict, "versions": dict, "corpus": dict, "metrics": dict}
    if "structure" in config:
        kinds["structure"] = dict
    for key, kind in [*kinds.items(), ("seed", int | None)]:
        if key not in config or not isinstance(config[key], kind):
            raise FormatError(f"{file} is damaged: {key!r} is missing or of the wrong kind.")
    config["metrics"] = read_timings(folder / TIMINGS, config["metrics"])
    return config
