"""Rows of an order as columns are those that would be made one by one."""

import json

import numpy as np

from annotator.model.auditing.audits import Ranked
from annotator.model.columns.ranks import CHUNK, ROW, Ranks, behind


def test_columns_give_the_rows_that_they_hold():
    """Also beyond what is made at a time, of one class, and of classes behind one another."""
    rng, n = np.random.default_rng(0), CHUNK + 5
    table = np.zeros(n, ROW)
    table["image_id"], table["class_id"] = rng.permutation(n), rng.integers(1, 4, n)
    table["score"] = rng.choice([0.1, 1 / 3, 1e-7, 1.0], n)
    table["sha256"] = [f"{number:064x}" for number in range(n)]
    ranks = Ranks(table, rng.permutation(n)[:-3])
    rows = [
        Ranked(rank, int(row["image_id"]), row["sha256"].decode(), int(row["class_id"]),
               repr(float(row["score"])))
        for rank, row in enumerate(table[ranks.places])
    ]  # fmt: skip
    assert len(ranks) == n - 3
    assert list(ranks) == rows
    assert ranks.image_ids.tolist() == [each.image_id for each in rows]
    assert ranks.scores.tolist() == [float(each.score) for each in rows]
    two, one = ranks.of(2), ranks.of(1)
    assert [each.sha256 for each in two] == [each.sha256 for each in rows if each.class_id == 2]
    both = [each.sha256 for each in behind([two, one])]
    assert both == [each.sha256 for part in (two, one) for each in part]
    json.dumps(list(ranks.column("class_id")))  # plain numbers
