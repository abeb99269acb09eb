"""The plain learner: the better of two that see labels alone, for others to be measured by."""

from __future__ import annotations

from typing import Annotated

from torch import Tensor
from typing_extensions import override

from ssl_core.evidence.folds import FOLDS, Learn, asked, at_once, log_loss, out_of_fold, parted
from ssl_core.hyper import Between
from ssl_core.parts.linear import Linear
from ssl_core.recipe import Fit, Recipe, together
from ssl_core.types import Planned, Run, Stopped, Weighed, Withheld

NETWORK, LINEAR = "supervised", "logistic"


class Plain(Recipe):
    """Takes the better of a supervised network and logistic regression: labels alone, no guesses.

    The better one has the lower log loss on labeled rows that it has not learned from.
    """

    strength: Annotated[float, Between(1e-6, 1e6)] = 0.1
    """How closely logistic regression follows the labels: the C of scikit-learn."""

    @override
    def run(self, rows: Tensor, y: Tensor, fit: Fit) -> Run:
        known = y >= 0
        if fit.embed is None:  # images: there is nothing to draw a line through
            model = yield from fit.by(NETWORK)(rows[known], y[known])
            yield Weighed({NETWORK: 1.0}, {})
            yield Stopped("the only learner for whole images has learned")
            return model
        line = Linear(fit.embed, rows, y, fit.num_classes, strength=self.strength)
        learners: dict[str, Learn] = {
            LINEAR: at_once(line.again),
            NETWORK: lambda y: fit.by(NETWORK)(rows[y >= 0], y[y >= 0]),
        }
        said, groups = {}, together(rows, fit)
        kept = asked(y, groups)
        yield Planned(FOLDS + 1)
        for name, learn in learners.items():
            said[name] = yield from out_of_fold(rows, y, fit.num_classes, learn, groups)
        losses = {name: log_loss(each, y[kept]) for name, each in said.items()}
        best = min(losses, key=losses.__getitem__)
        model = yield from learners[best](y)
        yield Weighed({name: float(name == best) for name in losses}, losses)
        if parted(y, groups):
            yield Withheld(rows[kept], said[best])
            yield Stopped(f"{best} knew labeled images best that it had not learned from")
        else:
            yield Stopped(
                f"{best} has learned; no label could be kept from it, to compare learners"
            )
        return model
