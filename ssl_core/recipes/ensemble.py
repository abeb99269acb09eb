"""Ensemble: unlike learners, each counted by what it knew of labels that were kept from it."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial
from typing import Annotated, Any

import numpy as np
import torch
from torch import Tensor
from typing_extensions import override

from ssl_core.evidence.folds import FOLDS, asked, at_once, log_loss, out_of_fold, parted
from ssl_core.evidence.masses import Scaled, class_shares, scaled, scales
from ssl_core.evidence.weighing import (
    Tempered,
    importance,
    pooled,
    temperature,
    tempered,
    weigh,
)
from ssl_core.hyper import Between
from ssl_core.parts.committee import Committee, mean
from ssl_core.parts.graph import joining
from ssl_core.parts.graph.smoothing import Smoothed
from ssl_core.parts.graph.spreading import Spread
from ssl_core.parts.linear import Linear
from ssl_core.recipe import Embed, Fit, Kept, Recipe, balanced, confident, together
from ssl_core.types import Planned, Predictor, Round, Run, Stopped, Weighed, Withheld, Working

# The first one speaks for all where labels are kept back. Fewer where every one trains a whole
# network, on images
ON_FEATURES = ("adamatch", "uda", "remixmatch")
ON_IMAGES = ("adamatch", "remixmatch")
# Networks that see the same features err alike. Whose features are standardized errs otherwise
STANDARDIZED = ("remixmatch",)
FALLBACK = "supervised"  # for a fit that knows none of them
FEW, MOST = 8.0, 0.15  # an answer is hotter by the square of FEW over the labels, MOST at most
LEARNERS = ("label_spreading", "logistic", "networks")
# What each counts before any label has spoken, with so many labels a class: a line sees labels
# alone, and has to have some
A_CLASS = (4.0, 10.0)
VOTES = ((0.45, 0.3), (0.1, 0.5), (0.45, 0.3))


class Ensemble(Recipe):
    """Weighs unlike learners by labels kept from them.

    Networks, a graph and a straight line: what each one counts, and how sure all of them are, is
    settled by labeled images that they had not learned from. Where whole networks are trained on
    images, that would take too long: there all count the same, and learn once more from what they
    agree about.
    """

    threshold: Annotated[float, Between(0, 1)] = 0.6
    """Confidence from which an answer on images is learned from; without effect on features."""
    k: Annotated[int, Between(2, 1000)] = 8
    """Neighbors of an image in the graph, itself included."""
    alpha: Annotated[float, Between(0.01, 0.99)] = 0.9
    """How much of an image's answer on the graph comes from its neighbors."""
    strength: Annotated[float, Between(1e-6, 1e6)] = 0.1
    """How closely logistic regression follows the labels: the C of scikit-learn."""

    @override
    def ahead(
        self, rows: Tensor, embed: Embed, kept: Kept
    ) -> Generator[Working, None, object] | None:
        return joining.ahead(embed, rows, self.k, kept)

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        if fit.embed is None:
            return (yield from self._on_images(rows, y, fit))
        return (yield from self._on_features(rows, y, fit, fit.embed))

    def _on_features(self, rows: Tensor, y: Tensor, fit: Fit, embed: Embed) -> Run:
        """Graph and line at once, then networks that know what the pool holds."""
        known, classes = y >= 0, fit.num_classes
        groups = together(rows, fit)
        given = y[asked(y, groups)]
        names = [name for name in ON_FEATURES if name in fit.methods] or [FALLBACK]
        yield Planned(len(names) + FOLDS)

        graph = yield from Spread.steps(
            embed, rows, y, classes, k=self.k, alpha=self.alpha, kept=fit.kept
        )
        line = Linear(embed, rows, y, classes, strength=self.strength)
        by_graph = yield from out_of_fold(rows, y, classes, graph.anew, groups)
        by_line = yield from out_of_fold(rows, y, classes, at_once(line.again), groups)
        quick = pooled(weigh([by_graph, by_line], given, torch.ones(len(given))))
        # What the pool holds: the guesses of networks and graph are made as frequent as that
        shares = class_shares(
            Committee((graph, line), quick).probabilities(rows),
            quick(torch.stack([by_graph, by_line])),
            given,
            y[known],
        )
        factors = scales(graph.probabilities(rows), shares)
        fit = fit.toward(shares)
        networks = yield from all_taught(rows, y, fit, names)
        single = partial(taught, rows, fit=fit, name=names[0])
        by_network = yield from out_of_fold(rows, y, classes, single, groups)
        heard = Heard(scaled(by_graph, factors), by_line, by_network, given, shares)
        yield heard.weighed()
        how = "were weighed by labels"
        if parted(y, groups):
            yield Withheld(rows[asked(y, groups)], heard.agreed())
        else:
            how = "count what they do beforehand, as no label could be kept from them"
        found = heard.together(Scaled(graph, factors), line, networks)
        smoothed = yield from Smoothed.steps(found, graph)
        yield Stopped(f"{len(names) + 2} learners have learned, and {how}")
        return smoothed

    def _on_images(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        """Whole networks, and the graph of what the first of them sees: each counts the same."""
        names = [name for name in ON_IMAGES if name in fit.methods] or [FALLBACK]
        yield Planned(len(names) + 1)
        first = yield from self._seen(rows, y, fit, names)
        agreed = yield from agreed_on(rows, y, first, self.threshold)
        if torch.equal(agreed, y):
            yield Stopped(f"{len(names) + 1} learners have learned; they were sure of no image")
            return first
        second = yield from self._seen(rows, agreed, fit, names[:1])
        yield Stopped(f"{len(names) + 1} learners have learned, two of them twice")
        return Committee((second, first), mean)

    def _seen(self, rows: Tensor, y: Tensor, fit: Fit, names: list[str]) -> Run:
        networks = yield from all_taught(rows, y, fit, names)
        seen = networks[0].embed
        graph = Spread(seen, rows, y, fit.num_classes, k=self.k, alpha=self.alpha)
        return Committee((*networks, graph), mean)


class Heard:
    """What three learners said of labels that were kept from them, and what follows from it.

    Args:
        graph: its answers (n, C).
        line: likewise.
        network: likewise, of one network that stands for all.
        given: the labels (n,).
        shares: of the classes in the pool (C,).
    """

    def __init__(
        self, graph: Tensor, line: Tensor, network: Tensor, given: Tensor, shares: Tensor
    ) -> None:
        said, weights = (graph, line, network), importance(given, shares)
        self.hot = [temperature(each, given, weights) for each in said]
        cool = [tempered(each, hot) for each, hot in zip(said, self.hot, strict=True)]
        # Fitted to so few labels, they would be too sure of others: by less, the more there are
        few = 1 + min((FEW / len(given)) ** 2, MOST)
        before = votes(len(given) / len(shares))
        found = weigh(cool, given, weights, before)
        if not any(found):  # nobody knew more than nothing
            found = before
        self.exponents = [exponent / few for exponent in found]
        self.losses = [log_loss(each, given) for each in cool]
        self.cool = cool

    def weighed(self) -> Weighed:
        """What each learner counts, and how far off it was."""
        total = sum(self.exponents)
        shares = [exponent / total for exponent in self.exponents]
        return Weighed(
            dict(zip(LEARNERS, shares, strict=True)),
            dict(zip(LEARNERS, self.losses, strict=True)),
        )

    def agreed(self) -> Tensor:
        """What they say together of the labels that were kept from them, (n, C)."""
        return pooled(self.exponents)(torch.stack(self.cool))

    def together(self, graph: Predictor, line: Predictor, networks: list[Predictor]) -> Committee:
        """The learners as one.

        Networks see the same images and err alike, so their mean counts as one. It is less sure
        than the one that was heard, and taken as it is.
        """
        one = Tempered(networks[0], self.hot[2])
        members = (
            Tempered(graph, self.hot[0]),
            Tempered(line, self.hot[1]),
            one if len(networks) == 1 else Committee(networks, mean),
        )
        return Committee(members, pooled(self.exponents))


def votes(a_class: float) -> list[float]:
    """Return what graph, line and networks count beforehand, with so many labels a class."""
    return [float(np.interp(a_class, A_CLASS, each)) for each in VOTES]


def agreed_on(
    rows: Tensor, y: Tensor, first: Predictor, threshold: float
) -> Generator[Round, None, Tensor]:
    """Report what the first lesson is sure of; return the labels (n,) with that among them."""
    unknown = y < 0
    confidence, label = confident(first, rows[unknown])
    sure = confidence >= threshold
    if sure.any():
        yield Round(1, rows[unknown][sure], label[sure], confidence[sure])
    agreed = y.clone()
    agreed[unknown] = torch.where(sure, label, -1)
    return agreed


def taught(rows: Tensor, y: Tensor, fit: Fit, name: str) -> Run:
    """Train a network by a method on the labels `y` (n,), all classes equally often."""
    known = y >= 0
    fit = fit.standardized() if name in STANDARDIZED else fit
    return (yield from fit.by(name)(*balanced(rows[known], y[known])))


def all_taught(
    rows: Tensor, y: Tensor, fit: Fit, names: list[str]
) -> Generator[Any, None, list[Predictor]]:
    """Train a network by each method."""
    networks: list[Predictor] = []
    for name in names:
        networks.append((yield from taught(rows, y, fit, name)))  # noqa: PERF401 - it reports
    return networks
