"""Certifying: audits under the name `certify`, their release, and whether an export proves it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from annotator.export.proof import verify
from annotator.model import LabelEvent
from annotator.service.opened import Opened

if TYPE_CHECKING:
    from annotator.auditing.releasing import Release
    from annotator.service.auditing.certifier import Certifier


class Certifying(Opened):
    """What an audit proves of pseudo-labels."""

    @property
    def certify(self) -> Certifier:
        """The verbs of an audit, for this person."""
        from annotator.service.auditing.certifier import Certifier

        return Certifier(self.store, self.name, self.person)

    @staticmethod
    def verify(export: Path | str) -> list[verify.Step]:
        """Check every claim of a certified export from its rows, with integers alone.

        Raises:
            ExportError: there is no certificate, or nothing that can be read.
        """
        return verify.verify(Path(export))

    def _release(self) -> Release:
        from annotator.auditing.releasing import release

        return release(self.store)

    def _audit_notice(self, written: tuple[LabelEvent, ...]) -> str:
        """What to say to who answers an audit: that it is done, or can release nothing anymore."""
        current = self.store.audits.current()
        if current is None or current.state != "open":
            return ""
        rows = self.store.audits.rows(current.number)
        planted = self.store.audits.planted(current.number)
        asked = {each.image_id for each in rows} | {each.image_id for each in planted}
        if not {each.image_id for each in written} & asked:
            return ""
        from annotator.auditing.closing import is_hopeless, names_of

        if is_hopeless(current, rows, planted, names_of(self.store, current)):
            return (
                "Answers are stored, but the open audit can release nothing anymore, unless second "
                "looks clear answers that differ. Look twice or close it on the page Quality, and "
                "save the labels that it still asks for."
            )
        if any(each.waits for each in rows) or any(each.waits for each in planted):
            return ""
        return "All images of the audit are answered: the page Quality says what they prove."
