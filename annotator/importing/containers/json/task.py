"""One task of Label Studio: its image, what people answered, and what a model guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from annotator.importing.containers.named import shorter
from annotator.model import Given, LabelSource

IMAGES = (".bmp", ".dcm", ".gif", ".jp2", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
UPLOADS, SERVED = "/data/upload/", "/data/local-files/"
SKIPPED = "was_cancel" + "led"  # as Label Studio spells it
HASH = 8  # digits that Label Studio puts before the name of an upload, and a dash


@dataclass(frozen=True, slots=True)
class Answer:
    """One choice about the whole image."""

    label: str
    given: Given
    decides: bool = False  # marked as the ground truth


class TaskError(Exception):
    """A task cannot be taken; the message is the reason."""


def image_of(data: Mapping[str, Any]) -> str:
    """Where the image of a task lies, as the task says it.

    Raises:
        TaskError: it has none, or several.
    """
    named = {key: value for key, value in data.items() if isinstance(value, str)}
    if "image" in named:
        return named["image"]
    found = {key: value for key, value in named.items() if _looks_like_one(value)}
    if len(found) == 1:
        return next(iter(found.values()))
    keys = ", ".join(f"'{each}'" for each in found or data)
    if found:
        raise TaskError(f"several images in one task ({keys}); split it, or name one 'image'")
    raise TaskError(f"no image in its data, which has {keys or 'nothing'}")


def _looks_like_one(value: str) -> bool:
    path = urlsplit(value).path if "://" in value else value
    return path.startswith((UPLOADS, SERVED)) or path.lower().endswith(IMAGES)


def places(reference: str) -> tuple[str, ...]:
    """Where below the folder of the export the image may lie, the whole way first.

    Raises:
        TaskError: it lies on the web or in a store of objects.
    """
    try:
        parts = urlsplit(reference) if "://" in reference or SERVED in reference else None
    except ValueError as problem:
        raise TaskError(f"an address that cannot be read ({problem})") from problem
    path = parts.path if parts else reference
    if parts and path.startswith(SERVED):
        return tuple(shorter(parse_qs(parts.query).get("d", [""])[0]))
    if path.startswith(UPLOADS):
        name = unquote(path.removeprefix("/data/"))
        plain = name.rsplit("/", 1)[-1]
        own = plain[HASH + 1 :] if plain[HASH : HASH + 1] == "-" else plain
        return (*shorter(f"media/{name}"), own)
    if parts and parts.scheme != "file":
        raise TaskError(
            f"an address ({parts.scheme}://{parts.netloc}…), and nothing is fetched; copy the "
            "images beside the file and let the tasks name them, or import a table of addresses"
        )
    return tuple(shorter(unquote(path) if parts else path))


def choices(result: Iterable[Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield (question, what was chosen) of each choice about a whole image."""
    for each in result:
        value = each.get("value") if isinstance(each, dict) else None
        chosen = value.get("choices") if isinstance(value, dict) else None
        if isinstance(chosen, list) and chosen:
            yield str(each.get("from_name", "")), [str(one) for one in chosen]


def answers(
    said: Iterable[Any], question: str | None, kind: Literal["annotations", "predictions"]
) -> tuple[list[Answer], list[str]]:
    """Read annotations or predictions: the answers, and what is to be known besides.

    Args:
        said: the objects that the task lists.
        question: the `from_name` that is asked for; None where there is only one.
        kind: a prediction is a model's word and stays that.

    Raises:
        TaskError: several choices at once.
    """
    found, remarks = [], []
    for each in said:
        if not isinstance(each, dict):  # the number of a comment, or of an earlier draft
            continue
        by = _by(each, kind)
        if each.get(SKIPPED):
            remarks.append(f"skipped by {by or 'somebody'}")
            continue
        result = each.get("result") or []
        mine = [chosen for name, chosen in choices(result) if question in (None, name)]
        if len(mine) > 1 or any(len(chosen) > 1 for chosen in mine):
            listed = ", ".join(f"'{one}'" for chosen in mine for one in chosen)
            raise TaskError(f"several choices at once ({listed}); an image has one class here")
        if mine:
            given = Given(_source(each, kind), by, _at(each), _seconds(each))
            found.append(Answer(mine[0][0], given, bool(each.get("ground_truth"))))
        elif result:
            drawn = ", ".join(
                sorted({str(one.get("type")) for one in result if isinstance(one, dict)})
            )
            remarks.append(f"an answer without a choice for the whole image ({drawn}) was left out")
        elif kind == "annotations":
            remarks.append(f"submitted without an answer by {by or 'somebody'}")
    return found, remarks


def agreed(found: list[Answer]) -> tuple[Answer | None, str]:
    """The answer that counts, the newest of those that say the same, and what to know of others.

    Where answers differ, one that is marked as ground truth settles it; else none counts.
    """
    if not found:
        return None, ""
    deciding = [each for each in found if each.decides] or found
    newest = max(deciding, key=lambda each: each.given.at or 0.0)
    said = ", ".join(f"{each.given.annotator or 'somebody'}: '{each.label}'" for each in found)
    if len({each.label for each in deciding}) > 1:
        return None, f"answers differ ({said}), so it came without a label"
    if len({each.label for each in found}) > 1:
        return newest, f"answers differed ({said}); the ground truth counts"
    others = [each for each in found if each is not newest]
    return newest, f"{len(found)} answers agree ({said}); one label" if others else ""


def _source(each: Mapping[str, Any], kind: str) -> LabelSource:
    """Whose word it is: an answer that began as a model's guess was not given blind."""
    if kind == "predictions":
        return "pseudo"
    return "verified" if each.get("prediction") or each.get("parent_prediction") else "human"


def _by(each: Mapping[str, Any], kind: str) -> str:
    """A person's address, name or number; of a prediction the version of its model."""
    who = each.get("model_version" if kind == "predictions" else "completed_by")
    if isinstance(who, dict):
        name = " ".join(str(who.get(key) or "") for key in ("first_name", "last_name")).strip()
        who = who.get("email") or who.get("username") or name or who.get("id")
    return "" if who is None else str(who)


def _at(each: Mapping[str, Any]) -> float | None:
    """When it was last changed, unix seconds; a time without a zone is UTC."""
    text = each.get("updated_at") or each.get("created_at")
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _seconds(each: Mapping[str, Any]) -> float:
    spent = each.get("lead_time")
    return float(spent) if isinstance(spent, int | float) and 0 <= spent < 1e9 else 0.0
