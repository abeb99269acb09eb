"""Whether a card is right: all that can train does, twice the same, as a CPU, and after a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from pathlib import Path

import torch

from cards.problems import CLASSES, features, pictures
from cards.table import Row, Rows
from ssl_core.backbones import build
from ssl_core.chance import drawing, fresh
from ssl_core.data.sources import Data
from ssl_core.methods import METHODS, build_method
from ssl_core.recipes import RECIPES
from ssl_core.start import start
from ssl_core.training.batches import Batches
from ssl_core.training.device.exact import reproducible
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Adapted, Classifier, Epoch, Task, finish

ROWS, SIDE, WIDTH, STEPS = 240, 32, 64, 6
# They draw on the device itself, where a card's generator draws other numbers than a CPU's
DRAW = ("adamatch", "cct", "vat")
GRADIENT = 1e-3  # relative difference of gradients, card and CPU, in full precision
KILLED, LONG = 20, 60  # steps


def problem(
    regime: str, device: torch.device
) -> tuple[Data, torch.Tensor, Callable[[], Classifier]]:
    """Rows, labels, and what makes a fresh network for them."""
    if regime == "finetune":
        return *pictures(ROWS, SIDE, device), lambda: build("small_cnn", 3, CLASSES)
    return *features(ROWS, WIDTH, device), lambda: build("mlp", WIDTH, CLASSES)


def everything(device: torch.device) -> Rows:
    """Every method and recipe, both regimes, twice with the same seed."""
    for regime in ("frozen", "finetune"):
        data, y, network = problem(regime, device)
        broken, unlike, adapted = list[str](), list[str](), list[str]()
        with reproducible() as without:
            for name in (*METHODS, *RECIPES):
                try:
                    seen = []
                    for _ in range(2):
                        run = start(
                            name, data, y, network(), steps=STEPS, batch_size=16, seed=3,
                            device=device.type,
                        )  # fmt: skip
                        model = finish(run, partial(_told, adapted))
                        p = model.probabilities(torch.arange(ROWS))
                        assert p.isfinite().all(), "a probability is not a number"
                        seen.append((model.fingerprint(), p))
                    if seen[0][0] != seen[1][0] or not torch.equal(seen[0][1], seen[1][1]):
                        unlike.append(name)
                except Exception as error:
                    text = str(error).splitlines()[0][:80].replace("|", "/")
                    broken.append(f"{name} ({type(error).__name__}: {text})")
        total = len(METHODS) + len(RECIPES)
        yield Row(
            f"{regime}: methods and recipes that train and predict",
            f"{total - len(broken)} of {total}{_named(broken)}", f"{total}", not broken,
        )  # fmt: skip
        yield Row(
            f"{regime}: the same seed twice, to the bit", f"{total - len(unlike)}{_named(unlike)}",
            f"{total}", not unlike,
        )  # fmt: skip
        if without:
            yield Row(f"{regime}: operations without a reproducible form", ", ".join(without))
        for words in dict.fromkeys(adapted):
            yield Row(f"{regime}: adapted", words)


def _told(adapted: list[str], event: object) -> None:
    if isinstance(event, Adapted):
        adapted.append(event.words)


def _named(names: list[str]) -> str:
    return f"; not {', '.join(names)}" if names else ""


def as_a_cpu(device: torch.device) -> Rows:
    """Gradients and features of the same rows on the card and on a CPU, in full precision."""
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    try:
        apart = {name: _difference(name, device) for name in METHODS if name not in DRAW}
        worst = max(apart, key=apart.__getitem__)
        yield Row(
            f"gradients of a step, card against CPU: {len(apart)} methods, the worst ({worst})",
            f"{apart[worst]:.1e}", f"{GRADIENT:.0e}", apart[worst] <= GRADIENT,
        )  # fmt: skip
        images = pictures(64, 128, torch.device("cpu"))[0].clean(torch.arange(64))
        network = build("multilevel_lite0", 3, 2).eval()
        with torch.inference_mode():
            here = network.encode(images)
            there = network.to(device).encode(images.to(device)).cpu()
            with torch.autocast(device.type, torch.float16, enabled=device.type != "cpu"):
                half = network.encode(images.to(device)).float().cpu()
        for name, found, least in (("full", there, 0.9999), ("float16", half, 0.995)):
            cosine = float(torch.cosine_similarity(here, found).min())
            yield Row(
                f"embeddings at 128, card ({name}) against CPU: least cosine of 64 images",
                f"{cosine:.5f}", f"{least}", cosine >= least,
            )  # fmt: skip
    finally:
        torch.backends.cudnn.allow_tf32 = before


def _difference(name: str, device: torch.device) -> float:
    """How far apart the gradients of one batch are, relative to their length."""
    cpu = torch.device("cpu")
    data, y, network = problem("finetune", cpu)
    known = (y >= 0).nonzero().squeeze(1)
    rest = (y < 0).nonzero().squeeze(1)
    model = network().train()
    task = Task(CLASSES, len(rest), model.num_features, torch.full((CLASSES,), 1 / CLASSES))
    with drawing(fresh(1)):
        method = build_method(name, task)
    batch = next(
        Batches(data, known, y[known], rest, method.views, batch_size=16, unlabeled_batch_size=32)
    )
    found = []
    for where in (cpu, device):
        student, own = deepcopy(model).to(where), deepcopy(method).to(where)
        teacher = deepcopy(student).requires_grad_(False).eval()
        moved = type(batch)(
            batch.x.to(where), batch.y.to(where),
            {view: rows.to(where) for view, rows in batch.u.items()}, batch.index.to(where),
        )  # fmt: skip
        with drawing(fresh(2, where), where):
            own.losses(moved, student, teacher, 0.9).total.backward()
        grads = [p.grad.flatten().cpu() for p in student.parameters() if p.grad is not None]
        found.append(torch.cat(grads))
    return float((found[0] - found[1]).norm() / found[0].norm())


def after_a_kill(device: torch.device, script: Path) -> Rows:
    """A training that is killed and begun again ends with the weights of one that was not."""
    with tempfile.TemporaryDirectory() as folder:
        cut, straight = (Path(folder) / name for name in ("cut.pt", "straight.pt"))
        command = [sys.executable, str(script), "--device", device.type, "--child"]
        with subprocess.Popen([*command, str(cut)], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                if line.strip() == str(KILLED):
                    child.send_signal(signal.SIGKILL)
        ends = [
            subprocess.run(
                [*command, str(path)], stdout=subprocess.PIPE, text=True, check=True
            ).stdout.split()
            for path in (cut, straight)
        ]
    went_on = ends[0][0] != ends[1][0]  # its first report is a later one
    same = ends[0][-1] == ends[1][-1]
    yield Row(
        f"killed after step {KILLED} of {LONG}, begun again: the weights of an unbroken run",
        ("the same bits" if same else "others") + ("" if went_on else ", but begun from the start"),
        "the same bits", same and went_on,
    )  # fmt: skip


def child(checkpoint: Path, device: torch.device) -> None:
    """Train with a checkpoint; print each report's step, and the weights' name in the end."""
    data, y, network = problem("finetune", device)
    with reproducible():
        trainer = SemiSupervisedTrainer(
            network(), "flexmatch", steps=LONG, epoch_steps=KILLED // 2, batch_size=16,
            device=device.type, checkpoint=checkpoint,
        )  # fmt: skip
        predictor = finish(
            trainer.run(data, y),
            lambda event: isinstance(event, Epoch) and print(event.step, flush=True),
        )
    print(predictor.fingerprint(), flush=True)
