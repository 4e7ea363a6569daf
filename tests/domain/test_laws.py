"""Laws that hold for every log: of deciding, folding, replaying, and of what is written down."""

import json
from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.asking import asked, flags_asked
from domain.catalogue import BY_KIND, MODELS
from domain.deciders import DECIDERS
from domain.entries import Draft
from domain.factline import draft_of, line_of
from domain.facts import name_of, stored
from domain.history import History
from domain.quality import flags
from domain.record import about_the_record, resolve
from domain.recording import decide
from domain.replay import fold, in_order, replay
from domain.streams import kind_of
from tests.domain.fact_strategies import DAYS, WHEN, data_of, record_facts, standing, stories, world_facts
from tests.spec import STREAMS, WAIVER, Said, Story, event, recorded

SLOW = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
FEW = settings(SLOW, max_examples=20)
RECORD_KINDS = sorted(STREAMS)


@pytest.mark.parametrize("name", sorted(MODELS))
@FEW
@given(data=st.data())
def test_any_fact_survives_storage(name: str, data: st.DataObject) -> None:
    """Every valid fact is read back from its stored JSON as it was, and its storage is stable."""
    said = data.draw(data_of(MODELS[name]))
    fact = MODELS[name].model_validate(said)
    kept = json.loads(json.dumps(stored(fact)))
    assert MODELS[name].model_validate(kept) == fact
    assert stored(MODELS[name].model_validate(kept)) == kept


@SLOW
@given(story=stories(), data=st.data())
def test_deciding_never_raises_and_twice_adds_nothing(story: Story, data: st.DataObject) -> None:
    """Any fact gets a decision; if it was recorded, saying it again adds nothing."""
    kind = data.draw(st.sampled_from(RECORD_KINDS))
    said = data.draw(st.one_of(world_facts(kind), world_facts(kind_of(story.stream)), record_facts(story)))
    draft = said.draft(story.stream, event(900))
    irregular = data.draw(st.sampled_from([None, "seen in the protocol"]))
    decision = decide(story.entries, draft, today=data.draw(DAYS), irregular=irregular, waiver_id=WAIVER)
    assert decision.refused == (not decision.drafts and decision.already is None)
    if not decision.drafts:
        assert decision.findings
        return
    assert decision.drafts[0] == draft
    after = Story(story.stream, story.entries).when(said, irregular=irregular).after
    again = decide(after.entries, replace(draft, id=event(901)), irregular=irregular, waiver_id=event(902))
    assert again.drafts == ()
    assert [found.code for found in again.findings] == ["already-recorded"]


@SLOW
@given(story=stories(), data=st.data())
def test_a_refusal_is_forced_only_by_a_waiver(story: Story, data: st.DataObject) -> None:
    """Whatever a rule refuses is recorded with a waiver beside it, or not at all."""
    said = data.draw(st.one_of(world_facts(kind_of(story.stream)), record_facts(story)))
    plain, forced = story.when(said), story.when(said, irregular="seen")
    if plain.decision.refused:
        assert plain.after == story
        names = [name_of(draft.fact) for draft in forced.decision.drafts]
        assert names in ([], [said.type, "RuleWaived"])
    else:
        assert forced.decision == plain.decision


@SLOW
@given(story=stories())
def test_folding_never_raises_and_shows_plain_json(story: Story) -> None:
    """Any facts in any order fold into facets that JSON gives back unchanged, asked on any day."""
    replayed = story.replay()
    assert json.loads(json.dumps(replayed.facets)) == replayed.facets
    for text in ("0001-01-01", "2025-04-17", "9999-12-31"):
        shown = asked(kind_of(story.stream), story.replay(text).facets, replayed.settled)
        assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in RECORD_KINDS for name in sorted(BY_KIND[kind])])
@settings(SLOW, max_examples=5)
@given(data=st.data())
def test_every_fact_folds_onto_any_history(kind: str, name: str, data: st.DataObject) -> None:
    """No fact of any kind is too strange for any history of its stream: it evolves, is judged, and is shown."""
    story = data.draw(stories(of=kind, size=6))
    said = Said(name, data.draw(WHEN), data.draw(data_of(MODELS[name])))
    replayed = story.also(said).replay()
    assert name in {name_of(step.entry.fact) for step in replayed.steps}
    assert set(replayed.facets) == set(DECIDERS[kind].facets(DECIDERS[kind].initial))
    assert json.loads(json.dumps(replayed.facets)) == replayed.facets
    assert {flag["weight"] for flag in flags(replayed)} <= {"note", "warn", "refuse"}
    day = data.draw(DAYS)
    told = list(flags_asked(kind, asked(kind, replayed.facets, day), day))
    assert {flag["weight"] for flag in told} <= {"warn"}


@SLOW
@given(story=stories(), data=st.data())
def test_any_order_of_facts_can_be_folded(story: Story, data: st.DataObject) -> None:
    """Evolving judges nothing: facts in any order, before their opening or after the end, make a state."""
    entries = [entry for entry in story.entries if not about_the_record(entry)]
    decider = DECIDERS[kind_of(story.stream)]
    state = reduce(decider.evolve, data.draw(st.permutations(entries)), decider.initial)
    assert set(decider.facets(state)) == set(decider.facets(decider.initial))


