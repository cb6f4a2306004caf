"""Bring the catalogues up to date with the code, then compile them, without gettext: `make messages`.

What is new comes without translation, and the tests fail until somebody writes it; what no code says any more goes.
"""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import to_locale
from django.utils.translation.template import templatize
from jinja2.ext import babel_extract

ROOT = Path(__file__).parent.parent
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
KEYWORDS = DEFAULT_KEYWORDS | {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext")}
COMMENTS = ["Translators:"]
PAGES = {"silent": "false", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
HEADER = {
    "header_comment": "# The directory's interface. No native speaker has reviewed this translation.",
    "project": "Partner directory",
    "version": "1.0",
    **dict.fromkeys(["msgid_bugs_address", "last_translator", "language_team"], "none"),
}


def found():
    """Yield (path, messages as Babel gives them) of every module and template."""
    for package in ("consortium", "partners"):
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, extract("python", io.BytesIO(path.read_bytes()), KEYWORDS, COMMENTS)
    editors = ROOT / "templates" / "editors"
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if editors in path.parents:  # Django's templates
            # Its lines are no Python blocks: what stands before them would be taken for one.
            python = "\n".join(map(str.lstrip, templatize(path.read_text()).split("\n")))
            yield path, extract("python", io.BytesIO(python.encode()), KEYWORDS, COMMENTS)
        else:
            yield path, extract(babel_extract, io.BytesIO(path.read_bytes()), KEYWORDS, COMMENTS, PAGES)


def in_code():
    """Return the Catalog of all messages of the code, without translations."""
    catalogue = Catalog()
    for path, messages in found():
        name = path.relative_to(ROOT).as_posix()
        for _line, message, comments, context in messages:
            catalogue.add(message, None, [(name, None)], auto_comments=comments, context=context)
    return catalogue


def path_of(language, suffix=".po"):
    """Return where a language's catalogue is."""
    return settings.LOCALE_PATHS[0] / to_locale(language) / "LC_MESSAGES" / f"django{suffix}"


def read(language):
    """Return the Catalog of a language, an empty one where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=to_locale(language), **HEADER, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=to_locale(language))


def write(language, catalogue):
    """Write a catalogue and its compiled form."""
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    with path_of(language).open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False, sort_output=True, ignore_obsolete=True)
    with path_of(language, ".mo").open("wb") as file:
        write_mo(file, catalogue)


def main():
    """Update every catalogue and say what it lacks."""
    code = in_code()
    for language in LANGUAGES:
        catalogue = read(language)
        code.creation_date = catalogue.creation_date  # else each run would change each file
        catalogue.update(code, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        write(language, catalogue)
        missing = [message.id for message in catalogue if message.id and not any(message.string or "")]
        print(f"{language}: {len(catalogue)} messages, {len(missing)} to translate")
        for message in missing:
            print(f"    {message}")


if __name__ == "__main__":
    main()
