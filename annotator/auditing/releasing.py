"""A certified release: the pseudo-labels that an audit let out, as they were frozen, proved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from annotator.auditing.freezing import as_frozen
from annotator.auditing.several.parts import spans
from annotator.auditing.telling import certificate
from annotator.errors import ExportError
from annotator.export.proof.record import Frozen
from annotator.model import Round
from annotator.model.auditing.audits import Audit
from annotator.model.auditing.results import Certificate
from annotator.store import Store
from annotator.store.outgoing.certified import Certified

NAMED = 5  # images that an error names


@dataclass(frozen=True, slots=True)
class Release:
    """What a certified export is made of."""

    rows: Certified
    round: Round
    evidence: Mapping[str, Any]
    frozen: Iterable[Frozen]  # read as they are asked for, once
    sentences: tuple[str, ...]
    least: float  # confidence of the least sure one that is released


def release(store: Store) -> Release:
    """Return what the newest closed audit has certified.

    Raises:
        ExportError: none is closed, it has certified nothing, or what it was about has changed
            since, so that its sentences would not hold of the export; the way out is named.
    """
    audit = store.audits.standing()
    if audit is None:
        open_ = store.audits.current()
        raise ExportError(
            f"Audit {open_.number} is not closed yet. Answer what it asks, close it, then export."
            if open_
            else "There is no certificate yet. Certify on the page Quality, or with "
            "`certilabel certify WORKSPACE`."
        )
    found = certificate(audit)
    if not found.released:
        raise ExportError(f"{found.told} {' '.join(found.advice)}")
    same(store, audit)
    latest = store.results.get(audit.round)
    assert latest
    assert audit.evidence
    said = [found.told, *found.sentences, *found.looks, *_turned_down(store, found)]
    if found.terms.each:
        said.append("Pseudo-labels of classes that are not named here are left out.")
    if found.terms.of:
        said.append(
            "Pseudo-labels of other classes are left out: each class has a certificate of its own."
        )
    return Release(
        rows=Certified(store.db, latest, audit.number, spans(audit.evidence), _bases(store, audit)),
        round=latest,
        evidence=audit.evidence,
        frozen=as_frozen(store, audit),
        sentences=tuple(said),
        least=min(
            float(store.orders.score(audit.number, end - 1))
            for start, end in spans(audit.evidence)
            if end > start
        ),
    )


def _bases(store: Store, audit: Audit) -> list[int]:
    """The numbers of the audits that one goes on from."""
    found = []
    while base := store.audits.planned_as(audit.plan.get("extends")):
        found.append(base.number)
        audit = base
    return found


def same(store: Store, audit: Audit) -> None:
    """Raise ExportError where what a closed audit was about has changed since; see `release`."""
    _same_classes(store, audit)
    _same_answers(store, audit)
    _same_known(store, audit)


def audited_rows(audit: Audit) -> list[Mapping[str, Any]]:
    """The rows that were audited, by it and by those that it goes on from, as evidence has them."""
    found, rows = audit.evidence, []
    while found:
        rows += found["rows"]
        found = found.get("extends")
    return rows


def _turned_down(store: Store, found: Certificate) -> list[str]:
    """Say where a review has turned released pseudo-labels down: they go along all the same."""
    assert found.audit.evidence
    number = store.audits.turned_down(found.audit.number, spans(found.audit.evidence))
    if not number:
        return []
    return [
        f"{number:,} of the certified pseudo-labels {'was' if number == 1 else 'were'} turned down "
        "in a review since, and count among those that may be wrong. They are in the export: label "
        "their images, and it has the labels instead."
    ]


def _same_classes(store: Store, audit: Audit) -> None:
    """Raise ExportError where a pseudo-label's class is not what it was when it was frozen."""
    now = {each.id: each.name for each in store.classes.active()}
    used = store.orders.classes(audit.number)
    gone = sorted(audit.names[each] for each in used if now.get(each) != audit.names[each])
    if gone:
        raise ExportError(
            f"The class '{gone[0]}' was renamed, merged or removed since audit {audit.number} "
            "froze the pseudo-labels, so its certificate speaks of other labels than those here. "
            "Undo that change, certify anew, or export without the certificate."
        )


def _same_known(store: Store, audit: Audit) -> None:
    """Raise ExportError where a row that was known when an audit went on is known otherwise now."""
    asked = {row["id"] for row in audited_rows(audit)}
    known = {each["rank"]: each["wrong"] for each in audit.plan["known"] if each["id"] not in asked}
    other = [
        each.image_id
        for each in store.orders.looked(audit.number, list(known))
        if known[each.rank] != each.wrong
    ]
    if other:
        name = store.images.many(other[:1])[other[0]].name
        raise ExportError(
            f"'{name}' has another label than when audit {audit.number} went on, which counted it "
            "as known. Give it that label again (page Data), certify anew, or export without the "
            "certificate."
        )


def _same_answers(store: Store, audit: Audit) -> None:
    """Raise ExportError where an audited image has another label now than the audit's."""
    assert audit.evidence
    names = {each.id: each.name for each in store.classes.all()}
    said = {row["id"]: row["adjudicated"] for row in audited_rows(audit)}
    said |= {each["id"]: each["answer"] for each in audit.plan.get("planted", ())}
    ids = store.images.ids_of(list(said))
    told = {ids[sha256]: answer for sha256, answer in said.items()}
    labels = {image_id: names[each.class_id] for image_id, each in store.labels.of(told).items()}
    other = [
        image_id
        for image_id, answer in told.items()
        if answer is not None and labels.get(image_id) != answer
    ]
    if other:
        images = store.images.many(other[:NAMED])
        named = ", ".join(f"'{each.name}'" for each in images.values())
        more = f" and {len(other) - NAMED:,} more" if len(other) > NAMED else ""
        raise ExportError(
            f"Audited images have another label now than the audit's: {named}{more}. Give them the "
            "audit's label again (page Data), certify anew, or export without the certificate."
        )
