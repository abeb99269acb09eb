"""What belongs together: images of one group, and near-duplicates, and groups that these tie."""

from __future__ import annotations

from annotator.store.database import Database

# Each image that may not be alone, and by what: two that share either belong together
TIES = """SELECT id, 'group ' || in_group AS tie FROM image WHERE in_group <> ''
    UNION ALL SELECT image_id, 'first ' || first_id FROM near_duplicate"""


def together(db: Database) -> dict[int, int]:
    """Image id -> the lowest id of all that it belongs together with; alone ones are left out."""
    first: dict[str, int] = {}  # tie -> the first image that has it
    leads: dict[int, int] = {}  # image -> one that it belongs together with, up to a lowest one
    for row in db.rows(f"{TIES} ORDER BY 1"):
        one = _lowest(leads, row["id"])
        other = _lowest(leads, first.setdefault(row["tie"], row["id"]))
        leads[max(one, other)] = min(one, other)
    return {image_id: _lowest(leads, image_id) for image_id in leads}


def _lowest(leads: dict[int, int], image_id: int) -> int:
    """The lowest image on the way; what lies on it is made to lead there at once."""
    leads.setdefault(image_id, image_id)
    while leads[image_id] != image_id:
        leads[image_id] = leads[leads[image_id]]
        image_id = leads[image_id]
    return image_id
