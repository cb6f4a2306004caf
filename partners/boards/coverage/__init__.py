"""What is covered and what is missing: roles × countries, gaps, single points, sentences."""

from .board import COUNTED_STANDINGS, COVERING, NOT_COUNTED, Board, board
from .cells import Cell
from .counts import COVERING_STATES, EVERYWHERE, count_takers
from .losses import losses
from .sentences import Sentence
from .sole import only_one_with

__all__ = [
    "COUNTED_STANDINGS",
    "COVERING",
    "COVERING_STATES",
    "EVERYWHERE",
    "NOT_COUNTED",
    "Board",
    "Cell",
    "Sentence",
    "board",
    "count_takers",
    "losses",
    "only_one_with",
]
