"""What had to be fixed before the first answer: plan, order, pseudo-labels, splits, draw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from annotator.export.proof import record
from annotator.export.proof.parts import drawn, parts
from annotator.export.proof.record import Exported, Fields, NotChecked

POOL = "pool"


def plan(export: Exported) -> Iterator[str]:
    """The plan is the one whose hash was written, and fits the rows."""
    if record.plan_hash(export.plan) != export.evidence["plan_hash"]:
        yield "the plan is not the one whose hash was written before the draw"
    yield from _by_group(export) if export.plan.get("by") else _numbers(export)
    planned = export.plan.get("parts", [export.plan])
    if "parts" in export.plan and any(
        export.plan[name] != sum(each[name] for each in planned)
        for name in ("population", "M", "m")
    ):
        yield "the numbers of the plan are not those of its classes together"
    if len({each.get("class") for each in planned}) < len(planned):
        yield "a class is there twice"
    planted = [each["id"] for each in export.plan.get("planted", ())]
    beside = {row.id for row in export.frozen if row.rank is None and row.split == POOL}
    if len({*planted}) < len(planted) or not {*planted} <= beside:
        yield "a planted question is there twice, or about an image of the order or the test"
    if len(export.plan["spent"]) != export.plan["attempt"]:
        yield "the levels that were spent do not count the attempts"


def _numbers(export: Exported) -> Iterator[str]:
    """Whether there are the rows that are drawn from."""
    known, planned = len(export.plan["known"]), export.plan.get("parts", [export.plan])
    numbers = [each[name] for each in planned for name in ("population", "M", "m", "c0", "cf")]
    if not all(_is_number(each) for each in (*numbers, export.plan["attempt"])):
        yield "a number of the plan is none"
    elif not all(each["m"] + known <= each["M"] <= each["population"] for each in planned) or sum(
        each["population"] for each in planned
    ) > len(export.order):
        yield "the plan draws from more rows than there are"


def _by_group(export: Exported) -> Iterator[str]:
    """Likewise where an average group is promised: of every row that is drawn from its group."""
    plan = export.plan
    if plan["by"] != "group" or plan["strict"] or "parts" in plan:
        yield "the plan counts in a way that is not known"
    if plan["known"] or plan.get("extends") or plan.get("after"):
        yield "where groups are drawn, nothing is gone on from"
    if not all(_is_number(plan[name]) for name in ("population", "M", "m", "attempt")):
        yield "a number of the plan is none"
    elif not plan["M"] <= plan["population"] <= len(export.order):
        yield "the plan draws from more rows than there are"
    groups, first = plan["groups"], list(dict.fromkeys(plan["groups"]))
    if len(groups) != plan["M"] or first != list(range(len(first))):
        yield "groups are not those of the rows that are drawn from, numbered as they appear"


def _is_number(told: object) -> bool:
    return isinstance(told, int) and told >= 0


def attempts(export: Exported) -> Iterator[str]:
    """Earlier attempts are those that the plan names, and retries are as they were declared.

    Raises:
        NotChecked: the evidence is of a program that did not write them down.
    """
    plan = export.plan
    if "earlier" not in plan:
        raise NotChecked("The plan does not name the attempts before it")
    before = export.evidence["earlier"]
    if [record.plan_hash(each) for each in before] != plan["earlier"]:
        yield "the plans of earlier attempts are not those whose hashes the plan has"
    if [each["spent"][-1] for each in before] != plan["spent"][:-1]:
        yield "the levels that were spent are not those of the earlier attempts"
    declared, turn = plan["declared"], plan["turn"]
    if not (1 <= turn <= len(declared) and declared[turn - 1] == plan["spent"][-1]):
        yield "the level of this attempt is not the one that was declared for it"
    series = [each.get("turn") for each in before if _promise(each) == _promise(plan)]
    if turn > 1 and series[-1:] != [turn - 1]:
        yield "a retry that was not declared before the first attempt, or was used already"


def _promise(plan: Fields) -> list[object]:
    """What attempts that were declared together have in common."""
    each = [part.get("class") for part in plan.get("parts", ())]
    return [*(plan.get(key) for key in ("declared", "target", "strict", "class", "by")), each]


def times(export: Exported) -> Iterator[str]:
    """Plan before seed, seed before the first answer, the last answer before the closing."""
    found = export.evidence
    planned, seeded, closed = (
        datetime.fromisoformat(each)
        for each in (export.plan["planned_at"], found["seeded_at"], found["closed_at"])
    )
    answers = [
        datetime.fromisoformat(each["at"])
        for row in (*found["rows"], *found["expert"].get("answers", ()))
        for each in (*row["blind"], *row.get("second", ()))
    ]
    if planned > seeded:
        yield "the plan was written after the seed was drawn"
    if answers and min(answers) < seeded:
        yield "an answer was given before the seed was drawn"
    if answers and max(answers) > closed:
        yield "an answer was given after the audit was closed"


def order(export: Exported) -> Iterator[str]:
    """The rows stand in the order whose hash the plan has: falling scores, ties by id."""
    rows = export.order
    ranks = [row.rank for row in rows]
    if len(ranks) != export.plan["population"] or ranks != list(range(len(ranks))):
        yield "ranks are missing, or occur twice"
    if record.order_hash(rows) != export.plan["order_hash"]:
        yield "the order is not the one that was frozen: a row, a rank or a score was changed"
    for part in parts(export):
        keys = [(-float(row.score), row.id) for row in rows[part.start : part.end]]
        if keys != sorted(keys):
            yield "the order does not follow the scores"


def pseudo_labels(export: Exported) -> Iterator[str]:
    """The pseudo-labels are those whose hash the plan has, of its class where it is of one."""
    for part in parts(export):
        only = part.name or export.plan.get("class")
        rows = export.order[part.start : part.end]
        if other := sum(row.pseudo != only for row in rows if only is not None):
            yield (
                f"{other:,} pseudo-labels of the order are not of the certificate's class '{only}'"
            )
    if record.labels_hash(export.order) != export.plan["labels_hash"]:
        yield "the pseudo-labels are not those that were frozen"


def splits(export: Exported) -> Iterator[str]:
    """Rows are in the split that they were in; the order has rows of the pool alone."""
    if record.splits_hash(export.frozen) != export.plan["splits_hash"]:
        yield "the splits are not those that were frozen"
    was = {row.id: row.split for row in export.frozen}
    if any(row.split != POOL for row in export.order):
        yield "a row of the order is not of the pool"
    for line in export.lines:
        if line["split"] != was.get(line["sha256"], line["split"]):
            yield f"'{line['name']}' was moved from {was[line['sha256']]} to {line['split']}"


def model(export: Exported) -> Iterator[str]:
    """Every pseudo-label is of the model that the plan names."""
    wrong = sum(
        line["source"] == "pseudo" and line["model"] != export.plan["model_hash"]
        for line in export.lines
    )
    if wrong:
        yield f"{wrong:,} pseudo-labels are of another model than the plan's"


def draw(export: Exported) -> Iterator[str]:
    """The seed draws exactly the audited rows, none is left out or put in.

    Raises:
        NotChecked: NumPy is not installed; groups are drawn without it.
    """
    rows, by_group = export.evidence["rows"], bool(export.plan.get("by"))
    by_rank = {row.rank: row.id for row in export.order}
    if any(by_rank.get(row["rank"]) != row["id"] for row in rows):
        yield "an audited row does not stand where the order has it"
    if len(rows) != export.plan["m"] and not by_group:
        yield f"{len(rows):,} rows were audited, {export.plan['m']:,} were planned"
    # Of a group a row may be drawn twice: it is asked once
    found, other = (list(dict.fromkeys(drawn(export))), "") if by_group else _drawn(export)
    if found != [row["rank"] for row in rows]:
        missing = len({*found} - {row["rank"] for row in rows})
        yield f"the seed does not draw the audited rows{other}: {missing:,} of them are not there"


def _drawn(export: Exported) -> tuple[list[int], str]:
    """The ranks that NumPy draws with the seed; and which versions, where these are others."""
    try:
        import numpy as np
    except ImportError as problem:
        raise NotChecked(
            "NumPy is not installed, so the seed was not tried: `pip install numpy`"
        ) from problem
    known = {each["id"] for each in export.plan["known"]}
    seeded, found = np.random.default_rng(int(export.evidence["seed"])), list[int]()
    for part in (several := parts(export)):
        rows_of = export.order[part.start : part.start + part.planned["M"]]
        left = [int(row.rank or 0) for row in rows_of if row.id not in known]
        places = seeded.choice(len(left), (part.planned["m"],), replace=False)
        found += [left[place] for place in places]
    if len(several) > 1:  # those of all classes are asked among one another
        found = [found[place] for place in seeded.permutation(len(found))]
    then, now = export.evidence["numpy"], np.__version__
    return found, "" if then == now else f" (by NumPy {then} then, by {now} now)"
