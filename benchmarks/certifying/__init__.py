"""What the certificate is measured on, and beside what."""
