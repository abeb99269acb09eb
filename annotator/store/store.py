"""All tables of one workspace behind one name."""

from __future__ import annotations

from pathlib import Path

from annotator.store.auditing.orders import Orders
from annotator.store.auditing.table import Audits
from annotator.store.beside import Beside
from annotator.store.beside.history import History
from annotator.store.classes import Classes
from annotator.store.database import Database
from annotator.store.documents.pages import Pages
from annotator.store.finding.doubts import Doubts
from annotator.store.finding.guesses import GuessPages
from annotator.store.finding.search import Search
from annotator.store.finding.sittings import Sittings
from annotator.store.holding.leases import Leases
from annotator.store.images import Images
from annotator.store.jobs import Jobs
from annotator.store.labels import Labels
from annotator.store.near_duplicates import NearDuplicatesTable
from annotator.store.predicted.comparing import Comparing
from annotator.store.predicted.looks import Looks
from annotator.store.queue import Queue
from annotator.store.results import Results
from annotator.store.settings import SettingsTable
from annotator.store.timing.parts import JobParts
from annotator.store.twice import AskTwice
from annotator.store.workers import Workers


class Store:
    """All tables of one workspace. Safe to share between threads.

    Raises:
        StoreError: the file is missing, emptied or damaged, or cannot be written.
        WorkspaceError: a newer version wrote the file.
    """

    def __init__(self, path: Path) -> None:
        self.db = Database(path)
        self.settings = SettingsTable(self.db)
        self.classes = Classes(self.db)
        self.images = Images(self.db)
        self.pages = Pages(self.db)
        self.labels = Labels(self.db)
        self.beside = Beside(self.db)
        self.history = History(self.db)
        self.search = Search(self.db)
        self.guesses = GuessPages(self.db)
        self.sittings = Sittings(self.db)
        self.doubts = Doubts(self.db)
        self.queue = Queue(self.db)
        self.twice = AskTwice(self.db)
        self.leases = Leases(self.db)
        self.jobs = Jobs(self.db)
        self.parts = JobParts(self.db)
        self.workers = Workers(self.db)
        self.results = Results(self.db)
        self.comparing = Comparing(self.db)
        self.looks = Looks(self.db)
        self.audits = Audits(self.db)
        self.orders = Orders(self.db)
        self.near_duplicates = NearDuplicatesTable(self.db)

    @classmethod
    def create(cls, path: Path) -> Store:
        """Make the file with all tables, without a row in them.

        Raises:
            StoreError: it is there already, or cannot be written.
        """
        Database.create(path).close()
        return cls(path)
