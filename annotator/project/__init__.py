"""The folder of one annotation project."""

from annotator.project.workspace import Workspace

__all__ = ["Workspace"]
