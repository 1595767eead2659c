"""The same counts and sums on a Dask cluster (``textrep[distributed]``).

Nothing here imports Dask before a cluster is used.

Examples
--------
Two processes on this machine, in place of the address of a scheduler::

    from distributed import Client

    with Client(n_workers=2) as client, textrep.distributed.on_cluster(client):
        svd = textrep.SVD(dim=200).fit("corpus")
"""

from textrep.distributed.averaging import AveragedTrainer
from textrep.distributed.cluster import Cluster, current_cluster, on_cluster
from textrep.distributed.counts import count_cooccurrences, pmi
from textrep.distributed.glove import StratifiedGloVe
from textrep.distributed.matrix import DistributedMatrix
from textrep.distributed.place import CorpusPlace
from textrep.distributed.svd import truncated_svd
from textrep.distributed.text import build_corpus

__all__ = [
    "AveragedTrainer",
    "Cluster",
    "CorpusPlace",
    "DistributedMatrix",
    "StratifiedGloVe",
    "build_corpus",
    "count_cooccurrences",
    "current_cluster",
    "on_cluster",
    "pmi",
    "truncated_svd",
]
