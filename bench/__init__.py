"""Measures in one run, as ratios to a peer on the same machine: `make bench`."""
