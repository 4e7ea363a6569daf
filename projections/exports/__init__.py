"""What leaves the register for other programs: one module a format."""
