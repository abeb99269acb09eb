"""What a round has to do, before and once its regime is settled, and how long that will take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.model import Part, Round, RoundRequest, Steps
from annotator.rounds.features import Features
from annotator.rounds.learn import seen
from annotator.rounds.plan import Plan
from annotator.rounds.snapshot import Snapshot
from annotator.rounds.timing import amounts, probe

if TYPE_CHECKING:
    from annotator.rounds.job import Performance


def foresee(
    part: Performance, current: Round, plan: Plan, features: Features, before: Snapshot
) -> Steps[None]:
    """Tell the ledger of a job what there is to do; try a few steps where no round was like it.

    Args:
        part: the job.
        current: its round.
        plan: what is trained.
        features: the caches of the images.
        before: the images and labels.
    """
    embeddings, width = None, None
    if plan.regime == "frozen":
        embeddings = features.embeddings(plan.backbone, plan.size, plan.preset)
        width = int(embeddings.rows("clean").shape[0])
    baseline, training = amounts.learning(plan, current)
    part.ledger.expect(
        [
            *amounts.reading(plan, features, embeddings, seen(current.method, current.params)),
            *amounts.alike(plan, part.unseen(before)),
            baseline,
            training,
            amounts.predicting(plan, current.details.policy, len(before.files)),
        ]
    )
    for each, method, params in (
        (baseline, current.baseline, {}),
        (training, current.method, current.params),
    ):
        if not part.ledger.knows(each.name):
            told = yield from probe.usual(plan, before, features.channels, width, method, params)
            if told:
                part.ledger.learn(each.name, *told)


def foresee_trial(
    part: Performance,
    asked: RoundRequest,
    plans: tuple[Plan, Plan],
    features: Features,
    before: Snapshot,
    *,
    stand_in: str,
    beside: str,
) -> Steps[Callable[[str], None]]:
    """Tell the ledger what a trial has to do, and the least and the most that comes after it.

    The least is that no whole network is trained: once it was tried, the round ends as one with a
    frozen network.

    Args:
        part: the job.
        asked: the round that is to be settled.
        plans: with a frozen network, and with a whole one.
        features: the caches of the images.
        before: the images and labels.
        stand_in: the method by which the whole network learns in the trial.
        beside: the baseline of the round.

    Returns:
        What the trial calls with the name of its turn that begins.
    """
    frozen, whole = plans
    embeddings = features.embeddings(frozen.backbone, frozen.size, frozen.preset)
    width = int(embeddings.rows("clean").shape[0])
    short, long = (amounts.learning(plan, asked) for plan in plans)
    wanted = [
        (amounts.trying(whole, stand_in, amounts.TRYING), whole, stand_in, {}),
        *zip(short, (frozen, frozen), (beside, asked.method), ({}, asked.params), strict=True),
        *zip(long, (whole, whole), (beside, asked.method), ({}, asked.params), strict=True),
    ]
    reading = amounts.reading(frozen, features, embeddings, seen(asked.method, asked.params))
    first = [*reading, *amounts.alike(frozen, part.unseen(before))]
    predicting = amounts.predicting(frozen, asked.settings.policy, len(before.files))
    part.ledger.expect([*first, wanted[0][0], *short, predicting])
    for each, plan, method, params in wanted:
        if part.ledger.seconds(each) is None:
            seen_as = None if plan is whole else width
            told = yield from probe.usual(plan, before, features.channels, seen_as, method, params)
            if told:
                part.ledger.tried(each.kind, *told)

    def begins(name: str) -> None:
        turn = amounts.trying(whole, stand_in, name)
        spare = _more(part, short, long, turn if name == amounts.TRYING else None)
        # Where nobody knows the longest way it is no use to say how long the shortest takes
        unknown = [Part(each.name, amount=1) for each in short]
        learning = unknown if spare is None else [short[0], replace(short[1], spare=spare)]
        part.ledger.expect([*first, turn, *learning, predicting])

    begins(amounts.TRYING)
    return begins


def _more(
    part: Performance, short: Sequence[Part], long: Sequence[Part], again: Part | None
) -> float | None:
    """Seconds by which the long way is longer, with one more turn of a trial, where it may come."""
    both = [[part.ledger.seconds(each) for each in way] for way in (short, long)]
    turn = part.ledger.seconds(again) if again else 0.0
    if turn is None or None in both[0] or None in both[1]:
        return None
    least, most = (sum(each or 0.0 for each in way) for way in both)
    return turn + max(0.0, most - least)
