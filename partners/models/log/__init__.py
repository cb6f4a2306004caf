"""The change log: its numbers, the triggers that write it, the snapshot that reads it."""
