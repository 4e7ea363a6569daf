"""What an agreement is and what may happen to it: facts, facets, rules, dates and replay, as pure functions."""
