"""What an import says of how images are divided: what is learned from, validates and measures."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.model.images import VALIDATION
from annotator.model.importing.report import ImportReport
from annotator.wording import many


def parts(report: ImportReport, keep_splits: str) -> Iterator[str]:
    """Sentences on what becomes of a source's own division; `keep_splits` is how to keep it."""
    if report.parts:
        told = ", ".join(f"{name} {count:,}" for name, count in report.parts.items())
        yield f"The source is divided: {told} images. {_kept(report, keep_splits)}"
    elif report.keeps and not (report.kept or report.kept_val):
        yield "The source tells of no test set that could be kept, so one is drawn."
    else:
        for count, name in ((report.kept, "test"), (report.kept_val, "validation")):
            if count:
                images = many(count, "image")
                yield f"{images} stay in the {name} set in which the source has them."
    if report.stayed:
        yield (
            f"{many(report.stayed, 'image')} of the source's division came in earlier, with "
            "another split, which stays."
        )


def validation(report: ImportReport) -> Iterator[str]:
    """Sentences on the images that validate, and whether there can be enough of them."""
    if report.val:
        images = many(report.val, "new image validates", "new images validate")
        yield f"{images}: asked like others, never learned from, to say how sure models may be."
    if (
        (report.validates or report.validating)
        and report.added > 0
        and (report.validating < VALIDATION)
    ):
        yield (
            f"{many(report.validating, 'validation image')} in all: confidences are calibrated by "
            f"them from {VALIDATION} labeled ones on, and until then as without any. Import more "
            "images, or raise 'Reserved for calibrating' (`val_share`) in the settings before the "
            "next import."
        )


def _kept(report: ImportReport, keep_splits: str) -> str:
    if report.keeps:
        test = f"Its test set is kept ({many(report.kept, 'new image')})"
        if report.validates and "val" in report.parts:
            return (
                f"{test}, and so is its validation set ({many(report.kept_val, 'new image')}); "
                "what else is divided is to learn from."
            )
        also = f"{test}, and what else is divided is to learn from, also 'val'"
        if "val" in report.parts:
            return f"{also}, as the setting `val_share` is 0."
        return f"{also}."
    drawn = "was drawn" if report.written else "is drawn"
    own = "own sets" if report.validates and "val" in report.parts else "own"
    return (
        f"That is not kept: a test set {drawn} anew from all of them. "
        f"{keep_splits} keeps the source's {own}, of images that are new here."
    )
