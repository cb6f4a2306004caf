"""How text is written into a cell: lists are joined and formulas guarded, and both can be undone."""

import re
from collections.abc import Sequence

# Lists in one cell. A backslash is escaped too, or "a\" followed by another value would read like "a;".
_LIST_TOKENS = re.compile(r"\\(.?)|([^;\\]+)|(; ?)", re.DOTALL)


def join_list(values: Sequence[str]) -> str:
    r"""Join values with `"; "`, `;` as `\;` and a backslash twice; a single empty value is a lone backslash."""
    text = "; ".join([value.replace("\\", "\\\\").replace(";", "\\;") for value in values])
    return text if text or not values else "\\"


def split_list(text: str) -> list[str]:
    """Undo `join_list`; the space after `;` may be missing, as people type it."""
    values = [""] if text else []
    for escaped, plain, separator in _LIST_TOKENS.findall(text):
        if separator:
            values.append("")
        else:
            values[-1] += escaped + plain
    return values


# Formulas in text. Apostrophes before a formula do not exempt it from the guard, so removing one is exact.
# A line feed counts like the tab and CR, which spreadsheets may drop; text after a space stays text there.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
FORMULA_STARTS = frozenset("'=+-@\t\r\n＝＋－＠")  # saves the call and the pattern for nearly every cell


def guard_formula(text: str) -> str:
    """Put one apostrophe in front of a text that a spreadsheet might take for a formula."""
    return "'" + text if _FORMULA.match(text) else text


def unguard_formula(text: str) -> str:
    """Undo `guard_formula`."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text
