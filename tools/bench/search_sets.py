"""Questions made from the names of a directory: what people type, with the rows that are meant.

Each set takes its names by chance from a seed, so that a run can be repeated and seeds never looked at stay fair.
Readings, cases and syllables come from other people's dictionaries: a judge must not share what it judges.
"""

import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from anyascii import anyascii

SEEDS, HELD_BACK = (1, 2), (3, 4)  # tuned on the first; the others are looked at when the work is over
QUESTIONS = 100  # of a set, for each seed


class Name(NamedTuple):
    """A name of an organisation, with its place."""

    key: int
    language: str
    text: str
    city: str
    country: str


class Question(NamedTuple):
    """A text, and the keys of those that bear the name it was made from."""

    text: str
    meant: frozenset[int]


SETS = {}  # what people do -> (languages, function: name, random numbers -> text or nothing)


def a_set(*languages: str) -> Callable:
    """Register what people do to the names in some languages, by its function's name; none is all."""

    def register(alter):
        SETS[alter.__name__.replace("_", "-")] = languages, alter
        return alter

    return register


def questions(names: Iterable[Name], title: str, seeds: Iterable[int]) -> list[Question]:
    """Return the questions of a set."""
    languages, alter = SETS[title]
    meant, chosen = defaultdict(set), []
    for name in names:
        meant[name.text.casefold()].add(name.key)
        if not languages or name.language in languages:
            chosen.append(name)
    chosen.sort(key=lambda name: (name.text, name.key))
    made = []
    for seed in seeds:
        chance = random.Random(f"{title} {seed}")
        number = len(made) + QUESTIONS
        for name in chance.sample(chosen, len(chosen)):
            text = alter(name, chance)
            if text and text != name.text and len(text) <= 200:
                made.append(Question(text, frozenset(meant[name.text.casefold()])))
            if len(made) == number:
                break
    return made


CASES = ["gent", "datv", "accs", "ablt", "loct"]  # the nominative is the name itself


@cache
def _russian():
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


@a_set("ru")
def inflected(name, chance):
    """Put the words up to the first noun into one case, as a sentence does."""
    case, words = chance.choice(CASES), name.text.split()
    for at, word in enumerate(words):
        if not re.fullmatch("[а-яёА-ЯЁ-]+", word):
            return ""
        parsed = _russian().parse(word)[0]
        if "nomn" not in parsed.tag or not (changed := parsed.inflect({case})):
            return ""
        words[at] = changed.word
        if parsed.tag.POS == "NOUN":
            return " ".join(words) if at or len(words) > 1 else ""
    return ""


JOINING = {"of", "the", "and", "for", "de", "la", "et", "für", "des", "du", "der"}


@a_set("en", "fr", "de", "es", "")
def joining_words(name, chance):
    """Leave them out, or begin with “The”, or leave that out."""
    words = name.text.split()
    rest = [word for word in words if word.lower() not in JOINING]
    return "" if len(rest) < 3 else " ".join(rest) if len(rest) < len(words) else f"The {name.text}"


@a_set("en", "")
def order(name, chance):
    words = name.text.split()
    chance.shuffle(words)
    return " ".join(words) if len(words) > 2 else ""


SHORT = """university Univ, institute Inst, national Natl, academy Acad, sciences Sci, science Sci, medical Med,
medicine Med, school Sch, college Coll, hospital Hosp, center Ctr, centre Ctr, technology Technol, research Res,
department Dept, international Int, foundation Fdn, agricultural Agr, agriculture Agr, engineering Engn, health Hlth,
laboratory Lab, federal Fed, association Assoc, ministry Minist, technical Tech, polytechnic Polytech, biology Biol,
environmental Environm, physics Phys, chemistry Chem, society Soc, government Govt, имени им, государственный гос,
национальный нац, медицинский мед, технический техн, научный науч, федеральный фед, академия акад"""
ABBREVIATIONS = dict(re.findall(r"(\w+) (\w+)", SHORT))


@a_set("en", "ru")
def abbreviations(name, chance):
    """Write the usual words short, as indexes of papers do: with or without a full stop, no joining words."""
    words, stop = re.findall(r"[\w.’'-]+", name.text), chance.choice(["", "."])
    words = [word for word in words if word.lower() not in JOINING]
    short = [ABBREVIATIONS[word.lower()] + stop if word.lower() in ABBREVIATIONS else word for word in words]
    return " ".join(short) if len(set(words) - set(short)) > 1 and len(short) > 2 else ""


