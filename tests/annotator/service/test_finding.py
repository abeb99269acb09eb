"""Any image can be found by what is known of it, and what people said of it is listed."""

import itertools
from dataclasses import replace

import pytest

from annotator.model import LabelEvent, Person, Sought
from tests.annotator.documents import pdf
from tests.annotator.invented import finish_round
from tests.annotator.small import event, workspace

PEOPLE = ("anna", "ben", "import")
BESIDE = [  # kind, image, person: of images with a label and without, and both on one
    ("flag", 1, "anna"), ("flag", 1, "ben"), ("note", 1, "ben"), ("flag", 55, "anna"),
    ("note", 56, "anna"), ("unclear", 2, "ben"), ("unclear", 57, "anna"), ("unclear", 58, "ben"),
    ("unclear", 41, "anna"),
]  # fmt: skip


def told(root):
    """Two people, labels that came along, skips, a class that was merged and one that went."""
    made = workspace(root, 60, ("dark", "light", "striped"))
    images = made.images(limit=60)
    for number, image in enumerate(images[:40]):
        who = PEOPLE[number % 3]
        one = event(made, image, seq=number + 1, client=who)
        source = "imported" if who == "import" else "human"
        made.record([replace(one, source=source)], who)
    for number, image in enumerate(images[38:50], 100):
        made.record([event(made, image, "skip", seq=number, client="ben")], "ben")
    for number, image in enumerate(images[:12], 200):
        made.record([event(made, image, seq=number, client="b", name="light")], "ben")
    for seq, (kind, number, who) in enumerate(BESIDE, 300):
        each = event(made, images[number], kind, seq=seq, client=f"beside of {who}")
        made.record([replace(each, note="dim" if kind != "flag" else "")], who)
    [gone] = [each for each in made.classes() if each.name == "striped"]
    made.remove_class(gone.id)
    return made


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """A workspace that the tests only look at."""
    made = told(tmp_path_factory.mktemp("found") / "ws")
    yield made
    made.close()


def facts(service):
    """Of every image, worked out event by event: its label's class, person, source, and skips."""
    events = service.store.db.rows("SELECT * FROM event ORDER BY pressed, id")
    gone = {each.id for each in service.classes(removed=True) if not each.active}
    last, said, own = {}, {}, {}
    for each in events:
        image, who = each["image_id"], each["annotator"]
        if each["kind"] in ("label", "unclear"):
            last[image] = each
            own.setdefault(image, {})[who] = each
        else:
            said.setdefault(each["kind"], {}).setdefault(image, set()).add(who)
    found = {}
    for image in service.images(limit=60):
        label = last.get(image.id)
        unclear = {label["annotator"]} if label and label["kind"] == "unclear" else set()
        if label and (unclear or label["class_id"] in gone):
            label = None
        classes = {
            each["class_id"]
            for each in own.get(image.id, {}).values()
            if each["kind"] == "label" and each["source"] != "imported"
            and each["class_id"] not in gone
        }  # fmt: skip
        beside = {kind: said.get(kind, {}).get(image.id, set()) for kind in ("flag", "note")}
        put_off = set() if label or unclear else said.get("skip", {}).get(image.id, set())
        beside |= {"unclear": unclear, "skip": put_off}
        found[image.id] = (image, label, beside, len(classes) > 1)
    return found


def wanted(service, sought):
    def by(people):
        return bool(people) and (not sought.annotator or sought.annotator in people)

    def fits(image, label, beside, apart):
        states = {
            "all": True,
            "labeled": bool(label),
            "unlabeled": not label,
            "skipped": by(beside["skip"]),
            "unclear": by(beside["unclear"]),
            "flagged": by(beside["flag"]),
            "noted": by(beside["note"]),
            "disagreement": apart,
        }
        others = ("skipped", "unclear", "flagged", "noted")
        labeled = sought.class_id or sought.source
        if labeled or (sought.annotator and sought.state not in others):
            if not label:
                return False
            if sought.annotator and label["annotator"] != sought.annotator:
                return False
            if sought.class_id and label["class_id"] != sought.class_id:
                return False
            if sought.source and label["source"] != sought.source:
                return False
        named = sought.name.lower() in image.name.lower()
        return states[sought.state] and named and sought.split in (None, image.split)

    return [image for image, given in facts(service).items() if fits(*given)]


