"""What a recipe's `fit` is backed by."""
