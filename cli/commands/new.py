"""`paraph new`: open a file on an agreement, project, commission, occasion or party."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from cli.drafting import draft, shaped
from cli.exits import REFUSED, Failure
from cli.options import Writing
from cli.receipts import carry_out
from cli.register import Register
from cli.slugs import proposed_slug
from cli.twins import same_title
from cli.wiring import register_of
from domain.entries import Draft
from domain.findings import Finding, warn
from domain.folding import words
from domain.streams import is_slug, kind_of, slug_of, stream_name
from projections.answers.streams import standings

Slug = Annotated[
    str | None, typer.Option("--slug", metavar="SLUG", help="3 to 40 of a-z, 0-9, hyphen (default: from the title).")
]
Many = list[str] | None


def agreement(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it is called, or what it is about.")],
    slug: Slug = None,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="mou, intent, cooperation, treaty …")] = "unknown",
    party: Annotated[
        Many, typer.Option("--party", metavar="PARTY", help="A signatory's slug; may be repeated.")
    ] = None,
    subject: Annotated[str | None, typer.Option("--subject", metavar="TEXT", help="What it is about.")] = None,
    sector: Annotated[Many, typer.Option("--sector", metavar="WORDS", help="A branch; may be repeated.")] = None,
    bindingness: Annotated[
        str | None, typer.Option("--bindingness", metavar="HOW", help="binding, non-binding, unknown.")
    ] = None,
    *,
    writing: Writing,
) -> None:
    """Open a file on an agreement, with its signatories where given."""
    data = {"title": title, "kind": kind, "subject": subject, "sectors": sector, "bindingness": bindingness}
    added = [("PartyAdded", {"party": slug}) for slug in party or []]
    _open("agreement", title, slug, [("AgreementOpened", data), *added], writing)


def project(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is called.")],
    slug: Slug = None,
    product: Annotated[str | None, typer.Option("--product", metavar="TEXT", help="What it will make or do.")] = None,
    location: Annotated[str | None, typer.Option("--location", metavar="PLACE", help="Where.")] = None,
    sponsor: Annotated[
        Many, typer.Option("--sponsor", metavar="PARTY", help="Who is behind it; may be repeated.")
    ] = None,
    under: Annotated[Many, typer.Option("--under", metavar="AGREEMENT", help="Its agreement; may be repeated.")] = None,
    *,
    writing: Writing,
) -> None:
    """Open a file on a project, under its agreements where given."""
    data = {"name": name, "product": product, "location": location, "sponsors": sponsor}
    linked = [("ProjectLinked", {"agreement": slug}) for slug in under or []]
    _open("project", name, slug, [("ProjectIdentified", data), *linked], writing)


def commission(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name.")],
    slug: Slug = None,
    side: Annotated[
        Many, typer.Option("--side", metavar="NAME", help="A side that sits on it; may be repeated.")
    ] = None,
    mandate: Annotated[str | None, typer.Option("--mandate", metavar="TEXT", help="What it is for.")] = None,
    *,
    writing: Writing,
) -> None:
    """Open a file on a commission."""
    data = {"name": name, "sides": side, "mandate": mandate}
    _open("commission", name, slug, [("CommissionEstablished", data)], writing)


def occasion(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it is called.")],
    slug: Slug = None,
    kind: Annotated[str | None, typer.Option("--kind", metavar="KIND", help="visit, ceremony, conference …")] = None,
    place: Annotated[str | None, typer.Option("--place", metavar="PLACE", help="Where.")] = None,
    organiser: Annotated[Many, typer.Option("--organiser", metavar="PARTY", help="May be repeated.")] = None,
    supporter: Annotated[Many, typer.Option("--supporter", metavar="PARTY", help="May be repeated.")] = None,
    announced: Annotated[bool, typer.Option("--announced", help="It is announced, not held yet.")] = False,
    *,
    writing: Writing,
) -> None:
    """Open a file on an occasion that was held, or with --announced is to be."""
    data: dict[str, Any] = {"title": title, "kind": kind, "place": place}
    if announced:
        _open("occasion", title, slug, [("OccasionAnnounced", data)], writing)
        return
    data |= {"organisers": organiser, "supporters": supporter}
    _open("occasion", title, slug, [("OccasionHeld", data)], writing)


def party(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name.")],
    slug: Slug = None,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="state, ministry, agency, company …")] = "unknown",
    country: Annotated[str | None, typer.Option("--country", metavar="CC", help="ISO 3166-1, such as AZ.")] = None,
    abbreviation: Annotated[str | None, typer.Option("--abbreviation", metavar="TEXT", help="Its short form.")] = None,
    *,
    writing: Writing,
) -> None:
    """Open a file on a party."""
    data = {"name": name, "kind": kind, "country": country, "abbreviation": abbreviation}
    _open("party", name, slug, [("PartyRegistered", data)], writing)


def _open(
    kind: str, title: str, slug: str | None, facts: Sequence[tuple[str, dict[str, Any]]], writing: Writing
) -> None:
    with register_of(writing) as register:
        stream = _stream(register, kind, title, slug, writing)
        if slug is None:
            writing.screen.echo(f"slug {slug_of(stream)} (--slug says another)")
        drafts = [_draft(register, writing, stream, number, fact, data) for number, (fact, data) in enumerate(facts)]
        carry_out(register, drafts, writing, remarks=_resembling(register, drafts))


def _stream(register: Register, kind: str, title: str, slug: str | None, writing: Writing) -> str:
    """Return the stream to open: the slug given, that of an earlier try with the same id, or one from the title."""
    if slug is not None:
        if not is_slug(slug):
            message = f"{slug!r} is no slug: 3 to 40 of a-z, 0-9 and inner hyphens"
            raise Failure("bad-slug", message, REFUSED, f"--slug {proposed_slug(slug, set(), kind)}")
        return stream_name(kind, slug)
    with register.store.reading() as reader:
        if writing.id and (before := reader.by_id(writing.id.lower())) and kind_of(before.stream) == kind:
            return before.stream
        taken = {slug_of(name) for name in reader.stream_names()}
    return stream_name(kind, proposed_slug(title, taken, kind))


def _draft(register: Register, writing: Writing, stream: str, number: int, fact: str, data: dict[str, Any]) -> Draft:
    """Return one of the facts a file is opened with; those after the first have ids that follow from its own."""
    given = {name: value for name, value in data.items() if value not in (None, [])}
    with register.store.reading() as reader:
        shaped_data = shaped(reader, fact, given)
    return draft(register, writing.follower(number), fact, stream, shaped_data)


def _resembling(register: Register, drafts: Sequence[Draft]) -> tuple[Finding, ...]:
    """Warn where another file of the kind has the same title and, as far as told, the same parties.

    Parties are left to `cli.resembling`, which knows all their names.
    """
    opened, *added = drafts
    kind = kind_of(opened.stream)
    if kind == "party":
        return ()
    title = words(str(getattr(opened.fact, "title", None) or getattr(opened.fact, "name", "")))
    parties = {slug_of(getattr(draft.fact, "party", "")) for draft in added if kind == "agreement"}
    with register.world() as world:
        alike = [
            known.slug
            for known in standings(world).values()
            if known.kind == kind
            and known.stream != opened.stream
            and words(known.title) == title
            and parties <= {line["slug"] for line in known.facets.get("parties", ())}
        ]
    if kind == "agreement":
        return tuple(same_title(slug) for slug in alike)
    return tuple(warn("resembles", f"{slug} has the same name", f"paraph status {slug}") for slug in alike)
