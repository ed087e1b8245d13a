"""What an operator sees of a running program: its metrics, whether it is well, what led to what."""
