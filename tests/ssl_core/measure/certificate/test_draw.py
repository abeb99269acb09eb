"""The frozen order is that of sorting row by row, whatever ties and whatever ids there are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssl_core.errors import SSLError
from ssl_core.measure.certificate import frozen

SCORES = st.sampled_from([0.0, -0.0, 0.1, 0.5, float(np.nextafter(0.5, 1)), 1.0, np.inf, -np.inf])
IDS = {
    "texts": st.text(st.characters(codec="utf-8"), max_size=3),
    "numbers": st.integers(-3, 10**20),  # -1 and -2 have one hash
    "of another kind": st.tuples(st.booleans(), st.integers(0, 9)),
}


def slowly(scores, ids):
    """Each row has a key of its own."""
    return sorted(range(len(ids)), key=lambda row: (-float(scores[row]), ids[row]))


@pytest.mark.parametrize("kind", IDS)
@given(data=st.data())
def test_ties_of_scores_go_by_id(kind, data):
    """For many scores that are the same, or differ in the last bit."""
    ids = data.draw(st.lists(IDS[kind], unique=True, max_size=30))
    scores = np.array(data.draw(st.lists(SCORES, min_size=len(ids), max_size=len(ids))))
    for told in (scores, scores.astype(np.float32)):
        found = frozen(told, ids)
        assert found.dtype == np.int64
        assert found.tolist() == slowly(told, ids)


@given(
    st.lists(st.tuples(SCORES, st.binary(min_size=2, max_size=2)), unique_by=lambda row: row[1][0])
)
def test_a_column_of_ids_is_taken_as_a_list_of_them(rows):
    """As it is read of a database."""
    ids = [row[1].hex() for row in rows]
    scores = np.array([row[0] for row in rows])
    assert frozen(scores, np.array(ids, "S4")).tolist() == slowly(scores, ids)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=8))
def test_an_id_that_comes_again_is_refused_wherever_it_is(ids):
    """Also between rows of other scores; ids that share a hash are no repetition."""
    scores = np.arange(len(ids), dtype=float)
    if len(set(ids)) == len(ids):
        assert frozen(scores, ids).tolist() == slowly(scores, ids)
    else:
        with pytest.raises(SSLError, match="cannot be ranked twice"):
            frozen(scores, ids)
