"""What somebody sees who comes back."""