def test_every_search_finds_what_looking_at_each_image_finds(service):
    """All states with all the other inputs, one page after the other."""
    sizes = set()
    for state, class_id, who, source, split, name in itertools.product(
        ("all", "labeled", "unlabeled", "disagreement", "skipped", "unclear", "flagged", "noted"),
        (None, 1, 2),
        ("", "anna", "ben"),
        (None, "human", "imported"),
        (None, "test"),
        ("", "DARK", "%", "_"),
    ):
        sought = Sought(name, class_id, who, source, split, state)
        found = [each for skip in range(0, 80, 20)
                 for each in service.find(sought, offset=skip, limit=20)]  # fmt: skip
        assert [each.image.id for each in found] == wanted(service, sought), sought
        assert service.count_found(sought) == len(found)
        sizes.add(len(found))
    assert len(sizes) > 8


def test_a_page_of_a_document_is_found_by_what_is_written_on_it(tmp_path):
    """By a part of its text, whatever the case; a sign of the search is a sign like any other."""
    made = workspace(tmp_path / "ws", 3)
    (tmp_path / "letter.pdf").write_bytes(pdf("Dear Doctor", "100 % of the dose"))
    made.import_source(tmp_path / "letter.pdf")
    for sought, pages in (("doctor", [1]), ("0 %", [2]), ("letter", [1, 2]), ("nurse", [])):
        found = [each.image.name for each in made.find(Sought(sought))]
        assert found == [f"letter.pdf#page={page}" for page in pages]
    made.close()


def test_what_is_found_says_what_people_said(service):
    """The label that counts, everybody's last word, and whether they disagree."""
    known = facts(service)
    for each in service.find(Sought(), limit=60):
        _, label, _, apart = known[each.image.id]
        assert each.disagreed == apart
        assert (each.label and each.label.class_id) == (label and label["class_id"])
    listed = service.find(Sought(state="disagreement"))
    assert len(listed) == service.disagreements() > 2
    assert all(len({one.class_id for one in each.opinions}) > 1 for each in listed)


def test_what_is_found_says_what_was_said_beside_a_label(service):
    """Who put it off, who could not tell and why, who flagged it, and all that is noted."""
    known = facts(service)
    for each in service.find(Sought(), limit=60):
        _, _, beside, _ = known[each.image.id]
        assert ({each.skipped_by} - {""}) == beside["skip"]
        assert ({each.unclear.annotator} if each.unclear else set()) == beside["unclear"]
        assert not each.unclear or each.unclear.why == "dim"
        assert set(each.marks.flags) == beside["flag"]
        assert {who for who, _ in each.marks.notes} == beside["note"]


def test_a_reviewer_has_images_asked_again_and_takes_flags_off(tmp_path):
    """They are found no more as what they were, and the log says who did it."""
    service = told(tmp_path / "ws")
    rita = service.acting(Person("rita", "reviewer"))
    ids = {
        state: [each.image.id for each in service.find(Sought(state=state))]
        for state in ("skipped", "unclear", "flagged")
    }
    assert all(ids.values())
    assert rita.ask_again(ids["skipped"] + ids["unclear"]) == len(ids["skipped"] + ids["unclear"])
    assert rita.take_flags_off(ids["flagged"]) == len(ids["flagged"])
    assert [service.count_found(Sought(state=state)) for state in ids] == [0, 0, 0]
    [latest, *_] = service.answers_to(ids["unclear"][-1])
    assert (latest.kind, latest.annotator) == ("undo", "rita")
    service.close()


def test_the_last_word_is_marked_among_all_that_was_said(tmp_path):
    """Also where that is that nobody can tell, with its reason."""
    service = told(tmp_path / "ws")
    image = service.images(limit=60)[2]
    found = {(each.kind, each.note): each.counts for each in service.answers_to(image.id)}
    assert found["unclear", "dim"]
    assert not any(counts for (kind, _), counts in found.items() if kind == "label")
    service.close()


