"""Spreadsheets in: a table is read within limits, a map turns its rows into facts."""
