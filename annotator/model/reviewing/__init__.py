"""What is looked through on Review: guesses of rounds, and labels that they doubt."""
