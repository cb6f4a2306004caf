"""What a text may hold, and how a name is ordered."""

import re
import unicodedata
from enum import IntEnum
from urllib.parse import urlsplit

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

SORT_KEY_LENGTH = 300  # characters
JOINERS = "\u200c\u200d"  # Persian and Indic names are spelt with these two invisible letters
LINE_BREAKS = "\n\r\t"


class TextOfRow(IntEnum):
    """What a text is to the row that is found by it."""

    NAME = 0  # the one shown first
    FURTHER_NAME = 1
    OTHER = 2


def _is_hidden(character):
    """Say whether a character is a control, a bidirectional override, a lone surrogate or another invisible one."""
    if character in JOINERS or character in LINE_BREAKS:
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn"}


def validate_text(value):
    """Refuse characters that nobody sees: they break files, reverse names or imitate other names.

    :raises ValidationError: naming the first such character and its position.
    """
    for position, character in enumerate(value, start=1):
        if _is_hidden(character):
            raise ValidationError(
                _("Character %(position)d is invisible (U+%(code)04X). Delete it and type the text again there."),
                code="hidden_character",
                params={"position": position, "code": ord(character)},
            )


def validate_line(value):
    """Refuse what `validate_text` refuses, and line breaks.

    :raises ValidationError: naming the first such character and its position.
    """
    validate_text(value)
    if any(character in value for character in LINE_BREAKS):
        raise ValidationError(_("Write this in one line."), code="line_break")


def clean_line(value):
    """Return the text as `validate_line` accepts it: composed, without invisible characters, spaces single."""
    if value.isascii() and value.isprintable():  # nearly every value of a registry; a fifth of the time
        return " ".join(value.split())
    # Hidden ones go first: what they part may be spaces, or a letter and its accent.
    shown = "".join(character for character in value if character.isspace() or not _is_hidden(character))
    return " ".join(unicodedata.normalize("NFC", shown).split())


_validate_http_url = URLValidator(schemes=["http", "https"])


def validate_web_address(value):
    """Accept only a complete http or https address without a user name in it.

    :raises ValidationError: for another scheme, a missing host, user information or an invisible character.
    """
    validate_line(value)
    _validate_http_url(value)
    if "@" in urlsplit(value).netloc:
        raise ValidationError(_("A web address must not contain a user name or a password."), code="user_information")


def sort_key(name):
    """Return the text that orders a name alike in SQLite, PostgreSQL and Python.

    Transliterated to Latin, without accents, case and leading punctuation; compared byte by byte.
    """
    latin = re.sub(r"[^a-z0-9]+", " ", anyascii(name).casefold())
    return latin.strip()[:SORT_KEY_LENGTH]


def lower_first(text):
    """Return a text as it stands inside a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
