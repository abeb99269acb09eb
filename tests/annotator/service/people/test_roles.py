"""Who may do what: every verb against every role, and what a refusal says and leaves."""

import inspect
import os
import socket
from types import FunctionType

import pytest

from annotator.errors import AnnotatorError, NotAllowedError
from annotator.importing.found import Found
from annotator.model import (
    LOCAL,
    ROLES,
    SETTINGS,
    Agreed,
    How,
    Person,
    Sought,
    SoughtGuesses,
    Ticket,
)
from annotator.model.auditing.plans import Terms
from annotator.service import Service
from annotator.service.auditing.certifier import Certifier
from annotator.service.bringing.bringing import Bringing
from annotator.service.exploring import Around
from annotator.service.people.roles import MAY, refusal
from tests.annotator.small import event, workspace

PEOPLE = {role: Person(f"{role}@lab", role) for role in ROLES}


def names(text: str) -> list[str]:
    return text.split()


# Written down once more, so that a slip in the table is found
FOR_ANYBODY = names("""
    lease record progress classes classes_to_learn_from count_by_class image_url picture methods
    active_job last_job timed rounds round_of epochs curve below_baseline export_formats settings
    policies choices offered features_in_use worker_alive ensure_worker refusal requested health
    image_of class_named views about compare history stretches breaks verify
    ticket keep_held give_back next_step news alike_classes
""")
FOR_REVIEWERS = names("""
    image images images_of explore.near_duplicates explore.state explore.points explore.find
    explore.like explore.ask_next check_params start_round cancel advice ratios confidences
    confusion pseudo_labels pseudo_left job_log class_log find count_found people answers_to
    disagreements to_settle settle
    answer_anew take_back ask_again take_flags_off doubt guesses count_guesses decided decide
    certify.outlook certify.offer certify.status certify.result certify.check certify.beyond
    certify.groups
    certify.go_on certify.released certify.audited
    certify.begin certify.second_looks certify.settle certify.close certify.cancel
    agreement about_people reliability flips beside_baseline drift class_table
""")
OF_A_ROUND = names(
    "epochs confidences reliability flips beside_baseline drift class_table confusion "
    "pseudo_labels pseudo_left"
)
FOR_ADMINS = names("""
    import_source prepare export add_class remove_class restore_class check_settings
    save_settings truth
    exports download_url download
    export_place unasked_test_images scratch_folder blank_copy acting close backup check
    import_embeddings restrict reachable read_source foresee take_in
    rename_class merge_class split_class order_classes describe_class collect_log
    bringing.state bringing.places bringing.look bringing.look_at_uploads bringing.outcome
    bringing.read bringing.stop bringing.foresee bringing.finish bringing.drop bringing.abandon
    prepare_first pseudo_labeled
""")

