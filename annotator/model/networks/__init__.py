"""Networks that see the images, as settings name them."""
