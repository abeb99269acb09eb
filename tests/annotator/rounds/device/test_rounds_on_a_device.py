"""What holds for a round wherever it computes: the same bits, and what was changed is told."""

import random

import numpy as np
import pytest
import torch

from annotator.cli import printing
from annotator.rounds.features import CHUNK, Features
from annotator.store.jobs import Jobs
from annotator.worker import Worker
from ssl_core.backbones import build
from ssl_core.backbones.multilevel import Multilevel
from ssl_core.backbones.small_cnn import Encoder
from ssl_core.fingerprint import state_hash
from tests.annotator.small import answer, source, workspace


@pytest.fixture
def service(tmp_path):
    opened = workspace(tmp_path / "ws", 40, steps=10)
    answer(opened, 14)
    yield opened
    opened.close()


def chance():
    """The random state of the three libraries that a program may draw from."""
    numpy = np.random.get_state()[1].tolist()  # noqa: NPY002 - whose state it is
    return torch.get_rng_state().tolist(), numpy, random.getstate()


def done(service, method, regime):
    """A round by a worker in this process."""
    service.start_round(method, regime)
    assert Worker(service.workspace).run(once=True)
    found = service.rounds()[-1]
    assert found.state == "done", service.last_job()
    return found


def test_reproducible_ways_are_in_force_within_a_round_and_gone_after(service, monkeypatch):
    """Looked at whenever a step is written down, from the first to the last."""
    seen, report = set(), Jobs.report

    def look(*given, **named):
        seen.add(
            (
                torch.are_deterministic_algorithms_enabled(),
                torch.is_deterministic_algorithms_warn_only_enabled(),
                torch.backends.cudnn.benchmark,
            )
        )
        return report(*given, **named)

    monkeypatch.setattr(Jobs, "report", look)
    monkeypatch.setattr(torch.backends.cudnn, "benchmark", True)
    done(service, "fixmatch", "finetune")
    assert seen == {(True, True, False)}
    assert not torch.are_deterministic_algorithms_enabled()
    assert torch.backends.cudnn.benchmark


@pytest.mark.parametrize("regime", ["frozen", "finetune"])
def test_a_round_neither_reads_nor_moves_the_random_state_of_its_process(tmp_path, regime):
    """Two workspaces alike, rounds under other seeds of the program: the same model."""
    hashes = set()
    for seed in (1, 2):
        service = workspace(tmp_path / f"ws{seed}", 24, steps=4)
        answer(service, 12)
        torch.manual_seed(seed)
        np.random.seed(seed)  # noqa: NPY002 - what a program may do, and no round may hear of
        random.seed(seed)
        before = chance()
        hashes.add(done(service, "fixmatch", regime).model_hash)
        assert chance() == before
        service.close()
    assert len(hashes) == 1


def narrow(monkeypatch, encoder, room):
    """Let a network have room for so many images at once."""
    forward = encoder.forward

    def limited(self, x):
        if len(x) > room:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return forward(self, x)

    monkeypatch.setattr(encoder, "forward", limited)


def test_a_batch_too_large_for_memory_is_halved_and_the_report_says_so(
    service, monkeypatch, capsys
):
    """32 + 2 x 96 images a step where there is room for 128: pages and commands tell of it."""
    narrow(monkeypatch, Encoder, 128)
    found = done(service, "fixmatch", "finetune")
    [words] = found.details.adapted
    assert words.startswith("Memory ran out at step 1 of 10, so the network saw each batch in 2 ")
    printing.print_round(found, [])
    assert words in capsys.readouterr().out


def test_embeddings_that_memory_does_not_hold_are_computed_in_pieces_and_told(
    service, tmp_path, monkeypatch
):
    """The same numbers but for the last digit, and the same random views."""
    files = sorted(source(tmp_path / "pictures", 7, side=64).iterdir())
    views = {}
    for room in (CHUNK, 2):
        with monkeypatch.context() as patch:
            narrow(patch, Multilevel, room)
            features = Features(tmp_path / f"features {room}", files, torch.device("cpu"))
            embeddings = features.embeddings("multilevel_lite0", 64, "photo")
            list(embeddings.fill(("clean", "strong")))
            views[room] = [np.array(embeddings.read(view)) for view in ("clean", "strong")]
            assert bool(embeddings.told) == (room == 2)
    for one, other in zip(*views.values(), strict=True):
        np.testing.assert_allclose(one.astype(float), other.astype(float), atol=4e-3)
    narrow(monkeypatch, Multilevel, 16)
    found = done(service, "supervised", "frozen")
    assert found.details.adapted == (
        "Memory ran out with 64 images at once, so they went through the network 10 at a time.",
    )


def test_what_a_card_computes_has_a_cache_of_its_own_and_a_cpu_keeps_the_old_name(tmp_path):
    """Half precision and other draws are other numbers; "meta" stands for a card."""
    files = sorted(source(tmp_path / "pictures", 2).iterdir())
    found = {}
    for name in ("cpu", "meta"):
        features = Features(tmp_path / "features", files, torch.device(name))
        embeddings = features.embeddings("efficientnet_lite0", 64, "photo")
        found[name] = {view: embeddings.rows(view).path for view in ("clean", "weak", "strong")}
    assert set(found["cpu"].values()).isdisjoint(found["meta"].values())
    digest = state_hash(build("efficientnet_lite0", 1, 2).encoder)
    assert found["cpu"]["clean"].parent.name == f"efficientnet_lite0-{digest}-64-1"
    assert found["meta"]["clean"].parent.name == f"efficientnet_lite0-{digest}-64-1-meta-float16"
    assert found["cpu"]["weak"].parent.name.startswith(f"efficientnet_lite0-{digest}-64-1-photo-")
