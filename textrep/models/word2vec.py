"""Word vectors that predict the words nearby."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from textrep.checks import check_boolean, check_choice, check_integer, check_number
from textrep.corpus import Corpus
from textrep.counting.outlook import Outlook
from textrep.errors import CorpusError, InvalidParameterError
from textrep.models.cost import Cost
from textrep.models.iterative import IterativeModel
from textrep.models.word2vec_cost import word2vec_cost
from textrep.models.word2vec_learning import begin_with, make_trainer, matrices_of
from textrep.parallel import resolve_n_jobs
from textrep.sgd import SCHEDULES, Trainer, compact
from textrep.sgd.devices import resolve_device
from textrep.sgd.objectives import OBJECTIVES
from textrep.sgd.trees import TREES
from textrep.sgd.word2vec_settings import ARCHITECTURES, CONTEXTS, DISTANCES
from textrep.training import InitialVectors, check_initial
from textrep.vectors import Subwords, SubwordVectors, WordVectors
from textrep.vectors.subwords import check_subwords

__all__ = ["Word2Vec"]


@dataclass(kw_only=True, eq=False, repr=False)
class Word2Vec(IterativeModel):
    """Vectors that predict the words nearby: skip-gram and CBOW.

    For each pair of a hidden vector h and a word t to predict, gradient descent lowers, with
    negatives n_i drawn from the noise distribution, -log σ(h · u_t) - Σ_i log σ(-h · u_{n_i}), or
    another ``objective``. In skip-gram h is v_c of a word of a window and t the word in its middle,
    as in word2vec.c; in CBOW h is made of all v_c of the window.

    Parameters
    ----------
    dim : int, default=200
        Dimensions, from 1 to 4096.
    architecture : {"skipgram", "cbow"}, default="skipgram"
        Whether a word predicts those of its window one by one, or they together predict it.
    context : {"average", "sum", "concatenation"}, default="average"
        How CBOW makes one vector of those of a window. Concatenation takes output vectors of
        2 · window · dim numbers.
    exact_gradient : bool, default=False
        Whether each vector of an average gets its share of the gradient. If not, each gets the
        whole, as in word2vec and fastText.
    objective : {"negative-sampling", "hierarchical-softmax", "softmax", "margin"}, \
            default="negative-sampling"
        What is lowered: the loss of telling words from negatives; -log of a probability that is a
        product over a tree; -log of the softmax over all words, at a cost in proportion to them;
        or how far the score of a word is less than ``margin`` above those of the negatives.
    margin : float, default=1.0
        m of the margin objective, above 0.
    tree : {"huffman", "random"}, default="huffman"
        The tree of the hierarchical softmax; the random one is there to compare.
    window : int, default=5
        Largest distance of a context, 1 to 100.
    dynamic_window : bool, default=True
        Whether the reach of each window is drawn from 1 to ``window``; if not, it is ``window``.
    distances : {"kept", "text"}, default="kept"
        Whether words that subsampling leaves out count in a distance: no, as in word2vec, so that
        windows reach further; or yes.
    negative : int, default=5
        Negatives that each pair counts, 1 to 100, no more than there are words.
    ns_exponent : float, default=0.75
        Negatives are drawn in proportion to count^ns_exponent.
    unseen_negatives : bool, default=False
        Whether a word is never a negative of a word in whose window it is anywhere in the text.
    subwords : bool, default=False
        Whether the vector of a word is the mean of its own and of those of its n-grams, as in
        fastText, so that words which the text does not have get vectors too.
    min_n : int, default=3
        Characters of the shortest n-gram, 1 to 100; a word is ``<word>``.
    max_n : int, default=6
        Characters of the longest n-gram, ``min_n`` to 100.
    buckets : int, default=2000000
        n-grams share so many vectors, 1 to 100,000,000. Those that no word uses take no memory.
    subsample : float, default=0.0001
        Occurrences of words with a share f of the text above t are kept with probability
        (√(f/t) + 1) · t/f. 0 keeps all.
    add_context : bool, default=False
        Whether the word vectors are v + u (w + c); not with hierarchical softmax, concatenation or
        subwords.
    epochs : int, default=5
        Passes over the text.
    learning_rate : float, default=0.025
        The first learning rate.
    schedule : {"linear", "constant", "cosine"}, default="linear"
        How the learning rate goes to zero, or does not.
    initial : str, optional
        A model folder or a file of word vectors: the words that it has begin with its vectors.
        Default: word vectors are drawn from ±1/(2·dim), output vectors are 0.
    keep_words : bool, default=False
        Whether the words of ``initial`` that the text lacks stay, as they are; counts are added up.
    holdout : float, default=0.0
        Share of the sentences, below 0.9, that is kept out of the training to measure the loss on.
    random_state : int, default=0
        Seed. What is drawn for a token depends on it, the epoch and the token's place alone.
    deterministic : bool, default=False
        Whether the result shall be the same to the bit for any number of threads. It is trained by
        one thread then; not on a GPU.
    device : str, default="cpu"
        ``cpu``; ``cuda`` or, of several GPUs, ``cuda:1``, which needs PyTorch; or ``auto``: a GPU
        where there is one. A GPU does all but concatenation, subwords and unseen_negatives.
    batch_size : int, optional
        Words of a step on a GPU, from 32 up; default: by the size of the text, 256 to 16,384.
    n_jobs : int, optional
        Threads; default: every core. They update the same vectors without waiting for one another,
        so with more than one the vectors differ a little from run to run, unless ``deterministic``.

    Attributes
    ----------
    vocabulary_ : Vocabulary
        The words and their counts.
    word_vectors_ : ndarray of shape (n_words, dim), float32
        v, the input vectors, or v + u.
    context_vectors_ : ndarray of shape (n_words, dim), float32
        u, the output vectors; of 2 · window · dim numbers for concatenation. The hierarchical
        softmax has vectors of the tree's n_words - 1 inner nodes, and a row of zeros.
    input_vectors_ : ndarray of shape (n_words + n_buckets, dim), float32
        With ``subwords``: the vectors that words are composed of, their own, then those of n-grams.
    subword_ids_ : ndarray of shape (n_buckets,), int32
        With ``subwords``: the bucket of each of the latter.
    history_ : list of dict
        For each epoch: mean ``loss`` of a pair, ``examples`` (pairs), ``held_out_loss`` if any,
        ``learning_rate`` at its start, ``seconds``; ``tokens`` and ``kept`` tokens, and how many of
        them a second.

    Notes
    -----
    Thirty-two neighbouring words (sixteen with a softmax) are trained together on the vectors at
    their start. They share 24 drawn words (in CBOW eight) that count ``negative``/24 (/8) for each
    of their pairs, where word2vec draws ``negative`` words for each pair. The expected
    gradient is the same. With hierarchical softmax, each of several threads trains copies of its
    own of the 256 nodes next to the root, which are averaged every 1,024 words.

    With the full softmax skip-gram is trained the other way round: h is v_w of the word in the
    middle and t one of its window. The pairs are the same; with negative sampling that way was
    behind by .02 on analogies (google .356 against .372, 17 million words, three seeds each).

    References
    ----------
    Mikolov, Chen, Corrado and Dean 2013, Efficient Estimation of Word Representations in Vector
    Space, ICLR workshop.
    Mikolov, Sutskever, Chen, Corrado and Dean 2013, Distributed Representations of Words and
    Phrases and their Compositionality, NIPS.
    Ji, Satish, Li and Dubey 2016, Parallelizing Word2Vec in Shared and Distributed Memory.
    Bojanowski, Grave, Joulin and Mikolov 2017, Enriching Word Vectors with Subword Information,
    TACL 5.
    Recht, Re, Wright and Niu 2011, Hogwild: A Lock-Free Approach to Parallelizing Stochastic
    Gradient Descent, NIPS.
    İrsoy, Benton and Stratos 2021, Corrected CBOW Performs as well as Skip-gram.
    """

    context_vectors_: NDArray[np.float32] = field(init=False)
    input_vectors_: NDArray[np.float32] = field(init=False)
    subword_ids_: NDArray[np.int32] = field(init=False)

    dim: int = 200
    architecture: str = "skipgram"
    context: str = "average"
    exact_gradient: bool = False
    objective: str = "negative-sampling"
    margin: float = 1.0
    tree: str = "huffman"
    window: int = 5
    dynamic_window: bool = True
    distances: str = "kept"
    negative: int = 5
    ns_exponent: float = 0.75
    unseen_negatives: bool = False
    subwords: bool = False
    min_n: int = 3
    max_n: int = 6
    buckets: int = 2_000_000
    subsample: float = 0.0001
    add_context: bool = False
    epochs: int = 5
    learning_rate: float = 0.025
    schedule: str = "linear"
    initial: str | None = None
    keep_words: bool = False
    holdout: float = 0.0
    random_state: int = 0
    deterministic: bool = False
    device: str = "cpu"
    batch_size: int | None = None
    n_jobs: int | None = None

    def check_parameters(self) -> None:
        """Check the parameters of the model, of sampling and of gradient descent."""
        name = type(self).__name__
        check_integer("dim", name, self.dim, 1, 4096)
        check_choice("architecture", name, self.architecture, ARCHITECTURES)
        check_choice("context", name, self.context, CONTEXTS)
        check_boolean("exact_gradient", name, self.exact_gradient)
        check_choice("objective", name, self.objective, OBJECTIVES)
        check_number("margin", name, self.margin, 0.0, above=True)
        check_choice("tree", name, self.tree, TREES)
        check_integer("window", name, self.window, 1, 100)
        check_boolean("dynamic_window", name, self.dynamic_window)
        check_choice("distances", name, self.distances, DISTANCES)
        check_integer("negative", name, self.negative, 1, 100)
        check_number("ns_exponent", name, self.ns_exponent, -2.0, 2.0)
        check_boolean("unseen_negatives", name, self.unseen_negatives)
        check_boolean("subwords", name, self.subwords)
        check_subwords(name, self.min_n, self.max_n, self.buckets)
        check_number("subsample", name, self.subsample, 0.0, 1.0)
        check_boolean("add_context", name, self.add_context)
        check_integer("epochs", name, self.epochs, 1, 10_000)
        check_number("learning_rate", name, self.learning_rate, 0.0, above=True)
        check_choice("schedule", name, self.schedule, SCHEDULES)
        check_initial(name, self.initial, self.keep_words)
        check_number("holdout", name, self.holdout, 0.0, 0.9)
        check_integer("random_state", name, self.random_state, 0, 2**63 - 1)
        check_boolean("deterministic", name, self.deterministic)
        resolve_n_jobs(self.n_jobs, name)
        if self.batch_size is not None:
            check_integer("batch_size", name, self.batch_size, 32, 2**24)
        self._check_combinations(name)
        self._check_device(name)

    def _check_combinations(self, name: str) -> None:
        other = self.concatenates or self.objective == "hierarchical-softmax"
        if self.add_context and (other or self.subwords):
            rule = "False with hierarchical softmax, concatenation or subwords, whose input and"
            rule += " output vectors are not of one kind"
            raise InvalidParameterError("add_context", name, rule, self.add_context)
        if self.keep_words and self.subwords:
            rule = "False with subwords, which compose the vectors of words that the text lacks"
            raise InvalidParameterError("keep_words", name, rule, self.keep_words)

    def _check_device(self, name: str) -> None:
        if resolve_device(self.device) == "cpu":
            return
        unable = {
            "subwords": self.subwords,
            "unseen_negatives": self.unseen_negatives,
            "context='concatenation'": self.concatenates,
            "deterministic": self.deterministic,
        }
        for asked, given in unable.items():
            if given:
                raise InvalidParameterError("device", name, f"'cpu' with {asked}", self.device)

    @property
    def concatenates(self) -> bool:
        """Whether output vectors are for the vectors of a window one after the other."""
        return self.architecture == "cbow" and self.context == "concatenation"

    @property
    def n_grams(self) -> Subwords | None:
        """What words are composed of, with subwords."""
        return Subwords(self.min_n, self.max_n, self.buckets) if self.subwords else None

    def _trainer(self, source: Corpus) -> Trainer:
        table = None if self.n_grams is None else self.n_grams.rows(self.vocabulary_.words)
        if table is not None:
            self.subword_ids_ = table.bucket_ids
        trainer = make_trainer(
            self,
            source,
            self.vocabulary_,
            table,
            device=resolve_device(self.device),
            n_threads=self._threads(),
        )
        if self.initial is not None:
            initial = InitialVectors.read(self.initial, self.dim, "Word2Vec")
            begin_with(initial, self, trainer, self.vocabulary_.words, table)
        return trainer

    def _take(self, trainer: Trainer) -> None:
        """Take over what was trained; the trainer is of no use afterwards."""
        inputs, outputs = matrices_of(trainer)
        n_words, width = len(outputs), inputs.shape[1]
        composed = self.subwords or self.add_context
        vectors = trainer.vectors() if composed else None
        contexts = compact(outputs.reshape(-1, width), self.dim)
        self.context_vectors_ = contexts.reshape(n_words, -1)
        inputs = compact(inputs, self.dim)
        if self.subwords:
            self.input_vectors_ = inputs
        self.word_vectors_ = inputs if vectors is None else vectors
        if self.keep_words and self.initial is not None:
            self._keep_words(InitialVectors.read(self.initial, self.dim, "Word2Vec"))

    def _keep_words(self, initial: InitialVectors) -> None:
        """Add the words that only the other model has."""
        nodes = self.objective == "hierarchical-softmax"
        kept = initial.keep_words(
            self.vocabulary_,
            self.word_vectors_,
            None if nodes else self.context_vectors_,
            np.add if self.add_context else None,
        )
        self.vocabulary_, self.word_vectors_ = kept.vocabulary, kept.word_vectors
        if kept.context_vectors is not None:
            self.context_vectors_ = kept.context_vectors

    def _nothing(self) -> CorpusError:
        return CorpusError(
            "No word has a context: the sentences have one word each, or subsampling left none. "
            "Lower subsample, or build the corpus with sentences='none'."
        )

    @property
    def vectors_(self) -> WordVectors:
        """The words with their vectors; with subwords, also for other words."""
        plain = super().vectors_
        if self.n_grams is None:
            return plain
        return SubwordVectors(
            plain.words, self.word_vectors_, self.n_grams, self.subword_ids_,
            self.input_vectors_, plain.counts,
        )  # fmt: skip

    def predict_cost(self, outlook: Outlook) -> Cost:
        """Return what the text of ``outlook`` will cost; see :class:`PredictsCost`."""
        self.check_parameters()
        return word2vec_cost(self, outlook)

    @classmethod
    def _tensor_names(cls) -> tuple[str, ...]:
        return ("word_vectors", "context_vectors")

    @classmethod
    def _further_tensor_names(cls) -> tuple[str, ...]:
        return ("input_vectors", "subword_ids")
