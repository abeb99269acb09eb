"""The folder of one annotation project."""

from annotator.project.workspace import Workspace, place

__all__ = ["Workspace", "place"]