CELLS = [
    (verb, role, role in roles)
    for verbs, roles in (
        (FOR_ANYBODY, ("annotator", "reviewer", "admin")),
        (FOR_REVIEWERS, ("reviewer", "admin")),
        (FOR_ADMINS, ("admin",)),
    )
    for verb in verbs
    for role in ("annotator", "reviewer", "admin")
]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A small workspace with a worker that seems to live, so that none is started."""
    return tmp_path_factory.mktemp("roles")


@pytest.fixture(scope="module")
def service(root):
    made = workspace(root / "ws", 12)
    made.store.workers.register("here", os.getpid(), socket.gethostname())
    (root / "truth.csv").write_text("path,label\n000 dark.png,dark\n")
    yield made
    made.close()


def call(service, verb, root):
    """Call a verb with what a page or a command could give it; return what it returns."""
    store = service.store  # beside the verbs: what is asked is whether the door opens
    image = store.images.get(1)
    name = f"{verb}-{service.person.role}"
    given = {
        "lease": ("tab", "a"),
        "ticket": ("tab", "a"),
        "keep_held": (Ticket("tab", "a", 1, "x"), 1, [1]),
        "give_back": (Ticket("tab", "a", 1, "x"), 1.0),
        "record": ([event(service, image, "skip", seq=1, client=name)], "a"),
        "image_url": (1,),
        "about": ([image],),
        "about_people": ([image],),
        "compare": ([],),
        "views": (image,),
        "picture": (1, "1", "x"),
        "timed": (store.jobs.last(),),
        "round_of": (store.jobs.last(),),
        "choices": (SETTINGS["method"],),
        "offered": (SETTINGS["method"],),
        "import_embeddings": (root / name,),
        "refusal": ("export",),
        "image": (1,),
        "images_of": ([1],),
        "explore.find": ("1",),
        "explore.like": (1,),
        "explore.ask_next": ([], "picked"),
        "check_params": (None, {}),
        "cancel": (store.jobs.last().id,),
        **dict.fromkeys(OF_A_ROUND, (1,)),
        "import_source": (root / "ws source",),
        "export": (root / name,),
        "download_url": (name,),
        "download": (name, "1", ""),
        "image_of": ("1", "1", "x"),
        "read_source": (root / "ws source",),
        "foresee": (Found(),),
        "bringing.look": (root / "nowhere", How()),
        "bringing.look_at_uploads": ([], How()),
        "bringing.outcome": ("labels.csv", How()),
        "bringing.read": (How(),),
        "bringing.foresee": (Agreed(),),
        "bringing.finish": (Agreed(),),
        "take_in": (Found(),),
        "restrict": ([root],),
        "reachable": (root, root),
        "backup": (root / f"{name}.zip",),
        "job_log": (store.jobs.last(),),
        "certify.offer": (5,),
        "certify.check": (Terms(),),
        "certify.beyond": (5,),
        "certify.go_on": (5,),
        "certify.begin": (5,),
        "certify.settle": (1, 1),
        "verify": (root / name,),
        "add_class": (name,),
        "remove_class": (99,),
        "restore_class": (99,),
        "class_named": ("dark",),
        "find": (Sought(),),
        "count_found": (Sought(),),
        "answers_to": (1,),
        "guesses": (SoughtGuesses(),),
        "count_guesses": (SoughtGuesses(),),
        "decide": ([event(service, image, "reject", seq=1, client=name)],),
        "answer_anew": ([1], 1),
        "settle": ([event(service, image, seq=2, client=name)],),
        "ask_again": ([1],),
        "take_flags_off": ([1],),
        "take_back": ("nothing",),
        "rename_class": (99, name),
        "merge_class": (99, 1),
        "split_class": (99,),
        "order_classes": ([99],),
        "describe_class": (99,),
        "check_settings": (store.settings.get(),),
        "save_settings": (store.settings.get(),),
        "truth": (root / "truth.csv",),
        "pseudo_labeled": (1, 0.95),
        "blank_copy": (root / name, store.settings.get()),
        "acting": (PEOPLE["annotator"],),
    }.get(verb, ())
    first, _, rest = verb.partition(".")
    method = getattr(getattr(service, first), rest) if rest else getattr(service, first)
    return method(*given)


def dumped(service):
    """Everything in the database, as SQL."""
    return list(service.store.db.connection.conn.iterdump())


def verbs():
    """Every public method, found the slow way: those of the classes, but for ways to make one."""
    return {
        f"{prefix}{name}"
        for kind, prefix in (
            (Service, ""),
            (Around, "explore."),
            (Bringing, "bringing."),
            (Certifier, "certify."),
        )
        for name in dir(kind)
        if not name.startswith("_")
        and isinstance(inspect.getattr_static(kind, name), FunctionType | staticmethod)
    }


def test_every_verb_has_its_line():
    """In the table of the product, and in the one here; neither has a line too many."""
    assert verbs() == set(MAY) == {verb for verb, _, _ in CELLS}
    assert len(CELLS) == 3 * len(MAY)


def test_what_needs_no_workspace_is_open_to_anybody():
    """The names of methods and formats tell nothing of anyone's images."""
    free = {n for n in verbs() if isinstance(inspect.getattr_static(Service, n, 0), staticmethod)}
    told = "methods policies choices export_formats requested image_of verify"
    assert free == {*names(told)}
    assert all(MAY[name].roles == ROLES for name in free)


