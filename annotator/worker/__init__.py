"""The process that does the background jobs."""

from annotator.worker.loop import Worker

__all__ = ["Worker"]
