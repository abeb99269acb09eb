"""Images that are asked once more: of a second person, or of the one who has answered already."""

from annotator.store.twice.table import AskTwice

__all__ = ["AskTwice"]
