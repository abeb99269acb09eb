"""What is asked once more is on one page, and known for what it is when its lease is gone."""

from annotator.asking import answers
from tests.annotator.pressing import Page, again, current, wrongly


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


def test_a_page_that_has_nothing_hears_that_there_is_something_to_ask_once_more(make):
    """Its next sign of life says so; whoever answered it first hears nothing."""
    service = make(6, second_opinions=1.0)
    anna, ben = Page(service, "anna"), Page(service, "ben")

    def more(page):
        return answers.beat(service.store, page.client, page.who, None, []).more

    anna.answer(5)
    last = anna.asked()[0]
    ben.answer(20)
    assert not more(ben)
    anna.press(last)
    assert more(ben)
    assert ben.answer(1)[0].image.id == last.image.id
    assert not more(ben)
    assert not more(anna)
