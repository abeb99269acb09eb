"""What each page asks of the service before it can be drawn for the first time."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_hex

from annotator.model import GuessOrder, Sought, SoughtGuesses
from annotator.model.auditing.plans import Terms
from annotator.service import Service


def start(service: Service) -> None:
    """Start."""
    service.next_step()
    service.progress()
    service.rounds()
    service.news()


def label(service: Service) -> None:
    """Label: the steps above the stage, and the first batch."""
    service.next_step()
    service.progress()
    questions = service.lease(token_hex(4), "somebody")
    service.about([each.image for each in questions])
    service.active_job()
    service.last_job()
    service.curve()


def data(service: Service) -> None:
    """Data: the counts, the map with the balance, and the first images."""
    service.progress()
    service.explore.near_duplicates()
    service.explore.state()
    service.explore.points()
    service.count_by_class()
    sought = Sought()
    service.find(sought)
    service.count_found(sought)
    service.disagreements()
    service.people()


def alike(service: Service) -> None:
    """Data: the images most like one."""
    service.explore.like(1)


def rounds(service: Service) -> None:
    """Rounds."""
    service.features_in_use()
    service.worker_alive()
    service.curve()
    service.below_baseline()
    service.stretches()
    service.breaks()
    service.progress()
    service.epochs(service.rounds()[-1].number)


def review(service: Service) -> None:
    """Review: the first cards in the usual order, and how many there are."""
    sought = SoughtGuesses()
    service.count_guesses(sought)
    service.decided()
    service.guesses(sought)


def ordered(order: GuessOrder) -> Callable[[Service], None]:
    """Review: the first cards in another order, and how many the baseline contradicts."""

    def draw(service: Service) -> None:
        service.guesses(SoughtGuesses(order=order))
        service.count_guesses(SoughtGuesses(among="models"))

    return draw


def quality(service: Service) -> None:
    """Quality: the advice and all that is told of the newest round."""
    newest = service.rounds()[-1].number
    service.below_baseline()
    service.advice()
    service.certify.status()
    service.certify.result()
    service.confidences(newest)
    service.confusion(newest)
    service.class_table(newest)
    service.reliability(newest)
    service.flips(newest)
    service.ratios()
    service.beside_baseline(newest)
    service.drift(newest)
    service.count_guesses(SoughtGuesses(among="labels"))
    service.agreement()


def certify(service: Service) -> None:
    """Quality: the plan of an audit, which a click unfolds."""
    service.certify.outlook(Terms("0.95", "0.95"))


def export(service: Service) -> None:
    """Export."""
    service.progress()
    service.count_by_class()
    service.doubt()
    service.certify.result()
    service.exports()


def settings(service: Service) -> None:
    """Settings."""
    service.settings()
    service.classes()
    service.count_by_class()
    service.class_log()


def settle(service: Service) -> None:
    """Settle."""
    service.to_settle()


PAGES: dict[str, Callable[[Service], None]] = {
    "Start": start,
    "Label": label,
    "Data": data,
    "Data, alike": alike,
    "Rounds": rounds,
    "Review": review,
    "Review, by the round before": ordered("rounds"),
    "Review, by the baseline": ordered("models"),
    "Review, the surest": ordered("confidence"),
    "Review, the strangest": ordered("remote"),
    "Quality": quality,
    "Export": export,
    "Settings": settings,
    "Settle": settle,
}
# What a click brings, beside a word that it is being worked out
CLICKED = {"plan of an audit": certify}
