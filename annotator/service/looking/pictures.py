"""Looking at an image: addresses under which a browser may, and the pictures behind them."""

from __future__ import annotations

from annotator.errors import AnnotatorError
from annotator.imaging import addresses
from annotator.imaging.shown import pictures
from annotator.model import Image, Variant, Views
from annotator.project import Workspace
from annotator.service.opened import Opened

THUMBNAIL_SIDE = 160  # pixels
DISPLAY_SIDE = 1_400  # pixels; what is larger is reduced to that for a stage


class Pictures(Opened):
    """What can be seen of an image."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._secret = workspace.secret

    def image(self, image_id: int) -> Image:
        """The image of this id.

        Raises:
            AnnotatorError: there is none.
        """
        return self._image(image_id)

    def _image(self, image_id: int) -> Image:
        found = self.store.images.get(image_id)
        if found is None:
            raise AnnotatorError(
                f"There is no image {image_id}; ids go from 1 to {self.store.images.newest()}."
            )
        return found

    def image_url(self, image_id: int, *, thumbnail: bool = False) -> str:
        """A relative address that is good for one to two hours; it carries its own permission."""
        return addresses.address(self._secret, image_id, "thumb" if thumbnail else "")

    @staticmethod
    def image_of(image_id: str, until: str, sig: str) -> int | None:
        """The image that the parts of an address ask for; None if they are malformed."""
        return addresses.image_of(image_id, until, sig)

    def views(self, image: Image) -> Views:
        """The addresses of an image for a stage, each good for one to two hours."""
        large = max(image.width, image.height) > DISPLAY_SIDE
        deep = pictures.has_numbers(self.workspace.image_path(image.stored))
        url = self.image_url(image.id)
        return Views(
            url,
            display=addresses.address(self._secret, image.id, "display") if large else url,
            numbers=addresses.address(self._secret, image.id, "numbers") if deep else "",
        )

    def picture(
        self, image_id: int, until: str, sig: str, variant: Variant = ""
    ) -> tuple[bytes, str] | None:
        """Bytes and media type behind a signed address; None if it was not made here.

        Args:
            image_id: of the image.
            until: expiry, as the address has it.
            sig: signature, as the address has it.
            variant: what is to be seen of it, one of VARIANTS.

        Raises:
            AnnotatorError: there is no such image.
            WorkspaceError: its file is gone or damaged.
        """
        if not addresses.allows(self._secret, image_id, until, sig, variant):
            return None
        path = self.workspace.image_path(self._image(image_id).stored)
        kept = self.workspace.shown
        if variant == "display":
            return pictures.display(kept, path, DISPLAY_SIDE)
        if variant == "thumb":
            return pictures.thumbnail(kept, path, THUMBNAIL_SIDE)
        return (pictures.numbers if variant == "numbers" else pictures.picture)(kept, path)
