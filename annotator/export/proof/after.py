"""What follows from the answers: wrong flags, gates, chain and claims."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from annotator.export.proof.arithmetic import rare
from annotator.export.proof.exported import by_people
from annotator.export.proof.parts import EXPERT, Part, average, held, less, parts
from annotator.export.proof.record import Exported, Fields


def answers(export: Exported) -> Iterator[str]:
    """A row is wrong where the adjudicated answer is not the pseudo-label; no answer is wrong."""
    pseudo = {row.id: row.pseudo for row in export.order}
    for row in export.evidence["rows"]:
        final, blind = row["adjudicated"], [each["answer"] for each in row["blind"]]
        told = f"the row of rank {row['rank']:,}"
        if row["pseudo"] != pseudo.get(row["id"]):
            yield f"{told} was audited with another pseudo-label than the frozen one"
        if row["wrong"] != (final != row["pseudo"]):
            yield f"{told} is marked {_right(not row['wrong'])}, which does not follow"
        if not row["second"] and final != (blind[0] if len({*blind}) == 1 else None):
            yield f"{told} has an adjudicated answer that nobody gave, and no second look"
        if row["second"] and final != row["second"][-1]["answer"]:
            yield f"{told} does not carry the answer of the second look"


def expert(export: Exported) -> Iterator[str]:
    """How often people differ follows from their answers, what they miss from planted labels."""
    found = export.evidence["expert"]
    said = [[each["answer"] for each in row["blind"]] for row in export.evidence["rows"]]
    repeated = [{*each} for each in said if len(each) > 1]
    counts = len(repeated), sum(len(each) > 1 for each in repeated)
    if counts != (found["repeats"], found["differed"]):
        yield (
            f"people answered {counts[0]:,} rows twice and differed on {counts[1]:,}, not "
            f"{found['repeats']:,} and {found['differed']:,}"
        )
    yield from _planted(export)


def _planted(export: Exported) -> Iterator[str]:
    """How many planted questions were missed, and what that bounds."""
    found, planted = export.evidence["expert"], export.plan.get("planted", [])
    told = found.get("answers", [])
    if [each["id"] for each in told] != [each["id"] for each in planted]:
        yield "the planted questions are not those of the plan"
        return
    missed = sum(
        any(said["answer"] != known["answer"] for said in each["blind"])
        or not (each["blind"] or each["passed"])
        for each, known in zip(told, planted, strict=True)
    )
    if (len(planted), missed) != (found["planted"], found["missed"]):
        yield (
            f"{len(planted):,} questions were planted and {missed:,} missed, not "
            f"{found['planted']:,} and {found['missed']:,}"
        )
    if not planted:
        if found["beta"] is not None:
            yield "nothing was planted, and yet the share of errors that is missed is bounded"
        return
    level = EXPERT * Fraction(export.plan["spent"][-1])
    if found["beta"] is None or not rare(len(planted), Fraction(found["beta"]), missed, level):
        yield "the share of errors that the expert misses is not bounded by as little"


def gates(export: Exported) -> Iterator[str]:
    """The gates, or by group how many draws may be wrong and are, recomputed."""
    for part, _, found, _ in held(export):
        if found != part.found["gates"]:
            yield f"the gates{_of(part.name)} are others"
    told = export.evidence.get("average")
    counted = average(export) if export.plan.get("by") else None
    if told != counted:
        yield f"the groups and their draws come to {counted}, not {told}"


def classes(export: Exported) -> Iterator[str]:
    """Where it is of several classes, all of them are there, at levels by Holm's rule."""
    if "parts" not in export.plan:
        return
    planned = [each["class"] for each in export.plan["parts"]]
    claimed = [each["class"] for each in export.evidence["parts"]]
    if planned != claimed:
        yield f"classes were planned as {_list(planned)} and are claimed as {_list(claimed)}"
        return
    for part, level, _, _ in held(export):
        if Fraction(part.found["level"]) != level:
            yield f"the class '{part.name}' is tested at {level}, not {part.found['level']}"


def chain(export: Exported) -> Iterator[str]:
    """What is released, recomputed, and how much of it was audited."""
    rows, sums = export.evidence["rows"], [0, 0, 0]
    place = {row.id: int(row.rank or 0) for row in export.order}
    known = {place[each["id"]]: each["wrong"] for each in export.plan["known"]}
    ranks = [*known, *(row["rank"] for row in rows)]
    errors = [row["rank"] for row in rows if row["wrong"]]
    errors += [rank for rank in known if known[rank]]
    for part, _, _, k in held(export):
        found, of = part.found, _of(part.name)
        if k != found["k"]:
            yield f"the audit releases {k:,} rows{of}, not {found['k']:,}"
        n, x = (sum(rank < k for rank in part.own(each)) for each in (ranks, errors))
        if (n, x) != (found["n"], found["x"]):
            yield (
                f"of them{of} {n:,} were audited and {x:,} wrong, not {found['n']:,} and "
                f"{found['x']:,}"
            )
        sums = [one + other for one, other in zip(sums, (k, n, x), strict=True)]
    if "parts" in export.plan and sums != [export.evidence[name] for name in ("k", "n", "x")]:
        yield "the counts of all classes together are others"


def known(export: Exported) -> Iterator[str]:
    """Rows of earlier audits are right or wrong as their labels say."""
    labels = by_people(export)
    pseudo = {row.id: row.pseudo for row in export.order}
    for each in export.plan["known"]:
        if each["wrong"] != (labels.get(each["id"]) != pseudo.get(each["id"])):
            yield f"the known row '{each['id']}' is marked otherwise than its label says"


def claims(export: Exported) -> Iterator[str]:
    """The three shares, recomputed; nothing is claimed where nothing is released."""
    for part in parts(export):
        yield from _claimed(export, part)


def _claimed(export: Exported, part: Part) -> Iterator[str]:
    """The shares of one part."""
    found, told, of = part.found, part.found["claims"], _of(part.name)
    k, n, x = found["k"], found["n"], found["x"]
    if not k:
        if told is not None:
            yield f"nothing is released{of}, and yet something is claimed"
        return
    if export.plan.get("by"):
        if Fraction(told["average"]) != Fraction(export.plan["target"]) or len(told) != 2:
            yield "what is claimed of an average group is not the target alone"
        yield from _chance(export, told)
        return
    epsilon = 1 - Fraction(export.plan["target"])
    wrong = int(epsilon * max(0, k - less(export, part)))
    shares: dict[str, Fraction | None] = {
        "proposed": 1 - Fraction(wrong, k),
        "corrected": 1 - Fraction(wrong - x, k),
        "unseen": 1 - Fraction(wrong - x, k - n) if k > n else None,
    }
    for name, share in shares.items():
        given = told[name]
        if (None if given is None else Fraction(given)) != share:
            yield f"the share '{name}'{of} is {share}, not {given}"
    yield from _chance(export, told)


def _chance(export: Exported, told: Fields) -> Iterator[str]:
    """The chance that any attempt is false."""
    if told["false_at_most"] != str(sum(Fraction(each) for each in export.plan["spent"])):
        yield "the chance that an attempt is false is another"


def _right(right: bool) -> str:
    return "right" if right else "wrong"


def _of(name: str) -> str:
    """` of 'cat'` where it is of one class of several."""
    return f" of '{name}'" if name else ""


def _list(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
