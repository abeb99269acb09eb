"""Who may do what: one table of all verbs, and the check that stands before each of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any, NamedTuple, TypeVar

from annotator.errors import NotAllowedError
from annotator.model import ROLES, Person, Role

Kind = TypeVar("Kind", bound=type)

ANYBODY = ROLES
REVIEWERS: tuple[Role, ...] = ("reviewer", "admin")
ADMINS: tuple[Role, ...] = ("admin",)


class Rule(NamedTuple):
    """One line of the table."""

    roles: tuple[Role, ...]  # that may
    does: str  # what, as in "Only an admin may …"


MAY = {
    # Coming back
    "next_step": Rule(ANYBODY, "see what to do next"),
    "news": Rule(ANYBODY, "see what happened since they were here"),
    # Labeling. What a model says, and names that may tell the class, are not for annotators.
    "lease": Rule(ANYBODY, "be asked"),
    "ticket": Rule(ANYBODY, "be asked"),
    "keep_held": Rule(ANYBODY, "be asked"),
    "give_back": Rule(ANYBODY, "be asked"),
    "history": Rule(ANYBODY, "look back at their own answers"),
    "record": Rule(ANYBODY, "answer"),
    "progress": Rule(ANYBODY, "see how far the labeling is"),
    "classes": Rule(ANYBODY, "see the classes"),
    "classes_to_learn_from": Rule(ANYBODY, "see how many classes have labels"),
    "count_by_class": Rule(ANYBODY, "see the labels by class"),
    # Images
    "image_url": Rule(ANYBODY, "get the address of an image"),
    "about": Rule(ANYBODY, "see how an image was taken"),
    "about_people": Rule(REVIEWERS, "see tags that may name a person"),
    "compare": Rule(ANYBODY, "compare what they are asked with labeled images"),
    "views": Rule(ANYBODY, "get the addresses of an image"),
    "picture": Rule(ANYBODY, "see an image by its address"),
    "image": Rule(REVIEWERS, "look at any image"),
    "images": Rule(REVIEWERS, "look at all images"),
    "images_of": Rule(REVIEWERS, "look at any images"),
    "image_of": Rule(ANYBODY, "have an address read"),
    "find": Rule(REVIEWERS, "look at all images"),
    "count_found": Rule(REVIEWERS, "look at all images"),
    "people": Rule(REVIEWERS, "see who said what"),
    "answers_to": Rule(REVIEWERS, "see who said what"),
    "disagreements": Rule(REVIEWERS, "see who said what"),
    "to_settle": Rule(REVIEWERS, "see who said what"),
    "agreement": Rule(REVIEWERS, "see who said what"),
    "guesses": Rule(REVIEWERS, "look through the pseudo-labels"),
    "count_guesses": Rule(REVIEWERS, "look through the pseudo-labels"),
    "decided": Rule(REVIEWERS, "look through the pseudo-labels"),
    "decide": Rule(REVIEWERS, "accept, change and reject pseudo-labels"),
    "answer_anew": Rule(REVIEWERS, "answer images anew"),
    "settle": Rule(REVIEWERS, "answer images anew"),
    "ask_again": Rule(REVIEWERS, "have images asked again"),
    "take_flags_off": Rule(REVIEWERS, "take flags off"),
    "take_back": Rule(REVIEWERS, "take back what they answered anew"),
    "import_source": Rule(ADMINS, "import images"),
    "import_embeddings": Rule(ADMINS, "import embeddings"),
    "read_source": Rule(ADMINS, "import images"),
    "foresee": Rule(ADMINS, "import images"),
    "take_in": Rule(ADMINS, "import images"),
    "bringing.state": Rule(ADMINS, "import images"),
    "bringing.places": Rule(ADMINS, "import images"),
    "bringing.look": Rule(ADMINS, "import images"),
    "bringing.look_at_uploads": Rule(ADMINS, "send images"),
    "bringing.outcome": Rule(ADMINS, "import images"),
    "bringing.read": Rule(ADMINS, "import images"),
    "bringing.stop": Rule(ADMINS, "import images"),
    "bringing.foresee": Rule(ADMINS, "import images"),
    "bringing.finish": Rule(ADMINS, "import images"),
    "bringing.drop": Rule(ADMINS, "import images"),
    "bringing.abandon": Rule(ADMINS, "import images"),
    "prepare_first": Rule(ADMINS, "have images prepared"),
    "prepare": Rule(ADMINS, "have images prepared"),
    # Looking around
    "explore.near_duplicates": Rule(REVIEWERS, "see near-duplicates"),
    "explore.state": Rule(REVIEWERS, "look at the map"),
    "explore.points": Rule(REVIEWERS, "look at the map"),
    "explore.find": Rule(REVIEWERS, "look for images"),
    "explore.like": Rule(REVIEWERS, "look for similar images"),
    "explore.ask_next": Rule(REVIEWERS, "choose what is asked next"),
    # Keeping
    "backup": Rule(ADMINS, "back the workspace up"),
    "requested": Rule(ANYBODY, "have what they do traced in the log"),
    "health": Rule(ANYBODY, "see whether answers can be stored"),
    "job_log": Rule(REVIEWERS, "read the log of a job"),
    "check": Rule(ADMINS, "look the database over"),
    "collect_log": Rule(ADMINS, "say what is kept in the log"),
    # Rounds
    "methods": Rule(ANYBODY, "see the methods"),
    "active_job": Rule(ANYBODY, "see the running job"),
    "last_job": Rule(ANYBODY, "see the last job"),
    "timed": Rule(ANYBODY, "see how long a job takes"),
    "rounds": Rule(ANYBODY, "see the rounds"),
    "round_of": Rule(ANYBODY, "see the round of a job"),
    "epochs": Rule(ANYBODY, "see the curves of a round"),
    "curve": Rule(ANYBODY, "see the accuracies"),
    "stretches": Rule(ANYBODY, "see which rounds the same images measure"),
    "breaks": Rule(ANYBODY, "see where the curve breaks"),
    "below_baseline": Rule(ANYBODY, "see how rounds compare"),
    "check_params": Rule(REVIEWERS, "check parameters"),
    "start_round": Rule(REVIEWERS, "start a round"),
    "cancel": Rule(REVIEWERS, "cancel a job"),
    # Quality
    "advice": Rule(REVIEWERS, "see the advice on stopping"),
    "ratios": Rule(REVIEWERS, "see how much is pseudo-labeled"),
    "confidences": Rule(REVIEWERS, "see the confidences"),
    "confusion": Rule(REVIEWERS, "see the confusion matrix"),
    "pseudo_labels": Rule(REVIEWERS, "see the pseudo-labels"),
    "pseudo_left": Rule(REVIEWERS, "see the pseudo-labels"),
    "reliability": Rule(REVIEWERS, "see how far a round can be trusted"),
    "flips": Rule(REVIEWERS, "see how far a round can be trusted"),
    "beside_baseline": Rule(REVIEWERS, "see how far a round can be trusted"),
    "drift": Rule(REVIEWERS, "see how far a round can be trusted"),
    "class_table": Rule(REVIEWERS, "see how far a round can be trusted"),
    # Certifying
    "certify.outlook": Rule(REVIEWERS, "see what an audit would take"),
    "certify.offer": Rule(REVIEWERS, "see what an audit would take"),
    "certify.groups": Rule(REVIEWERS, "see what an audit would take"),
    "certify.check": Rule(REVIEWERS, "see what an audit would take"),
    "certify.status": Rule(REVIEWERS, "see how far an audit is"),
    "certify.result": Rule(REVIEWERS, "see what an audit came to"),
    "certify.released": Rule(REVIEWERS, "see what an audit came to"),
    "certify.audited": Rule(REVIEWERS, "see what an audit came to"),
    "certify.beyond": Rule(REVIEWERS, "see what an audit would take"),
    "certify.go_on": Rule(REVIEWERS, "begin an audit"),
    "certify.begin": Rule(REVIEWERS, "begin an audit"),
    "certify.second_looks": Rule(REVIEWERS, "look twice at audited images"),
    "certify.settle": Rule(REVIEWERS, "look twice at audited images"),
    "certify.close": Rule(REVIEWERS, "end an audit"),
    "certify.cancel": Rule(REVIEWERS, "end an audit"),
    "verify": Rule(ANYBODY, "verify an export"),
    # Export
    "export_formats": Rule(ANYBODY, "see the formats"),
    "doubt": Rule(REVIEWERS, "see how sure pseudo-labels are"),
    "export_place": Rule(ADMINS, "export the data set"),
    "export": Rule(ADMINS, "export the data set"),
    "exports": Rule(ADMINS, "export the data set"),
    "download_url": Rule(ADMINS, "export the data set"),
    "download": Rule(ADMINS, "export the data set"),
    # Settings
    "settings": Rule(ANYBODY, "see the settings"),
    "policies": Rule(ANYBODY, "see the policies"),
    "choices": Rule(ANYBODY, "see what a setting may be"),
    "offered": Rule(ANYBODY, "see what a setting may be here"),
    "features_in_use": Rule(ANYBODY, "see what rounds see of the images"),
    "add_class": Rule(ADMINS, "add a class"),
    "class_named": Rule(ANYBODY, "see the classes"),
    "alike_classes": Rule(ANYBODY, "see the classes"),
    "class_log": Rule(REVIEWERS, "see what was done to classes"),
    "rename_class": Rule(ADMINS, "rename a class"),
    "merge_class": Rule(ADMINS, "merge classes"),
    "split_class": Rule(ADMINS, "split merged classes"),
    "order_classes": Rule(ADMINS, "put classes into an order"),
    "describe_class": Rule(ADMINS, "describe a class"),
    "remove_class": Rule(ADMINS, "remove a class"),
    "restore_class": Rule(ADMINS, "restore a class"),
    "check_settings": Rule(ADMINS, "change the settings"),
    "save_settings": Rule(ADMINS, "change the settings"),
    # Simulations
    "truth": Rule(ADMINS, "use known answers"),
    "pseudo_labeled": Rule(ADMINS, "use known answers"),
    "unasked_test_images": Rule(ADMINS, "list test images"),
    "scratch_folder": Rule(ADMINS, "simulate"),
    "blank_copy": Rule(ADMINS, "copy the workspace"),
    # The workspace itself. Every open page keeps a worker alive.
    "worker_alive": Rule(ANYBODY, "see whether a worker lives"),
    "ensure_worker": Rule(ANYBODY, "start a worker"),
    "restrict": Rule(ADMINS, "say which folders pages may use"),
    "reachable": Rule(ADMINS, "use folders of the server"),
    "refusal": Rule(ANYBODY, "ask what they may"),
    "acting": Rule(ADMINS, "open the workspace for somebody else"),
    "close": Rule(ADMINS, "close the workspace"),
}


def refusal(person: Person, verb: str) -> str:
    """Why a person may not call a verb, in one sentence that names who may; empty if they may."""
    # A verb without a line is closed; a test finds it.
    rule = MAY.get(verb, Rule(ADMINS, f"use '{verb}'"))
    if person.role in rule.roles:
        return ""
    may = " or ".join(f"{_article(role)} {role}" for role in rule.roles)
    return f"Only {may} may {rule.does}; {person.name} is {_article(person.role)} {person.role}."


def guarded(prefix: str = "") -> Callable[[Kind], Kind]:
    """Put the check before every public method of a class whose objects have a `person`.

    What needs no object (the names of methods, of formats) tells nothing of a workspace and is
    open, and so are the class's own ways to make one: who has the folder may open it.
    """

    def guard(kind: Kind) -> Kind:
        for name in dir(kind):
            found = inspect.getattr_static(kind, name)
            if not name.startswith("_") and isinstance(found, FunctionType):
                setattr(kind, name, _checked(found, f"{prefix}{name}"))
        return kind

    return guard


def _checked(method: FunctionType, verb: str) -> Callable[..., Any]:
    @wraps(method)
    def checked(self: Any, *args: Any, **kwargs: Any) -> Any:
        if why := refusal(self.person, verb):
            raise NotAllowedError(why)
        return method(self, *args, **kwargs)

    return checked


def _article(role: Role) -> str:
    return "an" if role[0] in "aeiou" else "a"
