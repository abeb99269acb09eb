"""The commands of certificates: look ahead, begin an audit, end it, and verify an export."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli import printing
from annotator.cli.options import Json, Root
from annotator.errors import AnnotatorError, unknown
from annotator.model.auditing import words
from annotator.model.auditing.plans import Outlook, Terms
from annotator.model.auditing.results import AuditProgress, Certificate
from annotator.service import Service
from annotator.wording import many, percent

USUAL = 60  # labels that going on is told for where no number is given
ACTS = ("status", "close", "cancel")


def certify(
    root: Root,
    target: Annotated[
        str, typer.Option(help="Share of the released pseudo-labels that is right at least.")
    ] = "0.95",
    confidence: Annotated[
        str, typer.Option(help="1 minus the chance that the promise is false.")
    ] = "0.95",
    budget: Annotated[
        int | None,
        typer.Option(min=1, help="Begin the audit, with the best number of labels up to this."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Promise it also of those that nobody looks at.")
    ] = False,
    retries: Annotated[
        int,
        typer.Option(min=0, help="Attempts after the first that share the chance to be false."),
    ] = 0,
    of: Annotated[
        list[str] | None,
        typer.Option("--class", help="Of this class alone; several are held together."),
    ] = None,
    each_class: Annotated[
        bool, typer.Option("--each-class", help="Of every class by itself, all held together.")
    ] = False,
    planted: Annotated[
        int,
        typer.Option(min=0, help="Questions of known answer, asked besides: who errs is found."),
    ] = 0,
    by: Annotated[
        str,
        typer.Option(help="`group`: of an average group, such as a patient, not of all images."),
    ] = "",
    beyond: Annotated[
        bool,
        typer.Option("--beyond", help="Go on from the newest certificate, at no chance on top."),
    ] = False,
    json_: Json = False,
) -> None:
    """Say what an audit of the pseudo-labels would take and release; --budget begins it."""
    service = Service.open(root)
    if beyond:
        if by:
            raise AnnotatorError(
                "`--beyond` goes on as the newest certificate was: leave `--by` out, or it."
            )
        _go_on(service, budget or USUAL, begin=budget is not None, as_json=json_)
        return
    terms = _terms(
        service,
        Terms(target, confidence, strict, retries, planted=planted, by=by),
        of or [],
        each=each_class,
    )
    ahead = service.certify.outlook(terms)
    if json_:
        print(json.dumps(asdict(ahead), default=str))
    else:
        _print_outlook(ahead)
    if budget is None:
        return
    best = ahead.offer(budget)
    audit = service.certify.begin(best.labels if best else budget, terms)
    printing.say(words.begun(audit))


def _terms(service: Service, terms: Terms, named: list[str], *, each: bool) -> Terms:
    """The terms for the classes that are meant.

    Raises:
        AnnotatorError: some are named, and all are meant.
    """
    if each and named:
        raise AnnotatorError("`--each-class` means all classes: leave `--class` out, or it.")
    if each:
        return replace(terms, each=tuple(one.name for one in service.classes()))
    if len(named) > 1:
        return replace(terms, each=tuple(named))
    return replace(terms, of="".join(named))


def _go_on(service: Service, labels: int, *, begin: bool, as_json: bool) -> None:
    """Say what so many labels release beyond the newest certificate, and begin if that is meant."""
    found = service.certify.beyond(labels)
    if as_json:
        print(json.dumps(asdict(found)))
    else:
        printing.say(words.onward(found))
    if begin:
        printing.say(words.begun(service.certify.go_on(labels)))


def audit(
    act: Annotated[str, typer.Argument(help=f"One of: {', '.join(ACTS)}.")],
    root: Root,
    unanswered_wrong: Annotated[
        bool,
        typer.Option("--unanswered-wrong", help="For close: what nobody answered counts as wrong."),
    ] = False,
    json_: Json = False,
) -> None:
    """Say how far an audit is or what it came to; close it, or cancel it."""
    if act not in ACTS:
        raise AnnotatorError(unknown("act on an audit", act, ACTS))
    service = Service.open(root)
    if act == "cancel":
        number = service.certify.cancel()
        printing.say(f"Audit {number} is canceled. It counts as an attempt all the same.")
        return
    if act == "close":
        service.certify.close(unanswered_wrong=unanswered_wrong)
    progress, result = service.certify.status(), service.certify.result()
    if json_:
        found = {"open": _plain(progress), "closed": _plain(result)}
        print(json.dumps(found, default=str))
        return
    for line in _told(progress, result):
        printing.say(line)


def verify(
    export: Annotated[Path, typer.Argument(metavar="EXPORT", help="Folder of the export.")],
    json_: Json = False,
) -> None:
    """Check every claim of a certified export from its rows; the status is 2 where one fails."""
    steps = Service.verify(export)
    if json_:
        print(json.dumps([asdict(each) for each in steps]))
    else:
        for each in steps:
            mark = {True: "holds", False: "FAILS", None: "not checked"}[each.holds]
            printing.say(f"{mark:>11}  {each.name}: {each.told}")
    failed = [each.name for each in steps if each.holds is False]
    if failed:
        raise AnnotatorError(
            f"{export} does not prove what it says: {', '.join(failed)} "
            f"{'fails' if len(failed) == 1 else 'fail'}. Get it anew from who made it, or do not "
            "rely on it."
        )
    if json_:
        return
    if beside := [f"'{each.name}'" for each in steps if each.unchecked]:
        printing.say(
            f"What {' and '.join(beside)} count as not checked is no part of the certificate."
        )
    printing.say("The export proves what it says.")


def _plain(found: AuditProgress | Certificate | None) -> object:
    return asdict(found) if found else None


def _print_outlook(ahead: Outlook) -> None:
    for line in words.ahead(ahead):
        printing.say(line)
    for each in ahead.offers:
        mark = "  <- enough" if each.labels == ahead.proposed else ""
        printing.say(
            f"{each.labels:>7,} labels: {percent(each.coverage)} released on the mean, anything "
            f"{'of any class ' if each.parts else ''}with a chance of {percent(each.chance)}"
            f"{' or more' if each.parts else ''}{mark}"
        )
        for line in words.by_class(each):
            printing.say(f"{'':16}{line}")
        if each.labels == ahead.proposed:
            for line in words.unseen(ahead, each):
                printing.say(f"{'':16}{line}")
    if not ahead.offers:
        printing.say(
            f"No number of labels up to {many(ahead.rows, 'guess', 'guesses')} certifies anything."
        )


def _told(progress: AuditProgress | None, result: Certificate | None) -> list[str]:
    """Lines on the open audit, and on the last that was closed."""
    said = words.progress(progress) if progress else ["No audit is open."]
    if result:
        said += [f"Audit {result.audit.number}: {result.told}", *result.sentences, *result.looks]
        said += result.advice
    return said
