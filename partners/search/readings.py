"""The ways to understand a text, each with the words of the corpus that its own may mean."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .abbreviations import ALIKE, CONTRACTIONS
from .corpus import BEYOND_ALPHABETS
from .fold import WRITTEN_WORDS, fold
from .japanese import without_length
from .layout import other_readings
from .stems import base_forms, beginning_of, stems

# How much a word of a name is worth that is, or is like, one of the text.
VERY_WORD, STEM, BEGINNING, NEAR, INSIDE = 1.0, 0.95, 0.85, 0.8, 0.5
SHORT = 4  # letters; another reading of fewer counts only as a whole name
SPLIT_FROM, SPLIT_TO, PART_FROM = 6, 50, 3  # letters of a word that may be two, and of each of these
ERRORS = 6  # in a name made of syllables, at most
SYLLABLES = 8  # letters: words of Latin letters that are shorter may be those of Chinese or Japanese
# Words that join others: papers add, drop and translate them, so they decide nothing where other words stand.
JOINING = frozenset([
    *("of", "the", "and", "for", "at", "in", "on", "a", "an", "de", "la", "le", "les", "du", "des", "et", "en", "und"),
    *("der", "die", "das", "fur", "del", "y", "do", "da", "di", "e", "em", "i", "og", "och", "van"),
    *("и", "в", "на", "по", "при", "для", "им", "имени", "та", "у"),
])  # fmt: skip


class Reading(NamedTuple):
    """A text as it is understood."""

    text: str
    how: str  # typed, layout or spaces
    words: tuple[tuple[str, ...], ...]  # folded, each in its spellings
    counting: tuple[tuple[str, ...], ...]  # those that count, each once
    forms: tuple[Mapping[str, float], ...]  # for each that counts, words of the corpus with how like it they are
    support: float  # how well the corpus knows the words, longer ones more: from 0 to 1

    def rows(self, corpus):
        """Return the keys of the rows in which all words stand."""
        rows = None
        for form in self.forms:
            having = rows_with(corpus, form)
            rows = having if rows is None else rows & having
        return rows


def rows_with(corpus, form):
    """Return the keys of the rows in which a word stands that one of a text may mean."""
    return corpus.having(form) | corpus.having_whole(word for word, like in form.items() if like >= STEM)


class Reader:
    """Reads one text in several ways; a word that stands in two of them is looked up once."""

    def __init__(self, corpus):
        self.corpus = corpus
        self.known = {}  # (word, whether it may be begun) -> its forms

    def read(self, text: str, how: str) -> Reading:
        """Return a reading of a text."""
        words = tuple(fold(text))
        counting = tuple(dict.fromkeys(folded_without_joining(words)))
        last = words[-1] if len(words) > 1 else None
        forms = tuple(self._forms(word, is_begun=word == last) for word in counting)
        return Reading(text, how, words, counting, forms, support(how, counting, forms))

    def others(self, typed: Reading, *, mistyped: bool = False) -> Iterator[Reading]:
        """Yield the other readings of a text that count: on other keyboard layouts, and with other spaces.

        At least one word is known there, or begun, unless all may be mistyped.
        """
        seen = {typed.words}
        # Where nearly every letter is known as typed, the keyboard was the right one; spaces may be wrong all the same.
        is_known = typed.support >= STEM and not mistyped
        texts = [] if is_known else [(other, "layout") for other in other_readings(typed.text)]
        texts += [(other, "spaces") for other in (_joined(self.corpus, typed), _parted(self.corpus, typed)) if other]
        for text, how in texts:
            words = tuple(fold(text))
            if not words or words in seen:
                continue
            seen.add(words)
            if sum(len(word[0]) for word in words) < SHORT:
                counts = len(words) == 1 and any(map(self.corpus.is_name, words[0]))
            else:
                counts = mistyped or any(next(self.corpus.beginning(word[0]), None) for word in words)
            if counts:
                yield self.read(text, how)

    def _forms(self, word, *, is_begun):
        if (forms := self.known.get((word, is_begun))) is None:
            forms = self.known[word, is_begun] = _forms(self.corpus, word, is_begun=is_begun)
        return forms


def as_written(text: str, words: set[tuple[str, ...]]) -> tuple[str, ...]:
    """Return those words of a text whose folded ones are given, as they are written, each once."""
    return tuple(dict.fromkeys(word for word in WRITTEN_WORDS.findall(text) if not words.isdisjoint(fold(word))))


def without_joining(words: list[str]) -> list[str]:
    """Return words without those that join others; the last one may be begun, and counts."""
    return [word for word in words[:-1] if word not in JOINING] + words[-1:]


def folded_without_joining(words: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the same of folded words."""
    return [word for word in words[:-1] if word[0] not in JOINING] + [*words[-1:]]


