"""Workbooks as spreadsheets save them, and as nobody should."""

import io
import zipfile

from openpyxl import Workbook

CELL = '<c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c>'


def make_workbook(rows, texts=(), sheet="institutions"):
    """Return the bytes of a workbook; what begins with `=` is a formula, unless it is among the texts."""
    workbook = Workbook()
    page = workbook.active
    page.title = sheet
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = page.cell(number, column, value)
            if value in texts:
                cell.data_type = "s"
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def with_part(content, name, part):
    """Return a workbook with one part replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, part)
    return file.getvalue()


def sheet_of(cells):
    """Return the XML of a sheet with one row."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{namespace}"><sheetData><row>{cells}</row></sheetData></worksheet>'
