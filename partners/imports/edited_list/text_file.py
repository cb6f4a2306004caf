"""CSV as spreadsheets save it, and the JSON of our own lists: what can be read in one way only is read."""

import csv
import io
import json
import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator

from django.utils.translation import gettext as _

from ...exports import csv_cells
from .cyrillic import CODE_PAGE, read_cyrillic
from .source import KEY, Row, Source, UnreadableError, composed

DELIMITERS = ",;\t"  # Excel writes a semicolon where the comma is the decimal separator
DELIMITER_LINE = re.compile(r'"?sep=([,;\t])"?[,;\t]*', re.IGNORECASE)  # by which some programs tell Excel
NAMES = {",": ",", ";": ";", "\t": "tab"}
JSON_STARTS = ("{", "[")
CELL_AT_MOST = 131_072  # letters; the reader's own limit, which others of this process may have raised


def read_text_file(content: bytes) -> Source:
    """Return what a text file holds.

    :raises UnreadableError: for bytes that are no text, or texts that could be meant in two ways.
    """
    text, encoding = _decoded(content)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UnreadableError(_("a NUL byte stands here, as in no text: save the file as “CSV UTF-8”"), line)
    if text.lstrip().startswith(JSON_STARTS):
        return Source("JSON", _json_rows(text))
    first = text.partition("\n")[0].rstrip("\r")
    named = DELIMITER_LINE.fullmatch(first)
    delimiter = named[1] if named else max(DELIMITERS, key=first.count)
    rows = _csv_rows(text, delimiter, skipped=1 if named else 0)
    return Source(f"CSV, {encoding}, “{NAMES[delimiter]}”", rows, _cyrillic if encoding == CODE_PAGE else composed)


def _decoded(content):
    """Return (text, name of its encoding)."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        try:
            return content.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError as error:
            raise UnreadableError(_("this is not UTF-16: save the file as “CSV UTF-8”")) from error
    try:
        return content.removeprefix(BOM_UTF8).decode(), "UTF-8"
    except UnicodeDecodeError as error:
        text = None if b"\0" in content else read_cyrillic(content)
        if text is None:
            line = content.count(b"\n", 0, error.start) + 1
            raise UnreadableError(_("this is not UTF-8: save the file as “CSV UTF-8”"), line) from error
        return text, CODE_PAGE


def _cyrillic(cell):
    """Return a cell of ours as this code page holds it: other letters are lost, which is no edit."""
    return composed(cell).encode(CODE_PAGE, "replace").decode(CODE_PAGE)


def _csv_rows(text, delimiter, skipped) -> Iterator[Row]:
    lines = io.StringIO(text, newline="")
    for _number in range(skipped):
        lines.readline()
    csv.field_size_limit(CELL_AT_MOST)
    is_composed = unicodedata.is_normalized("NFC", text)  # and then each of its cells is
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = skipped + 1
    try:
        for cells in reader:
            yield Row(line, cells if is_composed else [composed(cell) for cell in cells])
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        advice = _("this is no CSV (%(error)s): save the file from a spreadsheet again") % {"error": error}
        raise UnreadableError(advice, line) from error


def _json_rows(text) -> Iterator[Row]:
    try:
        results = json.loads(text)["results"]
        header = list(results[0]) if results else [KEY]
        yield Row(1, header)
        for line, result in enumerate(results, start=2):
            if list(result) != header:
                raise KeyError(line)
            yield Row(line, [composed(_cell(value)) for value in result.values()])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise UnreadableError(_("this JSON is no list of ours: download the list anew")) from error


def _cell(value):
    """Return a value of JSON as a cell of CSV.

    :raises TypeError: for what no cell of ours says.
    """
    if isinstance(value, bool) or (isinstance(value, list) and not all(isinstance(one, str) for one in value)):
        raise TypeError(value)
    [cell] = csv_cells([value])
    return cell
