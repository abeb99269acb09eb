"""What is said of audits on pages and by commands alike."""

from __future__ import annotations

from fractions import Fraction

from annotator.model.auditing.audits import Audit
from annotator.model.auditing.plans import Offer, Outlook, Terms
from annotator.model.auditing.results import AuditProgress
from annotator.wording import many, percent

NEARLY = 0.9  # of what could be released: so many labels leave little for a certificate
FEW = 25  # blind answers that tell enough of a good model; a weak one takes 100


def shared(share: str | Fraction) -> str:
    """`95 %`, `97.5 %`: a share that was given as text."""
    return percent(float(Fraction(share))).replace(".0\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


def promise(terms: Terms) -> str:
    """What is to be promised, in one sentence."""
    strict = ", also of those that nobody looks at" if terms.strict else ""
    if terms.each:
        return (
            f"Of the released pseudo-labels of each of {len(terms.each):,} classes at least "
            f"{shared(terms.target)} are right{strict}; the chance that this is false of any of "
            f"them is at most {shared(terms.delta)}."
        )
    if terms.by:
        return (
            f"Of an average group's released pseudo-labels{named(terms)}, such as a patient's, at "
            f"least {shared(terms.target)} are right; the chance that this is false is at most "
            f"{shared(terms.delta)}."
        )
    return (
        f"Of the released pseudo-labels{named(terms)} at least {shared(terms.target)} are "
        f"right{strict}; the chance that this is false is at most {shared(terms.delta)}."
    )


def named(terms: Terms) -> str:
    """` 'cat'` where the promise is about one class, else nothing."""
    return f" '{terms.of}'" if terms.of else ""


def _only(terms: Terms) -> str:
    """`, as 'cat'` where guesses of one class alone are looked at, else nothing."""
    return f", as '{terms.of}'" if terms.of else ""


def ahead(found: Outlook, by: str = "`--by group`") -> list[str]:
    """What an audit stands on, before its offers; `by` names what asks for groups."""
    said = [
        promise(found.terms),
        f"Round {found.round} guesses the class of {many(found.rows, 'image')} without a label"
        f"{_only(found.terms)}, the surest first: any of these guesses may become a pseudo-label, "
        "whatever the threshold. How sure it is was set by labels that its learners had not seen.",
        f"Below {many(found.least, 'label')} nothing can be certified.",
    ]
    said += _shared_by_classes(found) + _of_groups(found, by) + _planted(found)
    if found.pilot < FEW:
        said.append(
            f"{many(found.pilot, 'blind answer')} since the round "
            f"{'tells' if found.pilot == 1 else 'tell'} how often it is wrong. That is few, so the "
            "numbers ahead are mostly those of models at large: this one may release more, or less."
        )
    else:
        said.append(f"{found.pilot:,} blind answers since the round tell how often it is wrong.")
    if found.turns > 1:
        said.append(
            f"It would be attempt {found.turn} of {found.turns} that are declared together, and "
            f"is tested as if its chance to be false were {shared(found.level)}, so that all of "
            f"them stay at {shared(found.terms.delta)}."
        )
    if found.attempt > 1:
        said.append(
            f"It would be attempt {found.attempt}: the chance that any of them is false is at most "
            f"{shared(found.false_at_most)}."
        )
    return said


def _shared_by_classes(found: Outlook) -> list[str]:
    """How several classes share labels and chance."""
    said = []
    if each := found.terms.each:
        said.append(
            f"Each of {len(each):,} classes has its own draw, all asked among one another, and "
            f"begins with a chance to be false of {shared(found.level / len(each))}; once all "
            "that was drawn from one is released, its chance is shared by the others (Holm). The "
            "numbers ahead are those at the beginning: this can only raise them."
        )
    if found.left_out:
        said.append(f"Never guessed, and so left out: {', '.join(found.left_out)}.")
    return said


def _of_groups(found: Outlook, by: str) -> list[str]:
    """How images that belong together are counted, and what else could be promised of them."""
    if not found.terms.by:
        said = grouped(*found.grouped)
        if said and not found.terms.each:
            said.append(f"A promise about an average group can be had in its place ({by}).")
        return said
    less = f", where all images alike take {many(found.alike, 'label')}" if found.alike else ""
    return [
        f"Time and again a group is drawn, and one of its images: {many(found.least, 'draw')} at "
        f"least{less}. An image that is drawn twice is asked once. All that is drawn from is "
        "released, or nothing.",
        *averaged(),
    ]


def averaged() -> list[str]:
    """What a promise about an average group says, and what it does not."""
    return [
        "It is about groups on the mean, each counted alike, whether it has many images or few; an "
        "image that belongs with no other is a group by itself. Of a single group it says nothing, "
        "nor of groups to come, nor of all images together."
    ]


def draws(count: int, images: int, wrong: int, may: int) -> list[str]:
    """How the draws of groups came to images, and what is counted of them."""
    if may < 0:
        return []
    return [
        f"{many(count, 'draw')} of a group came to {many(images, 'image')}: {wrong:,} of these "
        f"draws to a wrong one, where {may:,} may."
    ]


def grouped(images: int, groups: int) -> list[str]:
    """What is to be said where images belong together; nothing where none do."""
    if not images:
        return []
    return [
        f"{images:,} of these images come in {many(groups, 'group')}, such as patients, and those "
        "of one are often right or wrong together. The promise holds all the same, as images are "
        "drawn by chance alone, whatever is wrong. It is about the images that are here: a group "
        "of many counts more than one of few, so it says nothing about an average patient, nor "
        "about patients to come."
    ]


def _planted(found: Outlook) -> list[str]:
    """What questions whose answer is known are for, and how a miss changes what is tested."""
    if not found.effects:
        return []
    return [
        f"Besides, {many(found.terms.planted, 'question')} of known answer come up blind once "
        "more. Another answer to one is a miss, and misses bound how many wrong pseudo-labels are "
        "waved through.",
        *(
            f"With {each.missed:,} missed, at most {shared(each.beta)} of the wrong ones are: all "
            f"is tested as if {shared(each.epsilon)} might be wrong, at a chance of "
            f"{shared(each.level)}."
            for each in found.effects
        ),
        "The numbers ahead suppose that none is missed.",
    ]


def by_class(found: Offer) -> list[str]:
    """Of an offer for several classes, what each takes and gets."""
    return [
        f"'{each.of}': {many(each.labels, 'label')}, {percent(each.coverage)} released on the "
        f"mean, anything with a chance of {percent(each.chance)}"
        for each in found.parts
    ]


def unseen(found: Outlook, best: Offer) -> list[str]:
    """Where a plan has people answer all that it could release, or nearly: that, and what helps."""
    said = []
    for each in best.parts or (best,):
        of = f" '{each.of}'" if each.of else named(found.terms)
        if each.labels >= each.among and found.terms.by:
            said.append(
                f"That is as many draws as there are guesses{of} that could be released, or more: "
                "most of them would be answered by somebody."
            )
        elif each.labels >= each.among:
            said.append(
                f"That is all of the {each.among:,} guesses{of} that could be released: a "
                "certificate is of no use where somebody answers each of them."
            )
        elif each.labels >= NEARLY * each.among:
            said.append(
                f"That is {each.labels:,} of the {each.among:,} guesses{of} that could be "
                "released: a certificate is of little use where somebody answers nearly all."
            )
    if said and found.eased[1] and not (found.terms.each or found.terms.by):
        target, labels = found.eased
        said.append(f"A target of {shared(target)} takes {many(labels, 'label')} at least.")
    if said:
        said.append(
            "More images help too, as they take hardly more labels. Or label these without an "
            "audit: what people have answered needs no certificate."
        )
    return said


def answered_all(released: int, audited: int) -> str:
    """A sentence, after another, where nobody's unseen guess is among what is certified."""
    if not released or audited < released:
        return ""
    return (
        " All of them were answered in the audit: no guess that nobody has looked at is among them."
    )


def onward(found: Offer) -> str:
    """What going on from a certificate would take and release."""
    return (
        f"{many(found.labels, 'label')} more, drawn from what nobody has looked at among the "
        f"{found.among:,} surest guesses, certify {percent(found.coverage)} of all on the "
        f"mean, and more than now with a chance of {percent(found.chance)}. It adds no chance to "
        "be false; where it proves nothing, what is certified stands."
    )


def begun(audit: Audit) -> str:
    """That an audit has begun, and how it goes on."""
    images = f"{audit.plan['m']:,} images"
    if audit.plan.get("by"):
        images = f"the images of {audit.plan['m']:,} draws of a group"
    return (
        f"Audit {audit.number} has begun: {images}, drawn from the "
        f"{audit.plan['M']:,} surest guesses{_of(audit)}, are asked among the other "
        "questions on the page Label. Who answers sees no guess; skipped counts as wrong."
        + _retries(audit)
        + _besides(audit)
        + " Tell somebody the hash of "
        f"the plan, if they are to trust you: {audit.plan_hash}"
    )


def _of(audit: Audit) -> str:
    if parts := audit.plan.get("parts"):
        return f" of {len(parts):,} classes, of each its own"
    return f" '{audit.plan['class']}'" if audit.plan.get("class") else ""


def _besides(audit: Audit) -> str:
    planted = audit.plan.get("planted", ())
    if not planted:
        return ""
    return (
        f" {many(len(planted), 'question')} more, whose answer is known, come up among them, and "
        "nobody can tell which."
    )


def _retries(audit: Audit) -> str:
    declared = audit.plan.get("declared", [])
    if not declared[1:]:
        return ""
    return f" It is attempt {audit.plan['turn']} of {len(declared)} that were declared together."


def progress(found: AuditProgress) -> list[str]:
    """How far the open audit is, and what is to be done."""
    said = [
        f"Audit {found.audit.number}: {found.answered:,} of {many(found.labels, 'image')} answered,"
        f" {found.waiting:,} to go."
    ]
    if planted := found.audit.plan.get("planted"):
        said.append(f"Of these, {len(planted):,} are of known answer; nobody can tell which.")
    if found.passed:
        said.append(
            f"{found.passed:,} skipped, or nobody could tell: they count as wrong, unless they are "
            "answered before the audit is closed."
        )
    if found.elsewhere:
        said.append(
            f"{found.elsewhere:,} got a label otherwise than by an answer to a question, such as "
            "by an import. They are not asked anymore and count as wrong: take that label back."
        )
    if found.hopeless:
        said.append(
            "So many answers differ that nothing can be released, unless a second look clears "
            "some. Look twice or close the audit: the labels that are left are saved."
        )
    elif found.asked_all:
        said.append(
            f"All is answered. {many(found.differing, 'answer')} "
            f"{'differs' if found.differing == 1 else 'differ'} from the guess and may be "
            "looked at twice. Then close the audit."
            if found.differing
            else "All is answered. Close the audit to see what it proves."
        )
    return said
