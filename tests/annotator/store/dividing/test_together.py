"""What belongs together, by groups and near-duplicates in turns: each way is looked for anew."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.store import Store
from annotator.store.dividing.together import together

IMAGES = 9
TIES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=IMAGES, max_size=IMAGES)


def reached(ties, start):
    """Every image that some way of ties leads to, step by step."""
    found = {start}
    while True:
        more = {
            other
            for one in found
            for other in range(IMAGES)
            for mine, its in zip(ties[one], ties[other], strict=True)
            if mine and mine == its
        }
        if more <= found:
            return found
        found |= more


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where each example has a database of its own."""
    return tmp_path_factory.mktemp("databases")


@settings(max_examples=40, deadline=None)
@given(TIES)
def test_two_images_have_one_number_where_a_way_leads_from_one_to_the_other(folder, ties):
    """By a group, by near-duplicates, or by turns; an image that is alone has none."""
    store = Store.create(folder / f"{len(list(folder.glob('*.db')))}.db")
    with store.db.immediate():
        for number, (group, _) in enumerate(ties):
            store.db.run(
                """INSERT INTO image (id, sha256, name, kept, width, height, split, note, draw,
                                      added, in_group)
                   VALUES (:id, :sha, '', '', 9, 9, 'pool', '', 0.5, 0, :group)""",
                {"id": number + 1, "sha": str(number), "group": str(group) if group else ""},
            )
        for number, (_, first) in enumerate(ties):
            if first:
                store.db.run(
                    "INSERT INTO near_duplicate (image_id, first_id) VALUES (:id, :first)",
                    {"id": number + 1, "first": first},
                )
    found = together(store.db)
    assert found == store.near_duplicates.together()
    store.db.close()
    tied = {number + 1: {each + 1 for each in reached(ties, number)} for number in range(IMAGES)}
    wanted = {image: min(all_) for image, all_ in tied.items() if any(ties[image - 1])}
    assert found == wanted
