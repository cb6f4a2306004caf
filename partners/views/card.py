"""The picture that goes with a link to the directory: its name, its figures and its chain, drawn by the server."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont

from ..boards.coverage import board
from ..boards.filters import BoardFilter
from .figures import institutions, of_directory
from .files import consortium
from .public import public

SIZE = WIDTH, HEIGHT = 1200, 630  # pixels, as those who show links ask for
MARGIN = 72
PAPER, INK, TEAL, MUTED, SIGNAL = "#ffffff", "#1a2426", "#07525a", "#435155", "#862b0c"
BOLD, REGULAR = 700, 400
LINES, LINES_OF_LABEL = 3, 2  # of the name, and of what stands below a figure
STATIONS = 14  # a longer chain is not drawn: its links would run together
# The fonts by `make fonts`, each with the letters it has; what none has is read in English instead.
FONTS = [
    ("latin", [(0x20, 0xFF), (0x2000, 0x206F), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2212, 0x2212)]),
    ("latin-ext", [(0x100, 0x17F), (0x218, 0x21B)]),
    ("cyrillic", [(0x400, 0x45F), (0x490, 0x491), (0x4B0, 0x4B1), (0x2116, 0x2116)]),
    ("cyrillic-ext", [(0x460, 0x52F)]),
]


@dataclass(frozen=True)
class Words:
    """What stands on the card."""

    brand: str
    name: str
    figures: tuple[tuple[str, str], ...]  # (number, what it counts)
    links: str  # how many of the chain somebody covers

    def can_be_drawn(self):
        """Say whether our fonts have all letters."""
        text = self.brand + self.name + self.links + "".join(word for figure in self.figures for word in figure)
        return all(_part_of(letter) for letter in text)


@public()
def card(_request):
    """Send the card as PNG, in the language of the address or, where our fonts lack its letters, in English."""
    chain = board(BoardFilter.asking())
    words = _words(chain)
    if not words.can_be_drawn():
        with override(settings.LANGUAGE_CODE):
            words = _words(chain)
    stations = tuple("gap" if row.everywhere.is_gap else "part" if row.gaps else "whole" for row in chain.rows)
    return HttpResponse(_png(words, stations), content_type="image/png")


@lru_cache(maxsize=16)  # cards: anybody could invent addresses that are held nowhere, and all of them show the same
def _png(words, stations):
    png = BytesIO()
    _drawn(words, stations).quantize(64, dither=Image.Dither.NONE).save(png, "PNG", optimize=True)
    return png.getvalue()


def _words(chain):
    covered = sum(not row.everywhere.is_gap for row in chain.rows)
    links = _("%(number)s of %(total)s links of the chain covered") % {"number": covered, "total": len(chain.rows)}
    figures = of_directory(institutions(partner=["partner"]))[:4]
    return Words(
        brand=consortium().short_name,
        name=consortium().name,
        figures=tuple((str(figure.count), figure.label) for figure in figures),
        links=links if chain.rows else "",
    )


def _drawn(words, stations):
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 12), TEAL)
    with Image.open(finders.find("img/icon-512.png")) as mark:
        image.paste(mark.convert("RGB").resize((96, 96), Image.Resampling.LANCZOS), (MARGIN - 16, 44))
    _write(draw, (MARGIN + 88, 74), words.brand, 32, BOLD, TEAL)
    size = 60 if len(words.name) < 60 else 46
    for number, line in enumerate(_wrapped(words.name, size, WIDTH - 2 * MARGIN)):
        _write(draw, (MARGIN, 164 + number * size * 1.2), line, size, BOLD, INK)
    if 0 < len(stations) <= STATIONS:
        _draw_chain(draw, stations)
    if words.links:
        _write(draw, (MARGIN, 432), words.links, 24, REGULAR, MUTED)
    step = (WIDTH - 2 * MARGIN) / max(1, len(words.figures))
    for number, (count, label) in enumerate(words.figures):
        at = MARGIN + number * step
        _write(draw, (at, 476), count, 56, BOLD, TEAL)
        for line, part in enumerate(_wrapped(label, 24, step - 16, LINES_OF_LABEL)):
            _write(draw, (at, 544 + line * 28), part, 24, REGULAR, MUTED)
    return image


def _draw_chain(draw, stations):
    """Draw a disc for a link that is covered everywhere, a ring where in part, a broken ring for a gap."""
    step, y, radius = (WIDTH - 2 * MARGIN - 36) / max(1, len(stations) - 1), 400, 18
    draw.line((MARGIN + radius, y, WIDTH - MARGIN - radius, y), TEAL, 5)
    for number, state in enumerate(stations):
        x = MARGIN + radius + number * step
        box = (x - radius, y - radius, x + radius, y + radius)
        draw.ellipse(box, TEAL if state == "whole" else PAPER, None if state == "gap" else TEAL, 5)
        for start in range(0, 360, 60) if state == "gap" else ():
            draw.arc(box, start, start + 36, SIGNAL, 5)


def _wrapped(text, size, width, most=LINES):
    """Return the lines of a text, each at most so wide; the last one says by … that there is more."""
    lines, words = [""], text.split()
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or _width(longer, size) <= width:
            lines[-1] = longer
        elif len(lines) == most:
            lines[-1] += " …"
            break
        else:
            lines.append(word)
    for number, line in enumerate(lines):
        while len(line) > 1 and _width(line, size) > width:
            line = line[:-2] + "…"
        lines[number] = line
    return lines


def _part_of(letter):
    """Return which of our fonts has a letter, or nothing."""
    return next((part for part, ranges in FONTS if any(low <= ord(letter) <= high for low, high in ranges)), None)


def _runs(text, size, weight):
    """Yield (letters in one font, the font)."""
    fonts, run, before = {}, "", None
    for letter in text:
        part = _part_of(letter) or FONTS[0][0]
        if run and part != before:
            yield run, _font(fonts, before, size, weight)
            run = ""
        run, before = run + letter, part
    if run:
        yield run, _font(fonts, before, size, weight)


def _font(fonts, part, size, weight):
    if part not in fonts:
        fonts[part] = ImageFont.truetype(finders.find(f"fonts/onest-{part}.woff2"), size)
        fonts[part].set_variation_by_axes([weight])
    return fonts[part]


def _width(text, size, weight=BOLD):
    return sum(font.getlength(run) for run, font in _runs(text, size, weight))


def _write(draw, at, text, size, weight, colour):
    x, y = at
    for run, font in _runs(text, size, weight):
        draw.text((x, y), run, colour, font)
        x += font.getlength(run)
