"""The pages: they draw, the service decides."""
