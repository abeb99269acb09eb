"""What is written bit by bit while others write too."""
