"""What each process of a training in several does; test_distributed.py starts them."""

from pathlib import Path

import numpy as np
import torch

from ssl_core.backbones import build
from ssl_core.data.sources import FeatureData, ImageData
from ssl_core.errors import SSLError
from ssl_core.methods import build_method
from ssl_core.training.distributed import joined, rank
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Epoch, Task
from tests.ssl_core.networks import plane_network
from tests.ssl_core.runs import listen

CASES = ("supervised", "fixmatch", "flexmatch", "freematch", "softmatch", "cct", "images")
ROWS, KNOWN = 112, 16  # batches fill each shuffle exactly, so no row comes twice in one


def watched(kind, *arrays):
    """Data that remembers which rows each view was asked for."""
    seen = []

    class Watched(kind):
        def views(self, names, rows, generator):
            seen.extend([rows] * len(names))
            return super().views(names, rows, generator)

    return Watched(*arrays), seen


def problem(case):
    """Data, what it remembers, a network and the name of a method; weights differ by process."""
    rng, truth = np.random.default_rng(0), np.arange(ROWS) % 2
    if case == "images":
        data, seen = watched(ImageData, rng.integers(0, 256, (ROWS, 1, 8, 8), dtype=np.uint8))
        model = build("small_cnn", 1, 2, seed=rank())
        model.head = torch.nn.Sequential(torch.nn.Dropout(0.3), model.head)
        return data, seen, model, "flexmatch"
    x = (rng.normal(0, 0.4, (ROWS, 2)) + 2 * truth[:, None] - 1).astype(np.float32)
    data, seen = watched(FeatureData, x, x[None], x[None])  # every view is the point itself
    return data, seen, plane_network(2, seed=rank()), case


def start(case, batch_size=4, checkpoint=None):
    """Begin to train one case; return the run, and what holds its state and its rows."""
    data, seen, model, name = problem(case)
    y = torch.where(torch.arange(ROWS) < KNOWN, torch.arange(ROWS) % 2, -1)
    task = Task(2, ROWS - KNOWN, model.num_features, torch.tensor([0.5, 0.5]))
    with torch.random.fork_rng():
        torch.manual_seed(rank())
        method = build_method(name, task)
    trainer = SemiSupervisedTrainer(
        model, method, steps=15, epoch_steps=5, batch_size=batch_size, mu=2, lr=0.02, warmup=2,
        clip=5.0, device="cpu", checkpoint=checkpoint,
    )  # fmt: skip
    return trainer.run(data, y), model, method, seen


def train(case, batch_size=4, checkpoint=None):
    """Train one case to the end; return its state, its losses and the rows it was shown."""
    run, model, method, seen = start(case, batch_size, checkpoint)
    events, predictor = listen(run)
    return {
        "student": model.state_dict(),
        "teacher": predictor.model.state_dict(),
        "method": method.state_dict(),
        "losses": [event.loss for event in events if isinstance(event, Epoch)],
        "rows": seen,
    }


def broken():
    """Train on points of which row 90 is torn; return the error that this process gives."""
    x = torch.zeros(ROWS, 2).numpy()
    data, _ = watched(FeatureData, x, x[None], x[None])
    data.copies["weak"] = np.where(np.arange(ROWS)[:, None] == 90, np.nan, x)[None]
    y = torch.where(torch.arange(ROWS) < KNOWN, torch.arange(ROWS) % 2, -1)
    settings = {"steps": 15, "batch_size": 4, "mu": 2, "checkpoint": Path("broken.pt")}
    trainer = SemiSupervisedTrainer(plane_network(), "fixmatch", device="cpu", **settings)
    try:
        listen(trainer.run(data, y))
    except SSLError as error:
        return str(error)
    return "none"


def main():
    """Train every case together with the other process, and one of them in two goes."""
    with joined():
        found = {case: train(case) for case in CASES}
        run, *_ = start("images", checkpoint=Path("cut.pt"))
        assert [next(run).step for _ in range(2)] == [5, 10]
        run.close()
        found["resumed"] = train("images", checkpoint=Path("cut.pt"))
        found["own"] = torch.load("cut.pt", weights_only=True)["steps"]["own"]
        found["broken"] = broken()
        torch.save(found, f"{rank()}.pt")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
