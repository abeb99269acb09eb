"""Imports that run beside the pages: begun by one page, seen by all."""
