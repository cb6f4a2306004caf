"""The cells of a sheet and the shared texts of a workbook, read as a stream: no more of XML is in memory than a block.

These are our own handlers, and no library's, because they count while they read. openpyxl takes four times as long;
python-calamine builds a whole sheet, with a copy of each shared text in each cell, before anybody can count its cells,
and it does not say which of them are formulas.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from openpyxl.utils import column_index_from_string
from openpyxl.xml.constants import SHEET_MAIN_NS

from .source import Row, UnreadableError
from .values import Values, spelled_text

COLUMNS_AT_MOST = 1_000  # a sheet has 16,384, a list 30
ROWS_AT_MOST = 1_048_576
CELLS_AT_MOST = 10_000_000  # of a sheet, and texts that cells share
BLOCK = 65_536  # bytes
CELL, ROW, VALUE, FORMULA, INLINE, ITEM, TEXT, PHONETIC = (
    f"{SHEET_MAIN_NS} {name}" for name in ("c", "row", "v", "f", "is", "si", "t", "rPh")
)


class _Part(ABC):
    """A part of a workbook while it is read; only the elements whose text is wanted call back at their end."""

    def __init__(self):
        parser = self._parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text, parser.buffer_size = True, BLOCK
        parser.StartElementHandler = self._start
        self._pieces = []  # of a text

    @abstractmethod
    def _start(self, name, attributes):
        """Begin an element."""

    def _collect(self, pieces):
        """Put the text of the element that starts among the pieces."""
        self._parser.CharacterDataHandler, self._parser.EndElementHandler = pieces.append, self._stop

    def _stop(self, _name):
        self._parser.CharacterDataHandler = self._parser.EndElementHandler = None

    def _pass_over_sound(self):
        """Pass over the element that starts: how a text is spoken is no part of it."""
        self._parser.StartElementHandler, self._parser.EndElementHandler = None, self._go_on

    def _go_on(self, name):
        if name == PHONETIC:
            self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, None


class SharedTexts(_Part):
    """The texts that cells name by their numbers."""

    def read(self, part: BinaryIO) -> list[str]:
        """Return the texts, as CSV has them."""
        self._texts, self._is_begun = [], False
        while block := part.read(BLOCK):
            self._parser.Parse(block, False)
        self._parser.Parse(b"", True)
        self._end_text()
        return self._texts

    def _start(self, name, _attributes):
        if name == TEXT:
            self._collect(self._pieces)
        elif name == ITEM:
            self._end_text()
            self._is_begun = True
        elif name == PHONETIC:
            self._pass_over_sound()

    def _end_text(self):
        if self._is_begun:
            self._texts.append(spelled_text("".join(self._pieces)))
        self._pieces.clear()
        if len(self._texts) > CELLS_AT_MOST:
            raise _too_large(1)


class Sheet(_Part):
    """A sheet; `line` is the one that is read now, and none at first."""

    def __init__(self, texts: Sequence[str], values: Values):
        super().__init__()
        self.line = 0
        self._texts, self._values = texts, values
        self._complete = []  # rows
        self._cells, self._wrong, self._has_values = [], {}, False  # of this row
        self._cell_count, self._place = 0, -1
        self._kind = self._style = self._reference = self._formula = None  # of this cell
        self._is_text = False  # it has one of its own
        self._shared_formulas = {}

    def rows(self, part: BinaryIO) -> Iterator[Row]:
        """Yield the rows that have values.

        :raises UnreadableError: where the sheet has too much.
        :raises Exception: of many kinds where it is damaged, after the rows above.
        """
        problem, block = None, b" "
        while block and not problem:
            try:
                block = part.read(BLOCK)
                self._parser.Parse(block, not block)
                if not block:
                    self._end_row()
            except Exception as error:
                problem = error
            yield from self._complete
            self._complete.clear()
        if problem:
            raise problem

    def _start(self, name, attributes):
        if name == CELL:
            self._end_cell()
            self._start_cell(attributes)
        elif name == TEXT:
            if self._kind == "inlineStr":
                self._collect(self._pieces)
        elif name == VALUE:
            if self._kind != "inlineStr":
                self._collect(self._pieces)
        elif name == INLINE:
            self._is_text = True
        elif name == ROW:
            self._end_row()
            self._start_row(attributes)
        elif name == FORMULA:
            self._formula = attributes, []
            self._collect(self._formula[1])
        elif name == PHONETIC:
            self._pass_over_sound()

    def _start_row(self, attributes):
        before, self.line = self.line, self.line + 1
        number = float(attributes.get("r", self.line))
        if number > ROWS_AT_MOST:
            raise _too_large(ROWS_AT_MOST + 1)
        if not number.is_integer() or number <= before:
            raise ValueError(number)
        self.line = int(number)

    def _end_row(self):
        self._end_cell()
        if self._has_values:
            self._complete.append(Row(self.line, self._cells, self._wrong))
        self._cells, self._wrong, self._has_values, self._place = [], {}, False, -1

    def _start_cell(self, attributes):
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s")
        reference = self._reference = attributes.get("r")
        place = column_index_from_string(reference.rstrip("0123456789")) - 1 if reference else self._place + 1
        self._place = place
        self._cell_count += 1
        if place >= COLUMNS_AT_MOST or self._cell_count > CELLS_AT_MOST:
            raise _too_large(max(self.line, 1))
        cells = self._cells
        while place >= len(cells):
            cells.append("")

    def _end_cell(self):
        kind = self._kind
        if kind is None:
            return
        text = "".join(self._pieces)
        is_wrong = kind == "e"
        if self._formula:
            text, is_wrong = spelled_text(self._shown_formula(*self._formula)), True
        elif kind == "inlineStr":
            text = spelled_text(text) if self._is_text else None
        elif not text:
            text = None
        elif kind == "s":
            text = self._texts[int(text)]
        else:
            text, is_wrong = self._values.spelled(kind, self._style, text)
        if is_wrong:
            self._wrong[self._place] = _formula()
        if text is not None:
            self._cells[self._place] = text
            self._has_values = True
        self._pieces.clear()
        self._kind = self._formula = None
        self._is_text = False

    def _shown_formula(self, attributes, pieces):
        """Return a formula as its cell shows it; one that is filled down is written once, at its first cell."""
        formula = "=" + "".join(pieces)
        if attributes.get("t") != "shared":
            return formula
        try:
            if first := self._shared_formulas.get(attributes.get("si")):
                return first.translate_formula(self._reference)
            if pieces:
                self._shared_formulas[attributes.get("si")] = Translator(formula, self._reference)
        except (TokenizerError, TranslatorError):
            pass
        return formula


def _too_large(line):
    return UnreadableError(_("a sheet has more columns or cells than any list of ours"), line)


def _formula():
    """Return why a formula is refused: what it shows depends on the program that opens it."""
    return _("this is a formula or an error, and a value is wanted: paste its value there")
