"""What is to be built or run under one or several agreements; the feasibility phase belongs to it."""
