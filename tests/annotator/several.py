"""Workspaces of documents: a PDF file, a TIFF file and a series, each one thing to label."""

from pathlib import Path

import numpy as np

from annotator.model import Image, Settings
from annotator.service import Service
from tests.annotator.documents import dicom, pdf, tiff
from tests.annotator.small import event

CLASSES = ("letter", "form")
PAGES = {"deep.tif": 2, "letter.pdf": 3, "series.dcm": 5}
VALUES = np.random.default_rng(5).integers(0, 3000, (5, 20, 30)).astype(np.uint16)


def source(folder: Path) -> Path:
    """Three files of several pages, and one file of one page."""
    folder.mkdir(parents=True)
    (folder / "letter.pdf").write_bytes(pdf("Dear", "middle of it", "sincerely"))
    (folder / "single.pdf").write_bytes(pdf("alone"))
    (folder / "deep.tif").write_bytes(tiff(VALUES[0], VALUES[1] * 20))
    window = {"WindowCenter": 900, "WindowWidth": 700, "RescaleSlope": 2, "RescaleIntercept": -9}
    (folder / "series.dcm").write_bytes(dicom(VALUES, **window))
    return folder


def workspace(root: Path) -> Service:
    """All of them as documents, none labeled, no job waiting."""
    service = Service.create(root, CLASSES, Settings(round_every=0, test_share=0.3))
    service.import_source(source(root.parent / f"{root.name} source"), documents=True)
    job = service.active_job()
    if job:
        service.cancel(job.id)
    return service


def named(service: Service) -> dict[str, Image]:
    """Images by name."""
    return {each.name: each for each in service.images()}


def label(service: Service) -> None:
    """Every image is a letter or a form, in turns."""
    events = [
        event(service, image, seq=seq, name=CLASSES[seq % 2])
        for seq, image in enumerate(service.images(), 1)
    ]
    service.record(events, "anna")
