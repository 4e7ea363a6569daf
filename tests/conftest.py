"""Shared by all tests: how Hypothesis works, here and on a machine that is busy."""

from hypothesis import settings

settings.register_profile("paraph", deadline=None, print_blob=True)
settings.load_profile("paraph")
