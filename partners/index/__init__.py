"""A list in memory: its rows by facet value, by word and in order."""
