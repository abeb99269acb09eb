"""Documents: several pages that are one image, asked once and labeled once."""

from __future__ import annotations

DOCUMENTS = (
    # pages: 1 but for a document; face: the number of the page that models and cards show
    "ALTER TABLE image ADD COLUMN pages INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE image ADD COLUMN face INTEGER NOT NULL DEFAULT 1",
    # every page of a document, its face too; an image of one page has none. size: bytes of the file
    """CREATE TABLE page (
        image_id INTEGER NOT NULL REFERENCES image, number INTEGER NOT NULL,
        sha256 TEXT NOT NULL, stored TEXT NOT NULL, size INTEGER NOT NULL,
        width INTEGER NOT NULL, height INTEGER NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (image_id, number)) STRICT, WITHOUT ROWID""",
)
