"""A run's events become steps whose share of the bar never falls."""

from dataclasses import replace

import numpy as np
import torch

from annotator.model import ClassName, RowIndex
from annotator.project.graphs import Graphs
from annotator.rounds.features import Features
from annotator.rounds.learn import compares_weak, follow, learn, rows_of
from annotator.rounds.plan import Plan
from annotator.rounds.snapshot import Snapshot
from ssl_core.data.sources import FeatureData
from ssl_core.methods import METHODS
from ssl_core.parts.graph import joining
from ssl_core.types import Epoch, Planned, Stopped, Weighed, Withheld, Working, finish
from tests.annotator.small import source


def run(fits, first=1):
    """Three epochs a fit, as a trainer reports them; a resumed one begins later."""
    for fit in range(fits):
        for number in range(first if fit == 0 else 1, 4):
            yield Epoch(number, 3, number * 10, 30, 0.5, 0.5, 0.0, 0.0)
        yield Stopped("all 30 steps are done")
    yield Stopped("enough")
    return "model"


def followed(fits, planned, first=1):
    """The shares, and what was learned."""
    steps, following = [], follow(run(fits, first), "ssl", "training", planned)
    while True:
        try:
            steps.append(next(following).share)
        except StopIteration as end:
            return steps, end.value


def test_a_single_fit_fills_the_bar():
    """A third an epoch."""
    shares, learned = followed(1, 1)
    assert [round(share, 3) for share in shares] == [0.333, 0.667, 1.0]
    assert (learned.predictor, learned.stopped) == ("model", "enough")


def test_every_fit_of_a_recipe_takes_half_of_what_is_left():
    """It rises through all fits and stays below the end, for nobody knows how many there are."""
    shares, _ = followed(4, None)
    assert shares == sorted(shares)
    assert shares[2::3] == [0.5, 0.75, 0.875, 0.9375]


def test_fits_that_are_planned_share_the_bar_evenly():
    """A recipe that says how many are to come; one that stops early leaves a rest."""

    def planning():
        yield Planned(4)
        return (yield from run(2))

    following = follow(planning(), "ssl", "training", None)
    shares = [step.share for step in iter(lambda: next(following, None), None)]
    assert [round(each, 3) for each in shares[2::3]] == [0.25, 0.5]
    assert shares == sorted(shares)


def test_a_fit_that_is_only_asked_about_labels_kept_from_it_has_no_curve():
    """Its steps move the bar, and say that it sees a part of the labels."""

    def apart():
        for event in run(1):
            yield replace(event, apart=True) if isinstance(event, Epoch) else event
        return (yield from run(1))

    following = follow(apart(), "ssl", "training", 2)
    steps = list(iter(lambda: next(following, None), None))
    assert [step.point is None for step in steps] == [True] * 3 + [False] * 3
    assert "a part of the labels" in steps[0].message
    assert "a part of the labels" not in steps[-1].message


def test_a_resumed_run_goes_on_where_it_was():
    """Epochs that an earlier attempt did, and fits that it finished, are not counted anew."""
    assert [round(share, 3) for share in followed(1, 1, first=3)[0]] == [1.0]
    assert followed(2, None, first=4)[0] == followed(2, None)[0][3:]


def test_what_the_learners_count_is_passed_on_and_is_no_step():
    """The newest shares and losses; a run that weighs nobody has none."""

    kept = Withheld(torch.arange(2), torch.eye(2))

    def weighing():
        yield from run(1)
        yield Weighed({"one": 1.0}, {"one": 0.9})
        yield Weighed({"one": 0.25, "other": 0.75}, {"one": 0.4, "other": 0.2})
        yield kept
        yield Stopped("enough")
        return "model"

    following, steps = follow(weighing(), "ssl", "training", 1), []
    while True:
        try:
            steps.append(next(following))
        except StopIteration as end:
            learned = end.value
            break
    assert len(steps) == 3
    assert (learned.shares, learned.losses) == (
        {"one": 0.25, "other": 0.75},
        {"one": 0.4, "other": 0.2},
    )
    assert learned.withheld is kept
    _, silent = followed(1, 1)
    assert silent.withheld is None
    assert (silent.shares, silent.losses) == ({}, {})


