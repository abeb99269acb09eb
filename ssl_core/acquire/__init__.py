"""Acquisition: which images to ask next. To add one: its file, a line in ACQUIRE and in ASKS."""

from __future__ import annotations

from ssl_core.acquire.badge import Badge
from ssl_core.acquire.bald import bald
from ssl_core.acquire.batch_bald import BatchBald
from ssl_core.acquire.class_balanced import rarity
from ssl_core.acquire.cluster_margin import ClusterMargin
from ssl_core.acquire.disagreement import disagreement
from ssl_core.acquire.diverse import Diverse
from ssl_core.acquire.entropy import entropy
from ssl_core.acquire.gumbel import Gumbel
from ssl_core.acquire.herd import Herd
from ssl_core.acquire.k_center import KCenter
from ssl_core.acquire.least_confidence import least_confidence
from ssl_core.acquire.margin import margin
from ssl_core.acquire.mix import First, Mix
from ssl_core.acquire.pool import Labels, Pool, Selection, Strategy
from ssl_core.acquire.score import Score
from ssl_core.acquire.top import Top
from ssl_core.acquire.typiclust import TypiClust
from ssl_core.acquire.uniform import Uniform
from ssl_core.errors import unknown

__all__ = [
    "ACQUIRE",
    "ASKS",
    "Labels",
    "Pool",
    "Selection",
    "Strategy",
    "needs_members",
    "strategy",
]

ENTROPY = Score("entropy", entropy, "the model is undecided", "entropy {:.2f} nats")
MARGIN = Score("margin", margin, "a close call for the model", "closeness {:.2f}")
DOUBT = Score("least_confidence", least_confidence, "the model doubts its guess", "doubt {:.0%}")
BALD = Score(
    "bald", bald, "models contradict one another", "disagreement {:.2f} nats", members=True
)
DISAGREEMENT = Score(
    "disagreement",
    disagreement,
    "answers vary from model to model",
    "variance {:.2f}",
    members=True,
)
RARE = Score(
    "class_balanced",
    margin,
    "a close call, above all of classes with few labels",
    "closeness by rarity {:.2f}",
    weigh=rarity,
)

COLD_START = Mix(((0.75, TypiClust()), (0.25, KCenter())))
HERD = Herd(
    Score(
        "mix",
        margin,
        "a close call, above all of classes with few labels",
        "closeness by rarity {:.2f}",
        weigh=rarity,
    )
)
MIX = First(HERD, then=Mix(((0.9, HERD), (0.1, Uniform()))), patience=2)

ACQUIRE: dict[str, Strategy] = {
    "mix": MIX,
    "cold_start": COLD_START,
    "entropy": Diverse(ENTROPY),
    "margin": Diverse(MARGIN),
    "least_confidence": Diverse(DOUBT),
    "bald": Diverse(BALD),
    "disagreement": Diverse(DISAGREEMENT),
    "class_balanced": Diverse(RARE),
    "top": Top(ENTROPY),
    "gumbel": Gumbel(ENTROPY),
    "badge": Badge(ENTROPY),
    "batch_bald": BatchBald(BALD),
    "cluster_margin": ClusterMargin(MARGIN),
    "typiclust": TypiClust(),
    "k_center": KCenter(),
    "random": Uniform(),
}

# What each asks first, for whoever chooses one
ASKS: dict[str, str] = {
    "mix": "what many doubtful images are like and no labeled one is, a tenth by chance",
    "cold_start": "typical images and far-off ones; needs no model",
    "entropy": "where probability is spread widest over the classes",
    "margin": "where the two likeliest classes are closest",
    "least_confidence": "where the likeliest class is least likely",
    "bald": "where models that are each sure contradict one another",
    "disagreement": "where the answer varies most between models and views",
    "class_balanced": "close calls of classes that have few labels",
    "top": "the highest entropies, however alike",
    "gumbel": "by chance in proportion to entropy, with known propensities",
    "badge": "where an answer would change the model most, each in another way",
    "batch_bald": "what the whole batch tells about the models",
    "cluster_margin": "close calls, in turn from small groups and large ones",
    "typiclust": "images that each stand for many others",
    "k_center": "what is unlike all that is known",
    "random": "anything, with equal chance",
}


def strategy(name: str) -> Strategy:
    """Return the strategy called `name`.

    Raises:
        SSLError: no such strategy; the message lists them.
    """
    if name not in ACQUIRE:
        raise unknown("acquisition strategy", name, ACQUIRE)
    return ACQUIRE[name]


def needs_members(name: str) -> bool:
    """Return whether the strategy called `name` asks for the pool's `members`.

    Raises:
        SSLError: no such strategy; the message lists them.
    """
    score = getattr(strategy(name), "score", None)
    return isinstance(score, Score) and score.members
