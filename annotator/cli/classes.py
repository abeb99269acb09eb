"""The command about classes: list them, change them, and see what was done to them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any, NamedTuple

import typer

from annotator.cli import printing
from annotator.cli.options import Json, Root
from annotator.errors import AnnotatorError, unknown
from annotator.model import ClassChange, ClassName
from annotator.service import Service
from annotator.wording import many


class Look(NamedTuple):
    """What `describe` changes; None leaves it as it is."""

    color: str | None
    description: str | None
    example: str | None


def classes(
    root: Root,
    act: Annotated[
        str | None,
        typer.Argument(
            help="One of: add NAME, rename OLD NEW, merge CLASS INTO, split CLASS, order CLASS "
            "CLASS …, describe CLASS, remove CLASS, restore CLASS, log. Without it they are listed."
        ),
    ] = None,
    names: Annotated[list[str] | None, typer.Argument(help="Names of classes.")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Remove a class although that hides its labels.")
    ] = False,
    color: Annotated[
        str | None, typer.Option(help="For describe: as #1f77b4; empty takes it away.")
    ] = None,
    description: Annotated[str | None, typer.Option(help="For describe: how to tell it.")] = None,
    example: Annotated[
        str | None,
        typer.Option(help="For describe: an image of it, by the end of its name or its number."),
    ] = None,
    json_: Json = False,
) -> None:
    """List the classes with their labels, or change them; no change loses a label."""
    service = Service.open(root)
    if act is None or act == "log":
        _show(service, act, json_)
        if act is None:
            printing.warn_of_alike(service.alike_classes(), root)
        return
    if act not in ACTS:
        raise AnnotatorError(unknown("act on classes", act, [*ACTS, "log"]))
    form, work = ACTS[act]
    given = list(names or ())
    fits = len(given) == form.count(" ") + 1 if "…" not in form else bool(given)
    if not fits:
        raise AnnotatorError(
            f"`{act}` is written `certilabel classes {root} {act} {form}`; put a name with blanks "
            "in quotes."
        )
    if act == "remove" and not yes:
        _ask(service, given[0])
    printing.say(work(service, given, Look(color, description, example)))
    if act in NAMING:
        printing.warn_of_alike(service.alike_classes(), root)


def _ask(service: Service, name: str) -> None:
    """Refuse to hide labels that nobody has agreed to hide."""
    found = service.class_named(name)
    hidden = service.count_by_class().get(found.name, 0)
    if hidden and found.active:
        labels = many(hidden, "label: its image is", "labels: their images are")
        raise AnnotatorError(
            f"Removing '{found.name}' hides {labels} asked again. Say --yes to do it; `restore` "
            "brings all of them back, and `merge` counts them as another class instead."
        )


def _add(service: Service, names: Sequence[str], _: Look) -> str:
    return _stands(service, service.add_class(names[0]).id)


def _rename(service: Service, names: Sequence[str], _: Look) -> str:
    old, new = names
    found = service.class_named(old)
    renamed = service.rename_class(found.id, new)
    return f"'{found.name}' is called '{renamed.name}' now. {_stands(service, found.id)}"


def _merge(service: Service, names: Sequence[str], _: Look) -> str:
    one, other = (service.class_named(name) for name in names)
    service.merge_class(one.id, other.id)
    return f"'{one.name}' counts as '{other.name}' now. {_stands(service, other.id)}"


def _split(service: Service, names: Sequence[str], _: Look) -> str:
    found = service.class_named(names[0])
    service.split_class(found.id)
    return _stands(service, found.id)


def _order(service: Service, names: Sequence[str], _: Look) -> str:
    service.order_classes([service.class_named(name).id for name in names])
    told = ", ".join(each.name for each in service.classes())
    return f"The order is now: {told}. Pages that are open keep their keys until they are reloaded."


def _describe(service: Service, names: Sequence[str], look: Look) -> str:
    if look == Look(None, None, None):
        raise AnnotatorError("Say what to change: --color, --description or --example.")
    example = look.example
    described = service.describe_class(
        service.class_named(names[0]).id,
        color=look.color,
        description=look.description,
        example_id=service.explore.find(example).id if example else (0 if example == "" else None),
    )
    return _line(service, described, service.count_by_class())


def _remove(service: Service, names: Sequence[str], _: Look) -> str:
    found = service.class_named(names[0])
    hidden = service.count_by_class().get(found.name, 0)
    service.remove_class(found.id)
    return f"'{found.name}' is removed; {hidden:,} labels are hidden. `restore` brings them back."


def _restore(service: Service, names: Sequence[str], _: Look) -> str:
    found = service.class_named(names[0])
    service.restore_class(found.id)
    return _stands(service, found.id)


def _stands(service: Service, class_id: int) -> str:
    """How many labels a class has after a change."""
    found = next(each for each in service.classes(removed=True) if each.id == class_id)
    if not found.active:
        return f"'{found.name}' is {_hidden(service, found)}."
    return f"'{found.name}' has {service.count_by_class()[found.name]:,} labels."


class Act(NamedTuple):
    """How an act is written, and what does it and says what came of it."""

    form: str
    work: Callable[[Service, Sequence[str], Look], str]


ACTS: dict[str, Act] = {
    "add": Act("NAME", _add),
    "rename": Act("OLD NEW", _rename),
    "merge": Act("CLASS INTO", _merge),
    "split": Act("CLASS", _split),
    "order": Act("CLASS CLASS …", _order),
    "describe": Act("CLASS", _describe),
    "remove": Act("CLASS", _remove),
    "restore": Act("CLASS", _restore),
}
NAMING = {"add", "rename", "restore", "split"}  # acts after which two names may read alike


def _show(service: Service, act: str | None, json_: bool) -> None:
    """List the classes, or what was done to them."""
    counts = service.count_by_class()
    found = service.classes(removed=True) if act is None else service.class_log()
    if json_:
        rows: list[dict[str, Any]] = [asdict(each) for each in found]
        for row in rows if act is None else ():
            row["labels"] = counts.get(row["name"], 0)
        print(json.dumps(rows))
        return
    for each in found:
        told = _line(service, each, counts) if isinstance(each, ClassName) else _change(each)
        printing.say(told)


def _line(service: Service, each: ClassName, counts: dict[str, int]) -> str:
    stands = f"{counts[each.name]:,}" if each.active else _hidden(service, each)
    example = f"such as image {each.example_id}" if each.example_id else ""
    rest = "  ".join(filter(None, (each.color, example, each.description)))
    return f"{each.name:24} {stands:>8}  {rest}".rstrip()


def _hidden(service: Service, each: ClassName) -> str:
    if each.merged_into is None:
        return "removed"
    names = {other.id: other.name for other in service.classes(removed=True)}
    return f"merged into '{names[each.merged_into]}'"


def _change(each: ClassChange) -> str:
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(each.at))
    sides = " ".join(
        f"{key}: {each.before.get(key)!r} → {value!r}"
        for key, value in each.after.items()
        if key != "removed" and each.before.get(key) != value
    )
    return f"{stamp}  {each.person or '(a source)'}  {each.kind} '{each.name}'  {sides}".rstrip()
