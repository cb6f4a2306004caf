"""What a backup may fail by."""


class BackupError(Exception):
    """Say in one sentence why a backup was not made, tried or put back."""
