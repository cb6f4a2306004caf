"""Why a row was found: the texts that hold the words, and where in them."""

from typing import NamedTuple

from .corpus import BEYOND_ALPHABETS
from .fold import WRITTEN_WORDS, fold, japanese_spellings

LONG, AROUND = 120, 30  # letters of a text that is cut, and of what stays on each side


class Reason(NamedTuple):
    """A text of a row that holds words which no text before it holds."""

    label: str  # what the text is; nothing for the name shown first
    parts: tuple[tuple[str, bool], ...]  # of the text, in order, each with whether it matches


def reasons(found, sources):
    """Return (reading, Reasons): how a row was found, as few of its texts as hold all words, those with most first.

    `sources` are (label, text); where two hold as many words, the one spelt like the question goes first, then the
    earlier one.
    """
    reading = max(reversed(found.readings), key=lambda reading: len(_held_by(reading, sources)))
    held = [(_held(reading, text), label, text) for label, text in sources]
    missing, chosen = _held_by(reading, sources), []
    while missing:
        worth = [(len(words & missing), _is_spelt_alike(reading, text)) for words, _label, text in held]
        words, label, text = held[worth.index(max(worth))]
        missing -= words
        chosen.append(Reason(label, _shortened(marked(found, text))))
    return reading, chosen


def _shortened(parts):
    """Return parts with what surrounds the first match cut to some words, where the text is long."""
    matches = [at for at, (_part, is_match) in enumerate(parts) if is_match]
    if not matches or sum(len(part) for part, _is_match in parts) <= LONG:
        return parts
    before, match, after = ("".join(part for part, _is_match in some) for some in _around(parts, matches[0]))
    before = f"… {before[-AROUND:].partition(' ')[2]}" if len(before) > AROUND else before
    after = f"{after[:AROUND].rpartition(' ')[0]} …" if len(after) > AROUND else after
    return tuple(part for part in [(before, False), (match, True), (after, False)] if part[0])


def _around(parts, at):
    return parts[:at], parts[at : at + 1], parts[at + 1 :]


def holds_all(found, texts):
    """Say whether some texts hold all words of a reading, so that nothing else need say why a row was found."""
    sources = [("", text) for text in texts if text]
    return any(len(_held_by(reading, sources)) == len(reading.forms) for reading in found.readings)


def marked(found, text):
    """Return a text in parts, each with whether it matches one of the readings."""
    parts, end = [], 0
    for word in WRITTEN_WORDS.finditer(text):
        start, stop = _span(found.readings, word)
        if start < stop:
            parts += [(text[end:start], False), (text[start:stop], True)]
            end = stop
    return tuple(part for part in [*parts, (text[end:], False)] if part[0])


def _span(readings, written):
    """Return where a written word matches: the letters that were asked for, else all of it, else nothing of it."""
    spellings = _spellings(written.group())
    lower = written.group().lower()
    for reading in readings:
        if any(not form.keys().isdisjoint(spellings) for form in reading.forms):
            held = [word[0] for word in reading.words if word[0] in lower and len(lower) == len(written.group())]
            if not held:
                return written.span()
            start = written.start() + lower.index(longest := max(held, key=len))
            return start, start + len(longest)
    return 0, 0


def _held_by(reading, sources):
    return set().union(*(_held(reading, text) for _label, text in sources))


def _held(reading, text):
    """Return the positions of the words that a text holds."""
    spellings = _spellings(text)
    return {at for at, form in enumerate(reading.forms) if not form.keys().isdisjoint(spellings)}


def _spellings(text):
    """Return how the words of a text may stand in the corpus; a text does not tell whether it is Japanese."""
    words = fold(text)
    japanese = (spelling for word in words if word[0] >= BEYOND_ALPHABETS for spelling in japanese_spellings(word[0]))
    return {spelling for word in words for spelling in word}.union(japanese)


def _is_spelt_alike(reading, text):
    written = {word[0] for word in fold(text)}
    return any(word[0] in written for word in reading.words)
