"""The only place that speaks SQL: one class a kind of row, all over one database."""

from __future__ import annotations

from pathlib import Path

from annotator.store.classes import Classes
from annotator.store.database import Database
from annotator.store.images import Images
from annotator.store.jobs import Fence, Jobs, LostJob
from annotator.store.labels import Labels
from annotator.store.queue import Queue
from annotator.store.results import Results
from annotator.store.twins import Twins

__all__ = ["Fence", "LostJob", "Store"]


class Store:
    """All tables of one workspace. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.db = Database(path)
        self.classes = Classes(self.db)
        self.images = Images(self.db)
        self.labels = Labels(self.db)
        self.queue = Queue(self.db)
        self.jobs = Jobs(self.db)
        self.results = Results(self.db)
        self.twins = Twins(self.db)
