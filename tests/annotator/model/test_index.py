"""Which image each row is, also where ids have gaps."""

import random

import numpy as np
import pytest

from annotator.model import RowIndex

GAPPED = [3, 4, 9, 20, 21, 40]


@pytest.mark.parametrize("ids", [[], [1], [7], range(1, 30), GAPPED], ids=str)
def test_rows_and_ids_are_each_others_inverse(ids):
    """Whatever order they are asked for in; row i is the i-th lowest id."""
    index = RowIndex(random.Random(0).sample(list(ids), len(ids)))
    assert index.ids.tolist() == sorted(ids)
    asked = random.Random(1).sample(list(ids), len(ids))
    assert index.ids[index.rows(asked)].tolist() == asked
    assert [index.row(each) for each in ids] == list(range(len(ids)))


@pytest.mark.parametrize("unknown", [1, 5, 41])
def test_an_image_without_a_row_is_named(unknown):
    """Below the first, in a gap, and above the last."""
    index = RowIndex(GAPPED)
    assert index.has([unknown, 9]).tolist() == [False, True]
    with pytest.raises(KeyError, match=str(unknown)):
        index.rows([9, unknown])


def test_a_mask_passes_over_images_that_have_no_row():
    found = RowIndex(GAPPED).mask([9, 5, 40, 41])
    assert found.tolist() == [each in (9, 40) for each in GAPPED]


def test_newer_rows_begin_after_the_last_id_that_was_seen():
    """Counted one by one, for every id there could be."""
    index = RowIndex(GAPPED)
    for seen in range(45):
        assert index.up_to(seen) == sum(each <= seen for each in GAPPED)
    assert index.first(2).ids.tolist() == [3, 4]
    assert len(index.first(0)) == 0
    assert index.ids.dtype == np.int64
