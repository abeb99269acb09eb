"""The pages of a document, and by them every file that the images of a workspace need."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from annotator.model import DocumentPage, StoredFile
from annotator.store.database import BIGGEST, Database, Row

COLUMNS = "number, sha256, stored, size, width, height, text"
# An image lies in the file that has its name; a document in those of its pages
FILES = """SELECT name, stored, sha256 FROM image WHERE pages = 1
    UNION ALL SELECT image.name || '#page=' || page.number, page.stored, page.sha256
    FROM page JOIN image ON image.id = page.image_id"""
FILES_WITHOUT_DOCUMENTS = "SELECT name, stored, sha256 FROM image"  # of an earlier schema


class Pages:
    """Which pages each document has; an image of one page has no row here."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, pages: Iterable[tuple[int, Sequence[DocumentPage]]]) -> None:
        """Write the pages of new documents, (image id, its pages) each."""
        self.db.run_many(
            f"""INSERT INTO page (image_id, {COLUMNS})
                VALUES (:image_id, :number, :sha256, :stored, :size, :width, :height, :text)""",
            [
                {
                    "image_id": image_id,
                    "number": page.number,
                    "sha256": page.sha256,
                    "stored": page.stored,
                    "size": page.size,
                    "width": page.width,
                    "height": page.height,
                    "text": page.text,
                }
                for image_id, several in pages
                for page in several
            ],
        )

    def of(self, image_id: int) -> list[DocumentPage]:
        """The pages of a document, in order; none of an image that is no document."""
        rows = self.db.rows(
            f"SELECT {COLUMNS} FROM page WHERE image_id = :id ORDER BY number", {"id": image_id}
        )
        return [_page(row) for row in rows]

    def of_sha256(self, sha256: str) -> list[DocumentPage]:
        """Likewise, of the document of this hash."""
        rows = self.db.rows(
            f"""SELECT {COLUMNS} FROM page
                WHERE image_id = (SELECT id FROM image WHERE sha256 = :sha) ORDER BY number""",
            {"sha": sha256},
        )
        return [_page(row) for row in rows]

    def shapes(self, image_id: int) -> list[tuple[str, int, int]]:
        """(path below the workspace, width, height) of each page of a document, in order."""
        rows = self.db.rows(
            "SELECT stored, width, height FROM page WHERE image_id = :id ORDER BY number",
            {"id": image_id},
        )
        return [(row["stored"], row["width"], row["height"]) for row in rows]

    def one(self, image_id: int, number: int) -> DocumentPage | None:
        """A page of a document, if it has that many."""
        if not 0 < number <= BIGGEST:
            return None
        row = self.db.row(
            f"SELECT {COLUMNS} FROM page WHERE image_id = :id AND number = :n",
            {"id": image_id, "n": number},
        )
        return _page(row) if row else None

    def files(self) -> list[StoredFile]:
        """Every file that an image or a page lies in, each once, by the name of who came first."""
        return distinct(tuple(row.values()) for row in self.db.rows(FILES))


def files_of(connection: sqlite3.Connection) -> list[StoredFile]:
    """Likewise, of a copied database, whatever its schema."""
    known = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'page'").fetchone()
    query = FILES if known else FILES_WITHOUT_DOCUMENTS
    return distinct(tuple(row) for row in connection.execute(query))


def distinct(rows: Iterable[tuple[str, ...]]) -> list[StoredFile]:
    """Each file once: pages that look alike to the last dot lie in one."""
    found: dict[str, StoredFile] = {}
    for row in rows:
        found.setdefault(row[1], StoredFile(*row))
    return list(found.values())


def _page(row: Row) -> DocumentPage:
    return DocumentPage(**row)
