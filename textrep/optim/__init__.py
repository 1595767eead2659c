"""How torch modules are trained: batches, objectives, optimizers, and the trainer of networks."""
