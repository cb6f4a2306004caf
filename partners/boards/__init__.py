"""Who else asks the list's question: coverage, pipeline, map, comparison, changes."""
