"""Audits: what a sample of blind answers proves of a round's pseudo-labels."""
