"""What answers prove of each of several classes: chains that share the chance by Holm's rule."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from annotator.auditing.several.parts import parts_of
from ssl_core.measure.certificate import claims, gates, hopeless
from ssl_core.measure.certificate.attempts import any_of
from ssl_core.measure.certificate.claims import Claims
from ssl_core.measure.certificate.subsets import Held, each_class, together


def claimed(found: Claims, spent: Sequence[str]) -> dict[str, str | None]:
    """The shares of a release as evidence has them, and the chance that they are false."""
    return {
        "proposed": str(found.proposed),
        "corrected": str(found.corrected),
        "unseen": None if found.unseen is None else str(found.unseen),
        "false_at_most": str(any_of(spent)),
    }


def is_hopeless(
    plan: Mapping[str, Any], errors: Sequence[int], epsilon: Fraction, level: Fraction
) -> bool:
    """Whether no class can release anything anymore, whatever is answered to what still waits.

    As long as one can, it might release all of its rows and leave its chance to the others.
    """
    parts = parts_of(plan)
    part = each_class(level, len(parts))
    for each in parts:
        chain = each.chain
        found = gates(chain.M, chain.m, epsilon, part, chain.less)
        if not hopeless(each.own(errors), found, chain.c0):
            return False
    return True


def proved(
    plan: Mapping[str, Any],
    ranks: Sequence[int],
    errors: Sequence[int],
    target: Fraction,
    epsilon: Fraction,
    level: Fraction,
) -> dict[str, Any]:
    """Return what evidence says of each class, and how many rows there are in all.

    Args:
        plan: of several classes.
        ranks: of all audited rows.
        errors: of those that are wrong.
        target: share of wrong rows that is promised, 1 - the target.
        epsilon: with what it is tested; less where the expert may miss some.
        level: chance that any of the promises is false.
    """
    parts = parts_of(plan)
    held = [Held(each_class(level, len(parts)), 0)] * len(parts)
    if epsilon:
        held = together(
            [each.chain for each in parts], [each.own(errors) for each in parts], epsilon, level
        )
    found: list[dict[str, Any]] = []
    for part, result in zip(parts, held, strict=True):
        k, chain = result.k, part.chain
        n, x = (bisect_left(sorted(part.own(each)), k) for each in (ranks, errors))
        told = claims(k, n, x, target, chain.less) if k else None
        found.append(
            {
                "class": part.name,
                "level": str(result.level),
                "gates": gates(chain.M, chain.m, epsilon, result.level, chain.less)
                if epsilon
                else [],
                "k": k,
                "n": n,
                "x": x,
                "claims": told and claimed(told, plan["spent"]),
            }
        )
    return {"parts": found} | {name: sum(each[name] for each in found) for name in ("k", "n", "x")}
