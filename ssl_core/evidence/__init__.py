"""What labels say that were kept from the learners: who is right, how sure, and about what pool."""
