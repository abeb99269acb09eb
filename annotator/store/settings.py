"""Settings: what the owner of a workspace decides, a row a field."""

from __future__ import annotations

import json
from dataclasses import asdict

from annotator.model import Settings
from annotator.store.database import Database


class SettingsTable:
    """Settings that were never saved are the defaults; rows that nobody knows are left alone."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def get(self) -> Settings:
        """The settings as they are now."""
        saved = {
            row["key"]: json.loads(row["value"]) for row in self.db.rows("SELECT * FROM setting")
        }
        return Settings.read(saved)

    def save(self, settings: Settings) -> None:
        """Write all settings, whatever they are: they are judged before."""
        self.db.run_many(
            """INSERT INTO setting VALUES (:key, :value)
               ON CONFLICT (key) DO UPDATE SET value = excluded.value""",
            [{"key": key, "value": json.dumps(v)} for key, v in asdict(settings).items()],
        )
