"""The import of an exported list that somebody edited, all or nothing."""
