"""What a job has to do: its parts in their order, how much each is, and what each is like."""

from __future__ import annotations

import json
from collections.abc import Sequence

from annotator.model import Part, Round, RoundRequest
from annotator.rounds.features import Embedded, Features
from annotator.rounds.plan import Plan

COLOR, READING, EMBEDDING = "looking for color", "reading images", "computing embeddings"
ALIKE, COMPARING = "looking for near-duplicates", "comparing near-duplicates"
BASELINE, TRAINING = "training the baseline", "training"
PREDICTING, CHOOSING = "predicting", "choosing the first questions"
JOINING = "joining images that are alike"
TRYING, AGAIN = "trying a whole network", "trying it once more"
PROBING = "measuring how long training takes"

# The outline of a job before anything is known of its parts
PREPARE = (READING, EMBEDDING, ALIKE, COMPARING, CHOOSING, JOINING)
ROUND = (READING, EMBEDDING, ALIKE, COMPARING, BASELINE, TRAINING, PREDICTING)


def outline(names: Sequence[str], uncolored: int) -> list[Part]:
    """Parts of which nothing is known but the first: how many images to look at for color."""
    return [Part(COLOR, COLOR, uncolored), *(Part(name, amount=1) for name in names)]


def reading(
    plan: Plan, features: Features, embeddings: Embedded | None, views: Sequence[str]
) -> list[Part]:
    """Images to read, and embeddings to compute of them where a network is frozen."""
    found = [Part(READING, f"{READING} {plan.size}", features.pixels(plan.size).lacking)]
    if embeddings is not None:
        missing = sum(embeddings.rows(view).lacking for view in views)
        kind = f"{EMBEDDING} {plan.backbone} {plan.size} {plan.device.type}"
        found.append(Part(EMBEDDING, kind, missing))
    return found


def alike(plan: Plan, new: int) -> list[Part]:
    """Near-duplicates of images that are new: pairs that look alike, and a closer look at those."""
    return [Part(each, f"{each} {plan.size}", new) for each in (ALIKE, COMPARING)]


def learning(plan: Plan, current: Round | RoundRequest) -> tuple[Part, Part]:
    """Both models of a round."""
    how = _how(plan)
    said = f"{current.method} {json.dumps(current.params, sort_keys=True)}"
    return (
        Part(BASELINE, f"{BASELINE} {how}", plan.steps),
        Part(TRAINING, f"{TRAINING} {said} {how}", plan.steps),
    )


def _how(plan: Plan) -> str:
    return f"{plan.regime} {plan.backbone} {plan.size} {plan.device.type}"


def trying(plan: Plan, method: str, name: str) -> Part:
    """One turn of a trial: what a whole network learns by a method, of a part of the labels."""
    return Part(name, f"{TRYING} {method} {_how(plan)}", plan.steps)


def predicting(plan: Plan, policy: str, images: int) -> Part:
    """What both models say of all images, and what is asked next."""
    kind = f"{PREDICTING} {plan.regime} {plan.backbone} {plan.device.type} {policy}"
    return Part(PREDICTING, kind, images)


def choosing(images: int) -> Part:
    """What is asked first."""
    return Part(CHOOSING, CHOOSING, images)


def joining(images: int) -> Part:
    """Which images are alike, as rounds ask; nothing where these are few."""
    return Part(JOINING, JOINING, images)
