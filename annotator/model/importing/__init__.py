"""What an import may do, and what it did."""
