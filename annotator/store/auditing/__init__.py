"""Audits of pseudo-labels: plans, draws, what was answered, and how they ended."""
