"""What an operator sees of a running program: metrics, health, and the log of each update."""
