"""Every view there is, found by looking: a module in `projections.views` with a `projection`."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from projections import views
from projections.projection import Projection


@cache
def projections() -> tuple[Projection, ...]:
    """Return the views by name."""
    found = (import_module(f"{views.__name__}.{module.name}") for module in iter_modules(views.__path__))
    return tuple(sorted((module.projection for module in found), key=lambda view: str(view.name)))
