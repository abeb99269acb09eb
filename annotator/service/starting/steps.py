"""What to do next: one table of the states of a workspace, the most pressing first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from annotator.model import Job, Progress, Settings
from annotator.model.auditing.results import AuditProgress
from annotator.wording import many

BY_HAND = Settings().round_every  # labels that are worth a round where none starts by itself


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides what to do next."""

    progress: Progress
    classes: int
    taught: int = 0  # classes with a label to learn from
    job: Job | None = None  # that runs or waits
    ended: Job | None = None  # the last one, if none runs or waits
    works: bool = True  # whether a worker has been heard of
    log: bool = False  # whether there is a log of one
    due: bool = False  # whether enough labels are in for a round that has not been asked for
    disagreements: int = 0  # images
    audit: AuditProgress | None = None  # that is open
    certified: int = 0  # pseudo-labels of the newest round that an audit released
    reached: str = ""  # that the accuracy aimed at is reached, in words


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next, in a sentence, and where."""

    state: str  # of the workspace, by the name of its line in the table
    said: str
    page: str  # its title; empty where whoever looks cannot do it
    does: str  # what the link to it says
    verb: str  # of the service, that it takes
    needed: bool = False  # whether nothing else can be done before, whoever may


def next_step(now: Standing, refusal: Callable[[str], str]) -> Step:
    """The first line of the table that fits and that this person may do.

    Where nothing else can be done, and they may not do it, the sentence says who may.

    Args:
        now: how the workspace stands.
        refusal: why the person may not call a verb; empty if they may.
    """
    for line in STEPS:
        found = line(now)
        if found is None:
            continue
        why = refusal(found.verb)
        if not why:
            return found
        if found.needed:
            return Step(found.state, f"{found.said} {why}", "", "", found.verb, needed=True)
    return _label_on(now)


def _classes(now: Standing) -> Step | None:
    if now.classes > 1:
        return None
    there = "There is one class only" if now.classes else "There are no classes yet"
    more = "add a second one at least" if now.classes else "add two at least"
    said = f"{there}: {more}, by which images are told apart."
    return Step("classes", said, "Settings", "Add classes", "add_class", needed=True)


def _images(now: Standing) -> Step | None:
    if now.progress.images:
        return None
    said = "There are no images yet: import a folder, files or a table."
    return Step("images", said, "Data", "Import images", "import_source", needed=True)


def _failed(now: Standing) -> Step | None:
    if now.ended is None or now.ended.state != "failed":
        return None
    what = "The last round" if now.ended.kind == "round" else "Looking at the images"
    said = f"{what} failed: {(now.ended.error or 'nobody knows why').rstrip('.')}."
    return Step("failed", said, "Rounds", "See why, and start a round", "start_round")


def _stuck(now: Standing) -> Step | None:
    if now.job is None or now.works:
        return None
    said = (
        "A job waits, but no worker runs that would do it; its log says why."
        if now.log
        else "A job waits, but no worker runs that would do it."
    )
    return Step("stuck", said, "Rounds", "See the worker", "start_round")


def _audit_answered(now: Standing) -> Step | None:
    audit = now.audit
    if audit is None or not (audit.asked_all or audit.hopeless):
        return None
    number = audit.audit.number
    if audit.hopeless:
        said = f"Audit {number} can release nothing anymore: look at its answers twice, or end it."
    elif audit.differing:
        said = (
            f"All images of audit {number} are answered: look twice at "
            f"{many(audit.differing, 'answer')} that the model does not share, then close it."
        )
    else:
        said = f"All images of audit {number} are answered: close it, and see what they prove."
    return Step("audit answered", said, "Quality", "Look at the audit", "certify.close")


def _disagreements(now: Standing) -> Step | None:
    if not now.disagreements:
        return None
    said = f"People disagree about {many(now.disagreements, 'image')}: say which answer counts."
    return Step("disagreements", said, "Settle", "Say which counts", "answer_anew")


def _audit_open(now: Standing) -> Step | None:
    if now.audit is None:
        return None
    left = many(now.audit.waiting - now.audit.elsewhere, "image")
    said = f"Label on: audit {now.audit.audit.number} still asks {left}, among the others."
    return Step("audit open", said, "Label", "Label images", "certify.status")


def _all_answered(now: Standing) -> Step | None:
    if now.progress.images > now.progress.labeled + now.progress.unclear:
        return None
    said = "Every image is answered: export the data set, or import more."
    return Step("all answered", said, "Export", "Export the data set", "export", needed=True)


def _training(now: Standing) -> Step | None:
    if now.job is None or now.job.kind != "round":
        return None
    said = "A round trains in the background: label on meanwhile."
    return Step("training", said, "Label", "Label images", "record")


def _certified(now: Standing) -> Step | None:
    if not now.certified:
        return None
    said = f"{many(now.certified, 'pseudo-label')} of the newest round are certified: export them."
    return Step("certified", said, "Export", "Export the data set", "export")


def _reached(now: Standing) -> Step | None:
    if not now.reached:
        return None
    said = f"{now.reached} Have the pseudo-labels certified, or export them as they are."
    return Step("goal reached", said, "Quality", "Certify the pseudo-labels", "certify.begin")


def _first(now: Standing) -> Step | None:
    if now.progress.labeled:
        return None
    said = "Label the first images: each takes one press of its class’s key."
    return Step("no labels", said, "Label", "Label images", "record")


def _too_few(now: Standing) -> Step | None:
    if now.taught > 1:
        return None
    said = (
        f"Label on: a round learns from two classes at least, and there are labels of "
        f"{now.taught} to learn from."
    )
    return Step("too few classes", said, "Label", "Label images", "record")


def _due(now: Standing) -> Step | None:
    by_hand = not now.progress.round_every and now.progress.since_round >= BY_HAND
    if now.job is not None or not (now.due or by_hand):
        return None
    said = f"{many(now.progress.since_round, 'label')} came in since the last round: start one."
    return Step("round due", said, "Rounds", "Start a round", "start_round")


def _label_on(now: Standing) -> Step:
    left = now.progress.round_every - now.progress.since_round
    if now.progress.round_every and left > 0:
        said = f"Label on: {many(left, 'label')} more, and a round starts by itself."
    else:
        said = "Label on: what comes first is what the model learns most from."
    return Step("labeling", said, "Label", "Label images", "record")


STEPS: tuple[Callable[[Standing], Step | None], ...] = (
    _classes,
    _images,
    _failed,
    _stuck,
    _audit_answered,
    _disagreements,
    _audit_open,
    _all_answered,
    _training,
    _certified,
    _reached,
    _first,
    _too_few,
    _due,
    _label_on,
)
