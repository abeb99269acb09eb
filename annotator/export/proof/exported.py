"""What was exported: whose word each row is, the released rows, people's labels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from annotator.export.proof.parts import parts
from annotator.export.proof.record import Exported, Frozen, is_time

PSEUDO, UNCLEAR = "pseudo", "unclear"
PEOPLE = ("human", "verified", "imported", "adjudicated")  # whose rows have a label
OF_A_MODEL = ("round", "model", "confidence")
OF_A_PERSON = ("annotator", "at")

Line = Mapping[str, str]


def sources(export: Exported) -> Iterator[str]:
    """Each row is of the model, with how sure it was, or of a person, with name and time."""
    scores = {row.id: row.score for row in export.order}
    checks: dict[str, Callable[[Line], bool]] = {
        "{} of a source that no export has": lambda line: not _known(line),
        "{} there more than once": partial(_repeated, seen=set()),
        "{} of a person, and yet of a model's round or with its confidence": _both,
        "{} of a person, but without a name or a time": _nobody,
        "{} pseudo-labeled, but without round, model or confidence, or with a person's name or "
        "time": _no_model,
        "{} pseudo-labeled with another confidence than the frozen score": partial(
            _other_score, scores=scores
        ),
        "{} labeled though nobody can tell, or of a person or a model and not labeled": _unlabeled,
    }
    for told, is_wrong in checks.items():
        if number := sum(map(is_wrong, export.lines)):
            yield told.format(f"{number:,} row{' is' if number == 1 else 's are'}")


def _known(line: Line) -> bool:
    return line["source"] in (PSEUDO, UNCLEAR, *PEOPLE)


def _repeated(line: Line, seen: set[str]) -> bool:
    found = line["sha256"] in seen
    seen.add(line["sha256"])
    return found


def _both(line: Line) -> bool:
    return line["source"] != PSEUDO and any(
        line.get(each) for each in (*OF_A_MODEL, "probabilities")
    )


def _nobody(line: Line) -> bool:
    return line["source"] != PSEUDO and not (line["annotator"] and is_time(line["at"]))


def _no_model(line: Line) -> bool:
    return line["source"] == PSEUDO and not (
        all(line[each] for each in OF_A_MODEL) and not any(line[each] for each in OF_A_PERSON)
    )


def _other_score(line: Line, scores: Mapping[str, str]) -> bool:
    """Whether it is of the order, and as sure as something else."""
    score = scores.get(line["sha256"])
    if line["source"] != PSEUDO or score is None or not line["confidence"]:
        return False
    try:
        return float(line["confidence"]) != float(score)
    except ValueError:
        return True


def _unlabeled(line: Line) -> bool:
    return (line["source"] == UNCLEAR) == bool(line["label"])


def release(export: Exported) -> Iterator[str]:
    """Pseudo-labels are exactly the released rows that nobody has answered, as they were frozen."""
    audited = _looked_at(export)
    wanted = {row.id: row.pseudo for row in _released(export) if row.id not in audited}
    given = {line["sha256"]: line["label"] for line in export.lines if line["source"] == PSEUDO}
    beyond = len(given.keys() - wanted.keys())
    missing = len(wanted.keys() - given.keys() - by_people(export).keys() - _unclear(export))
    other = sum(given[each] != wanted[each] for each in given.keys() & wanted.keys())
    if beyond:
        yield f"{beyond:,} pseudo-labels are not among the released ones"
    if missing:
        yield f"{missing:,} of the released rows are missing"
    if other:
        yield f"{other:,} pseudo-labels are others than the released ones"


def by_hand(export: Exported) -> tuple[int, str]:
    """How many released rows have a person's word that no audit asked for, and what that means."""
    released = {row.id for row in _released(export)}
    left = released - _looked_at(export)
    labeled, unclear = len(left & by_people(export).keys()), len(left & _unclear(export))
    if not labeled + unclear:
        return 0, f"None of the {len(released):,} released rows has a person's word in its place."
    said = [f"{labeled:,} a person's label"] if labeled else []
    said += [f"{unclear:,} a person's word that it cannot be told"] if unclear else []
    return labeled + unclear, (
        f"Of the {len(released):,} released rows {' and '.join(said)} in place of the "
        "pseudo-label, given beside the audit: the certificate does not speak of what these say, "
        "and it was not checked."
    )


def human_labels(export: Exported) -> Iterator[str]:
    """Audited rows carry the adjudicated answer, and none where nobody could tell."""
    labels = by_people(export)
    for row in export.evidence["rows"]:
        if labels.get(row["id"]) != row["adjudicated"]:
            yield (
                f"the audited row of rank {row['rank']:,} is exported as "
                f"{_said(labels.get(row['id']))}, but was answered {_said(row['adjudicated'])}"
            )
    for each in export.plan.get("planted", ()):
        if labels.get(each["id"]) != each["answer"]:
            yield (
                f"the image of a planted question is exported as {_said(labels.get(each['id']))}, "
                f"but was known as {_said(each['answer'])}"
            )


def beside(export: Exported) -> tuple[int, str]:
    """How many labels of people are of images that were neither released nor audited."""
    known = {row.id for row in _released(export)} | _looked_at(export)
    known |= {each["id"] for each in export.plan.get("planted", ())}
    number = len(by_people(export).keys() - known)
    if not number:
        return 0, ""
    return number, (
        f"{number:,} more label{' is' if number == 1 else 's are'} of people and of images that "
        "were neither released nor audited: the certificate does not speak of what these say, and "
        "it was not checked."
    )


def by_people(export: Exported) -> dict[str, str]:
    """The labels that people gave, by image."""
    return {line["sha256"]: line["label"] for line in export.lines if line["source"] in PEOPLE}


def _unclear(export: Exported) -> set[str]:
    return {line["sha256"] for line in export.lines if line["source"] == UNCLEAR}


def _released(export: Exported) -> list[Frozen]:
    """The rows that the certificate says are released."""
    order = export.order
    return [
        row for part in parts(export) for row in order[part.start : part.start + part.found["k"]]
    ]


def _looked_at(export: Exported) -> set[str]:
    """The images that were audited, or known before."""
    return {row["id"] for row in (*export.evidence["rows"], *export.plan["known"])}


def _said(label: str | None) -> str:
    return "nothing" if label is None else f"'{label}'"
