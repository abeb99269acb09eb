"""The pages of documents: where each lies, and what is written on it."""
