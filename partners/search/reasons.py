"""Why a row was found: the texts that hold the words, and where in them."""

from typing import NamedTuple

from .abbreviations import shortened
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
    held, reading = _held_of_best(found, sources)
    missing, chosen = set().union(*held), []
    while missing:
        worth = [
            (number := len(words & missing), bool(number) and _is_spelt_alike(found, reading, text))
            for words, (_label, text) in zip(held, sources, strict=True)
        ]
        best = worth.index(max(worth))
        missing -= held[best]
        label, text = sources[best]
        chosen.append(Reason(label, _shortened(marked(found, text))))
    return reading, chosen


def is_whole_reason(found, text):
    """Say whether a text, as the first one of a row, is why it was found, whatever else its texts are."""
    reading = found.readings[-1]
    holds_most = all(len(reading.forms) >= len(other.forms) for other in found.readings)
    return (
        holds_most and len(_held(found, reading, text)) == len(reading.forms) and _is_spelt_alike(found, reading, text)
    )


def _held_of_best(found, sources):
    """Return what each text holds of the reading of which they hold most, and that reading; the last one of equals."""
    best = ()
    for reading in reversed(found.readings):
        held = [_held(found, reading, text) for _label, text in sources]
        number = len(set().union(*held))
        if not best or number > best[0]:
            best = number, held, reading
    return best[1:]


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
    texts = [text for text in texts if text]
    return any(
        len(set().union(*(_held(found, reading, text) for text in texts))) == len(reading.forms)
        for reading in found.readings
    )


def marked(found, text):
    """Return a text in parts, each with whether it matches one of the readings; once a question."""
    if (known := found.parts.get(text)) is not None:
        return known
    parts, end = [], 0
    for word in WRITTEN_WORDS.finditer(text):
        start, stop = _span(found, word)
        if start < stop:
            parts += [(text[end:start], False), (text[start:stop], True)]
            end = stop
    found.parts[text] = marks = tuple(part for part in [*parts, (text[end:], False)] if part[0])
    return marks


def _span(found, written):
    """Return where a written word matches: the letters that were asked for, else all of it, else nothing of it."""
    spellings, _written = _folded(found, written.group())
    lower = written.group().lower()
    for reading in found.readings:
        if any(not form.keys().isdisjoint(spellings) for form in reading.forms):
            held = [word[0] for word in reading.words if word[0] in lower and len(lower) == len(written.group())]
            if not held:
                return written.span()
            start = written.start() + lower.index(longest := max(held, key=len))
            return start, start + len(longest)
    return 0, 0


def _held(found, reading, text):
    """Return the positions of the words that a text holds."""
    spellings, _written = _folded(found, text)
    return {at for at, form in enumerate(reading.forms) if not form.keys().isdisjoint(spellings)}


def _is_spelt_alike(found, reading, text):
    _spellings, written = _folded(found, text)
    return any(word[0] in written for word in reading.words)


def _folded(found, text):
    """Return how the words of a text may stand in the corpus, and how they are written; folded once a question.

    A text does not tell whether it is Japanese.
    """
    if (folded := found.folded.get(text)) is None:
        words = [word for way in dict.fromkeys((text, shortened(text))) for word in fold(way)]
        spellings = {spelling for word in words for spelling in word}
        spellings.update(*(japanese_spellings(word[0]) for word in words if word[0] >= BEYOND_ALPHABETS))
        folded = found.folded[text] = spellings, {word[0] for word in words}
    return folded
