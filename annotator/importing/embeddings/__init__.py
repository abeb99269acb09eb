"""Embeddings that were computed elsewhere: read from a file, matched to images, kept."""
