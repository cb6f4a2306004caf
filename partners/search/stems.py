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
# Kazakh: plural, possession and case one after the other (қ is к, ғ is г, ң is н, ө is о, ұ and ү are у, і is и).
KAZAKH = re.compile(
    "(?:[лдт][ае]р)?(?:с?[ыи])?(?:[ндт][ыи]н|нд[ае]н?|[дт][ае]н?|нан|нен|н[ае]|[гк][ае]|[ндт][ыи]|н|[мбп]ен)?$"
)
ENGLISH = re.compile("(?:ies|y|es|s|e)$")


def stem(word):
    """Return the beginning of a folded word that its other forms share; the word itself where it has no ending."""
    endings = SLAVIC if "а" <= word[0] <= "я" else ENGLISH if word.isascii() and len(word) > SHORTEST else None
    return word if endings is None else _without(endings, word)


def stems(word):
    """Return the stems that a folded word may have: what a Kazakh ending leaves beside what `stem` does."""
    found = {stem(word)}
    return found | {_without(KAZAKH, word)} if "а" <= word[0] <= "я" else found


def _without(endings, word):
    rest = endings.sub("", word, count=1)
    return rest if len(rest) >= SHORTEST else word
