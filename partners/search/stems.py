"""What stays of a word in all its cases and numbers: endings of folded words, language by language.

The stemmers in use know neither Ukrainian, Belarusian nor Kazakh, and ask for letters that folding makes one.
"""

import re

SHORTEST = 4  # letters of a stem
# Russian, Ukrainian and Belarusian share most endings once their letters are folded (й, і, ї are и; ў is у).
SLAVIC = re.compile(
    "(?:ыми|ими|ого|его|аго|яго|ага|яга|ыя|ому|ему|аму|яму|иями|иеи|иею|ием|иям|иях|ями|ами|ови|еви|"
    "ая|яя|ое|ее|ые|ие|ыи|ии|ия|ию|ою|ею|ую|юю|ым|им|ых|их|ом|ем|эм|ам|ям|ах|ях|ои|еи|аи|яи|ов|ев|ау|ью|[аяоеэыиуюьи])$"
)
# Kazakh: plural, possession and case one after the other (қ is к, ғ is г, ң is н, ө is о, ұ and ү are у, і is и), and
# -дағы, “that is in”, which follows the locative.
KAZAKH = re.compile(
    "(?:[лдт][ае]р)?(?:с?[ыи])?(?:[ндт][ыи]н|н?[дт][ае](?:н|г[ыи])?|нан|нен|н[ае]|[гк][ае]|[ндт][ыи]|н|[мбп]ен)?"
)
LONGEST_ENDING = 11  # letters of a Kazakh one
VOICED = re.compile("[гб](?=[ыи])")  # к and п between vowels
# Endings of Russian, Ukrainian and Belarusian nouns in the singular, and what the nominative has in their place.
CASES = re.compile("(?:ом|ем|ои|еи|ою|ею|ью|ови|еви|[аяыиуюее])$")
NOMINATIVES = ("", "а", "я", "ь", "о", "е", "и", "ы")
OF_SHORT = ("а", "я")  # where two letters are left, as of Уфа
VOWEL = re.compile("[аеиоуыэюя]")
CLOSED = re.compile("[ое](?=[бвгджзклмнпрстфхцчш]$)")  # Ukrainian і: Львова, Львів
FLEETING = re.compile("(?<=[бвгджзклмнпрстфхцчшщ])ь?(?=[бвгджзклмнпрстфхцчшщ]$)")  # Орла, Орёл
ENGLISH = re.compile("(?:ies|y|es|s|e)$")


def stem(word):
    """Return the beginning of a folded word that its other forms share; the word itself where it has no ending."""
    endings = SLAVIC if "а" <= word[0] <= "я" else ENGLISH if word.isascii() and len(word) > SHORTEST else None
    return word if endings is None else _without(endings, word)


def stems(word):
    """Return the stems that a folded word may have: itself, what each Kazakh ending leaves, and what `stem` does."""
    if not "а" <= word[0] <= "я":
        return {stem(word)}
    found = {word, stem(word)}
    for at in range(max(SHORTEST, len(word) - LONGEST_ENDING), len(word)):
        if KAZAKH.fullmatch(word, at):
            found.add(word[:at])
            if VOICED.match(word, at - 1) and at > SHORTEST:
                found.add(word[: at - 1] + ("к" if word[at - 1] == "г" else "п"))
    return found


def beginning_of(found):
    """Return what all words with one of the stems of a word begin with: the shortest, whose к or п may be voiced."""
    shortest = min(found, key=len)
    return shortest[:-1] if len(shortest) > SHORTEST and shortest[-1] in "кгпб" else shortest


def base_forms(word):
    """Return the nominatives that a folded Slavic word may have, be its stem short or with another vowel."""
    if not "а" <= word[0] <= "я":
        return set()
    found = set()
    for size in (1, 2, 3):
        rest = word[:-size]
        if len(rest) > 1 and VOWEL.search(rest) and CASES.fullmatch(word, len(rest)):
            ways = (rest, CLOSED.sub("и", rest), *(FLEETING.sub(vowel, rest) for vowel in "ео"))
            endings = NOMINATIVES if len(rest) > 2 else OF_SHORT
            found.update(way + ending for way in ways for ending in endings)
    return found


def _without(endings, word):
    rest = endings.sub("", word, count=1)
    return rest if len(rest) >= SHORTEST else word
