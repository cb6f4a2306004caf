"""What a text would read if it had been typed on another keyboard layout."""

LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
# The Kazakh layout is the Russian one with the nine letters of Kazakh in place of digits (Windows, KZ standard).
DIGITS = "2345890-="
KAZAKH = "әіңғүұқөһ"

LAYOUTS = (
    str.maketrans(LATIN, RUSSIAN),
    str.maketrans(LATIN + DIGITS, RUSSIAN + KAZAKH),
    str.maketrans(RUSSIAN + KAZAKH, LATIN + DIGITS),
)


def other_readings(text):
    """Return the readings of a text on the other layouts, those that differ from it."""
    typed = text.lower()
    readings = dict.fromkeys(typed.translate(layout) for layout in LAYOUTS)
    return [reading for reading in readings if reading != typed]
