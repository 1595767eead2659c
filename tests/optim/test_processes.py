"""Two processes train what one does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from .networks import lengths, network, streams, trainer

PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
import numpy as np, torch, torch.distributed as dist
from optim.test_processes import trained
rank, place, kind = int(sys.argv[1]), sys.argv[2], sys.argv[3]
torch.set_num_threads(1)
dist.init_process_group("gloo", init_method="file://" + place, rank=rank, world_size=2)
toy, measured = trained(kind, seed=rank)
np.savez(place + str(rank), measured=np.array(measured), **toy.arrays())
dist.destroy_process_group()
"""


def trained(kind, seed=0):
    """Train an epoch, from the weights of the first process, and measure it."""
    batches = {"streams": streams, "lengths": lengths}[kind](accumulate=2)
    toy = trainer(batches, net=network(seed=seed), optimizer="momentum", average="exponential")
    return toy, [(m.work, m.examples, m.loss) for m in toy.train(0, range(toy.n_parts))]


@pytest.mark.skipif(
    not (torch.distributed.is_available() and torch.distributed.is_gloo_available()),
    reason="this torch has no gloo",
)
@pytest.mark.parametrize("kind", ["streams", "lengths"])
def test_two_processes_train_what_one_does(kind, tmp_path):
    place, program = str(tmp_path / "meeting"), PROGRAM.format(tests=str(Path(__file__).parents[1]))
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(rank), place, kind])
        for rank in range(2)
    ]
    try:
        assert [process.wait(120) for process in running] == [0, 0]
    finally:
        for process in running:
            process.kill()
    alone, measured = trained(kind)
    for rank in range(2):
        found = np.load(f"{place}{rank}.npz")
        np.testing.assert_allclose(found["measured"], measured, rtol=1e-12)
        for name, array in alone.arrays().items():
            assert (found[name] == array).all(), name
