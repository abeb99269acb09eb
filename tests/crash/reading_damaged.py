"""What a damaged file meets in the product, in a process with little memory and time.

`python -m tests.crash.reading_damaged images|tables FOLDER`: each file of the folder is imported
and each image that was taken is shown; it prints how many were taken and how many refused.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

from annotator.errors import AnnotatorError
from annotator.imaging import pixels
from annotator.importing.scan import scan
from annotator.importing.truth import read_truth
from annotator.model import NewImage, Refused
from annotator.project import Workspace

MEMORY = 3 * 2**30  # bytes of addresses; an image of 100 megapixels needs its share of them
SECONDS = 150  # for one file: a decoder in a process of its own has a minute


def main(kind: str, folder: Path) -> None:
    """Read all files of a kind."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    workspace = Workspace.create(folder.parent / f"{folder.name} workspace")
    read = {"images": _image, "tables": _table}[kind]
    counts = {"taken": 0, "refused": 0}
    for file in sorted(folder.iterdir()):
        signal.alarm(SECONDS)  # kills this process: a file that takes longer is a fault
        print(file.name, file=sys.stderr, flush=True)  # the last line names it
        counts["taken" if read(workspace, file) else "refused"] += 1
    print(json.dumps(counts))


def _image(workspace: Workspace, file: Path) -> bool:
    """Import one file; whether any image of it was taken, which a page can then show."""
    images = 0
    for found in scan(file, workspace):  # a file may have pages, each with its own end
        assert not isinstance(found, Refused) or found.reason
        if isinstance(found, NewImage):
            images += 1
            for shown in (pixels.for_browser, lambda path: pixels.thumbnail(path, 160)):
                content, media_type = shown(workspace.image_path(found.stored))
                assert content
                assert media_type.startswith("image/")
    return images > 0


def _table(workspace: Workspace, file: Path) -> bool:
    """Read one table as a source and as known answers; whether any of both could be done."""
    done = 0
    for read in (
        lambda: list(scan(file, workspace)),
        lambda: read_truth(file, {"a.png": "0" * 64}),
    ):
        with suppress(AnnotatorError):
            read()
            done += 1
    return bool(done)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
