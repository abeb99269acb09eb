"""Settling by keys: the image on the screen, what was said of it, and the answer that counts."""
