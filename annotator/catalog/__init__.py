"""What ssl_core offers, read without torch, and whether a choice fits it."""
