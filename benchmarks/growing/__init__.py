"""How time, memory and bytes grow with the number of images."""
