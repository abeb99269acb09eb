"""The statements of every step of the schema, as they were released."""
