"""Bringing images and labels in."""
