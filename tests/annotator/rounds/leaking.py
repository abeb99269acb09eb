"""What a workspace keeps, to be compared with what another keeps that heard other answers."""

import json

# What a clock, a process or chance writes: no two runs share it
CLOCK = {
    "added", "applied", "at", "client", "created", "finished", "lease_until", "pressed",
    "received", "request", "started", "until", "worker",
}  # fmt: skip
# likewise, of the parts of a job
PARTS = {"course", "done", "lately", "remembered", "seconds", "usual"}
OF_ITS_OWN = {"certilabel.db", "certilabel.db-shm", "certilabel.db-wal", "certilabel.log", "secret"}


def tables(service):
    """All rows by table, but for CLOCK and for the answers that nobody learns from."""
    db, silent = service.store.db, set(service.store.near_duplicates.of_test())
    silent |= {each for split in ("val", "test") for each in service.store.images.ids(split)}
    found = {}
    for table in db.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        rows = db.rows(f"SELECT * FROM {table['name']}")
        for row in rows:
            if table["name"] == "job":
                row |= json.loads(row.pop("params"))
            if table["name"] == "event" and row["image_id"] in silent:
                del row["class_id"]
        clock = CLOCK | PARTS if table["name"] == "job_part" else CLOCK
        found[table["name"]] = [
            {name: value for name, value in row.items() if name not in clock} for row in rows
        ]
    return found


def files(service):
    """All files, byte for byte, but for those that no two workspaces share."""
    root = service.workspace.root
    paths = [each.relative_to(root) for each in root.rglob("*") if each.is_file()]
    return {str(each): (root / each).read_bytes() for each in paths if str(each) not in OF_ITS_OWN}
