"""Which values of facets the words of a text name: a role, a country, a city."""

from collections import defaultdict
from math import fsum

from .fold import fold
from .readings import BEGINNING, INSIDE, VERY_WORD

BEGUN_FROM = 3  # letters


def named(found, facets):
    """Return ([(facet, value)], whether they name all words): what the words name together, most words first.

    A value is named by words of its names, whole, inflected, begun or mistyped, and by its code. Other facets count for
    what is named, but their values are left out.
    """
    reading = found.readings[-1]
    held = defaultdict(dict)  # value -> {position of a word: how like it is}
    for at, (word, form) in enumerate(zip(reading.counting, reading.forms, strict=True)):
        for other, like in form.items():
            if like > INSIDE and (like != BEGINNING or len(word[0]) >= BEGUN_FROM):
                for value in _values(found.shared, other, like):
                    held[value][at] = max(like, held[value].get(at, 0.0))
    chosen, left = [], set(range(len(reading.counting)))
    while worth := {value: _worth(likeness, left) for value, likeness in held.items() if left & likeness.keys()}:
        best = max(worth.values())
        together = sorted((value for value in worth if worth[value] == best), key=str)  # in every process alike
        chosen += [value for value in together if value[0] in facets]
        left.difference_update(*(held[value] for value in together))
    return chosen, not left


def _worth(likeness, left):
    return len(left & likeness.keys()), fsum(like for at, like in likeness.items() if at in left)


def _values(shared, word, like):
    """Yield the values of which a word of the corpus is in a name, or in the code; prose names nothing."""
    yield from shared.values.get(word, ())
    for facet, value in shared.whole.get(word, ()) if like == VERY_WORD else ():
        code = value[0] if isinstance(value, tuple) else value
        if any(word in spellings for spellings in fold(code)):
            yield facet, value
