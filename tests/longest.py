"""The files that take longest, begun first: at the end no process waits for another's last file."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Nearly a minute or more each on two busy cores; the longest first
LONGEST = [
    "annotator/cli/test_cli.py",
    "annotator/rounds/elsewhere/test_cluster.py",
    "annotator/worker/test_worker.py",
    "browser/test_several_people.py",
    "annotator/rounds/test_trial.py",
    "browser/test_loop.py",
    "browser/test_importing.py",
    "browser/test_answers_beside.py",
    "browser/test_review.py",
    "browser/test_certifying.py",
    "browser/test_correcting.py",
    "crash/test_crowd.py",
    "browser/test_pages.py",
    "docs/test_contributing.py",
    "browser/test_documents.py",
    "annotator/service/test_every_policy.py",
    "annotator/upkeep/test_cleanup.py",
    "browser/test_nothing_leaves.py",
    "browser/test_nothing_is_lost.py",
    "browser/test_exploring.py",
    "crash/test_workers.py",
    "browser/test_rounds_and_labeling.py",
    "annotator/cli/test_every_method.py",
    "ssl_core/methods/test_learning.py",
    "annotator/cli/test_faults.py",
    "browser/test_seeing.py",
    "browser/test_addresses.py",
    "annotator/importing/test_documents.py",
    "annotator/service/test_every_method.py",
    "ssl_core/training/test_trainer.py",
    "ssl_core/recipes/test_recipes.py",
    "annotator/rounds/test_train.py",
    "browser/test_faults.py",
    "test_supply.py",
    "browser/test_login.py",
    "annotator/rounds/test_damage.py",
    "browser/test_accessible.py",
    "annotator/service/auditing/test_certifying.py",
    "annotator/ui/test_certifying.py",
    "annotator/store/test_migrations.py",
    "annotator/store/finding/test_first.py",
    "browser/test_labeling.py",
    "annotator/cli/test_demo.py",
    "browser/test_serve.py",
    "annotator/model/test_settings.py",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move them to the front, in the order in which they came otherwise."""
    rank = {HERE / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))
