"""Backups of everything the directory holds: one file each, checked when made and when tried, put back beside the site.

Each engine has its own way, with the same four functions: `write`, `aside`, `put_back` and `SUFFIX`.
"""

from .archive import BackupError, check, restore, write_backup

__all__ = ["BackupError", "check", "restore", "write_backup"]
