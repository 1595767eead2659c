"""The models that commands which score them load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from textrep.checks import check_choice
from textrep.errors import UsageError

if TYPE_CHECKING:
    from textrep.evaluation.protocols import LanguageModel, TokenLosses
    from textrep.models.encoders.base import EncoderModel
    from textrep.pipeline import TextClassifier, WordVectorAverager
    from textrep.vectors import WordVectors

__all__ = ["Evaluated", "Loaded", "load_models", "model_names"]

Evaluated = Annotated[
    list[Path], typer.Argument(metavar="MODEL", help="Model folders or files of word vectors.")
]


class Loaded(NamedTuple):
    """A model that was loaded to be scored.

    Attributes
    ----------
    path : Path
        Where it was read from.
    model : object
        What `textrep.evaluation.evaluate` takes.
    vectors : WordVectors
        Its vectors of words.
    probe : str
        What is trained to classify its texts.
    """

    path: Path
    model: Any
    vectors: WordVectors
    probe: str = "logistic"


@dataclass(frozen=True)
class _Averaged:
    """Word vectors, and texts as averages of them that each benchmark adapts to itself."""

    vectors_: WordVectors
    averager: WordVectorAverager

    def encode(self, texts: list[str]) -> Any:
        return self.averager.encode(texts)

    def adapted_to(self, texts: list[str]) -> WordVectorAverager:
        return self.averager.adapted_to(texts)

    def classifier(self) -> TextClassifier:
        return self.averager.classifier()


@dataclass(frozen=True)
class _TrainedOn:
    """An encoder that a benchmark may train further."""

    vectors_: WordVectors
    encoder: EncoderModel

    def encode(self, texts: list[str]) -> Any:
        return self.encoder.encode(texts)

    def encode_tokens(self, texts: list[list[str]]) -> Any:
        return self.encoder.encode_tokens(texts)

    def known_tokens(self, texts: list[list[str]]) -> Any:
        return self.encoder.known_tokens(texts)

    def token_losses(self, sentences: list[str], /) -> TokenLosses:
        return self.encoder.token_losses(sentences)

    def classifier(self) -> TextClassifier:
        from textrep.pipeline import TextClassifier

        return TextClassifier(self.encoder)


@dataclass(frozen=True)
class _Predicting:
    """Word vectors, and the language model that they are of."""

    vectors_: WordVectors
    language_model: LanguageModel

    def token_losses(self, sentences: list[str], /) -> TokenLosses:
        return self.language_model.token_losses(sentences)


def load_models(
    paths: Sequence[Path],
    chosen: Sequence[str],
    averages: Sequence[str] | None,
    probes: Sequence[str] = ("logistic",),
) -> dict[str, Loaded]:
    """Load models to be scored.

    Parameters
    ----------
    paths : sequence of Path
        Model folders and files.
    chosen : sequence of str
        Suites and benchmarks. Where one of them asks for vectors of texts, a model that encodes
        texts is loaded as that, and word vectors stand once for each average; where one asks for
        vectors of words in running text, a model of words in context is loaded as that; where one
        has a text to predict, so is a model that predicts texts.
    averages : sequence of str or None
        Weights of averages; None: "sif".
    probes : sequence of str, default=("logistic",)
        Where texts are classified, a model stands once for each; word vectors that are trained on
        stand once, whatever the averages, if nothing but that is asked.

    Returns
    -------
    dict of str to Loaded
        By name; see `model_names`.

    Raises
    ------
    UsageError
        A model is named twice.
    UnknownNameError
        There is no suite or benchmark of some name.
    FormatError
        A model cannot be read.
    InvalidParameterError
        There is no average or no probe of some name.
    """
    from textrep import evaluation
    from textrep.pipeline.averager import WEIGHTS

    for name in averages or ():
        check_choice("average", "evaluate", name, WEIGHTS)
    for name in probes:
        check_choice("probe", "evaluate", name, evaluation.CLASSIFIERS)
    tasks = {recipe.task for recipe in evaluation.named_recipes(chosen)}
    named = dict(zip(model_names(paths), paths, strict=True))
    if tasks & evaluation.TEXT_TASKS:
        several = list(dict.fromkeys(probes)) if "classification" in tasks else probes[:1]
        return _text_models(named, averages or ["sif"], several, "sts" in tasks)
    in_context, predicting = "tagging" in tasks, "perplexity" in tasks
    return {name: _word_model(path, in_context, predicting) for name, path in named.items()}


def _word_model(path: Path, in_context: bool, predicting: bool) -> Loaded:
    """Return a model's word vectors, or the model itself if it has vectors of words in context.

    Where a text is to be predicted, it comes with the word vectors.
    """
    from textrep.storage import load_vectors

    if in_context or predicting:
        from textrep.pipeline.encoder import encodes_itself

        if encodes_itself(path):
            from textrep.models import load_model

            model: Any = load_model(path)
            vectors = model.vectors_
            return Loaded(path, model if in_context else _Predicting(vectors, model), vectors)
    vectors = load_vectors(path)
    return Loaded(path, vectors, vectors)


def _text_models(
    paths: Mapping[str, Path], averages: Sequence[str], probes: Sequence[str], similarity: bool
) -> dict[str, Loaded]:
    """Return what encodes texts, for each probe: the model, or its word vectors in each average.

    Of word vectors that are trained on, an average matters only where there is also ``similarity``.
    """
    from textrep.evaluation import FINETUNED
    from textrep.pipeline import WordVectorAverager, load_encoder
    from textrep.pipeline.average import WordAverage

    models: dict[str, Loaded] = {}
    for name, path in paths.items():
        encoder: Any = load_encoder(path)
        for probe in probes:
            ending = f", {probe}" if len(probes) > 1 else ""
            if not isinstance(encoder, WordAverage):
                vectors = encoder.vectors_
                model = _TrainedOn(vectors, encoder) if probe == FINETUNED else encoder
                models[name + ending] = Loaded(path, model, vectors, probe)
                continue
            once = probe == FINETUNED and not similarity
            for weights in averages[:1] if once else dict.fromkeys(averages):
                averager = WordVectorAverager(
                    encoder.vectors, weights=weights, tokenizer=encoder.reader.name
                )
                averaged = _Averaged(encoder.vectors, averager)
                shown = "" if once else f", {weights}"
                models[name + shown + ending] = Loaded(path, averaged, encoder.vectors, probe)
    return models


def model_names(paths: Sequence[Path]) -> list[str]:
    """Name each model by the shortest end of its path that no other model has.

    Examples
    --------
    >>> model_names([Path("a/svd"), Path("b/svd"), Path("b/pmi")])
    ['a/svd', 'b/svd', 'pmi']
    """
    parts = [path.absolute().parts for path in paths]
    names = []
    for mine in parts:
        for length in range(1, len(mine) + 1):
            if sum(other[-length:] == mine[-length:] for other in parts) == 1:
                break
        else:
            raise UsageError(f"the model {Path(*mine)} is named twice")
        names.append("/".join(mine[-length:]))
    return names
