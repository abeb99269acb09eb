"""What an import says: each thing that it left out, changed or guessed, and the way out of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from annotator.model.importing import divided, shown
from annotator.model.importing.report import ImportReport
from annotator.wording import many, read_alike

NAMED = 5  # of many, how many are named
AND = " and "


class Ways(NamedTuple):
    """What a person can choose to agree to what is otherwise left out, as it is called there."""

    add_classes: str = "`--add-classes`"
    update_labels: str = "`--update-labels`"
    keep_splits: str = "`--keep-splits`"
    documents: str = "`--documents`"
    rest: str = ""  # behind how many more there are than are named: where all of them are


OPTIONS = Ways()


class Few(NamedTuple):
    """How much of a list a sentence names."""

    named: int
    rest: str  # what it says of the others, besides how many they are


def sentences(report: ImportReport, ways: Ways = OPTIONS, named: int = NAMED) -> tuple[str, ...]:
    """A sentence for each thing that a person should know of an import, the gravest first.

    Of many images or labels `named` are named; none where they are listed beside it.
    """
    few = Few(named, ways.rest)
    return (
        *_nothing(report),
        *_by_name(report, few),
        *_copies(report, few),
        *_conflicts(report, few),
        *_audited(report),
        *_differing(report, ways, few),
        *_classes(report, ways),
        *_names(report),
        *_unfit(report, few),
        *_machine(report),
        *_documents(report, ways),
        *shown.windows(report),
        *_beside(report),
        *divided.parts(report, ways.keep_splits),
        *divided.validation(report),
        *_groups(report),
    )


def counted(classes: Mapping[str, int]) -> str:
    """`'NORMAL' (6 images), 'PNEUMONIA' (1 image)`."""
    return ", ".join(f"'{name}' ({many(count, 'image')})" for name, count in classes.items())


def _some(told: Sequence[str], few: Few) -> str:
    """`: a; b; and 3 more`, to be put behind what they are; nothing where none is named."""
    left = len(told) - few.named
    more = f"; and {left:,} more{few.rest}" if left > 0 else ""
    return f": {'; '.join(told[: few.named])}{more}" if few.named else ""


def _nothing(report: ImportReport) -> Iterator[str]:
    if report.nothing:
        yield f"Nothing was imported: {refusals(report)}, none was good."


def refusals(report: ImportReport) -> str:
    """`4 files refused`, `9 rows refused` or `4 files and 2 pages and 9 rows refused`."""
    files = len(report.refused) - report.rows - report.pages_refused
    told = [many(files, "file")] if files else []
    told += [many(report.pages_refused, "page")] if report.pages_refused else []
    told += [many(report.rows, "row")] if report.rows else []
    return f"{AND.join(told) or '0'} refused"


def _by_name(report: ImportReport, few: Few) -> Iterator[str]:
    """That rows without a file were taken for images of their names, and where these differ."""
    if not report.by_name:
        return
    rows = many(len(report.by_name), "row names", "rows name")
    told = [f"{row} is {name} here" for row, name in report.by_name if row != name]
    if not told:
        yield f"{rows} no file there: matched by name with images that are here."
        return
    yield (
        f"{rows} no file there: matched by name with images that are here, {len(told):,} by the "
        f"end of a name alone{_some(told, few)}. Where that is another image, leave the row out "
        "of the table."
    )


def _copies(report: ImportReport, few: Few) -> Iterator[str]:
    """Which files are copies, and of what; the same file under its own name is none."""
    if report.copies:
        told = [
            f"{name} of {image}" if name != image else f"{name}, which is there twice"
            for name, image in report.copies
        ]
        files = many(len(told), "file is a copy", "files are copies")
        yield f"{files}, for which no image comes in{_some(told, few)}."


def _conflicts(report: ImportReport, few: Few) -> Iterator[str]:
    if report.conflicts:
        told = [
            f"{AND.join(each.names)} as {AND.join(map(repr, each.labels))}"
            for each in report.conflicts
        ]
        yield (
            f"{many(len(told), 'image')} came under several labels, so none of them was taken"
            f"{_some(told, few)}. Leave one of them in the source, then import again."
        )


def _audited(report: ImportReport) -> Iterator[str]:
    if report.audited:
        yield (
            f'{many(report.audited, "label")} or "can\'t tell" left out: the open audit asks about '
            "their images, and what comes from elsewhere is no answer to it. Import again once it "
            "has ended."
        )


def _differing(report: ImportReport, ways: Ways, few: Few) -> Iterator[str]:
    plain, settled = (
        [
            f"{each.name} is {each.here}, '{each.told}' in the source"
            for each in report.differing
            if each.settled is which
        ]
        for which in (False, True)
    )
    if settled:
        yield (
            f"{many(len(settled), 'label differs', 'labels differ')} from what was settled here, "
            f"which no import replaces{_some(settled, few)}. To settle such an image otherwise, "
            "answer it anew on the page Data."
        )
    if plain:
        yield (
            f"{many(len(plain), 'label differs', 'labels differ')} from what is here, which stays"
            f"{_some(plain, few)}. {ways.update_labels} takes over what the source says; both "
            "stay in the log."
        )
    if report.updated:
        took = "take" if not report.written else "took"
        told = [f"{each.name} was {each.here}, is now '{each.told}'" for each in report.replaced]
        yield (
            f"{many(report.updated, 'label')} {took} the place of others, which stay in the "
            f"log{_some(told, few)}."
        )


def _classes(report: ImportReport, ways: Ways) -> Iterator[str]:
    if report.classes:
        yield f"New classes: {counted(report.classes)}."
    if report.unknown:
        yield (
            f"{many(sum(report.unknown.values()), 'label')} left out, as there are no such classes "
            f"here: {counted(report.unknown)}. {ways.add_classes} adds them; their images "
            f"{'are' if report.written else 'come'} in all the same, and can be labeled by another "
            "import."
        )
    for name, count in report.removed.items():
        yield (
            f"{many(count, 'label')} left out: the class '{name}' was removed. Restore it on the "
            "Settings page, then import again."
        )


def _names(report: ImportReport) -> Iterator[str]:
    for one, other in report.slips:
        mend = "mend it in the source"
        if report.written:
            mend += ", then import again; once it is a class, merge it on the Settings page"
        yield f"'{one}' differs from '{other}' in one letter: if that is a slip, {mend}."
    for one, other in report.alike:
        yield read_alike(one, other)
    for one, other in report.merged.items():
        yield f"'{one}' was merged into '{other}' here, so its labels count as '{other}'."
    for one, other in report.renamed.items():
        yield f"'{one}' was renamed '{other}' since the import began, and its labels go there."


def _unfit(report: ImportReport, few: Few) -> Iterator[str]:
    if report.unfit:
        told = [f"{each.name}: {each.reason}" for each in report.unfit]
        yield f"{many(len(told), 'label')} cannot be a class name{_some(told, few) or '.'}"


def _machine(report: ImportReport) -> Iterator[str]:
    if report.machine:
        yield (
            f"{many(report.machine, 'label')} left out, as a model gave them and no person: "
            "their images are open, and a round predicts them anew."
        )


def _documents(report: ImportReport, ways: Ways) -> Iterator[str]:
    if report.single:
        files = many(report.paged, "file")
        yield (
            f"{many(report.single, 'image is a page', 'images are pages')} of {files}, and each "
            f"page is labeled by itself. {ways.documents} makes one image of each file, in a "
            "workspace where its pages are not in yet."
        )
    if report.counted > report.single:
        yield (
            f"Each page counts by itself: {many(report.counted, 'page')} of "
            f"{many(report.counted_of, 'file')} with several."
        )
    if report.documents:
        come = "come" if not report.written else "came"
        yield (
            f"{many(report.documents, 'document')} with {report.pages:,} pages {come} in, each as "
            "one image to label. People see all pages; models see the first one, of a series of "
            "frames the middle one, and learn nothing of a class that other pages alone show."
        )


def _beside(report: ImportReport) -> Iterator[str]:
    if report.unclear:
        images = many(report.unclear, "image comes", "images come")
        yield f"{images} as what nobody can tell: not asked until Data brings them back."
    if report.outweighed:
        images = many(report.outweighed, "image has", "images have")
        yield f"{images} a label here, which outweighs that nobody could tell there."
    if report.marked:
        yield f"{many(report.marked, 'image')} with a flag or a note of the source."


def _groups(report: ImportReport) -> Iterator[str]:
    if report.grouped:
        alone = f" {many(report.alone, 'new image')} belong to none." if report.alone else ""
        yield (
            f"Images belong together {report.grouped}: {many(report.groups, 'group')}, each drawn "
            f"as a whole to measure with or to learn from.{alone} Only a salted hash of a group "
            "is stored."
        )
    if report.elsewhere:
        yield (
            f"{many(report.elsewhere, 'image')} came in earlier with another group, which stays."
        )
    if report.both:
        which = "test or validation set" if report.validating else "test set"
        yield (
            f"{many(report.both, 'group has', 'groups have')} images in the {which} and beside it, "
            f"which were divided before or by the source: what is beside the {which} is not "
            "learned from."
        )
    if report.odd:
        yield (
            "Groups of this workspace were not all called with one secret, as some came with an "
            "export of another workspace, or its file `secret` was replaced. One patient may then "
            "be two groups: import all images of a patient from one place."
        )
