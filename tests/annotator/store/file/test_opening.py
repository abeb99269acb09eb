"""Connections: whichever thread opens one, what it commits is on the disk when it returns."""

from concurrent.futures import ThreadPoolExecutor

from annotator.store import Store

FULL = 2  # SQLite flushes the log at each commit; with 1, a power cut takes the newest ones


def said(store):
    """What a connection of this thread says of itself."""
    words = ("synchronous", "journal_mode", "foreign_keys")
    return [store.db.value(f"PRAGMA {word}") for word in words]


def test_every_connection_flushes_what_it_commits(tmp_path):
    """Of the thread that made the database, of others, of one that came back, and opened anew."""
    store = Store.create(tmp_path / "certilabel.db")
    wanted = [FULL, "wal", 1]
    assert said(store) == wanted
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(lambda _: said(store), range(6))) == [wanted] * 6
    store.db.close()
    assert said(store) == wanted
    assert said(Store(store.db.path)) == wanted
