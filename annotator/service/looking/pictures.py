"""Looking at an image: addresses under which a browser may, and the pictures behind them."""

from __future__ import annotations

from annotator.errors import AnnotatorError
from annotator.imaging import addresses
from annotator.imaging.shown import pictures
from annotator.model import Image, Sheet, Turned, Variant, Views
from annotator.project import Workspace
from annotator.service.opened import Opened
from annotator.wording import many

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

    def image_url(self, image_id: int, *, thumbnail: bool = False, page: int = 0) -> str:
        """A relative address that is good for one to two hours; it carries its own permission.

        Of a document it gives the page of that number, without one its face.
        """
        return self._address(image_id, "thumb" if thumbnail else "", page)

    def _address(self, image_id: int, variant: Variant, page: int = 0) -> str:
        return addresses.address(self._secret, image_id, variant, page)

    @staticmethod
    def image_of(image_id: str, until: str, sig: str) -> int | None:
        """The image that the parts of an address ask for; None if they are malformed."""
        return addresses.image_of(image_id, until, sig)

    def views(self, image: Image) -> Views:
        """The addresses of an image for a stage, each good for one to two hours.

        Those of a document are of its face; what is behind each of its pages stands beside them.
        """
        url = self._address(image.id, "")
        display, numbers = (self._address(image.id, each) for each in ("display", "numbers"))
        face = self._sheet(image.stored, image.width, image.height)
        return Views(
            url,
            display=display if face.large else url,
            numbers=numbers if face.deep else "",
            turned=Turned(display, numbers, self._sheets(image)) if image.pages > 1 else None,
        )

    def _sheets(self, image: Image) -> tuple[Sheet, ...]:
        sheets = [self._sheet(*shape) for shape in self.store.pages.shapes(image.id)]
        while sheets[1:] and sheets[-1] == sheets[-2]:  # the frames of a series are all alike
            sheets.pop()
        return tuple(sheets)

    def _sheet(self, stored: str, width: int, height: int) -> Sheet:
        large = max(width, height) > DISPLAY_SIDE
        return Sheet(
            width, height, large, deep=pictures.has_numbers(self.workspace.image_path(stored))
        )

    def picture(
        self, image_id: int, until: str, sig: str, variant: Variant = "", page: str = ""
    ) -> tuple[bytes, str] | None:
        """Bytes and media type behind a signed address; None if it was not made here.

        Who may see a document may see each of its pages.

        Args:
            image_id: of the image.
            until: expiry, as the address has it.
            sig: signature, as the address has it.
            variant: what is to be seen of it, one of VARIANTS.
            page: of a document, a number, or empty for its face.

        Raises:
            AnnotatorError: there is no such image or page.
            WorkspaceError: its file is gone or damaged.
        """
        if not addresses.allows(self._secret, image_id, until, sig, variant):
            return None
        path = self.workspace.image_path(self._stored(image_id, page))
        kept = self.workspace.shown
        if variant == "display":
            return pictures.display(kept, path, DISPLAY_SIDE)
        if variant == "thumb":
            return pictures.thumbnail(kept, path, THUMBNAIL_SIDE)
        return (pictures.numbers if variant == "numbers" else pictures.picture)(kept, path)

    def _stored(self, image_id: int, page: str) -> str:
        """The path of an image below the workspace; of a document, that of a page."""
        image = self._image(image_id)
        if not page:
            return image.stored
        found = self.store.pages.one(image_id, addresses.page_of(page) or 0)
        if found is None:
            raise AnnotatorError(
                f"Image {image_id} has {many(image.pages, 'page')} and no page '{page}'."
            )
        return found.stored
