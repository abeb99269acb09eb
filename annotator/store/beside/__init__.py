"""Answers that are no label: images that were put off or that nobody can tell, flags and notes."""

from annotator.store.beside.beside import Beside

__all__ = ["Beside"]
