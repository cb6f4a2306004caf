"""Positions, sizes and names of dots; knows no city.

Positions are those of Miller's cylindrical projection, one unit a degree of longitude, south positive (J. P. Snyder,
"Map Projections: A Working Manual", 1987, p. 88); static/map/land.svg is drawn in the same units.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import degrees, log, pi, radians, sqrt, tan
from typing import NamedTuple
from unicodedata import east_asian_width

GRIDS = (36, 24)  # columns of a view, and half as many rows; what lies in one cell is one dot
DOTS = 300  # above it the next grid is taken; the last one never has more
NEAR = 0.6  # of a cell's width: dots on two sides of a grid line are joined if they lie that close
DRAWINGS = 16  # that are remembered, some 100 bytes a city: most edits leave places and numbers as they are
POINTS = 20_000  # that are remembered
PADDING = 0.06  # of a view's width, on each side
RADIUS_OF_ONE, LEAST_RADIUS, LARGEST_RADIUS = 0.009, 0.0055, 0.022  # of a view's width
LETTER = 0.014  # height of a letter, of a view's width
TAKEN_CELLS = 40  # columns of the grid by which names find what they may not cover
NAMED_DOTS = 150  # the first ones, for which a name is tried
CORNERS = ((0.8, 0.7), (0.8, -0.7), (-0.8, 0.7), (-0.8, -0.7))  # of a dot, where its name goes if no side is free


@dataclass(frozen=True)
class Box:
    """A part of the earth in degrees, its edges included."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, text):
        """Return the box that an address names: “west,south,east,north”.

        :raises ValueError: when it names none.
        """
        west, south, east, north = (float(part) for part in text.split(","))
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError(text)
        return cls(west, south, east, north)

    @classmethod
    def around(cls, points):
        """Return the smallest box that holds some points (latitude, longitude)."""
        latitudes, longitudes = zip(*points, strict=True)
        return cls(min(longitudes), min(latitudes), max(longitudes), max(latitudes))

    def __str__(self):
        return f"{self.west!r},{self.south!r},{self.east!r},{self.north!r}"

    def __contains__(self, point):
        latitude, longitude = point
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


@dataclass(frozen=True)
class View:
    """The part of the drawing that is shown: twice as wide as high."""

    x: float
    y: float
    width: float

    @classmethod
    def of(cls, positions, narrowest):
        """Return the view of some positions, the whole earth where there are none."""
        if not positions:
            return cls(-180, -115, 360)
        left, top, right, bottom = _around(positions)
        width = max(narrowest, (1 + 2 * PADDING) * max(right - left, 2 * (bottom - top)))
        return cls((left + right - width) / 2, (top + bottom - width / 2) / 2, width)

    def __str__(self):
        return f"{self.x:.2f} {self.y:.2f} {self.width:.2f} {self.width / 2:.2f}"

    def holds(self, rectangle):
        """Say whether a rectangle lies within it from left to right."""
        return self.x < rectangle[0] and rectangle[2] < self.x + self.width

    def clusters(self, positions):
        """Return lists of indices of the positions, each list a dot, in the order of their first ones.

        The rectangle around a dot's positions holds none of another dot, so that a Box can select exactly them.
        """
        return _clusters(self, tuple(positions))


