"""Finding images by what is known of them and of their labels."""
