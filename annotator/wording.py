"""Numbers and names as pages and command line write them alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def percent(share: float) -> str:
    """`93.4 %`, in one piece at the end of a line."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def many(number: int, one: str, more: str = "") -> str:
    """`1 image`, `2 images`, `1,000 classes`."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def read_alike(one: str, other: str) -> str:
    """That two names of classes are one for the eye, and two here."""
    how = "case" if one.casefold() == other.casefold() else "case, blanks, hyphens or the like"
    return f"'{one}' and '{other}' differ in {how} alone, and are two classes all the same."


def could_not(unjudged: int, judged: int) -> str:
    """`; on the images that could be judged; 7 of 112 could not`; empty if all could."""
    if not unjudged:
        return ""
    all_ = unjudged + judged
    return f"; on the images that could be judged; {unjudged:,} of {all_:,} could not"


def decided_since(given: int, left: int) -> str:
    """`Of 10 that the round gave, 3 have been decided on since.`; empty if all are left."""
    gone = given - left
    if gone <= 0:
        return ""
    return f"Of {given:,} that the round gave, {many(gone, 'has', 'have')} been decided on since."


def left_out(images: int) -> str:
    """How many labeled images a round did not learn from, and what mends that."""
    return (
        f"{many(images, 'labeled image')} left out: people disagree about "
        f"{'it' if images == 1 else 'them'}. Settle {'it' if images == 1 else 'them'} on Settle."
    )


def baseline(learner: str) -> str:
    """`baseline (logistic)`: it never stands without the name of what learned."""
    return f"baseline ({learner})"


def weighed(shares: Mapping[str, float]) -> str:
    """What each learner of a round counts, the one that counts most first."""
    order = sorted(shares, key=lambda name: -shares[name])
    told = ", ".join(
        f"{name.replace('_', ' ')} {100 * shares[name]:.0f}\N{NO-BREAK SPACE}%" for name in order
    )
    return (
        f"What each learner counts: {told}, by how well they knew labeled images that they had not "
        "learned from; with few labels nearly the same."
    )


def deferred(learner: str) -> str:
    """That a round gives the classes of its baseline, and why."""
    return (
        "Labels that were kept from both do not show that the method knows more than the plain "
        f"model ({learner}): the round gives that one's classes."
    )


def began_anew(files: Sequence[str]) -> str:
    """Which weights of a round were damaged on the disk, and what it did about it."""
    return (
        f"Weights on the disk were damaged ({', '.join(files)}) and set aside: training began anew."
    )


BURNT_IN = (
    "Text that is burnt into the pixels, such as a name on a scan, is not taken out: look for it."
)


def may_name(files: int, name: str, what: str) -> str:
    """That metadata of so many images may name a person, such as that of one, and what follows."""
    return (
        f"{many(files, 'image carries', 'images carry')} metadata that may name a person, such as "
        f"{name} ({what}). Pages show none, and exports leave it out unless asked to keep it. "
        f"{BURNT_IN}"
    )
