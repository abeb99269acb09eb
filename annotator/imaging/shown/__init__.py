"""What browsers are given of a stored image: made once, kept on the disk within a bound."""
