"""What a round has to do once its regime is settled, and how long that will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from annotator.model import Round, Steps
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
            amounts.predicting(plan, current, len(before.files)),
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