@pytest.mark.parametrize(("verb", "role", "may"), CELLS)
def test_each_role_may_do_what_the_table_says_and_no_more(service, root, verb, role, may):
    """The door opens, whatever the verb then says; or it is shut, and nothing has changed."""
    if (verb, role) == ("close", "admin"):
        return  # the end of the fixture does it
    theirs = service.acting(PEOPLE[role])
    before = dumped(service)
    if may:
        try:
            call(theirs, verb, root)
        except NotAllowedError:
            raise
        except AnnotatorError:
            pass  # nothing to export, no round: it was let in
        return
    with pytest.raises(NotAllowedError) as refused:
        call(theirs, verb, root)
    assert dumped(service) == before
    assert not (root / f"{verb}-{role}").exists()
    assert str(refused.value) == theirs.refusal(verb) != ""


def test_a_refusal_is_one_sentence_that_names_who_may():
    """And who asked, with the role they have."""
    assert refusal(PEOPLE["annotator"], "export") == (
        "Only an admin may export the data set; annotator@lab is an annotator."
    )
    assert refusal(Person("Zoë", "annotator"), "start_round") == (
        "Only a reviewer or an admin may start a round; Zoë is an annotator."
    )
    assert refusal(PEOPLE["reviewer"], "start_round") == ""


def test_a_verb_that_was_forgotten_is_closed():
    """To all but admins, until somebody says who may."""
    assert "Only an admin may" in refusal(PEOPLE["reviewer"], "launch_rocket")
    assert refusal(PEOPLE["admin"], "launch_rocket") == ""


def test_a_role_that_nobody_knows_may_nothing():
    """As where a setting was misspelled."""
    stranger = Person("x", "owner")  # type: ignore[arg-type]
    assert all(refusal(stranger, verb) for verb in MAY)


def test_without_a_person_a_workspace_is_the_local_admin_s(tmp_path):
    """Nothing changes for who works alone; for somebody else it is opened by name."""
    made = Service.create(tmp_path / "ws", ["a", "b"])
    assert made.person == Service.open(tmp_path / "ws").person == LOCAL == Person("expert", "admin")
    theirs = Service.open(tmp_path / "ws", PEOPLE["annotator"])
    with pytest.raises(NotAllowedError, match="Only an admin may add a class"):
        theirs.add_class("c")
    with pytest.raises(NotAllowedError, match="somebody else"):
        theirs.acting(LOCAL)
    assert made.add_class("c").name == "c"


def test_acting_for_one_leaves_the_others_as_they_are(service):
    """Each page has its own person, and all share one database."""
    anna, rita = (service.acting(PEOPLE[role]) for role in ("annotator", "reviewer"))
    assert (anna.person.role, rita.person.role, service.person) == ("annotator", "reviewer", LOCAL)
    assert anna.store is rita.store is service.store
    rita.explore.near_duplicates()
    with pytest.raises(NotAllowedError):
        anna.explore.near_duplicates()


def test_an_annotator_s_answers_start_the_round_that_is_due(tmp_path):
    """Nobody asked for it: it starts by itself, though an annotator may not start one."""
    made = workspace(tmp_path / "ws", 12, round_every=2, test_share=0.0)
    anna = made.acting(PEOPLE["annotator"])
    two = [made.store.images.get(1), made.store.images.get(2)]  # one of each kind
    anna.record([event(made, image, seq=seq) for seq, image in enumerate(two, 1)], "anna")
    [job] = [each for each in [anna.active_job()] if each and each.kind == "round"]
    assert job.state == "queued"
    with pytest.raises(NotAllowedError):
        anna.start_round()
