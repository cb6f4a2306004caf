"""Find rows by any of their names, in any script, with a typo, and say why; knows no model."""

from .corpus import Corpus
from .fold import fold
from .named import named
from .reasons import Reason, holds_all, is_whole_reason, marked, reasons
from .steps import Found, find
from .texts import Layer, Shared

__all__ = [
    "Corpus",
    "Found",
    "Layer",
    "Reason",
    "Shared",
    "find",
    "fold",
    "holds_all",
    "is_whole_reason",
    "marked",
    "named",
    "reasons",
]
