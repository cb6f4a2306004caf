"""Draw the mark of the directory, as `static/img/favicon.svg` has it, as pictures for browsers that take no SVG.

`.venv/bin/python -m tools.icons`; the results are committed.
"""

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent / "static"
SIDE = 32  # units of the SVG
FINE = 2048  # pixels at which it is drawn before it is made small
TEAL, PAPER = "#0f8289", "#ffffff"
# What browsers ask for unasked, and what the manifest names.
SIZES = {"root/apple-touch-icon": 180, "img/icon-32": 32, "img/icon-192": 192, "img/icon-512": 512}
ON_PAPER = 180  # pixels from which on a system puts the picture on a ground of its own, which must not be black


def mark(on_paper):
    """Return the mark: three links of a chain, one whole, one open, one dashed."""
    image = Image.new("RGBA", (FINE, FINE), PAPER if on_paper else "#0000")
    scale = FINE / SIDE * (0.76 if on_paper else 1)  # what lies outside may be cut round
    margin = (FINE - SIDE * scale) / 2
    draw = ImageDraw.Draw(image)

    def at(*units):
        return [margin + unit * scale for unit in units]

    def around(x, y, radius):
        return at(x - radius, y - radius, x + radius, y + radius)

    draw.line(at(12.5, 11.5, 17, 18), TEAL, round(3 * scale))
    draw.line(at(20.5, 20.5, 23, 13.5), TEAL, round(3 * scale))
    draw.ellipse(around(9, 7.5, 5.5), TEAL)
    draw.ellipse(around(19, 23, 6.5), PAPER if on_paper else "#0000", TEAL, round(3 * scale))
    for start in range(0, 360, 60):
        draw.arc(around(25, 9, 5.2), start, start + 30, TEAL, round(2.4 * scale))
    return image


def main():
    """Write the pictures, and the one that browsers ask for unasked."""
    for name, size in SIZES.items():
        mark(size >= ON_PAPER).resize((size, size), Image.Resampling.LANCZOS).save(
            STATIC / f"{name}.png", optimize=True
        )
    mark(on_paper=False).resize((48, 48), Image.Resampling.LANCZOS).save(
        STATIC / "root" / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)]
    )


if __name__ == "__main__":
    main()
