"""Many texts in one: as objects of their own they would take several times the memory."""

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate


class Packed(Sequence):
    """Texts that never change, in UTF-8 one after the other."""

    def __init__(self, texts: Iterable[str]):
        encoded = [text.encode() for text in texts]
        self.bytes = b"".join(encoded)
        self.ends = array("Q" if sum(map(len, encoded)) >> 32 else "I", accumulate(map(len, encoded)))

    def __len__(self):
        return len(self.ends)

    def __getitem__(self, at: int) -> str:
        """Return a text.

        :raises IndexError: beyond the last one.
        """
        return self.bytes[self.ends[at - 1] if at else 0 : self.ends[at]].decode()
