"""A server that is behind the indexes: one that lags, or one that forgot."""

import math
import time

GIVEN_UP_AFTER = 60  # seconds in which every snapshot was older than an index: no server is that far behind


class Lag:
    """What a process knows of such a server: SQL answers from it, and where nothing newer comes the past changed."""

    def __init__(self):
        self.indexes = {}  # thing -> Index as that server has it, for texts
        self._since, self._met = None, -math.inf  # when the first, and the last, of its snapshots in a row began

    def has_lasted(self):
        """Note that a snapshot is older than an index; say whether all were for so long that no newer one will come."""
        self._met = time.monotonic()
        self._since = self._since or self._met
        return self._met - self._since >= GIVEN_UP_AFTER

    def is_over(self):
        """Note that a snapshot is as new as the indexes."""
        self._since = None
        if self.indexes and time.monotonic() - self._met >= GIVEN_UP_AFTER:
            self.indexes.clear()
