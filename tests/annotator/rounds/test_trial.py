"""What "auto" decides by: labels held out, looked at again only when they have become many more."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from annotator.catalog.checks import round_request
from annotator.model import (
    ClassName,
    Round,
    RoundDetails,
    RoundRequest,
    RowIndex,
    Settings,
    Trial,
)
from annotator.rounds.plan import decide
from annotator.rounds.snapshot import Snapshot
from annotator.rounds.trial import Trying, consult, standing
from annotator.worker.loop import Worker
from ssl_core.data.sources import FeatureData, ImageData
from ssl_core.evidence.paired import lead
from ssl_core.types import finish
from tests.annotator.small import event, source, workspace
from tests.annotator.workers import kill, start, until

N, LABELED = 240, 40
CPU = torch.device("cpu")
SETTINGS = Settings(steps=40, preset="handwriting")
FROZEN, WHOLE = (decide(SETTINGS, regime, 8, CPU) for regime in ("frozen", "finetune"))
ASKED = RoundRequest("ensemble", "auto", {}, 40, (1, 2), LABELED, N, 8, SETTINGS)
NETWORKS = "multilevel_lite0 at 64, small_cnn at 8"
TRIAL = Trial(LABELED, 10, 0.9, 0.8, "frozen", NETWORKS)
DETAILS = RoundDetails((1, 2), "", 64, 40, "cpu", "mix", "handwriting", trial=TRIAL)
ROUND = Round(
    1, 1, "ensemble", "frozen", {}, LABELED, 40, 0, "done", 0, 1, 1, 0.9, 0, 0.0, "", "", DETAILS
)  # fmt: skip


def trying(folder: Path, pixels: bool, vectors: bool, asked: RoundRequest = ASKED, groups=None):
    """A trial on images of two kinds that pixels tell apart, or vectors, or both."""
    rng = np.random.default_rng(0)
    kind = np.arange(N) % 2
    y = torch.from_numpy(np.where(np.arange(N) < LABELED, kind, -1))
    images = rng.normal(128 + (kind - 0.5) * 100 * pixels, 20, (8, 8, 1, N)).T
    features = rng.normal(0, 1, (N, 16)) + kind[:, None] * 3 * vectors
    features = features.astype(np.float32)
    every = torch.ones(N, dtype=torch.bool)
    snapshot = Snapshot(
        RowIndex(range(1, N + 1)),
        [],
        [ClassName(1, "dark"), ClassName(2, "light")],
        y,
        pool=every,
        measures=~every,
        open=y < 0,
        spare=~every,
        groups=groups,
    )
    sides = {
        "frozen": (FROZEN, FeatureData(features, features[None], features[None])),
        "finetune": (WHOLE, ImageData(images.clip(0, 255).astype(np.uint8), "handwriting")),
    }
    return Trying(asked, snapshot, folder).steps(sides)


@pytest.mark.parametrize(
    ("pixels", "vectors", "winner", "held"),
    [
        (True, False, "finetune", {20}),
        (False, True, "frozen", {10}),
        (True, True, "frozen", {10, 20}),
    ],
)
def test_the_side_that_knows_the_labels_held_out_wins(tmp_path, pixels, vectors, winner, held):
    """Equals go to the frozen one; a whole network wins only after a second look."""
    found = finish(trying(tmp_path, pixels, vectors))
    assert (found.winner, found.labels) == (winner, LABELED)
    assert found.held in held
    assert (found.frozen > 0.8, found.finetune > 0.8) == (vectors, pixels)
    assert found.networks == NETWORKS


def test_a_method_of_one_network_is_tried_itself(tmp_path):
    """In both regimes; of a recipe, a network stands for several."""
    asked = replace(ASKED, method="supervised")
    steps = trying(tmp_path, True, False, asked)
    told = {step.message.split(" on ")[0] for step in steps}
    assert told == {"trying a frozen one", "trying a whole network"}
    assert finish(trying(tmp_path, True, False, asked)).winner == "finetune"


def test_a_recipe_of_one_learner_is_tried_as_that_learner_whatever_its_parameters(tmp_path):
    """The network that stands for it does not know them."""
    asked = replace(ASKED, method="plain", params={"strength": 1.0})
    assert finish(trying(tmp_path, True, False, asked)).winner == "finetune"


def test_it_tells_how_far_it_is_and_goes_on_where_it_was_killed(tmp_path):
    """The second attempt begins after the checkpoint and decides alike."""
    steps = trying(tmp_path / "killed", True, False)
    first = next(steps)
    assert first.message == "trying a whole network on 30 of 40 labels: step 20 of 40"
    steps.close()
    again = trying(tmp_path / "killed", True, False)
    assert next(again).message.endswith("step 40 of 40")
    assert finish(again) == finish(trying(tmp_path / "calm", True, False))


def test_what_belongs_together_is_held_out_together(tmp_path, monkeypatch):
    """Four patients of eight labels and two of four, in four parts: the first has one of each.

    However well a whole network knows these, two patients are no proof; of two labels each, twenty
    patients are, and those that are counted are those that were asked about.
    """

    def patients(labels):
        return torch.arange(N) // (2 * labels) * 2 + torch.arange(N) % 2  # odd: the second class

    asked = []

    def listening(whole, frozen, y, groups):
        asked.append((y, groups))
        return lead(whole, frozen, y, groups)

    monkeypatch.setattr("annotator.rounds.trial.lead", listening)
    steps = trying(tmp_path / "few", True, False, groups=patients(8))
    assert next(steps).message.startswith("trying a whole network on 28 of 40 labels")
    assert finish(steps).winner == "frozen"
    assert finish(trying(tmp_path / "many", True, False, groups=patients(2))).winner == "finetune"
    assert [len(y) for y, _ in asked] == [12, 10, 20]
    for y, held in asked:
        assert torch.equal(held % 2, y)
        assert all((held == each).sum() in (2, 4, 8) for each in held.unique())
    snapshot = Snapshot(
        RowIndex([1, 2, 3, 4]), [], [], torch.tensor([0, 0, 1, -1]),
        pool=torch.ones(4, dtype=torch.bool), measures=torch.zeros(4), open=torch.zeros(4),
        spare=torch.zeros(4), groups=torch.tensor([5, 5, 6, 7]),
    )  # fmt: skip
    assert Trying(ASKED, snapshot, tmp_path).witnesses == 2
    assert Trying(ASKED, replace(snapshot, groups=None), tmp_path).witnesses == 3


def test_the_bar_never_goes_back(tmp_path):
    """Both parts, each with both sides, from 0 to 1."""
    shares = [step.share for step in trying(tmp_path, True, False)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] == 1


def test_a_trial_stands_until_labels_have_grown_by_half():
    """Whoever won it, and however many rounds ago."""
    user = replace(ROUND, number=2, details=replace(DETAILS, trial=None))
    for rounds in ([ROUND], [ROUND, user]):
        assert standing(rounds, replace(ASKED, labels=59), FROZEN, WHOLE) == TRIAL
        assert standing(rounds, replace(ASKED, labels=60), FROZEN, WHOLE) is None
    assert standing([], ASKED, FROZEN, WHOLE) is None
    assert standing([user], ASKED, FROZEN, WHOLE) is None


@pytest.mark.parametrize(
    "asked",
    [
        replace(ASKED, method="fixmatch"),
        replace(ASKED, params={"threshold": 0.7}),
        replace(ASKED, classes=(1, 2, 3)),
        replace(ASKED, settings=replace(SETTINGS, steps=300)),
        replace(ASKED, settings=replace(SETTINGS, preset="photo")),
    ],
    ids=["method", "parameter", "classes", "steps", "augmentation"],
)
def test_other_work_needs_a_trial_of_its_own(asked):
    """What was better for 40 steps need not be for 300."""
    assert standing([ROUND], asked, FROZEN, WHOLE) is None


def test_other_networks_need_a_trial_of_their_own():
    """On either side, and also where they see the images at another size."""
    assert standing([ROUND], ASKED, FROZEN, WHOLE) == TRIAL
    for frozen, whole in (
        (FROZEN, replace(WHOLE, backbone="wide_resnet")),
        (replace(FROZEN, backbone="thorough"), WHOLE),
        (replace(FROZEN, size=128), WHOLE),
    ):
        assert standing([ROUND], ASKED, frozen, whole) is None


def ready(root: Path, steps: int = 20):
    """A workspace whose 40 images are all answered: more than ten a class to learn from."""
    opened = workspace(root, 40, steps=steps, test_share=0.2)
    images = [each.image for each in opened.lease("tab", "anna", 40)]
    opened.record([event(opened, image, seq=i) for i, image in enumerate(images, 1)], "anna")
    return opened


def test_a_round_tries_once_and_the_next_takes_its_word(tmp_path):
    """Also after new images were looked at, which is done as if frozen."""
    service = ready(tmp_path / "ws")
    service.start_round("logistic", "auto")
    Worker(service.workspace).run(once=True)
    service.import_source(source(tmp_path / "late", 1))
    service.start_round("logistic", "auto")
    while service.active_job():
        Worker(service.workspace).run(once=True)
    first, second = service.rounds()
    assert [each.state for each in (first, second)] == ["done", "done"], service.last_job().error
    trial = first.details.trial
    assert trial.labels == first.labels
    assert 0 < trial.held < trial.labels
    assert first.regime == second.regime == trial.winner
    assert second.details.trial == trial
    assert not list(service.workspace.rounds.glob("trial-*"))
    service.close()


def test_the_users_word_needs_no_trial(tmp_path):
    """There is nothing to settle."""
    service = ready(tmp_path / "ws")
    for regime in ("frozen", "finetune"):
        asked = round_request(service.store, None, regime, {})
        assert finish(consult(None, asked, None)) is None
    service.close()


def test_a_round_killed_in_its_trial_decides_as_if_it_had_not_been(tmp_path):
    """The second attempt goes on with the trial; once the round has begun it is settled."""
    found = {}
    for name in ("calm", "killed"):
        service = ready(tmp_path / name, steps=60)
        job = service.start_round("ensemble", "auto")
        if name == "killed":
            worker = start(service)
            until(lambda s=service: "trying a whole network on" in s.last_job().message)
            kill(worker)
            assert not service.rounds()
            assert list(service.workspace.trial_folder(job.id).glob("finetune/*.pt"))
        Worker(service.workspace).run(once=True)
        [done] = service.rounds()
        assert done.state == "done", service.last_job().error
        found[name] = (done.details.trial, done.regime, done.model_hash)
        service.close()
    assert found["calm"] == found["killed"]


def test_a_trial_can_be_canceled(tmp_path):
    """It leaves no round and no file, and another round can start."""
    service = ready(tmp_path / "ws", steps=100_000)
    job = service.start_round("ensemble", "auto")
    folder = service.workspace.trial_folder(job.id)
    worker = start(service)
    try:
        until(lambda: list(folder.glob("finetune/*.pt")))
        service.cancel(job.id)
        until(lambda: service.last_job().state == "canceled")
        until(lambda: not folder.exists())
        assert not service.rounds()
        assert service.start_round("ensemble", "auto").state == "queued"
    finally:
        kill(worker)