def _cut(name, letters):
    words = name.text.split()
    return " ".join([*words[:-1], words[-1][:letters]]) if len(words) > 2 and len(words[-1]) > letters + 1 else ""


@a_set("en", "ru", "fr", "")
def last_word_cut_after_1(name, chance):
    return _cut(name, 1)


@a_set("en", "ru", "fr", "")
def last_word_cut_after_2(name, chance):
    return _cut(name, 2)


@a_set("en", "ru", "fr", "")
def last_word_cut_after_3(name, chance):
    return _cut(name, 3)


@a_set("en", "ru", "")
def lost_space(name, chance):
    words = name.text.split()
    at = chance.randrange(1, len(words)) if len(words) > 1 else 0
    return "".join([" ".join(words[:at]), " ".join(words[at:])]) if at else ""


@a_set("de", "sv", "fi", "et", "tr", "hu", "no", "nb", "da")
def umlauts(name, chance):
    written_out = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe"}
    text = unicodedata.normalize("NFC", name.text).lower()
    return text.translate(str.maketrans(written_out)) if set(text) & set(written_out) else ""


@a_set("ru", "uk", "de", "cs", "fr", "es", "ar", "he", "pl", "vi")
def combined_marks(name, chance):
    """Decompose the letters, and add marks that point vowels or stress them."""
    text = unicodedata.normalize("NFD", name.text)
    vowels = [at for at, letter in enumerate(text) if letter in "аеоуяюыиі"]
    if name.language in ("ru", "uk") and vowels:
        at = chance.choice(vowels) + 1
        return f"{text[:at]}\u0301{text[at:]}"
    if name.language in ("ar", "he"):
        mark, letters = ("\u064e", "بتسنملد") if name.language == "ar" else ("\u05b8", "בתמנלשד")
        return "".join(letter + mark if letter in letters else letter for letter in text)
    return text


@a_set("zh")
def pinyin_by_syllable(name, chance):
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(name.text)) if re.fullmatch("[\u4e00-\u9fff]{4,}", name.text) else ""


@a_set("zh")
def pinyin_by_word(name, chance):
    from pypinyin import lazy_pinyin

    if not re.fullmatch("[\u4e00-\u9fff]{4,}", name.text):
        return ""
    syllables = lazy_pinyin(name.text)
    return " ".join("".join(syllables[at : at + 2]) for at in range(0, len(syllables), 2))


@cache
def _japanese():
    from pykakasi import kakasi

    return kakasi()


@a_set("ja")
def hepburn(name, chance):
    """Write a Japanese name in Latin letters, long vowels in both usual ways."""
    if not re.search("[\u4e00-\u9fff]", name.text) or len(name.text) < 4:
        return ""
    way = chance.choice(["hepburn", "passport"])
    return " ".join(" ".join(word[way] for word in _japanese().convert(name.text)).split())


@a_set("ko")
def korean_spaces(name, chance):
    """Leave the spaces out, or write one before the last word's usual noun."""
    if " " in name.text:
        return name.text.replace(" ", "")
    return re.sub("(?<=.)(대학교|병원|연구원|연구소|센터|학회|재단|공사)$", r" \1", name.text)


DEPARTMENTS = [
    *("Department of Computer Science", "Department of Physics", "Faculty of Medicine", "School of Public Health"),
    *("Institute of Chemistry", "Department of Geography", "Department of Biology", "Division of Cardiology"),
    *("Laboratory of Molecular Genetics", "Department of Mathematics", "Department of Civil Engineering"),
    *("Graduate School of Science", "Department of Neurology", "Department of Economics", "Faculty of Agriculture"),
    *("Center for Cancer Research", "Department of Pediatrics", "Department of Psychology"),
]


@a_set("en", "")
def affiliation_lines(name, chance):
    """Write a line as papers do: department, institution, city and perhaps its code, country."""
    if not (name.city and name.country and len(name.text.split()) > 1):
        return ""
    code = f" {chance.randrange(10000, 99999)}" if chance.random() < 0.5 else ""
    return f"{chance.choice(DEPARTMENTS)}, {name.text}, {name.city}{code}, {name.country}"


@a_set("ru", "uk")
def russian_in_latin_letters(name, chance):
    return anyascii(name.text) if len(name.text.split()) > 1 else ""


@a_set()
def capitals(name, chance):
    return chance.choice([str.upper, str.lower, str.title])(name.text)
