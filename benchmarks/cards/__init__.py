"""What `benchmarks/gpu.py` tries on a card: whether it is right, how fast it is, what it holds."""
