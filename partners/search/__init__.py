"""Find rows by any of their names, in any script, with a typo, and say why; knows no model."""

from .corpus import Corpus, Texts, read_texts
from .fold import fold
from .reasons import Reason, marked, reasons
from .steps import Found, find

__all__ = ["Corpus", "Found", "Reason", "Texts", "find", "fold", "marked", "read_texts", "reasons"]
