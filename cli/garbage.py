"""How often Python looks for garbage that no reference count finds: while much is done alike, seldom."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def rare_collections() -> Iterator[None]:
    """Let Python look for garbage seldom, and not at the program itself: facts hold no cycles, and looking costs."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(60_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()