class Circle(NamedTuple):
    """A dot's place and size in units."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Name:
    """A name beside a dot; lengths are texts, so that no language writes them with a comma."""

    x: str  # of its middle
    y: str  # of its base line
    size: str
    text: str

    @classmethod
    def at(cls, x, y, size, text):
        """Return the Name whose middle stands at a position."""
        return cls(f"{x:.3f}", f"{y + 0.35 * size:.3f}", f"{size:.3f}", text)


@lru_cache(maxsize=DRAWINGS)
def _clusters(view, positions):
    """Return what `View.clusters()` does; nobody changes the lists."""
    for columns in GRIDS:
        cells = defaultdict(list)
        for index, (x, y) in enumerate(positions):
            cells[int((x - view.x) / view.width * columns), int((y - view.y) / view.width * columns)].append(index)
        if len(cells) <= DOTS:
            break
    return _join(list(cells.values()), positions, side=view.width / columns)


@lru_cache(maxsize=POINTS)
def project(latitude, longitude):
    """Return the position (x, y) of a point."""
    return longitude, -degrees(1.25 * log(tan(pi / 4 + 0.4 * radians(latitude))))


def circles(view, positions, numbers):
    """Return a Circle for each position: its area is proportional to its number, within limits of the radius."""
    unit = min(RADIUS_OF_ONE, LARGEST_RADIUS / sqrt(max(numbers, default=1)))
    return [
        Circle(x, y, view.width * max(LEAST_RADIUS, unit * sqrt(number)))
        for (x, y), number in zip(positions, numbers, strict=True)
    ]


def names(view, drawn, texts):
    """Yield a Name for the first circles, on a side where it covers neither a circle nor another name."""
    size = LETTER * view.width
    taken = Taken(view, map(rectangle_of, drawn))
    for (x, y, radius), text in list(zip(drawn, texts, strict=True))[:NAMED_DOTS]:
        beside, below = radius + size / 3 + size * _letters(text) / 2, radius + size
        sides = [(x + beside, y), (x - beside, y), (x, y + below), (x, y - below)]
        corners = [(x + right * beside, y + down * below) for right, down in CORNERS]
        if name := taken.name(text, size, sides + corners):
            yield name


class Taken:
    """What names may not cover, by the cells of a grid, so that few rectangles are compared."""

    def __init__(self, view, rectangles):
        self._view = view
        self._side = view.width / TAKEN_CELLS
        self._cells = defaultdict(list)
        for rectangle in rectangles:
            self._take(rectangle)

    def name(self, text, size, positions):
        """Return the Name at the first of some positions where it covers nothing, and take its place; else None."""
        for x, y in positions:
            name = Name.at(x, y, size, text)
            rectangle = rectangle_around(name)
            if self._view.holds(rectangle) and self._is_free(rectangle):
                self._take(rectangle)
                return name
        return None

    def _take(self, rectangle):
        for cell in self._cells_of(rectangle):
            self._cells[cell].append(rectangle)

    def _is_free(self, rectangle):
        return not any(
            _overlap(rectangle, other) for cell in self._cells_of(rectangle) for other in self._cells.get(cell, ())
        )

    def _cells_of(self, rectangle):
        left, top, right, bottom = (int(edge // self._side) for edge in rectangle)
        return product(range(left, right + 1), range(top, bottom + 1))


def rectangle_of(circle):
    """Return the rectangle (left, top, right, bottom) of a Circle."""
    x, y, radius = circle
    return x - radius, y - radius, x + radius, y + radius


def rectangle_around(name):
    """Return the rectangle (left, top, right, bottom) of a Name, as far as its letters can be estimated."""
    x, y, size = float(name.x), float(name.y), float(name.size)
    half = size * _letters(name.text) / 2
    return x - half, y - 0.85 * size, x + half, y + 0.15 * size


def _letters(text):
    """Return the estimated width of a text, in sizes of its letters."""
    return sum([1 if east_asian_width(character) in "FW" else 0.6 for character in text])


def _join(clusters, positions, side):
    """Join the clusters that only a grid line separates; return all in the order of their first ones.

    Two are joined where both together are small and no third one lies between. The closest two are joined first, then
    all are tried again, so that the result depends on the positions alone, not on their order.
    """
    joined = {_around([positions[index] for index in cluster]): cluster for cluster in clusters}  # {rectangle: indices}
    in_order = sorted(joined)  # from the left
    pairs = [pair for at, one in enumerate(in_order) for pair in _close_pairs(one, in_order[at + 1 :], NEAR * side)]
    while pair := next((pair for pair in sorted(pairs) if not _is_parted(*pair, joined)), None):
        _extent, one, other = pair
        both = _both(one, other)
        joined[both] = joined.pop(one) + joined.pop(other)
        pairs = [pair for pair in pairs if not {one, other}.intersection(pair)]
        pairs += _close_pairs(both, sorted(joined.keys() - {both}), NEAR * side)
    return sorted(map(sorted, joined.values()))


def _close_pairs(one, others, most):
    """Yield (extent, one, other) for rectangles that are, both together, less than `most` wide and high.

    The others are sorted from the left.
    """
    for other in others:
        if other[0] - one[0] >= most:
            break
        left, top, right, bottom = _both(one, other)
        if (extent := max(right - left, bottom - top)) < most:
            yield extent, one, other


def _is_parted(_extent, one, other, rectangles):
    """Say whether a third rectangle meets the one around two."""
    both = _both(one, other)
    return any(_overlap(both, third) for third in rectangles if third not in (one, other))


def _both(one, other):
    """Return the rectangle around two."""
    return _around([one[:2], one[2:], other[:2], other[2:]])


def _around(positions):
    """Return the rectangle (left, top, right, bottom) around some positions."""
    xs, ys = zip(*positions, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _overlap(one, other):
    """Say whether two rectangles (left, top, right, bottom) have a position in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
