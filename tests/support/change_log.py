"""What the change log says, for those tests that look at institutions alone."""

from partners.models import changed_since


def concerned_since(number):
    """Return the keys that the log names after a number, or nothing where any institution may be concerned.

    It must not speak of what institutions share.
    """
    changes = changed_since(number)
    if changes is None:
        return None
    assert not changes.shared
    return changes.institutions