def test_an_image_s_whole_history_is_told(tmp_path):
    """Also what was taken back; the one that counts is marked."""
    service = told(tmp_path / "ws")
    image = service.images(limit=60)[55]
    for seq, (kind, name) in enumerate(
        [("label", "dark"), ("label", "light"), ("undo", None)], 900
    ):
        service.record([event(service, image, kind, seq=seq, client="h", name=name)], "anna")
    said = service.answers_to(image.id)
    assert [(each.kind, each.taken_back, each.counts) for each in said if each.kind == "label"] == [
        ("label", True, False), ("label", False, True),
    ]  # fmt: skip
    assert {each.annotator for each in said} == {"anna"}
    assert set(service.people()) == {"anna", "ben", "import"}
    service.close()


def test_a_reviewer_answers_anew_and_takes_it_back_under_their_own_name(tmp_path):
    """Whoever is at the page; a round that cannot start is no reason not to store."""
    service = told(tmp_path / "ws")
    rita = service.acting(Person("rita", "reviewer"))
    [image] = service.find(Sought(state="unlabeled"), limit=1)
    done = rita.answer_anew([image.image.id], 1)
    [found] = service.find(Sought(annotator="rita"))
    # It settles: Ben had said of the first that nobody can tell it
    assert (found.label.class_id, found.label.source, done.images) == (1, "adjudicated", 1)
    assert service.take_back(done.name) == 0  # it is hers
    assert rita.take_back(done.name) == 1
    assert service.find(Sought(annotator="rita")) == []


def test_a_due_round_starts_by_answers_from_here_too(tmp_path):
    """They are labels like any other."""
    made = workspace(tmp_path / "ws", 12, round_every=2, test_share=0.0)
    one, other = (made.store.images.get(number) for number in (1, 2))
    assert isinstance(event(made, one, seq=1), LabelEvent)
    made.answer_anew([one.id], 1)
    made.answer_anew([other.id], 2)
    assert made.active_job().kind == "round"
    made.close()


def test_where_the_model_disagrees_is_found_with_what_it_says(tmp_path):
    """Worked out image by image; merged classes are one, and only the newest round counts."""
    made = workspace(tmp_path / "ws", 30, ("dark", "light", "striped"))
    images = made.images(limit=30)
    against = Sought(state="against")
    for number, image in enumerate(images[:20], 1):
        who = ("anna", "ben")[number % 2]
        made.record([event(made, image, seq=number, client=who)], who)
    assert made.find(against) == []
    finish_round(made, lambda _: ("dark", 0.8))
    finish_round(made, lambda image: (("light", "striped")[image.id % 2], image.id / 100))
    ids = {each.name: each.id for each in made.classes()}
    says = {each.id: ids[("light", "striped")[each.id % 2]] for each in images}
    labels = {each.image_id: each for each in made.store.labels.current()}
    apart = [each for each in labels if labels[each].class_id != says[each]]
    found = made.find(against)
    assert [each.image.id for each in found] == sorted(apart)
    assert made.count_found(against) == len(apart) > 0
    assert {each.image.id: each.guess for each in found} == {
        each: (says[each], each / 100) for each in apart
    }
    of_anna = Sought(state="against", annotator="anna", class_id=ids["dark"])
    assert [each.image.id for each in made.find(of_anna)] == sorted(
        each for each in apart
        if labels[each].annotator == "anna" and labels[each].class_id == ids["dark"]
    )  # fmt: skip
    made.merge_class(ids["striped"], ids["dark"])
    now = {ids["striped"]: ids["dark"]}
    wanted = [
        each
        for each in labels
        if now.get(labels[each].class_id, labels[each].class_id) != now.get(says[each], says[each])
    ]
    assert [each.image.id for each in made.find(against)] == sorted(wanted)
    made.close()


def test_a_correction_that_saw_the_guess_says_so(tmp_path):
    """It is a check of the model, not a blind answer, also where it settles."""
    made = workspace(tmp_path / "ws", 6)
    one, two = made.images(limit=2)
    made.record([event(made, one, seq=1, client="a", name="dark")], "anna")
    light = made.class_named("light").id
    made.answer_anew([one.id, two.id], light, guess_shown=True)
    found = {each.image_id: each for each in made.store.labels.current()}
    assert (found[one.id].source, found[two.id].source) == ("adjudicated", "verified")
    assert found[one.id].suggestion_shown
    assert found[two.id].suggestion_shown
    made.close()
