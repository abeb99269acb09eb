"""A written export on its way to a browser."""
