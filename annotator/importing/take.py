"""Take one file: by what it holds it is an image, or a file of pages; the rest gets a reason."""

from __future__ import annotations

from annotator.imaging.quiet import quiet
from annotator.imaging.reading.content import HEAD, kind
from annotator.importing import pages
from annotator.importing.check import Event, UnfitError, is_one_picture, opened, whole
from annotator.importing.containers import CONTAINERS
from annotator.importing.pages import Here
from annotator.importing.source import Source
from annotator.model import Refused

BY_ITSELF = "not an image: name this file itself as the source to take the labels in it"


def take(source: Source, here: Here) -> list[Event]:
    """Read, check and copy one file; say what each of its images is, or why there is none.

    Raises:
        ImportingError: the workspace cannot be written.
    """
    try:
        with quiet(), opened(source) as file:
            found = kind(file.read(HEAD))
            file.seek(0)
            if not found or (found == "tiff" and is_one_picture(file)):
                return [whole(source, file, here.workspace, here.known)]
            content = file.read()
    except UnfitError as reason:
        table = source.path.suffix.lower() in CONTAINERS
        return [Refused(source.name, BY_ITSELF if table else str(reason))]
    except OSError as problem:  # a failing disk, a lost network folder
        return [Refused(source.name, f"cannot be read ({problem.strerror or problem})")]
    return pages.read(source, content, found, here)
