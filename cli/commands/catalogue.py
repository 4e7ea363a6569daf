"""What can be recorded, and what may follow what: the catalogue of facts and the lifecycles."""

from typing import Annotated, Any

import typer

from cli.drafting import model_of
from cli.exits import NOT_FOUND, Failure
from cli.options import Shown
from cli.output import cell
from cli.screens import catalogue as screens
from cli.screens import lifecycle as lifecycles
from cli.table import lines
from domain.catalogue import BY_KIND, kind_of_fact
from domain.deciders import LIFECYCLES


def facts_list(
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help=f"One of {', '.join(BY_KIND)}.")] = None,
    *,
    shown: Shown,
) -> None:
    """Every fact type with its kind of stream and its fields."""
    if kind is not None and kind not in BY_KIND:
        raise Failure("not-found", f"{kind!r} is none of {', '.join(BY_KIND)}", NOT_FOUND, "paraph facts list")
    rows = [
        screens.fact_row(name, home, model)
        for home, models in BY_KIND.items()
        if kind in {None, home}
        for name, model in models.items()
    ]
    cells = [screens.flat(row) for row in rows]
    shown.screen.answer(
        {"facts": rows},
        rows if shown.screen.json else cells,
        screens.FACTS,
        lambda s: lines([{k: cell(v) for k, v in row.items()} for row in cells], screens.FACTS, s.width),
    )
    shown.screen.hint("paraph facts show TYPE")


def facts_show(
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="A fact type, such as PhaseObserved.")],
    *,
    shown: Shown,
) -> None:
    """One fact type: its fields, its JSON Schema with --json, an example."""
    model = model_of(type_)
    schema = screens.schema_of(type_, kind_of_fact(type_), model)
    rows = screens.field_rows(model)
    shown.screen.answer(schema, rows, screens.FIELDS, lambda s: screens.fact_lines(type_, schema, rows, s))


def _lifecycle(facet: str) -> Any:
    known = {name.replace(" ", "-"): lifecycle for name, lifecycle in LIFECYCLES.items()}
    found = known.get(facet.replace(" ", "-"))
    if found is None:
        raise Failure(
            "not-found", f"no facet is called {facet!r}: {', '.join(known)}", NOT_FOUND, "paraph lifecycle list"
        )
    return found


def lifecycle_list(*, shown: Shown) -> None:
    """The facets that have a lifecycle, with their values."""
    rows = [
        {"facet": lifecycle.facet, "kind": lifecycle.kind, "values": list(lifecycle.values)}
        for lifecycle in LIFECYCLES.values()
    ]
    cells = [{name: cell(value) for name, value in row.items()} for row in rows]
    shown.screen.answer(
        {"lifecycles": rows}, rows, lifecycles.LIFECYCLES, lambda s: lines(cells, lifecycles.LIFECYCLES, s.width)
    )


def lifecycle_show(
    facet: Annotated[
        str, typer.Argument(metavar="FACET", help="Such as legal-status, project-phase; all, with --format md.")
    ] = "legal-status",
    *,
    shown: Shown,
) -> None:
    """Draw which fact leads from which value to which, and what guards it; as Mermaid with --format md."""
    if facet == "all" and shown.format == "md":
        shown.screen.lines(lifecycles.document(LIFECYCLES.values()))
        return
    lifecycle = _lifecycle(facet)
    if shown.format == "md":
        shown.screen.lines(lifecycles.mermaid(lifecycle))
        return
    rows = lifecycles.rows_of(lifecycle)
    answer = {"facet": lifecycle.facet, "kind": lifecycle.kind, "values": list(lifecycle.values), "moves": rows}
    told = rows if shown.screen.json else [lifecycles.flat(row, lifecycle) for row in rows]
    shown.screen.answer(answer, told, lifecycles.MOVES, lambda screen: lifecycles.drawn(lifecycle, screen))
