"""One module a task: pure functions from a model and a table to item-level answers."""

from textrep.evaluation.tasks.analogy import analogy
from textrep.evaluation.tasks.categorization import categorization
from textrep.evaluation.tasks.classification import classification
from textrep.evaluation.tasks.outlier import outlier
from textrep.evaluation.tasks.perplexity import perplexity
from textrep.evaluation.tasks.relatedness import relatedness
from textrep.evaluation.tasks.relations import relations
from textrep.evaluation.tasks.sts import sts
from textrep.evaluation.tasks.synonym import synonym
from textrep.evaluation.tasks.tagging import tagging

__all__ = [
    "analogy",
    "categorization",
    "classification",
    "outlier",
    "perplexity",
    "relatedness",
    "relations",
    "sts",
    "synonym",
    "tagging",
]
