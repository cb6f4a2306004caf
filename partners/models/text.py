"""What a text may hold, and how a name is ordered."""

import re
import unicodedata
from enum import IntEnum
from urllib.parse import urlsplit

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _

SORT_KEY_LENGTH = 300  # characters
JOINERS = "\u200c\u200d"  # Persian and Indic names are spelt with these two invisible letters
LINE_BREAKS = "\n\r\t\u2028\u2029"
# Those of Unicode's Default_Ignorable_Code_Point that the general category does not show; see `_is_hidden`.
FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # letters and marks without a glyph: Hangul, Khmer, a joiner
VARIATION_SELECTORS = {chr(code) for code in [*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]}
# Symbols and letters with an empty glyph; Unicode neither ignores them nor counts them as white space.
BLANKS = "\u2800\U0001d159\U00013441\U00013442"  # of Braille, music and Egyptian hieroglyphs
UNSEEN_ALONE = VARIATION_SELECTORS.union(JOINERS, BLANKS)


class ComposedMixin:
    """A column whose letters are composed (NFC) in rows and in queries, because a separate accent looks the same."""

    def to_python(self, value):
        return _composed(super().to_python(value))

    def get_prep_value(self, value):
        return _composed(super().get_prep_value(value))

    def deconstruct(self):
        """Return the path of Django's own field, because the database sees no difference."""
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs


class ComposedCharField(ComposedMixin, models.CharField):
    """One line of composed letters."""

    def get_internal_type(self):
        return "CharField"


class ComposedTextField(ComposedMixin, models.TextField):
    """Prose of composed letters."""

    def get_internal_type(self):
        return "TextField"


def _composed(value):
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


class TextOfRow(IntEnum):
    """What a text is to the row that is found by it."""

    NAME = 0  # the one shown first
    FURTHER_NAME = 1
    OTHER = 2
    JAPANESE_NAME = 3  # a further one, which is not read as Chinese


def _is_hidden(character):
    """Say whether a character is a control, a bidirectional override, a lone surrogate or another invisible one.

    The invisible ones are Unicode's Default_Ignorable_Code_Point, "Other_Default_Ignorable_Code_Point + Cf (Format
    characters) + Variation_Selector" (DerivedCoreProperties.txt), except joiners and variation selectors: those shape
    the letters beside them.
    """
    if character in JOINERS or character in LINE_BREAKS:
        return False
    return character in FILLERS or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn"}


def _is_visible(character):
    """Say whether a character can be seen where it stands alone."""
    return not (character.isspace() or character in UNSEEN_ALONE or _is_hidden(character))


def validate_text(value):
    """Refuse characters that nobody sees: they break files, reverse names or imitate other names.

    :raises ValidationError: naming the first such character and its position.
    """
    if value.isprintable() and not any(filler in value for filler in FILLERS):  # as nearly every text
        return
    for position, character in enumerate(value, start=1):
        if _is_hidden(character):
            raise ValidationError(
                _("Character %(position)d is invisible (U+%(code)04X). Delete it and type the text again there."),
                code="hidden_character",
                params={"position": position, "code": ord(character)},
            )


def validate_line(value):
    """Refuse what `validate_text` refuses, line breaks, and a line of which nothing can be seen.

    :raises ValidationError: naming the first such character and its position.
    """
    validate_text(value)
    if any(character in value for character in LINE_BREAKS):
        raise ValidationError(_("Write this in one line."), code="line_break")
    if value and not any(map(_is_visible, value)):
        raise ValidationError(_("Nothing of this can be seen. Write it in visible characters."), code="unseen")


def clean_line(value):
    """Return the text as `validate_line` accepts it: composed, without invisible characters, spaces single.

    The result is empty where nothing can be seen.
    """
    if value.isascii() and value.isprintable():  # nearly every value of a registry; a fifth of the time
        return " ".join(value.split())
    # Hidden ones go first: they may separate spaces, or a letter from its accent.
    shown = "".join(character for character in value if character.isspace() or not _is_hidden(character))
    line = " ".join(unicodedata.normalize("NFC", shown).split())
    return line if any(map(_is_visible, line)) else ""


_validate_http_url = URLValidator(schemes=["http", "https"])


def validate_web_address(value):
    """Accept only a complete http or https address without a user name in it.

    :raises ValidationError: for another scheme, a missing host, user information or an invisible character.
    """
    validate_line(value)
    _validate_http_url(value)
    if "@" in urlsplit(value).netloc:
        raise ValidationError(_("A web address must not contain a user name or a password."), code="user_information")


def is_web_address(value):
    """Say whether a stored address may be a link: one that was written by SQL passed no validator."""
    try:
        validate_web_address(value)
    except ValidationError:
        return False
    return True


def sort_key(name):
    """Return the text that orders a name alike in SQLite, PostgreSQL and Python.

    Transliterated to Latin, without accents, case and leading punctuation; compared byte by byte.
    """
    latin = re.sub(r"[^a-z0-9]+", " ", anyascii(name).casefold())
    return latin.strip()[:SORT_KEY_LENGTH]


def lower_first(text):
    """Return a text as it stands inside a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
