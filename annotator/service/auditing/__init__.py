"""Certifying: the verbs of an audit, from its outlook to its release."""
