"""Certifying on the page Quality: a plan, the audit as it goes, and what it proved."""
