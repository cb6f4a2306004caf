"""The findings of a board in words."""

from dataclasses import dataclass
from enum import IntEnum

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from ...facets import NONE
from ...models.text import lower_first
from .cells import Cell


class Gravity(IntEnum):
    """What a sentence is about, the gravest first."""

    NOBODY = 0
    NOBODY_OPERATIONAL = 1
    ONE_OPERATIONAL = 2
    ONE_COUNTRY = 3
    GAPS = 4


@dataclass(frozen=True)
class Sentence:
    """A finding in words, with the cells that it speaks of and a page that shows more."""

    gravity: Gravity
    text: str
    cells: tuple[Cell, ...]
    url: str

    @property
    def is_gap(self):
        """Say whether it names empty cells; every empty cell is named by one such sentence."""
        return self.gravity in (Gravity.NOBODY, Gravity.GAPS)


def sentences_about(rows, is_whole):
    """Return the findings, the gravest first, then those about more cells, then in the order of the rows."""
    found = [sentence for row in rows for sentence in _findings(row, is_whole)]
    return tuple(sorted(found, key=lambda sentence: (sentence.gravity, -len(sentence.cells))))


def _findings(row, is_whole):
    """Yield the sentences about one role; `is_whole` when no country is left out."""
    name = str(row.role)
    words = {"role": lower_first(name), "everywhere": row.everywhere.place.label}
    if row.everywhere.is_gap:
        yield Sentence(
            Gravity.NOBODY, _("No %(role)s in %(everywhere)s") % words, row.all_cells, row.role.get_absolute_url()
        )
        return
    operational, here = row.everywhere.operational, (row.everywhere,)
    if operational is not None:
        only_in = row.operational_only_in
        if not operational.number:
            text = _("No operational %(role)s in %(everywhere)s") % words
            yield Sentence(Gravity.NOBODY_OPERATIONAL, text, here, row.everywhere.url)
        elif operational.number == 1:
            text = _("%(role)s: one partner operational (%(place)s)") % {"role": name, "place": only_in.label}
            yield Sentence(Gravity.ONE_OPERATIONAL, text, here, operational.url)
        elif is_whole and only_in and only_in.code != NONE:
            text = _("No operational %(role)s outside %(place)s") % {**words, "place": only_in.label}
            yield Sentence(Gravity.ONE_COUNTRY, text, here, operational.url)
    if row.gaps:
        places = get_text_list([cell.place.label for cell in row.gaps], _("or"))
        text = _("No %(role)s in %(places)s") % {**words, "places": places}
        yield Sentence(Gravity.GAPS, text, row.gaps, row.role.get_absolute_url())
