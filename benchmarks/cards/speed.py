"""How fast a card trains and embeds here, beside the shortest loop that does the same."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F

from annotator.model import LabelEvent, Settings
from annotator.rounds.features import Features
from annotator.service import Service
from annotator.worker.loop import Worker
from cards.problems import CLASSES, files, images, some
from cards.table import Row, Rows
from ssl_core.backbones import build
from ssl_core.backbones.fold import folded
from ssl_core.data.augment import strong, weak
from ssl_core.data.presets import preset
from ssl_core.data.sources import ImageData
from ssl_core.training.device.exact import reproducible
from ssl_core.training.device.precision import Precision
from ssl_core.training.trainer import SemiSupervisedTrainer
from ssl_core.types import Adapted, Epoch

LOOK = preset("photo")
EPOCH = 10  # steps that are timed at once


@dataclass(frozen=True)
class Size:
    """What is measured: small where only the path is tried."""

    rows: int
    side: int
    batch: int
    mu: int
    times: int
    judged: bool = True


def settled(device: torch.device) -> None:
    """Wait until the card has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def bare(name: str, size: Size, device: torch.device, compiled: bool) -> Iterator[None]:
    """FixMatch in one function: the same network, precision, layout and augmentation; no more."""
    pixels, truth = images(size.rows, size.side)
    y = some(truth)
    known, unknown = (y >= 0).nonzero().squeeze(1), (y < 0).nonzero().squeeze(1)
    student = build(name, 3, CLASSES).to(device, memory_format=torch.channels_last).train()
    teacher = deepcopy(student).requires_grad_(False).eval()
    network = torch.compile(student) if compiled else student
    half = Precision("mixed", device).half
    scaler = torch.amp.GradScaler(device.type, enabled=half is torch.float16)
    optimizer = torch.optim.SGD(
        student.parameters(), lr=0.03, momentum=0.9, nesterov=True, foreach=True
    )
    generator = torch.Generator(device).manual_seed(0)

    def pick(rows: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        chosen = rows[torch.randint(len(rows), (count,))]
        some_pixels = torch.from_numpy(pixels[chosen.numpy()])
        if device.type == "cuda":
            some_pixels = some_pixels.pin_memory().to(device, non_blocking=True)
        return chosen, some_pixels.float().div_(255)

    while True:
        for _ in range(EPOCH):
            rows, x = pick(known, size.batch)
            _, u = pick(unknown, size.mu * size.batch)
            views = [weak(x, LOOK, generator), weak(u, LOOK, generator), strong(u, LOOK, generator)]
            batch = torch.cat(views).contiguous(memory_format=torch.channels_last)
            enabled = half is not None
            with torch.autocast(device.type, half or torch.bfloat16, enabled=enabled):
                logits, sure, hard = network(batch).split([len(view) for view in views])
                confidence, label = sure.detach().softmax(1).max(1)
                mask = (confidence >= 0.95).float()
                taught = (F.cross_entropy(hard, label, reduction="none") * mask).mean()
                loss = F.cross_entropy(logits, y[rows].to(device)) + taught
            optimizer.zero_grad()
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            with torch.no_grad():
                torch._foreach_lerp_(list(teacher.parameters()), list(student.parameters()), 0.01)
        yield


def ours(
    name: str, size: Size, device: torch.device, compiled: bool, adapted: list[str]
) -> Iterator[None]:
    """The trainer; yields after each report."""
    pixels, truth = images(size.rows, size.side)
    run = SemiSupervisedTrainer(
        build(name, 3, CLASSES), "fixmatch", options={"threshold": 0.95}, steps=10**6,
        batch_size=size.batch, mu=size.mu, epoch_steps=EPOCH, device=device.type,
        compile="on" if compiled else "off",
    ).run(ImageData(pixels, LOOK, device), some(truth))  # fmt: skip
    for event in run:
        if isinstance(event, Adapted):
            adapted.append(event.words)
        if isinstance(event, Epoch):
            yield


def milliseconds(advance: Callable[[], object], device: torch.device) -> float:
    """One step's time, the mean of EPOCH."""
    settled(device)
    start = time.perf_counter()
    advance()
    settled(device)
    return (time.perf_counter() - start) / EPOCH * 1e3


def steps(name: str, size: Size, device: torch.device, *, compiled: bool) -> Rows:
    """A FixMatch step: the trainer, in a round's reproducible ways too, and the bare loop."""
    adapted = list[str]()
    loops = {
        "trainer": ours(name, size, device, compiled, adapted),
        "bare": bare(name, size, device, compiled),
    }
    exact = {} if compiled else {"as in a round": ours(name, size, device, compiled, adapted)}
    times: dict[str, list[float]] = {each: [] for each in (*loops, *exact)}
    for number in range(size.times + 1):
        for loop, generator in (*loops.items(), *exact.items()):
            with reproducible() if loop in exact else nullcontext():
                took = milliseconds(lambda generator=generator: next(generator), device)
            if number:  # the first one compiles, and chooses kernels
                times[loop].append(took)
    for generator in (*loops.values(), *exact.values()):
        generator.close()
    how = "compiled" if compiled else "not compiled"
    rows = size.batch * (1 + 2 * size.mu)
    what = f"FixMatch step, {name}, {rows} images of {size.side}, {how}"
    middle = {loop: statistics.median(values) for loop, values in times.items()}
    ratio = statistics.median(a / b for a, b in zip(times["trainer"], times["bare"], strict=True))
    yield Row(what, f"{middle['trainer']:.1f} ms", f"bare loop {middle['bare']:.1f} ms")
    yield Row(f"{what}: ratio", f"{ratio:.2f}", "1.10", ratio <= 1.10 if size.judged else None)
    for loop in exact:
        share = middle[loop] / middle["trainer"]
        yield Row(
            f"{what}: in the reproducible ways of a round",
            f"{middle[loop]:.1f} ms, {share:.2f} of the trainer alone",
        )
    for words in dict.fromkeys(adapted):
        yield Row(f"{what}: adapted", words, "", False)


def embedding(size: Size, device: torch.device) -> Rows:
    """Images a second through the cache of a workspace, and through the bare network."""
    with tempfile.TemporaryDirectory() as folder:
        paths = files(Path(folder) / "images", size.rows, size.side)
        features = Features(Path(folder) / "features", paths, device)
        for _ in features.fill_pixels(size.side):
            pass
        found = features.embeddings("multilevel_lite0", size.side, "photo")
        network = folded(build("multilevel_lite0", 3, 2)).to(device)
        pixels, _ = images(size.rows, size.side)
        speeds = []
        for timed in (False, True):  # the first pass chooses kernels
            start = time.perf_counter()
            with (
                torch.inference_mode(),
                torch.autocast(device.type, torch.float16, enabled=device.type == "cuda"),
            ):
                for part in torch.from_numpy(pixels).split(256):
                    network.encode(part.to(device).float().div_(255)).half().cpu()
            if timed:
                speeds.append(len(pixels) / (time.perf_counter() - start))
        start = time.perf_counter()
        for _ in found.fill(("clean",)):
            pass
        speeds.append(len(pixels) / (time.perf_counter() - start))
        plain, cached = speeds
    what = f"embedding {size.rows:,} images of {size.side}"
    yield Row(what, f"{cached:,.0f} images/s", f"bare network {plain:,.0f} images/s")
    yield Row(
        f"{what}: share of the bare network", f"{cached / plain:.2f}", "0.9",
        cached >= 0.9 * plain if size.judged else None,
    )  # fmt: skip


def whole_round(size: Size, device: torch.device) -> Rows:
    """Rounds of a workspace, from the claim of the job to the stored results."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files(root / "source", size.rows, size.side)
        names = [str(each) for each in range(CLASSES)]
        service = Service.create(root / "ws", names, Settings(round_every=0, steps=size.times))
        try:
            yield from _rounds(service, root / "source", size, device)
        finally:
            service.close()


def _rounds(service: Service, source: Path, size: Size, device: torch.device) -> Rows:
    service.import_source(source)
    while (job := service.active_job()) is not None:
        service.cancel(job.id)
    ids = {each.name: each.id for each in service.classes()}
    chosen = [*service.store.queue.unasked("pool", 100), *service.store.queue.unasked("test", -1)]
    known = service.store.images.many(chosen)
    service.record(
        [
            LabelEvent(
                "bench", n, "label", i, known[i].sha256,
                ids[known[i].name.removesuffix(".png").split()[-1]], n, 1.0,
            )
            for n, i in enumerate(chosen, 1)
        ],
        "bench",
    )  # fmt: skip
    for number, (method, regime) in enumerate(
        (("ensemble", "frozen"), ("ensemble", "frozen"), ("fixmatch", "finetune"))
    ):
        service.start_round(method, regime)
        start = time.perf_counter()
        Worker(service.workspace).run(once=True)
        took = time.perf_counter() - start
        job, last = service.last_job(), service.rounds()[-1]
        what = f"a round of {size.rows:,} images of {size.side}: {method}, {regime}"
        what += ", embeddings computed" if number == 0 else ""
        if last.state != "done":
            yield Row(what, f"{last.state}: {job.error if job else ''}", "", False)
            continue
        same = last.details.device == device.type
        point = [each for each in service.curve() if each.model == "ssl"][-1]
        yield Row(
            what, f"{took:.1f} s on {last.details.device}, test accuracy {point.accuracy:.1%}",
            f"on {device.type}", same,
        )  # fmt: skip
        for words in last.details.adapted:
            yield Row(f"{what}: adapted", words)