def test_what_is_no_training_is_told_with_its_share():
    """A graph of many images takes minutes: the words move where the curve stands."""

    def joining():
        yield Planned(2)
        yield Working("joining", 0.25)
        yield Working("joining", 1.0)
        yield from run(1)
        yield Stopped("enough")
        return "model"

    steps = []
    finish(follow(joining(), "ssl", "training x", None), steps.append)
    assert [each.message for each in steps[:2]] == [
        "training x: joining, 25%",
        "training x: joining, 100%",
    ]
    assert [each.point for each in steps[:2]] == [None, None]
    assert len(steps) == 5


def test_a_second_weak_copy_is_embedded_where_a_method_compares_two(tmp_path):
    """It is another picture of the same image; a method that needs none leaves the cache alone."""
    files = sorted(source(tmp_path / "pictures", 6, side=40).iterdir())
    features = Features(tmp_path / "features", files, torch.device("cpu"))
    plan = Plan("frozen", "multilevel_lite0", 64, "photo", 1, torch.device("cpu"))
    seen = features.embeddings(plan.backbone, plan.size, plan.preset)
    one = finish(rows_of(plan, features, "fixmatch", {}))
    assert seen.rows("weak2").filled == 0
    two = finish(rows_of(plan, features, "consistency", {}))
    assert [len(data.copies["weak"]) for data in (one, two)] == [1, 2]
    rows = torch.arange(6)
    u = two.views(("weak", "weak2"), rows, torch.Generator().manual_seed(0))
    alike = torch.cosine_similarity(u["weak"], u["weak2"])
    assert alike.max() < 0.9999
    u = one.views(("weak", "weak2"), rows, torch.Generator().manual_seed(0))
    assert torch.equal(u["weak"], u["weak2"])


def test_the_methods_that_compare_weak_views_are_found_by_what_they_ask_for():
    """MixMatch with a single guess asks for one; a recipe trains by methods that do."""
    found = {name for name in METHODS if compares_weak(name, {})}
    assert found == {"consistency", "mean_teacher", "mixmatch"}
    assert not compares_weak("mixmatch", {"num_guesses": 1})
    assert not compares_weak("ensemble", {"threshold": 0.7})


def test_a_round_takes_the_graph_of_many_images_from_the_round_before(tmp_path, monkeypatch):
    """The same answers; a file that is damaged is made again, as it was."""
    n, rng = 300, np.random.default_rng(0)
    rows = (rng.normal(size=(5, 8))[np.arange(n) % 5] + 0.3 * rng.normal(size=(n, 8))).astype("f4")
    data = FeatureData(rows, [rows], [rows])
    pool = torch.arange(n) < 250
    snapshot = Snapshot(
        index=RowIndex(np.arange(1, n + 1)),
        files=[],
        classes=[ClassName(each + 1, f"class {each}") for each in range(5)],
        y=torch.where(torch.arange(n) < 40, torch.arange(n) % 5, -1),
        pool=pool,
        measures=~pool,
        open=pool,
        spare=~pool,
    )
    monkeypatch.setattr(joining, "EXACT", 100)
    plan = Plan("frozen", "multilevel_lite0", 64, "photo", 10, torch.device("cpu"))

    def answers(kept):
        learned = finish(
            learn(
                plan, data, snapshot, which="ssl", method="label_spreading", params={}, seed=0,
                folder=tmp_path / "round", warm=None, kept=kept,
            )
        )  # fmt: skip
        return learned.predictor.probabilities(torch.arange(n))

    kept = Graphs(tmp_path / "graphs")
    expected = answers(None)
    assert torch.equal(answers(kept), expected)
    made = {path: path.read_bytes() for path in kept.folder.iterdir()}
    assert len(made) == 3
    with monkeypatch.context() as patch:
        patch.setattr(joining.Joined, "_sought", None)
        assert torch.equal(answers(kept), expected)
    for path, content in made.items():
        path.write_bytes(content[: len(content) // 2])
    assert torch.equal(answers(kept), expected)
    assert {path: path.read_bytes() for path in kept.folder.iterdir()}.keys() == made.keys()
