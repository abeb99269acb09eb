"""What is foreseen of a trial: the shortest way and the longest, while it is not settled."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from annotator.measuring.timing.left import left, most
from annotator.model import RoundRequest, Settings, Step
from annotator.rounds.plan import Plan
from annotator.rounds.timing import amounts
from annotator.rounds.timing.foreseen import foresee_trial
from annotator.rounds.timing.ledger import Ledger
from annotator.store import Fence, Store
from ssl_core.types import finish

FROZEN = Plan("frozen", "any", 64, "photo", 50, torch.device("cpu"))
WHOLE = replace(FROZEN, regime="finetune", backbone="small_cnn")
ASKED = RoundRequest("fixmatch", "auto", {}, 0, (1, 2), 40, 40, 28, Settings())
FULL = SimpleNamespace(lacking=0, shape=(8,))
CACHES = SimpleNamespace(
    embeddings=lambda *_: SimpleNamespace(rows=lambda _: FULL), pixels=lambda _: FULL, channels=1
)
NOBODY = SimpleNamespace(files=[], y=torch.full((4,), -1), pool=torch.ones(4, dtype=torch.bool))


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def ledger(tmp_path, clock):
    store = Store.create(tmp_path / "certilabel.db")
    store.jobs.add("round", {})
    job = store.jobs.claim("w")
    return Ledger(store, Fence(job.id, job.attempt), lambda: clock[0])


def begun(ledger):
    part = SimpleNamespace(ledger=ledger, unseen=lambda _: 0)
    steps = foresee_trial(
        part, ASKED, (FROZEN, WHOLE), CACHES, NOBODY, stand_in="fixmatch", beside="plain"
    )
    return finish(steps)


def learned(ledger):
    """A turn of the trial takes 10 seconds, and a round 3 with a frozen network, else 25."""
    tries = amounts.trying(WHOLE, "fixmatch", amounts.TRYING)
    kinds = [tries, *amounts.learning(FROZEN, ASKED), *amounts.learning(WHOLE, ASKED)]
    for part, seconds in zip(kinds, (10, 1, 2, 5, 20), strict=True):
        ledger.tried(part.kind, seconds / part.amount, ())


def test_a_trial_is_told_from_its_shortest_way_to_its_longest(ledger, clock):
    """One turn and a frozen network; two turns and a whole one. What is over counts no more."""
    learned(ledger)
    begins = begun(ledger)
    assert (left(ledger.parts), most(ledger.parts)) == pytest.approx((13, 45))
    ledger.note(Step(0.0, "…", part=amounts.TRYING, done=0.0))
    clock[0] = 10.0
    ledger.note(Step(0.1, "…", part=amounts.TRYING, done=1.0))
    begins(amounts.AGAIN)
    assert (left(ledger.parts), most(ledger.parts)) == pytest.approx((13, 35))
    clock[0] = 20.0
    ledger.note(Step(0.2, "…", part=amounts.AGAIN, done=1.0))
    assert (left(ledger.parts), most(ledger.parts)) == pytest.approx((3, 25))


def test_where_one_of_the_ways_could_take_anything_no_number_is_told(ledger):
    """The round is too short to try it, and there was none like it."""
    begun(ledger)
    assert left(ledger.parts) is most(ledger.parts) is None
