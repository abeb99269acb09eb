"""What a job has to do, in parts, and how long each takes."""
