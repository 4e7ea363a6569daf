"""What an agreement is and what may happen to it: pure functions over facts, facets, rules and dates."""
