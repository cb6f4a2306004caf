"""The first page: what this consortium is, in ten seconds."""

from django.shortcuts import render
from django.utils import timezone

from ..boards.changes import Timeline
from ..boards.coverage import board
from ..boards.filters import BoardFilter
from ..boards.map import city_map
from ..boards.map.filters import on_map
from ..boards.pipeline import due
from ..lists import INSTITUTION_LIST
from ..lists.filters import LabFilter
from ..lists.institutions import INSTITUTION_ROWS
from ..models import Institution, Standing
from .figures import (
    expected_in_words,
    figure,
    institutions,
    labs_in_words,
    partners_in_words,
    signed_in_words,
)
from .public import public

GRAVEST = 3  # sentences of the coverage board
DUE = 5  # agreements
CHANGES = 5
NEWEST = 6  # partners


@public()
def home(request):
    """Show the figures, the gravest gaps, where the partners are, what is due, what changed and who is new."""
    published, partners = Institution.objects.published(), institutions(partner=["partner"])
    everywhere = on_map(INSTITUTION_LIST).asking()
    context = {
        "figures": [
            figure(partners_in_words, partners),
            figure(signed_in_words, institutions(standing=[Standing.SIGNED])),
            figure(expected_in_words, institutions(standing=[Standing.EXPECTED])),
            figure(labs_in_words, LabFilter.asking()),
        ],
        "gaps": board(BoardFilter.asking()).sentences[:GRAVEST],
        "due": due(published, timezone.localdate())[:DUE],
        "map": city_map(everywhere, everywhere.page_url()),
        "changes": Timeline(published.partners())[:CHANGES],
        "newest": INSTITUTION_ROWS.of_page(institutions(partner=["partner"], sort=["newest"]).results.keys(0, NEWEST)),
        "form": partners.form,
    }
    return render(request, "partners/home.html", context)
