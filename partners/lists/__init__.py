"""The list's question and its answer."""
