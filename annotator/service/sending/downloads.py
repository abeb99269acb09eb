"""Downloads: the exports that lie in the workspace, each as one ZIP file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from annotator.errors import ExportError
from annotator.export.sending import addresses, zipped
from annotator.model import Exported
from annotator.service.opened import Opened

ALWAYS = "provenance.json"  # every export has it; a folder without is none


class Downloads(Opened):
    """How an export comes to whoever has no account on this machine."""

    def exports(self, limit: int = 10) -> list[Exported]:
        """The newest exports of the workspace's own folder, the newest first.

        Those in a folder that the server was started with are not among them.
        """
        with suppress(FileNotFoundError):  # nobody has exported yet
            written = ((each.name, _written(each)) for each in self.workspace.exports.iterdir())
            found = [Exported(name, at) for name, at in written if at is not None]
            return sorted(found, key=lambda each: (-each.at, each.name))[:limit]
        return []

    def download_url(self, name: str) -> str:
        """The address of an export, relative to the app; it is good for one to two hours.

        Raises:
            ExportError: there is no such export.
        """
        self._export(name)
        return addresses.address(self.workspace.secret, name)

    def download(self, name: str, until: str, sig: str) -> Iterator[bytes] | None:
        """An export as a ZIP file, piece by piece; None if the address is no good anymore.

        Raises:
            ExportError: there is no such export.
        """
        if not addresses.allows(self.workspace.secret, name, until, sig):
            return None
        found = self._export(name)
        self._log.write("export downloaded", name=name)
        return zipped.pieces(found)

    def _export(self, name: str) -> Path:
        path = self.workspace.exports / name
        if Path(name).name != name or _written(path) is None:
            raise ExportError(f"There is no export '{name}' in the workspace. Export it again.")
        return path


def _written(path: Path) -> float | None:
    """When an export was written, in unix seconds; None if it is none, or still being written."""
    if path.name.startswith(".") or path.is_symlink():
        return None
    with suppress(OSError, ValueError):
        return (path / ALWAYS).stat().st_mtime
    return None
