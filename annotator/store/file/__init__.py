"""The file that the database is: opened, made, looked over, and what can be wrong with it."""

from annotator.store.file.faults import in_words
from annotator.store.file.opening import BUSY_MS, connect, identity, make, write_ahead

__all__ = ["BUSY_MS", "connect", "identity", "in_words", "make", "write_ahead"]
