"""The files that take longest, begun first: at the end no process waits for another's last file."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Half a minute or more each on two busy cores; the longest first
LONGEST = [
    "docs/test_contributing.py",
    "annotator/worker/test_worker.py",
    "annotator/rounds/elsewhere/test_cluster.py",
    "crash/test_crowd.py",
    "annotator/cli/test_cli.py",
    "annotator/rounds/test_warm.py",
    "browser/test_login.py",
    "browser/test_nothing_leaves.py",
    "annotator/rounds/test_train.py",
    "browser/test_certifying.py",
    "browser/test_importing.py",
    "crash/test_workers.py",
    "browser/test_correcting.py",
    "annotator/rounds/test_trial.py",
    "browser/test_nothing_is_lost.py",
    "browser/test_pages.py",
    "browser/test_faults.py",
    "annotator/upkeep/test_cleanup.py",
    "browser/test_rounds_and_labeling.py",
    "crash/test_killed_at_a_moment.py",
    "browser/test_seeing.py",
    "annotator/store/test_old_workspaces.py",
    "annotator/cli/test_embeddings.py",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move them to the front, in the order in which they came otherwise."""
    rank = {HERE / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))
