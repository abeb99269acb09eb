"""What a device asks of training: less memory, half precision, the same bits, compiled code."""
