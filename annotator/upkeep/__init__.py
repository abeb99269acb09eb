"""Keeping a workspace tidy: dead workers and what ended rounds leave."""
