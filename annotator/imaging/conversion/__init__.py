"""Image files in another format, for readers that do not know their own."""
