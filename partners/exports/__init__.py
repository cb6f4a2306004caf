"""Tables as whole files: columns say what, formats say how; knows no model and no filter.

A format is one entry in `FORMATS`: it writes chunk by chunk, in constant memory, and only finished files are sent.
"""

from .archive import Resource, write_archive
from .cells import guard_formula, join_list, split_list, unguard_formula
from .csv_file import csv_cells
from .formats import FORMATS, Export, content_type_of, file_response, write
from .table import About, Column, Table, Value, each, in_chunks
from .xlsx_file import TooManyRowsError, cut_for_sheet

__all__ = [
    "FORMATS",
    "About",
    "Column",
    "Export",
    "Resource",
    "Table",
    "TooManyRowsError",
    "Value",
    "content_type_of",
    "csv_cells",
    "cut_for_sheet",
    "each",
    "file_response",
    "guard_formula",
    "in_chunks",
    "join_list",
    "split_list",
    "unguard_formula",
    "write",
    "write_archive",
]
