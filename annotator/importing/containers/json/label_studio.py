"""Label Studio's export: people's answers become labels, predictions stay a model's word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotator.errors import ImportingError, unknown
from annotator.importing.containers import ours
from annotator.importing.containers.json.stream import entries
from annotator.importing.containers.json.task import (
    TaskError,
    agreed,
    answers,
    choices,
    image_of,
    places,
)
from annotator.importing.containers.named import file_of, without
from annotator.importing.source import Item, Source, Wanted
from annotator.importing.tables import own
from annotator.model import Noted, Refused, Told

KINDS = ("annotations", "completions", "predictions")  # completions: annotations before 2021


@dataclass(slots=True)
class _Survey:
    """What is known of a file before its first task is taken."""

    questions: set[str] = field(default_factory=set)  # `from_name` of choices
    places: Counter[str] = field(default_factory=Counter)  # how many images may lie there


def sources(path: Path, wanted: Wanted) -> Iterator[Item]:
    """Yield the image of each task, with the class that people agree on, or a model's guess.

    Where people differ and none of their answers is the ground truth, the image comes without a
    label and what each said is told, and so is it of skipped tasks. A model's guess comes along
    where no person has answered.

    Raises:
        ImportingError: several questions were asked and none is named, or no such one was.
    """
    survey = _survey(path)
    question = _question(path, survey, wanted)
    passed = 0  # predictions beside a person's answer
    for number, (_, task) in enumerate(entries(path), 1):
        data = task.get("data") if isinstance(task, dict) else None
        if not isinstance(data, dict):
            yield Refused(f"task {number}", "it has no data")
            continue
        try:
            reference = image_of(data)
            told, remarks = _told(task, question)
            where = [each for each in places(reference) if survey.places[each] == 1]
        except TaskError as reason:
            yield Refused(_name(task, data, number), str(reason))
            continue
        where = where or list(places(reference))[:1]  # the whole way is nobody else's
        found = file_of(path.parent, reference, where, links=wanted.links)
        passed += told.given.source != "pseudo" and bool(task.get("predictions"))
        group = str(data.get(wanted.group or "") or "")
        told = replace(told, group=group, place=f"task {task.get('id', number)}")
        try:
            said = _own(task, data, told)
            told = ours.told(said, told)
        except own.UnclearError as problem:
            yield Refused(reference, str(problem))
            continue
        if isinstance(found, Refused):
            yield without(found, told, ours.sha256(said))
            continue
        name = ours.name(said, found.relative_to(path.parent).as_posix())
        yield Source(found, name, told, ours.original(data), is_document=ours.is_document(said))
        yield from (Noted(reference, each) for each in remarks if not said.keys() >= ours.OWN)
    if passed:
        yield Noted(
            path.name, f"predictions of {passed:,} tasks that people answered were left out"
        )


def _survey(path: Path) -> _Survey:
    """Read the file once: the questions, and which places are only one image's."""
    survey, seen = _Survey(), set()
    for _, task in entries(path):
        if not isinstance(task, dict):
            continue
        for kind in KINDS:
            for said in _listed(task, kind):
                survey.questions |= {name for name, _ in choices(said.get("result") or [])}
        try:
            reference = image_of(task.get("data") or {})
            if reference not in seen:
                survey.places.update(set(places(reference)))
        except (TaskError, AttributeError):
            continue
        seen.add(reference)
    return survey


def _question(path: Path, survey: _Survey, wanted: Wanted) -> str | None:
    known = survey.questions
    if wanted.labels is not None and wanted.labels not in known:
        raise ImportingError(f"{path}: {unknown('choice', wanted.labels, known or ['(none)'])}")
    if wanted.labels is None and len(known) > 1:
        listed = ", ".join(sorted(known))
        raise ImportingError(
            f"{path} asked more than one question: {listed}. Say which is the class, such as "
            f"`--labels {min(known)}`."
        )
    return wanted.labels


def _told(task: dict[str, Any], question: str | None) -> tuple[Told, list[str]]:
    """What is told of a task's image, and what else should be known.

    Raises:
        TaskError: several choices at once.
    """
    given = _listed(task, "annotations") + _listed(task, "completions")
    people, remarks = answers(given, question, "annotations")
    models, _ = answers(_listed(task, "predictions"), question, "predictions")
    answer, remark = agreed(people)
    if not people:
        answer, remark = agreed(models)
    remarks += [remark] if remark else []
    return (Told(answer.label, answer.given) if answer else Told()), remarks


def _listed(task: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """The objects of one kind; Label Studio may list bare numbers instead."""
    said = task.get(kind)
    return [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []


def _own(task: dict[str, Any], data: dict[str, Any], told: Told) -> dict[str, Any]:
    """What an export of ours says of a task, in the columns of a row; empty of any other task."""
    given = _listed(task, "annotations")
    if told.given.source == "pseudo":
        return data | {own.SOURCE: "pseudo"}
    if len(given) != 1 or own.SOURCE not in given[0]:
        return {}
    said = given[0]
    return data | said | {"at": said.get("created_at"), "seconds": said.get("lead_time")}


def _name(task: dict[str, Any], data: dict[str, Any], number: int) -> str:
    image = data.get("image")
    return image if isinstance(image, str) else f"task {task.get('id', number)}"
