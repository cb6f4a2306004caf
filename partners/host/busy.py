"""What is said where a visitor would wait too long."""


class BusyError(Exception):
    """Nobody is at fault: somebody else's work comes first, and the same question is answered in a while."""

    retry_after = 5  # seconds
