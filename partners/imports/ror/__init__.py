"""The import of a release of the Research Organization Registry, all or nothing."""
