"""An audit as it was planned and drawn, and what is known of each image that it asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

# planned: no seed yet, so nothing was asked; open: images are asked
AuditState = Literal["planned", "open", "closed", "canceled"]


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit. What it holds was written once and never changed."""

    number: int  # 1, 2, 3, ... as they were planned
    state: AuditState
    round: int
    person: str  # who planned it
    planned: float  # unix seconds, UTC
    plan: Mapping[str, Any]  # as evidence has it
    plan_hash: str
    newest: int  # the last image that was there
    watermark: int  # the newest label event when its order was frozen
    names: Mapping[int, str]  # of the classes, by id, as they were then
    seed: str | None = None  # digits
    numpy: str | None = None  # the version that drew
    drawn: float | None = None
    ended: float | None = None
    evidence: Mapping[str, Any] | None = None  # of one that was closed


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of a frozen order."""

    rank: int  # from 0
    image_id: int
    sha256: str
    class_id: int  # its pseudo-label
    score: str  # decimal, as it was ordered by


@dataclass(frozen=True, slots=True)
class Looked:
    """A row of a frozen order beside what is known of its image now."""

    rank: int
    image_id: int
    sha256: str
    class_id: int  # its pseudo-label
    label: int | None  # the class that an expert gave it

    @property
    def wrong(self) -> bool:
        """Whether it is not known to be right."""
        return self.label != self.class_id


@dataclass(frozen=True, slots=True)
class Said:
    """An answer about an audited image."""

    by: str
    class_id: int
    at: float  # when it came in, unix seconds, UTC


@dataclass(frozen=True, slots=True)
class Planted:
    """An image whose answer is known, asked blind once more: who errs there may err anywhere."""

    image_id: int
    sha256: str
    answer: str  # name of the class that it is known to be, as the plan has it
    how: str  # settled, agreed by several people, or labeled by one
    blind: tuple[Said, ...] = ()  # the last answer of each person who was asked
    passed: bool = False  # somebody could not tell, or skipped it

    @property
    def waits(self) -> bool:
        """Whether nobody has dealt with it yet."""
        return not self.blind and not self.passed


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An image that was drawn, its pseudo-label and what was said of it."""

    rank: int
    image_id: int
    sha256: str
    class_id: int  # its pseudo-label
    blind: tuple[Said, ...] = ()  # the last answer of each person who was asked
    second: tuple[Said, ...] = ()  # second looks, the last one last
    passed: bool = False  # somebody could not tell, or skipped it

    @property
    def final(self) -> int | None:
        """The class that counts: that of the second look, else the one that all blind say."""
        if self.second:
            return self.second[-1].class_id
        told = {each.class_id for each in self.blind}
        return told.pop() if len(told) == 1 else None

    @property
    def waits(self) -> bool:
        """Whether nobody has dealt with it yet."""
        return not self.blind and not self.second and not self.passed

    @property
    def wrong(self) -> bool:
        """Whether the pseudo-label counts as wrong; so does one that nobody could judge."""
        return self.final != self.class_id

    @property
    def differs(self) -> bool:
        """Whether a blind answer is not the pseudo-label."""
        return any(each.class_id != self.class_id for each in self.blind)
