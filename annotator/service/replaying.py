"""Replaying: what a simulated annotator needs, known answers and a blank copy to give them in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from annotator.catalog.settings import check_settings
from annotator.errors import WorkspaceError
from annotator.importing.truth import read_truth
from annotator.model import Image, NewImage, Settings
from annotator.project import Workspace, own, private
from annotator.service.opened import Opened
from annotator.store import Store
from annotator.store.classes import tidy
from annotator.upkeep import scratch

CHUNK = 4_096  # images that are objects at a time


class Replaying(Opened):
    """The same images labeled once more, from known answers."""

    def truth(self, path: Path) -> dict[str, str]:
        """SHA-256 -> true class of the images here, from a CSV file; it never enters the store.

        Raises:
            AnnotatorError: a class in it has a name that no class can have.
            ImportingError: a column is absent, or no row is about an image of this workspace.
        """
        here = self.store.images.names()
        known = read_truth(path, dict(zip(here.names, here.hashes, strict=True)))
        return {sha256: tidy(name) for sha256, name in known.items()}

    def pseudo_labeled(self, round_number: int, threshold: float) -> Iterator[tuple[int, str]]:
        """The class and the SHA-256 of each pseudo-label of a round, in no order."""
        said = self.store.orders.pseudo_labels(round_number, threshold)
        return zip(said.column("class_id"), said.hashes(), strict=True)

    def unasked_test_images(self, limit: int | None = None) -> list[Image]:
        """Test images without a label that do not wait in the queue, in random order."""
        ids = self.store.queue.unasked("test", limit if limit is not None else -1)
        images = self.store.images.many(ids)
        return [images[each] for each in ids]

    def scratch_folder(self) -> AbstractContextManager[Path]:
        """A folder for copies that goes at the end, or when the next one is asked for.

        SIGTERM ends the body as Ctrl-C does; call it in the main thread.
        """
        return scratch.folder(self.workspace.root)

    def blank_copy(self, folder: Path, settings: Settings) -> Workspace:
        """Make a workspace with the same images and caches, and no class or label.

        Images are linked, not copied, where the file system can; test and validation images are
        drawn anew by the seed of the settings, and what belongs together stays together.

        Raises:
            AnnotatorError: a setting is out of range.
            WorkspaceError: the folder is taken or cannot be written, or an image is gone.
        """
        check_settings(settings, own.names(self.workspace.own))
        with Workspace.making(folder) as fresh:
            store = Store.create(fresh.database)
            # Who answers a copy knows the truth: nothing there is learned from asking twice
            store.settings.save(replace(settings, second_opinions=0.0, repeats=0.0))
            groups = self.store.images.groups()
            here = self.store.images.names()
            splits = store.images.divided(
                here.hashes,
                test_share=settings.test_share,
                val_share=settings.val_share,
                seed=settings.seed,
                groups=groups,
            )
            for start in range(0, len(here), CHUNK):  # what is imported meanwhile stays out
                some = self.store.images.page("all", start, min(CHUNK, len(here) - start))
                for image in some:
                    source, target = (at.image_path(image.stored) for at in (self.workspace, fresh))
                    _link(image.name, source, target)
                new = [
                    NewImage(i.sha256, i.name, i.stored, i.width, i.height, i.note) for i in some
                ]
                store.images.append(new, splits, seed=settings.seed, groups=groups)
            store.db.close()
            shutil.rmtree(fresh.features)
            fresh.features.symlink_to(self.workspace.features.resolve())
            if self.workspace.own.is_dir():
                fresh.own.symlink_to(self.workspace.own.resolve())
        return fresh


def _link(name: str, source: Path, target: Path) -> None:
    """Make an image's file appear in another place without copying it."""
    target.parent.mkdir(private.FOLDER, parents=True, exist_ok=True)
    if target.exists():  # two documents that begin with the same page
        return
    try:
        os.link(source, target)
    except FileNotFoundError as problem:
        raise WorkspaceError(
            f"The image '{name}' is gone from {source.parent}. "
            "Import its source again: what is missing is restored."
        ) from problem
    except OSError:  # another disk, or a file system without links
        shutil.copy2(source, target)
