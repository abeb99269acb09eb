"""The only place that speaks SQL: one class a kind of row, all over one database."""

from annotator.store.jobs import Fence, LostJob
from annotator.store.store import Store

__all__ = ["Fence", "LostJob", "Store"]
