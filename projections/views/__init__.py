"""One module a view: the question it answers, its table, its rows, its query."""
