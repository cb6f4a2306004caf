"""What makes the drawing a map without a border: lines of the grid of degrees, and countries by name."""

from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from ...lists.gather import countries
from .drawing import DRAWINGS, LETTER, Name, Taken, project, rectangle_around, rectangle_of

# Where the name of a country stands: (latitude, longitude) in whole degrees, inland and clear of its neighbours' names.
# Estimated for this map, no measure of anything; a country that is not here has no name on the map.
POINTS = {
    "AE": (23, 54), "AF": (34, 66), "AL": (41, 20), "AM": (40, 45), "AR": (-35, -65), "AT": (47, 14), "AU": (-25, 134),
    "AZ": (40, 48), "BA": (44, 18), "BD": (24, 90), "BE": (51, 5), "BG": (43, 25), "BR": (-10, -53), "BY": (54, 28),
    "CA": (58, -105), "CH": (47, 8), "CL": (-30, -71), "CN": (35, 103), "CO": (4, -73), "CU": (22, -79), "CZ": (50, 15),
    "DE": (51, 10), "DK": (56, 9), "DZ": (28, 3), "EE": (59, 26), "EG": (27, 30), "ES": (40, -4), "ET": (8, 40),
    "FI": (63, 27), "FR": (47, 2), "GB": (53, -2), "GE": (42, 44), "GR": (39, 22), "HR": (45, 16), "HU": (47, 19),
    "ID": (-3, 114), "IE": (53, -8), "IL": (31, 35), "IN": (22, 79), "IQ": (33, 43), "IR": (33, 54), "IS": (65, -19),
    "IT": (43, 12), "JP": (36, 138), "KE": (0, 38), "KG": (41, 75), "KR": (37, 128), "KZ": (48, 67), "LT": (55, 24),
    "LV": (57, 26), "MA": (32, -6), "MD": (47, 29), "MN": (47, 104), "MX": (24, -102), "MY": (4, 102), "NG": (9, 8),
    "NL": (52, 6), "NO": (61, 9), "NZ": (-42, 172), "PE": (-10, -75), "PH": (13, 122), "PK": (29, 68), "PL": (52, 19),
    "PT": (40, -8), "RO": (46, 25), "RS": (44, 21), "RU": (61, 95), "SA": (24, 45), "SE": (62, 15), "SG": (1, 104),
    "SI": (46, 15), "SK": (49, 19), "SY": (35, 38), "TH": (16, 101), "TJ": (39, 71), "TM": (39, 59), "TN": (34, 9),
    "TR": (39, 35), "UA": (49, 32), "US": (39, -98), "UZ": (42, 63), "VE": (7, -66), "VN": (16, 107), "ZA": (-29, 25),
}  # fmt: skip
STEPS = (5, 10, 20, 30)  # degrees between lines: the first with which a view has at most `LINES` of them
LINES = 9
TRIES = ((0, 0), (5, 0), (-5, 0), (0, -2), (0, 2), (5, 2), (-5, 2), (0, 4))  # heights of a letter from the point


class CountryName(NamedTuple):
    """A country's name on the map, with the number of its entries."""

    name: Name
    number: int
    is_gap: bool  # a target country where the question finds no partner


def grid(view):
    """Return the path of the lines of longitude and latitude in a view."""
    step = next((step for step in STEPS if view.width / step <= LINES), STEPS[-1])
    bottom = view.y + view.width / 2
    first = int(view.x // step + 1) * step
    lines = [f"M{x} {view.y:.2f}V{bottom:.2f}" for x in range(first, int(view.x + view.width) + 1, step)]
    heights = [project(latitude, 0)[1] for latitude in range(-80, 81, step)]
    lines += [f"M{view.x:.2f} {y:.2f}H{view.x + view.width:.2f}" for y in heights if view.y < y < bottom]
    return "".join(lines)


def country_names(filterset, drawing):
    """Return a CountryName for each country with entries and each target country, where there is room.

    Its number is that of the country's list: also entries without a point and those beside the view. A country that the
    question leaves out has no name. Of a list of labs 0 is no gap: somebody without a lab may cover the chain there.
    The names of dots go before. No query where there is an index, else one; one more outside of a snapshot.
    """
    asked, counts = filterset.form.cleaned_data["country"], filterset.counts("country")
    is_of_partners = "partner" in filterset.form.cleaned_data
    gap, wanted = _("gap"), []
    for code, name, is_target in countries().values():
        number = counts.get(code, 0)
        if code in POINTS and (number or is_target) and (not asked or code in asked):
            is_gap = is_of_partners and not number
            wanted.append((code, f"{name} {gap if is_gap else number}", number, is_gap))
    return _named(drawing, tuple(sorted(wanted, key=lambda country: -country[2])))


@lru_cache(maxsize=DRAWINGS)
def _named(drawing, wanted):
    """Return the same for (code, text, number, whether it is a gap) of each country."""
    view = drawing.view
    size = 0.9 * LETTER * view.width
    rectangles = [*map(rectangle_of, drawing.circles), *map(rectangle_around, drawing.names)]
    taken, found = Taken(view, rectangles), []
    for code, text, number, is_gap in wanted:
        x, y = project(*POINTS[code])
        if name := taken.name(text, size, ((x + right * size, y + down * size) for right, down in TRIES)):
            found.append(CountryName(name, number, is_gap))
    return tuple(found)
