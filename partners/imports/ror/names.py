"""Which of a registry record's names is shown first, and what the others are."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from babel import Locale
from babel.core import get_global
from babel.languages import get_official_languages
from django.core.exceptions import ValidationError

from ...models import NameKind
from ...models.place import validate_language
from ...models.text import sort_key

# The first words of Unicode character names, where CLDR names the script differently.
LETTERS = {
    "Hans": {"CJK"},
    "Hant": {"CJK"},
    "Jpan": {"CJK", "HIRAGANA", "KATAKANA"},
    "Kore": {"HANGUL", "CJK"},
    "Orya": {"ORIYA"},
}
# English names, without accents, because the registry leaves some out; it writes five that CLDR gave up or never had.
FURTHER_NAMES = ["Czech Republic", "Hong Kong", "Korea", "Turkey", "United States of America"]
COUNTRY_NAMES = {sort_key(name) for name in [*Locale("en").territories.values(), *FURTHER_NAMES]}
ORDER = [NameKind.NATIVE, NameKind.OFFICIAL, NameKind.ACRONYM, NameKind.ALIAS]  # rows are written in this order


class RawName(NamedTuple):
    """A name as the registry has it, cleaned; the language is empty where it is unknown."""

    value: str
    language: str
    types: frozenset[str]


def without_country(name: str, own: str = "") -> str:
    """Return a company's name without the "(Country)" that the registry appends: a known one, or the record's own."""
    stem, _, country = name.removesuffix(")").rpartition("(")
    stem, said = stem.rstrip(), sort_key(country)
    is_country = name.endswith(")") and said and (said.removeprefix("the ") in COUNTRY_NAMES or said == sort_key(own))
    return stem if stem and is_country else name


def sort_names(
    names: Collection[RawName], country: str | None, is_company: bool, country_name: str = ""
) -> tuple[RawName, dict[str, list[str]]]:
    """Return the name to show first, and each other name's [kind, language] by its value.

    Each value occurs once; the shown name is not among the others.
    """
    display = next(name for name in names if "ror_display" in name.types and name.value)
    shown = without_country(display.value, country_name) if is_company else display.value
    others = [(_kind(name, display, country), name) for name in names if name.value not in ("", shown)]
    values: dict[str, list[str]] = {}
    for kind, name in sorted(others, key=lambda other: ORDER.index(other[0])):
        values.setdefault(name.value, [kind.value, name.language])
    return display._replace(value=shown), values


def _kind(name: RawName, display: RawName, country: str | None) -> NameKind:
    if name is display:  # a company's, with its country
        return NameKind.ALIAS
    if "label" in name.types:
        native = is_native(name.value, name.language, display.language, country)
        return NameKind.NATIVE if native else NameKind.OFFICIAL
    return NameKind.ACRONYM if "acronym" in name.types else NameKind.ALIAS


def is_native(value: str, language: str, shown_language: str, country: str | None) -> bool:
    """Say whether a name is in an official language of its country, other than English and the shown name's.

    The language tag counts only if the letters are those of the language; without a tag, letters that are not
    Latin and belong to an official language are enough.
    """
    scripts = official_scripts(country) if country else {}
    script = main_script(value)
    if not language:
        return script != "LATIN" and any(script in letters for letters in scripts.values())
    language = _base(language)
    return language not in {"en", _base(shown_language)} and script in scripts.get(language, ())


@cache
def official_scripts(country: str) -> dict[str, set[str]]:
    """Return the scripts of each official language of a country or of a part of it, according to Unicode CLDR."""
    scripts = defaultdict(set)
    for tag in get_official_languages(country, regional=True, de_facto=True):
        language, _, script = tag.partition("_")
        script = script or get_global("likely_subtags")[language].split("_")[1]
        scripts[language] |= LETTERS.get(script) or {Locale("en").scripts[script].upper().split()[0]}
    return dict(scripts)


def main_script(text: str) -> str:
    """Return the script of most letters by the first word of their Unicode names; empty without letters."""
    scripts = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha())
    return scripts.most_common(1)[0][0] if scripts else ""


def known_language(tag: str) -> str:
    """Return the tag if it has the form of BCP 47, else an empty text."""
    try:
        validate_language(tag)
    except ValidationError:
        return ""
    return tag


def _base(tag: str) -> str:
    """Return the code that CLDR lists a tag's language under: `tl` is `fil`."""
    language = tag.split("-")[0]
    return get_global("language_aliases").get(language, language).split("_")[0]
