"""What becomes of the obligations under an agreement by their facts."""

from typing import assert_never

from domain.agreement import obligations
from domain.duties import Rows, because, changed, done, moved, reopened, reported, set_up
from domain.streams import slug_of


def obliged(rows: Rows, fact: obligations.ObligationFact, on: str) -> Rows:
    """Return the obligations after a fact about one."""
    match fact:
        case obligations.ObligationRecorded():
            told = {"text": fact.text, "responsible": slug_of(fact.debtor) if fact.debtor else None}
            series = {"recurrence": fact.recurrence, "until": fact.until}
            return set_up(rows, fact.item, on=on, deadline=fact.due, **series, **told)
        case obligations.ObligationProgressReported():
            return changed(rows, fact.item, progress=fact.report, progress_on=on)
        case obligations.ObligationDeadlineMoved():
            return moved(rows, fact.item, on=on, deadline=fact.deadline, reason=fact.reason)
        case obligations.ObligationFulfilmentReported():
            return reported(rows, fact.item, on=on, report=fact.report)
        case obligations.ObligationFulfilled():
            return done(rows, fact.item, on=on, due=fact.due)
        case obligations.ObligationWaived():
            rows = changed(rows, fact.item, **because(fact.reason))
            return done(rows, fact.item, on=on, due=fact.due) if fact.due else changed(rows, fact.item, closed_on=on)
        case obligations.ObligationBreached():
            return changed(rows, fact.item, breached_on=on, **because(fact.reason))
        case obligations.ObligationReopened():
            return changed(reopened(rows, fact.item), fact.item, **because(fact.reason))
        case _:
            assert_never(fact)