@SLOW
@given(story=stories(), data=st.data())
def test_folding_in_two_halves_is_folding_whole(story: Story, data: st.DataObject) -> None:
    """A state carried over a cut leads where the whole fold leads, step by step."""
    entries = [step.entry for step in story.replay().steps]
    cut = data.draw(st.integers(0, len(entries)))
    first = list(fold(story.stream, entries[:cut]))
    second = list(fold(story.stream, entries[cut:], first[-1].after if first else None))
    assert (*first, *second) == story.replay().steps


@SLOW
@given(story=stories(), data=st.data())
def test_a_history_that_grew_is_as_one_read_whole(story: Story, data: st.DataObject) -> None:
    """Entries added one by one, in whatever order they take effect, leave what reading them all at once leaves."""
    cut = data.draw(st.integers(0, len(story.entries)))
    grown = History(story.entries[:cut])
    for entry in story.entries[cut:]:
        draft = Draft(entry.id, entry.stream, entry.on, entry.fact, entry.about, entry.sources, note=entry.note)
        looked = data.draw(st.sampled_from(("steps", "lines", "said", "decided", "nothing")))
        match looked:
            case "steps" | "lines":
                getattr(grown, looked)
            case "said":
                list(grown.saying(draft))
            case "decided":
                assert decide(grown, draft) == decide(tuple(grown), draft)
        grown.add(entry)
    assert grown.replayed() == story.replay()


@SLOW
@given(story=stories(), data=st.data())
def test_known_at_is_the_log_cut_there(story: Story, data: st.DataObject) -> None:
    """What was known at a position is what the first entries tell, whatever came after, on any day."""
    known_at = data.draw(st.integers(1, len(story.entries)))
    as_of = data.draw(st.none() | DAYS)
    then = replay(story.entries, as_of=as_of, known_at=known_at)
    assert then == replay(story.entries[:known_at], as_of=as_of)


@SLOW
@given(story=stories(), days=st.lists(DAYS, min_size=2, max_size=4))
def test_the_order_of_asking_does_not_matter(story: Story, days: list[object]) -> None:
    """Each day has its one answer, whatever was asked before."""
    asked = [story.shown(str(day)) for day in days]
    assert [story.shown(str(day)) for day in reversed(days)] == asked[::-1]


@SLOW
@given(story=stories(), data=st.data())
def test_effect_order_does_not_depend_on_the_order_given(story: Story, data: st.DataObject) -> None:
    """Entries shuffled are put into one order, and it is by earliest day."""
    shuffled = data.draw(st.permutations(story.entries))
    ordered = in_order(shuffled)
    assert ordered == in_order(story.entries)
    assert [entry.on.earliest for entry in ordered] == sorted(entry.on.earliest for entry in ordered)


@SLOW
@given(story=stories())
def test_from_the_settled_day_on_nothing_changes(story: Story) -> None:
    """Asked on the settled day or without a day, the state is the same and nothing is only possible."""
    settled = story.replay().settled
    then = replay(story.entries, as_of=settled)
    assert then.state == story.replay().state
    assert then.possibly == frozenset()


@SLOW
@given(story=stories(), data=st.data())
def test_what_is_withdrawn_leaves_no_trace_in_what_stands(story: Story, data: st.DataObject) -> None:
    """A correction, retraction, refinement or source recorded and taken back restores every line."""
    reversible = {"EventCorrected", "EventRetracted", "DateRefined", "SourceAdded"}
    said = data.draw(record_facts(story).filter(lambda said: said.type in reversible))
    reason = {"target": event(len(story.entries) + 1), "reason": "was right"}
    undone = story.also(said, replace(said, type="CorrectionWithdrawn", data=reason))
    assert standing(undone)[: len(story.entries)] == standing(story)
    assert undone.shown() == story.shown()


@SLOW
@given(story=stories(judged=True))
def test_what_was_decided_fits(story: Story) -> None:
    """In a log of decided facts no correction is left without its ground."""
    assert [line.unfit for line in resolve(story.entries)] == [()] * len(story.entries)


@SLOW
@given(kind=st.sampled_from(RECORD_KINDS), data=st.data())
def test_a_line_reads_back_as_its_draft(kind: str, data: st.DataObject) -> None:
    """The JSON line of a draft, written and read, is the draft with all it mentions spelled out."""
    draft = data.draw(world_facts(kind)).draft(STREAMS[kind], event(1))
    line = json.loads(json.dumps(line_of(draft)))
    back = draft_of(line, new_id=event(2))
    assert back == replace(draft, about=draft.mentions())
    assert line_of(back) == line


@SLOW
@given(story=stories())
def test_recorded_entries_mention_what_their_drafts_did(story: Story) -> None:
    """An entry recorded again from itself is the same entry."""
    entry = story.entries[-1]
    line = {
        "type": name_of(entry.fact),
        "stream": entry.stream,
        "on": entry.on.text,
        "data": stored(entry.fact),
    }
    draft = draft_of({**line, "about": list(entry.about)}, new_id=entry.id)
    assert recorded(draft, story.entries[:-1]).about == entry.about
