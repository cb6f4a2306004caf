"""Names typed on the keys of another layout, and some with a letter missing."""

import random

from .search_sets import SETS, a_set

__all__ = ["SETS"]  # with those of this module

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
LAYOUTS = {
    "ru": "йцукенгшщзхъфывапролджэячсмитьбю",
    "uk": "йцукенгшщзхїфівапролджєячсмитьбю",
    "be": "йцукенгшўзх'фывапролджэячсмітьбю",
    "kk": "йцукенгшщзхъфывапролджэячсмитьбю",
}
KAZAKH_DIGITS = dict(zip("әіңғүұқөһ", "2345890-=", strict=True))


def on_latin_keys(text: str, language: str) -> str:
    keys = dict(zip(LAYOUTS[language], LATIN, strict=True)) | (KAZAKH_DIGITS if language == "kk" else {}) | {"ё": "`"}
    return "".join(keys.get(letter, letter) for letter in text.lower() if letter not in '«»"“”()')


def _on_cyrillic(text: str, language: str) -> str:
    return text.lower().translate(str.maketrans(LATIN, LAYOUTS[language]))


def _mistyped(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text) - 1)
    return text[:at] + text[at + 1 :]


@a_set("ru")
def russian_on_latin_keys(name, chance):
    return on_latin_keys(name.text, "ru") if len(name.text) > 5 else ""


@a_set("ru")
def russian_on_latin_keys_with_an_error(name, chance):
    return _mistyped(on_latin_keys(name.text, "ru"), chance) if len(name.text) > 8 else ""


@a_set("uk")
def ukrainian_on_latin_keys(name, chance):
    return on_latin_keys(name.text, "uk") if len(name.text) > 5 else ""


@a_set("kk")
def kazakh_on_latin_keys(name, chance):
    return on_latin_keys(name.text, "kk") if len(name.text) > 5 else ""


@a_set("be")
def belarusian_on_latin_keys(name, chance):
    return on_latin_keys(name.text, "be") if len(name.text) > 5 else ""


@a_set("en", "")
def latin_on_cyrillic_keys(name, chance):
    suits = name.text.isascii() and (" of " in name.text or " and " in name.text) and len(name.text) > 8
    return _on_cyrillic(name.text, chance.choice(["ru", "uk"])) if suits else ""


@a_set("ru", "uk", "en")
def typing_errors(name, chance):
    return _mistyped(name.text, chance) if len(name.text) > 8 else ""
