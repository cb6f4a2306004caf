"""Draw the lakes of Natural Earth (public domain) on the land of the map, in the units of its drawing.

The shape file is no part of this project: `uv run --no-project --with pyshp==3.1.6 --with shapely==2.2.0 python
tools/lakes.py ne_10m_lakes.shp`. The result is committed.
"""

import re
import sys
from math import degrees, log, pi, radians, tan
from pathlib import Path

import shapefile
from shapely.geometry import Polygon, shape

LAND = Path(__file__).resolve().parent.parent / "static" / "map" / "land.svg"
UNITS = 20  # of the path in a degree, as the land has
LEAST = 0.3  # square degrees; smaller ones are a speck on the largest screen
TOLERANCE = 0.08  # degrees


def project(longitude, latitude):
    """Return the position of a point as `partners/boards/map/drawing.py` has it."""
    return longitude, -degrees(1.25 * log(tan(pi / 4 + 0.4 * radians(latitude))))


def path_of(ring):
    """Return the closed path of a ring in whole units, each step from the last."""
    points = [tuple(round(UNITS * at) for at in project(*point)) for point in ring.coords[:-1]]
    (left, top), *others = dict.fromkeys(points)
    steps, (x, y) = [], (left, top)
    for right, down in others:
        steps.append(f"{right - x} {down - y}")
        x, y = right, down
    return f"M{left} {top}l{' '.join(steps)}z".replace(" -", "-")


def main(source):
    """Write the lakes beside the land."""
    lakes = [shape(record.__geo_interface__) for record in shapefile.Reader(shp=source).shapes()]
    parts = [part for lake in lakes for part in getattr(lake, "geoms", [lake])]
    large = [Polygon(part.exterior).simplify(TOLERANCE) for part in parts if part.area >= LEAST]
    path = "".join(path_of(lake.exterior) for lake in large)
    text = re.sub(r'<path id="lakes"[^>]*/>\n', "", LAND.read_text())
    LAND.write_text(text.replace("</svg>", f'<path id="lakes" transform="scale({1 / UNITS})" d="{path}"/>\n</svg>'))


if __name__ == "__main__":
    main(sys.argv[1])
