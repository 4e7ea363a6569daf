"""Facts of the making of an agreement: opened, parties, text, signature, consent, entry into force."""

from pydantic import Field

from domain.facts import EdtfText, Fact, Language, Line, OccasionRef, PartyRef, Prose
from domain.vocabulary import AgreementKind, Bindingness, ConsentForm, EntryRule, PartyRole


class AgreementOpened(Fact):
    """The register opens a file on an instrument."""

    title: Line = Field(description="what the instrument is called, or what it is about")
    kind: AgreementKind = Field(description="what sort of instrument; unknown where the source names none")
    bindingness: Bindingness | None = Field(default=None, description="whether it binds in law")
    subject: Prose | None = Field(default=None, description="what it is about")
    sectors: tuple[Line, ...] = Field(default=(), description="branches of the economy it names")
    languages: tuple[Language, ...] = Field(default=(), description="languages of its authentic texts, BCP 47")


class PartyAdded(Fact):
    """A party belongs to the instrument."""

    party: PartyRef = Field(description="the party's stream")
    role: PartyRole = Field(default="signatory", description="in what part it takes part")
    side: Line | None = Field(default=None, description="the side it stands on, such as Azerbaijan")
    name_as_printed: Line | None = Field(default=None, description="its name exactly as the source prints it")


class PartyRemoved(Fact):
    """A party no longer belongs to the instrument."""

    party: PartyRef = Field(description="the party's stream")
    reason: Prose | None = Field(default=None, description="why")


class NegotiationStarted(Fact):
    """The text is being negotiated."""

    place: Line | None = Field(default=None, description="where")


class TextInitialled(Fact):
    """Negotiators initialled the text (VCLT article 10)."""

    by: tuple[PartyRef, ...] = Field(default=(), description="parties whose negotiators initialled")
    place: Line | None = Field(default=None, description="where")


class TextAdopted(Fact):
    """The text was adopted (VCLT article 9)."""

    place: Line | None = Field(default=None, description="where")


class SignatureAffixed(Fact):
    """One party signed."""

    party: PartyRef = Field(description="who signed")
    signatory: Line | None = Field(default=None, description="the person who signed")
    office: Line | None = Field(default=None, description="the office that person held")
    place: Line | None = Field(default=None, description="where")
    occasion: OccasionRef | None = Field(default=None, description="the visit, ceremony or conference")


class AgreementSigned(Fact):
    """The set of signatures is complete."""

    place: Line | None = Field(default=None, description="where")
    occasion: OccasionRef | None = Field(default=None, description="the visit, ceremony or conference")


class InternalProcedureCompleted(Fact):
    """A party finished what its own law asks before it can be bound."""

    party: PartyRef = Field(description="which party")
    procedure: Line | None = Field(default=None, description="such as parliamentary approval")
    act_number: Line | None = Field(default=None, description="number of the law, decree or decision")


class ConsentExpressed(Fact):
    """A party expressed its consent to be bound (VCLT articles 11 to 17)."""

    party: PartyRef = Field(description="which party")
    form: ConsentForm = Field(description="by which instrument or act")
    depositary: Line | None = Field(default=None, description="with whom the instrument was deposited")


class EntryIntoForceRuleSet(Fact):
    """The text says when it enters into force (VCLT article 24)."""

    rule: EntryRule = Field(
        description="on signature, on a date, n days after the last notification or n-th instrument"
    )
    date: EdtfText | None = Field(default=None, description="the date, where the rule is a date")
    days: int | None = Field(default=None, ge=0, le=3660, description="days after the deciding instrument")
    count: int | None = Field(default=None, ge=1, le=250, description="how many instruments are needed")


class EnteredIntoForce(Fact):
    """The instrument entered into force, for all or for one party (VCLT article 24)."""

    party: PartyRef | None = Field(default=None, description="only where it is for this party alone")


class ProvisionalApplicationStarted(Fact):
    """The instrument is applied before its entry into force (VCLT article 25)."""


class ProvisionalApplicationEnded(Fact):
    """Provisional application ended without entry into force (VCLT article 25)."""

    reason: Prose | None = Field(default=None, description="why")
