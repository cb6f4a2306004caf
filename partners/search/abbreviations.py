"""Short ways to write a word, and initials with full stops."""

import re

# Usual short forms that are no beginning of the word: what it begins with.
CONTRACTIONS = {
    "natl": "national",
    "intl": "international",
    "ctr": "cent",
    "dept": "department",
    "govt": "government",
    "fdn": "foundation",
    "hlth": "health",
    "engn": "engineering",
    "agr": "agri",
    "techn": "tech",
}
# Words in the names of places, long and short: either is as good.
ALIKE = {
    word: alike - {word}
    for alike in map(frozenset, (["saint", "sankt", "st"], ["sainte", "ste"], ["mount", "mt"], ["fort", "ft"]))
    for word in alike
}
# Beginning and end of a Russian, Ukrainian or Belarusian word with a hyphen between, in any case.
HYPHENATED = {
    re.compile(rf"\b{beginning}[-‐‑]{end}[а-яіў]{{0,2}}\b", re.IGNORECASE): word
    for beginning, end, word in (
        ("ун", "т", "университет"),
        ("[иі]н", "т", "институт"),
        ("ф", "т", "факультет"),
        ("б", "ц", "больница"),
    )
}
# Countries by whose short name offices and laboratories call themselves, too.
COUNTRIES = {"United States": "US", "United Kingdom": "UK"}
# “C.N.R.S.”, “U. S.”: letters that stand alone, a full stop after each but perhaps the last.
INITIALS = re.compile(r"\b[^\W\d_](?:\.\s?[^\W\d_]\b(?!['’ʼ-]))+\.?")


def in_full(text: str) -> str:
    """Return a text with its hyphenated short forms as whole words."""
    for short, word in HYPHENATED.items():
        text = short.sub(word, text)
    return text


def with_initials_as_words(text: str) -> str:
    """Return a text with initials as one word: “C.N.R.S.” as “CNRS”."""
    return INITIALS.sub(lambda found: "".join(filter(str.isalpha, found[0])) + " ", text)


def shortened(name: str) -> str:
    """Return a name as it is written shorter, with initials as words and such a country short; or just the name."""
    for country, short in COUNTRIES.items():
        name = name.replace(country, short)
    return with_initials_as_words(name)
