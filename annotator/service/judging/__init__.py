"""Verbs about one round beside its accuracy."""
