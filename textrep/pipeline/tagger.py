"""Words to tags, by an encoder that is trained with what stands above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from textrep.corpus.texts import as_sentences, as_words
from textrep.errors import InvalidParameterError
from textrep.models.encoders.base import EncoderModel
from textrep.models.encoders.recurrent import RecurrentEncoder
from textrep.models.encoders.texts import ReadTexts, TextEncoding
from textrep.pipeline.labels import numbered
from textrep.pipeline.networks import Labelled
from textrep.pipeline.supervised import SupervisedNetwork

if TYPE_CHECKING:
    from textrep.optim.objectives import Objective

__all__ = ["TokenTagger"]


@dataclass(eq=False, repr=False)
class TokenTagger(SupervisedNetwork):
    """Give each word of a sentence a tag, by an encoder, which is trained too, and a softmax.

    With h_t the state of word t,

        ``p(tag | s, t) = softmax(W h_t + b)``, and Σ -log p(tag | s, t) is lowered

    in the weights of the encoder, which begins as it was trained on text without labels or as it
    was drawn, and in W and b, which are new.

    Parameters
    ----------
    $parameters

    Attributes
    ----------
    classes_ : ndarray of shape (n_tags,)
        The tags, in order.
    $attributes

    Raises
    ------
    InvalidParameterError, UnknownNameError
        On ``fit``: a parameter is out of its range, ``X`` is no list of lists of words, or ``y``
        has not a tag for each.
    FormatError
        On ``fit``: the encoder cannot be read.
    TrainingError
        On ``fit``: there is no word, or a loss is not finite.
    DeviceError
        The device is not there, or too small for a batch.

    Notes
    -----
    Words that the encoder does not know are read as hidden ones. What its tokenizer cuts into
    several pieces has the state of the first. Sentences of more words than the encoder's
    ``longest`` are read in pieces.

    References
    ----------
    Collobert, Weston, Bottou, Karlen, Kavukcuoglu and Kuksa 2011, Natural Language Processing
    (Almost) from Scratch, JMLR 12.
    Devlin, Chang, Lee and Toutanova 2019, BERT: Pre-training of Deep Bidirectional Transformers for
    Language Understanding, NAACL-HLT, section 5.3: the first piece of a word.

    Examples
    --------
    >>> X = [["a", "cat", "sees"], ["the", "dog", "sees", "a", "cat"], ["the", "cat", "eats"]]
    >>> y = [["D", "N", "V"], ["D", "N", "V", "D", "N"], ["D", "N", "V"]]
    >>> tagger = TokenTagger(epochs=20, learning_rate=0.01, min_count=1).fit(X, y)
    >>> tagger.predict([["the", "dog", "eats"]])
    [['D', 'N', 'V']]
    """

    default_encoder: ClassVar[str] = "an LSTM that reads both ways"

    dropout: float = 0.3
    tokenizer: str = "whitespace"
    min_count: int = 2

    def fit(self, X: Any, y: Any) -> Self:
        """Train the network.

        Parameters
        ----------
        X : list of list of str
            The words of each sentence.
        y : list of list
            The tags of each sentence, one a word; all strings or all whole numbers.

        Returns
        -------
        self
        """
        name = type(self).__name__
        self._check()
        sentences, tags = as_words(X, name), as_sentences(y, "y", name)
        if len(tags) != len(sentences):
            rule = f"the tags of {len(sentences):,} sentences"
            raise InvalidParameterError("y", name, rule, f"those of {len(tags):,}")
        for place, (words, of_words) in enumerate(zip(sentences, tags, strict=True)):
            if len(words) != len(of_words):
                rule = f"a tag a word, {len(words)} for sentence {place}"
                raise InvalidParameterError("y", name, rule, len(of_words))
        flat = [tag for of_words in tags for tag in of_words]
        if not flat:
            raise InvalidParameterError("X", name, "at least one word", sentences)
        classes, numbers = numbered(flat, name)
        self._learn(sentences, classes, numbers, [" ".join(words) for words in sentences])
        return self

    def predict(self, X: Any) -> list[list[Any]]:
        """Return the most probable tag of each word, a list a sentence."""
        shares = self.predict_proba(X)
        return [self.classes_[of_words.argmax(axis=1)].tolist() for of_words in shares]

    def predict_proba(self, X: Any) -> list[NDArray[np.float64]]:
        """Return the probabilities of the tags.

        Parameters
        ----------
        X : list of list of str

        Returns
        -------
        list of ndarray of shape (n_words of the sentence, n_tags), float64
            The mean over the members, in the order of ``classes_``.

        Raises
        ------
        InvalidParameterError
            ``X`` is no list of lists of words.
        NotFittedError
            ``fit`` has not been called.
        """
        self._check_fitted()
        sentences = as_words(X, type(self).__name__)
        lengths = [len(words) for words in sentences]
        total = np.zeros((sum(lengths), len(self.classes_)))
        for member in self.members_:
            found = member.reading.read_words(sentences)
            total += member.head.probabilities(member.reading.states(found.read)[found.firsts])
        shares, ends = total / len(self.members_), np.cumsum(lengths)
        return [shares[end - n : end] for n, end in zip(lengths, ends, strict=True)]

    def score(self, X: Any, y: Any) -> float:
        """Return the share of the words whose tag is predicted."""
        tags = as_sentences(y, "y", type(self).__name__)
        predicted = self.predict(X)
        if [len(of_words) for of_words in tags] != [len(of_words) for of_words in predicted]:
            rule = "a tag for each word of X"
            raise InvalidParameterError("y", type(self).__name__, rule, f"{len(tags)} sentences")
        right = [
            ours == theirs
            for of_ours, of_theirs in zip(predicted, tags, strict=True)
            for ours, theirs in zip(of_ours, of_theirs, strict=True)
        ]
        return float(np.mean(right)) if right else 0.0

    def _default(self) -> EncoderModel:
        return RecurrentEncoder(dim=100, units=100, bidirectional=True, objective="masked")

    def _objective(self) -> Objective:
        from textrep.optim.objectives import Tagging

        return Tagging(self.label_smoothing)

    def _labelled(self, reading: TextEncoding, X: Any, labels: NDArray[np.int64]) -> Labelled:
        from textrep.optim.batches import IGNORED
        from textrep.optim.sequences import Sequences

        (tokens, offsets), firsts, _ = reading.read_words(X)
        of_tokens = np.full(len(tokens), IGNORED)
        of_tokens[firsts] = labels
        groups = np.zeros(len(offsets) - 1, np.int64)
        return Labelled(Sequences(tokens, offsets, of_tokens, "tokens"), groups)

    def _frozen(self, reading: TextEncoding, pooling: str, X: Any, labelled: Labelled) -> Labelled:
        from textrep.optim.sequences import Sequences

        sequences = labelled.sequences
        vectors = reading.states(ReadTexts(sequences.tokens, sequences.offsets))
        rows = np.arange(len(vectors))
        of_vectors = Sequences(rows, sequences.offsets, sequences.labels, "tokens")
        return Labelled(of_vectors, labelled.groups, vectors)
