"""All images at once, as columns of numbers: never an object for each of them."""
