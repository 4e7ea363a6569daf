"""What a heading makes a person think of: words of a column's name, in the languages registers are kept in."""

from collections.abc import Iterable

from domain.folding import words

TITLE = "title name subject treaty agreement document project titre titulo nom nombre titel ad adi nazv naimenovanie"
PARTY = (
    "party parties participant participants country countries state states signatory signatories counterpart partner"
    " partners member members contractor supplier borrower company organisation organization pays partie parties pais"
    " parte partes staat vertragspartei teref terefler olke storona storony strana strany"
)
SIGNED = "signed signature signing signe signature firma unterzeichnet imzalanib imzalanma imza podpisan podpisaniya"
IN_FORCE = "force effective vigueur vigor inkrafttreten quvve quvveye silu"
END = "end expiry expires expiration expiring closing closed until fin fecha_fin ende bitme okonchaniya srok"
STATUS = "status stage phase statut estado veziyyet sostoyanie"
KEY = "id no number code reference ref nr numero nomer nomre"


def speaks_of(heading: str, said: str) -> bool:
    """Say whether a heading has one of the words, whatever their letters and signs."""
    wanted = set(said.split())
    return not wanted.isdisjoint(_latin(heading))


def first(headings: Iterable[str], said: str) -> str | None:
    """Return the first heading that has one of the words."""
    return next((heading for heading in headings if speaks_of(heading, said)), None)


def _latin(heading: str) -> set[str]:
    from anyascii import anyascii

    return set(words(anyascii(heading)))
