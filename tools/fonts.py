"""Make the fonts of the pages from the package of an open font: only the letters, weights and features that pages use.

`make fonts` runs it with fontTools, which nothing else here needs. The result is committed, with its licence.
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"
WEIGHTS = (400, 400, 700)  # least, as drawn, most
FEATURES = ["kern", "ccmp", "locl", "mark", "mkmk"]
# Each part of the package -> the letters of it that names and words in our languages have.
PARTS = {
    "latin": range(0x2500),
    "latin-ext": [*range(0x100, 0x180), 0x218, 0x219, 0x21A, 0x21B],  # European names; no Vietnamese, no phonetics
    "cyrillic": range(0x400, 0x2500),
    "cyrillic-ext": range(0x460, 0x530),  # Kazakh, Tatar, Bashkir and their neighbours
}


def main(package):
    """Write a WOFF2 file for each part, and the licence."""
    package = Path(package)
    shutil.copy(package / "LICENSE", TARGET / "LICENSE.txt")
    for part, letters in PARTS.items():
        [source] = package.glob(f"files/*-{part}-wght-normal.woff2")
        font = instancer.instantiateVariableFont(TTFont(source, recalcTimestamp=False), {"wght": WEIGHTS})
        options = subset.Options(layout_features=FEATURES, hinting=False, name_IDs=[1, 2, 13, 14])
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=font.getBestCmap().keys() & {*letters})
        subsetter.subset(font)
        font.flavor = "woff2"
        font.save(TARGET / f"onest-{part}.woff2")


if __name__ == "__main__":
    main(*sys.argv[1:])
