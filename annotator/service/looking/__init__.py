"""What a browser may see of an image, and what may be said beside it."""
