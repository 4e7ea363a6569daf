"""How answers read on a terminal; one module a kind of answer."""
