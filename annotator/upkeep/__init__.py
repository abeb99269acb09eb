"""Keeping a workspace: what is dead or left behind, backups, and looking it through."""
