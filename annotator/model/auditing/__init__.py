"""Audits: what is promised, what it takes, how far one is, and what came of it."""