def support(how, words, forms):
    """Return how well the corpus knows words; in another reading than the typed one insides of words say nothing."""
    least = 0.0 if how == "typed" else INSIDE
    known = [max(form.values(), default=0.0) for form in forms]
    letters = [len(word[0]) for word in words]
    reached = sum(number * like for number, like in zip(letters, known, strict=True) if like > least)
    return round(reached / (sum(letters) or 1), 6)  # so that words which are all worth `STEM` are worth no less


def _forms(corpus, word, *, is_begun):
    """Return {word of the corpus: how like it is} for what a word of a text may mean, typing errors aside.

    A word of one or two letters is a whole one, or begun where it is the last one or not known. Chinese, Japanese and
    Korean have few spaces: what stands inside a word there is a word.
    """
    inside = BEGINNING if has_no_spaces(word[0]) else INSIDE
    forms = {spelling: VERY_WORD for spelling in word if spelling in corpus.shared.whole}
    for known in corpus.containing(word):
        if known in word:
            if corpus.knows(known):
                forms[known] = VERY_WORD
        else:
            forms[known] = BEGINNING if known.startswith(word) else inside
    forms |= {other: VERY_WORD for spelling in word for other in ALIKE.get(spelling, ()) if corpus.knows(other)}
    begun = {CONTRACTIONS[spelling] for spelling in word if spelling in CONTRACTIONS}
    if is_begun or not forms:
        begun |= {spelling for spelling in word if len(spelling) < PART_FROM}
    for beginning in begun:
        forms |= {known: BEGINNING for known in corpus.beginning(beginning) if known not in forms}
    found = stems(word[0])
    shared = beginning_of(found)
    for known in corpus.beginning(shared, whole=True) if len(shared) > PART_FROM else ():
        if forms.get(known, 0.0) < STEM and not found.isdisjoint(stems(known)):
            forms[known] = STEM
    bases = base_forms(word[0])
    if bases and max((like for other, like in forms.items() if other not in word[1:]), default=0.0) < STEM:
        forms = _with_base_forms(corpus, bases, forms)
    return forms


def _with_base_forms(corpus, bases, forms):
    """Return forms with the nominatives of a Slavic word: whole where places have such a name, else begun.

    Most places have names in Latin letters alone, which no stem of Cyrillic ones begins.
    """
    forms = dict(forms)
    for base in bases:
        forms |= {
            spelling: STEM
            for spelling in fold(base)[0]
            if spelling in corpus.shared.values and forms.get(spelling, 0.0) < STEM
        }
        if len(base) > SHORT:
            forms = dict.fromkeys(corpus.beginning(base), BEGINNING) | forms
    return forms


def has_no_spaces(written):
    """Say whether a folded word is of a script without spaces, or with few: Hangul, once decomposed, and what follows
    the alphabets.
    """
    return written[0] >= BEYOND_ALPHABETS or "\u1100" <= written[0] <= "\u11ff"


def _joined(corpus, typed):
    """Return the text as one word, where the corpus has one that begins so, or is much like it: pinyin by syllable."""
    word = "".join(word[0] for word in typed.words)
    if len(typed.words) < 2 or len(word) <= SHORT:
        return ""
    for spelling in dict.fromkeys((word, without_length(word))):
        if next(corpus.beginning(spelling), None):
            return spelling
    # Signs have several readings, so that an error in six letters is likely; words of an alphabet are longer.
    is_syllables = word.isascii() and len(word) < min(SYLLABLES * len(typed.words), 2 * SPLIT_TO)
    return corpus.nearest_word(without_length(word), min(len(word) // 6, ERRORS)) if is_syllables else ""


def _parted(corpus, typed):
    """Return the text with each unknown word as known ones, where it may be some that lack their spaces."""
    known = dict(zip(typed.counting, typed.forms, strict=True))
    parts = [word[0] if known.get(word, True) else _parts(corpus, word[0]) for word in typed.words]
    return " ".join(parts) if any(" " in part for part in parts) else ""


def _parts(corpus, word):
    """Return a word as the fewest known words, the longer ones first; itself where it is none."""
    best = {0: ()}  # end -> parts up to it
    for end in range(1, len(word) + 1 if SPLIT_FROM <= len(word) <= SPLIT_TO else 0):
        for start in list(best):
            part = word[start:end]
            if (len(part) >= PART_FROM or part in JOINING) and (part in JOINING or corpus.knows(part)):
                parts = (*best[start], part)
                if end not in best or len(parts) < len(best[end]):
                    best[end] = parts
    return " ".join(best.get(len(word), (word,)))
