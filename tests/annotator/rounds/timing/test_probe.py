"""A probe tells how long training takes, before there is anything to train on."""

from dataclasses import replace

import pytest
import torch

from annotator.measuring.timing.course import GRID, along
from annotator.model import ClassName, RowIndex
from annotator.rounds.plan import Plan
from annotator.rounds.snapshot import Snapshot
from annotator.rounds.timing import probe
from annotator.rounds.timing.amounts import PROBING
from ssl_core.types import finish

NAMES = [ClassName(number, f"class {number}") for number in range(3)]


def snapshot(known, n=60):
    y = torch.full((n,), -1)
    y[:known] = torch.arange(known) % len(NAMES)
    everywhere = torch.ones(n, dtype=torch.bool)
    return Snapshot(
        RowIndex(range(n)), [], NAMES, y, everywhere, ~everywhere, y < 0, ~everywhere
    )  # fmt: skip


PLAN = Plan("frozen", "any", 32, "photo", 5_000, torch.device("cpu"))


@pytest.mark.parametrize(("width", "method"), [(24, "plain"), (24, "fixmatch"), (None, "fixmatch")])
def test_a_probe_tells_seconds_a_step_and_where_on_the_way_the_time_goes(width, method):
    """Of a network, of several, and of a whole one on images; it trains nothing and keeps none."""
    plan = PLAN if width else replace(PLAN, regime="finetune", backbone="small_cnn")
    said = []
    run = probe.usual(plan, snapshot(12), 1, width, method, {})
    state = torch.get_rng_state()
    rate, course = finish(run, lambda step: said.append(step.message))
    assert torch.equal(torch.get_rng_state(), state), "a round draws what it would have drawn"
    assert set(said) == {PROBING}
    assert 0 < rate < 60  # a machine may be busy
    assert course == () or len(course) == GRID - 1


def test_networks_that_made_up_rows_do_not_bring_count_as_the_others():
    """Two of three took 10 and 20 seconds: the third is taken for 15."""
    rate, course = probe._usual([10.0, 30.0], 30.0, 3, 90)
    assert rate == pytest.approx(45 / 90)
    assert [along(course, share) for share in (1 / 3, 2 / 3)] == pytest.approx(
        [10 / 45, 30 / 45], abs=0.02
    )


def test_a_short_round_and_one_without_labels_are_not_tried():
    """The first is over soon, the second fails and says why."""
    assert finish(probe.usual(replace(PLAN, steps=60), snapshot(12), 1, 24, "plain", {})) is None
    assert finish(probe.usual(PLAN, snapshot(0), 1, 24, "plain", {})) is None
