"""What is covered and what is missing: roles × countries, gaps, single points, sentences."""

from .board import COUNTED_STANDINGS, COVERING, NOT_COUNTED, Board, board
from .cells import COVERING_STATES, Cell
from .losses import losses
from .sentences import Sentence
from .sole import only_one_with

__all__ = [
    "COUNTED_STANDINGS",
    "COVERING",
    "COVERING_STATES",
    "NOT_COUNTED",
    "Board",
    "Cell",
    "Sentence",
    "board",
    "losses",
    "only_one_with",
]
