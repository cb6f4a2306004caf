"""Where the entries of a list are: positions, dots, and the same in words."""

from .cities import CityMap, city_map, point_map
from .drawing import Box

__all__ = ["Box", "CityMap", "city_map", "point_map"]
