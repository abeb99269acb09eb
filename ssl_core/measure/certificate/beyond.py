"""The plan to go on after all of M was released: how far, and how boldly, with new labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ssl_core.measure.certificate.attempts import Again
from ssl_core.measure.certificate.exact import Share
from ssl_core.measure.certificate.plan import LOOKS, Plan, played

Floats = NDArray[np.float64]


def beyond(
    rows: int,
    m: int,
    epsilon: Share,
    delta: Share,
    curves: Floats,
    *,
    known: Sequence[int],
    wrong: Sequence[int],
    after: int,
    seed: int,
    strict: bool = False,
) -> Plan | None:
    """Return the plan with the largest expected coverage; None where nothing beyond can pass.

    Like `plan`, but drawn from rows that are not known, and tested beyond `after` alone, which is
    released whatever comes of it. Its chance is that of releasing more.

    Args:
        rows: of the order.
        m: labels to spend.
        epsilon: share that may be wrong.
        delta: chance that the promise may be false.
        curves: worlds (S, CELLS + 1); what the audit before has found may tell of them.
        known: ranks of the rows that were looked at before.
        wrong: those of them that are wrong.
        after: rows that are released already.
        seed: of the arrivals.
        strict: whether the promise is to hold of the rows that nobody looks at.
    """
    arrivals = np.random.default_rng(seed).exponential(size=(m + 1, len(curves))).cumsum(0)
    best = None
    for look in sorted({*(round(share * rows) for share in LOOKS), rows}):
        seen = [rank for rank in known if rank < look]
        if look <= after or look - len(seen) < m:
            continue
        again = Again(
            look,
            m,
            epsilon,
            delta,
            known=seen,
            wrong=[rank for rank in wrong if rank < look],
            after=after,
            less=len(seen) + m if strict else 0,
        )
        gates = again.gates()
        if not gates:
            continue
        ends = np.array([*gates, look]) / rows
        levels = arrivals * ((look - len(seen)) / (m * rows))
        for cf, released in played(ends, curves, levels[: len(gates)]):
            means = np.maximum(released, after / rows).mean(1)
            place = int(means.argmax())
            if best is None or means[place] > best.coverage:
                chance = float((released[place] > 0).mean())
                best = Plan(look, m, cf - place, cf, float(means[place]), chance)
    return best
