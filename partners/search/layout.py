"""What a text would read if it had been typed on another keyboard layout."""

LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
# The Kazakh layout is the Russian one with the nine letters of Kazakh in place of digits (Windows, KZ standard).
DIGITS = "2345890-="
CYRILLIC = (
    ("ёйцукенгшщзхъфывапролджэячсмитьбю", ""),
    ("ёйцукенгшщзхъфывапролджэячсмитьбю", "әіңғүұқөһ"),
    ("'йцукенгшщзхїфівапролджєячсмитьбю", ""),  # Ukrainian
    ("ёйцукенгшўзх'фывапролджэячсмітьбю", ""),  # Belarusian
)
TO_CYRILLIC = tuple(str.maketrans(LATIN + DIGITS[: len(digits)], letters + digits) for letters, digits in CYRILLIC)
TO_LATIN = str.maketrans(
    {
        typed: key
        for letters, digits in reversed(CYRILLIC)  # the Russian letters last: they say what a key that differs is
        for typed, key in zip(letters + digits, LATIN + DIGITS, strict=False)
        if typed != "'"
    }
)


def other_readings(text):
    """Return the readings of a text on the other layouts, those that differ from it."""
    typed = text.lower()
    readings = dict.fromkeys(typed.translate(layout) for layout in (*TO_CYRILLIC, TO_LATIN))
    return [reading for reading in readings if reading != typed]
