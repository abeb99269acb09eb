"""What an import says of how images are shown whose files say several ways to it, or none."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.model.importing.report import ImportReport
from annotator.wording import many

NAMED = 4  # windows of a file that are named


def windows(report: ImportReport) -> Iterator[str]:
    """That a window was taken for somebody who did not choose, or a range of values for one.

    Windows are told by their numbers alone: what a file calls them might name a patient.
    """
    if report.windowed:
        told = [
            f"{number} (center {center:g}, width {width:g})"
            for number, (center, width) in enumerate(report.windows[:NAMED], 1)
        ]
        images = many(report.windowed, "DICOM image has", "DICOM images have")
        yield (
            f"{images} several windows, such as {', '.join(told)}: a table of the file is "
            "shown, else the first window. `--window` shows another one by its name or number, in "
            "a workspace where these images are not in yet."
        )
    if report.windowless:
        images = many(report.windowless, "DICOM image has", "DICOM images have")
        yield f"{images} no window: shown from the 0.5th to the 99.5th percentile of the values."
