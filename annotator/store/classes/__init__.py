"""Classes: their names, their table, and the log of what was done to them."""

from annotator.store.classes.names import LONGEST_NAME, alike, folded, tidy
from annotator.store.classes.table import Classes

__all__ = ["LONGEST_NAME", "Classes", "alike", "folded", "tidy"]
