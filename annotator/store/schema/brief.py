"""Where an image lies, kept in a few bytes: of most the SHA-256 says it, but for the ending."""

from __future__ import annotations

from annotator.project import place

# A file is called by what it contains; a document lies where its face does, and says so in full
BY_HASH = "'images/' || substr(sha256, 1, 2) || '/' || sha256"
LENGTH = len("images/ab/") + 64

# kept: `.png` where all before it is BY_HASH, otherwise the whole path
BRIEF = (
    "ALTER TABLE image RENAME COLUMN stored TO kept",
    f"""UPDATE image SET kept = substr(kept, {LENGTH + 1})
        WHERE substr(kept, 1, {LENGTH + 1}) = {BY_HASH} || '.'""",
    f"""ALTER TABLE image ADD COLUMN stored TEXT GENERATED ALWAYS AS
        (CASE WHEN substr(kept, 1, 1) = '.' THEN {BY_HASH} || kept ELSE kept END) VIRTUAL""",
)


def kept(stored: str, sha256: str) -> str:
    """What is kept of the path at which an image with that SHA-256 lies."""
    name = place(sha256)
    return stored[len(name) :] if stored.startswith(f"{name}.") else stored
