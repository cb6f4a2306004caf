"""Why the rows of a page were found, in words and marks."""

from dataclasses import dataclass

from .. import search

NAME_FIRST = ""  # the label of the name shown first: its marks say enough


@dataclass(frozen=True)
class Why:
    """Why one row was found, and what the text matches in what the row shows."""

    found: search.Found
    read_as: str  # the text on the other keyboard layout, where that is what found it
    reasons: tuple[search.Reason, ...]  # what else than the name shown first holds the words

    def parts(self, text):
        """Return a text in parts, each with whether it matches."""
        return search.marked(self.found, text)


def explained(rows, found, sources):
    """Return the rows of a page with why each was found.

    :param sources: a function of keys that returns {key: [(label, text)]}, what else than its name finds a row; of two
        that say as much the first one. It need not know all of them, and is not asked for a row whose name says all.
    """
    known = sources([row.key for row in rows if not search.is_whole_reason(found, row.name)])
    return [row._replace(why=_why(found, [(NAME_FIRST, row.name), *known.get(row.key, ())])) for row in rows]


def _why(found, sources):
    reading, reasons = search.reasons(found, sources)
    return Why(
        found=found,
        read_as=reading.text if reading.text == found.read_as else "",
        reasons=tuple(reason for reason in reasons if reason.label != NAME_FIRST),
    )
