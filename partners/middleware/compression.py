"""In which content coding an answer goes out: brotli, gzip or as it is, whatever the visitor's program likes best.

Only answers without a secret are compressed: the length of a compressed page that repeats its address would tell,
letter by letter, what else stands in it (BREACH).
"""

import gzip
import re
from collections.abc import Callable
from typing import NamedTuple

import brotli

IDENTITY = "identity"
BARELY = 0.0001  # what identity weighs where nobody speaks of it: allowed, and liked less than any other (0.001)
PAGE, PAGE_WINDOW, FILE_WINDOW = 100_000, 16, 22  # bytes, and powers of two of them
TEXT = re.compile(r"text/|(application|image)/([a-z.-]+\+)?(json|xml|javascript)\b", re.IGNORECASE)
WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


class Encoding(NamedTuple):
    """Both ways of a content coding."""

    compress: Callable[[bytes], bytes]
    decompress: Callable[[bytes], bytes]


def _brotli(body):
    """Compress a body; a small window finds in a page all but one byte in two hundred, in two thirds of the time."""
    window = PAGE_WINDOW if len(body) <= PAGE else FILE_WINDOW
    return brotli.compress(body, mode=brotli.MODE_TEXT, quality=5, lgwin=window)


# At these levels a page of 40 kB costs 0.4 ms, a twelfth of what it takes to make it; one level higher costs more
# and saves one byte in a hundred, one lower saves a third of it and makes a page of Russian names larger than 9 kB.
ENCODINGS = {
    "br": Encoding(_brotli, brotli.decompress),
    "gzip": Encoding(lambda body: gzip.compress(body, 6, mtime=0), gzip.decompress),
    IDENTITY: Encoding(bytes, bytes),
}


def encoding_for(accepted: str, content_type: str) -> str:
    """Return the coding in which a content goes to who sent this Accept-Encoding header (RFC 9110, 12.5.3).

    Of those liked alike the smallest. Where all that we have are excluded, the content goes as it is.
    """
    if not accepted or not TEXT.match(content_type):
        return IDENTITY
    weights = _weights(accepted)
    liked = {name: weights.get(name, weights.get("*", 0.0)) for name in ENCODINGS}
    if not {IDENTITY, "*"} & weights.keys():
        liked[IDENTITY] = BARELY
    best = max(liked, key=liked.get)  # the first of equals
    return best if liked[best] else IDENTITY


def _weights(accepted):
    """Return {coding: weight}; one whose weight cannot be read counts as excluded."""
    weights = {}
    for part in accepted.lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        found = [WEIGHT.fullmatch(parameter) for parameter in parameters if parameter]
        weights[name.removeprefix("x-")] = min((float(one[1]) if one else 0.0 for one in found), default=1.0)
    return weights
