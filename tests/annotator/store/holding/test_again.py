"""What is asked once more is on one page, and known for what it is when its lease is gone."""

import pytest

from tests.annotator.pressing import Page, again, current, wrongly
from tests.annotator.small import workspace


@pytest.fixture
def make(tmp_path):
    made = []

    def build(n=40, **settings):
        made.append(workspace(tmp_path / f"ws {len(made)}", n, **settings))
        return made[-1]

    yield build
    for each in made:
        each.close()


def test_an_image_is_on_one_page_however_often_it_is_asked(make):
    """None has what another page holds, and a page that falls silent gives it up."""
    service = make(second_opinions=1.0)
    Page(service, "anna").answer(10)
    ben, zoe = Page(service, "ben"), Page(service, "zoe")
    held = {each.image.id for each in ben.asked()}
    assert not held & {each.image.id for each in zoe.asked()}
    for table in ("queue", "open_page"):
        service.store.db.run(f"UPDATE {table} SET until = until - 100")
    third = {each.image.id for each in again(Page(service, "carl").asked())}
    assert third & held


def test_an_answer_whose_lease_is_gone_takes_the_place_of_nothing_either(make):
    """The page says what its question was, so it need not be held any more."""
    service = make(second_opinions=1.0)
    Page(service, "anna").answer(10)
    ben = Page(service, "ben")
    question = again(ben.asked())[0]
    service.store.leases.release(ben.client, 1e9)
    before = current(service)
    ben.press(question, name=wrongly(question.image.name))
    assert current(service) == before
    assert service.store.search.opinions.disagreements() == {question.image.id}
