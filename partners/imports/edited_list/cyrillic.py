"""Whether bytes are text in cp1251: nothing in them says so, but no other code page makes such words of them.

A reading is judged by which letters stand beside each other, as they do in the names that Unicode CLDR has in the
languages of its code page: a sum of logarithms of odds against letters in any order.
"""

import re
import string
from collections import Counter
from functools import cache
from itertools import islice, pairwise
from math import log

from babel import Locale

CODE_PAGE = "cp1251"  # in which a Russian Excel saves “CSV”
LANGUAGES = ("ru", "uk", "be", "bg", "sr", "kk")
OTHERS = dict.fromkeys(["koi8_u", "mac_cyrillic", "iso8859_5", "cp866"], LANGUAGES)
OTHERS |= dict.fromkeys(["kz1048", "ptcp154"], ("ru", "kk"))  # cp1251 with letters of Kazakh in place of others
OF_KAZAKH = re.compile("[ЃѓЌќ]")  # letters of Macedonian, which are ғ and қ in those two
# A dash, a quotation mark, and a space that does not break count where they stand at a word: others have letters there.
LETTERS = re.compile(r"(?:[^\x00-\x7f\xa0’…]|(?<!\w)\xa0)+")
AROUND = "№°•·§©®™±" + string.punctuation + string.digits + string.whitespace
ABBREVIATION = 5  # capitals, which stand beside each other in any order
WORDS_AT_MOST = 2_000
NOT_BESIDE = -4.0  # of two letters of a language that stand together in no name
FOREIGN = -8.0  # of a letter that the language lacks, or of a sign within a word
AT_LEAST = 6.0  # some six letters
A_LETTER = 0.45  # names have 0.8, other languages in their code pages less than 0.1
AHEAD = 6.0  # of any other reading: 400 to 1


def read_cyrillic(content: bytes) -> str | None:
    """Return the text that bytes are in cp1251, or None where they are none, or too few to say so."""
    try:
        text = content.decode(CODE_PAGE)
    except UnicodeDecodeError:
        return None
    words = _words(text)
    odds = _odds(words, LANGUAGES)
    if OF_KAZAKH.search(text) or odds < max(AT_LEAST, A_LETTER * sum(map(len, words))):
        return None
    for code_page, languages in OTHERS.items():
        other = content.decode(code_page, "replace")
        if other != text and _odds(_words(other), languages) > odds - AHEAD:
            return None
    return text


def _words(text):
    """Return the first words beyond ASCII, but no abbreviations; of letters of ASCII only those beside others."""
    runs = LETTERS.finditer(text)
    words = (text[max(run.start() - 1, 0) : run.end() + 1].strip(AROUND) for run in runs)
    words = (word.removeprefix("«").removesuffix("»") for word in words)
    telling = (word for word in words if word.strip("–—\xa0") and not (len(word) <= ABBREVIATION and word.isupper()))
    return set(islice(telling, WORDS_AT_MOST))


def _odds(words, languages):
    return sum(max(_odds_of_word(word, *_pairs(language)) for language in languages) for word in words)


def _odds_of_word(word, pairs, letters):
    return sum(
        pairs.get(pair, NOT_BESIDE if letters.issuperset(pair) else FOREIGN)
        for pair in (a + b if a.islower() and b.isupper() else (a + b).lower() for a, b in pairwise(f" {word} "))
    )


@cache
def _pairs(language):
    """Return {two letters side by side: odds}, a space at either end of a word, and the letters of a language."""
    locale = Locale(language)
    kinds = (locale.territories, locale.languages, locale.scripts, locale.currencies)
    words = _words(" ".join(name for kind in kinds for name in kind.values()).lower())
    count = Counter(a + b for word in words for a, b in pairwise(f" {word} "))
    firsts = Counter(pair[0] for pair in count.elements())
    return {pair: log(number / firsts[pair[0]] * len(firsts)) for pair, number in count.items()}, set(firsts)
