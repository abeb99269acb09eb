"""Pools of rows to learn from, and how they are augmented."""
