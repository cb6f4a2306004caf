"""`import_list`: Cyrillic of one code page is read; no letters are stored in place of those of another."""

import csv
import json
import tomllib
from pathlib import Path

import pytest
from babel import Locale

from partners.imports.edited_list.source import UnreadableError
from partners.imports.edited_list.text_file import read_text_file
from partners.models import Institution
from tests.support.factories import make_institution
from tests.support.list_file import load, refusal

SEEDS = ("partners/seeds/cart.toml", "partners/seeds/demo.toml")
FOREIGN = {
    "ru": ("koi8_r", "mac_cyrillic", "iso8859_5", "cp866"),
    "uk": ("koi8_u", "mac_cyrillic", "iso8859_5"),
    "be": ("mac_cyrillic", "iso8859_5"),
    "kk": ("kz1048", "ptcp154"),
    "zh": ("gbk", "gb18030"),
    "zh-Hant": ("big5",),
    "ja": ("shift_jis", "euc_jp"),
    "ko": ("cp949",),
    "el": ("cp1253",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "th": ("cp874",),
    "pl": ("cp1250",),
    "tr": ("cp1254",),
    "lt": ("cp1257",),
    "fr": ("cp1252", "mac_roman", "cp850"),
    "de": ("cp1252",),
}


def files_of(names):
    """Yield lists of twenty names."""
    names = list(dict.fromkeys(names))
    for start in range(0, len(names) - 19, 20):
        yield names[start : start + 20]


def of_cldr(language):
    locale = Locale.parse(language, sep="-")
    names = [*locale.territories.values(), *locale.languages.values()]
    return [name for name in names if not name.isascii() and name.isprintable()]


def texts(value):
    """Yield the texts of a file's value that Cyrillic of cp1251 holds, and none of ASCII."""
    if isinstance(value, str) and not value.isascii() and value.encode("cp1251", "replace").decode("cp1251") == value:
        yield " ".join(value.split())
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(one)


def written(names, code_page):
    rows = "".join(f'slug-{number},"{name.replace(chr(34), "")}"\r\n' for number, name in enumerate(names))
    return ("slug,name\r\n" + rows).encode(code_page, "ignore")


def read(content):
    """Return the names that are read, or None for a file that is refused."""
    try:
        return [row.cells[1] for row in read_text_file(content).rows][1:]
    except UnreadableError:
        return None


def our_names():
    for seed in SEEDS:
        yield from texts(tomllib.loads(Path(seed).read_text(encoding="utf-8")))
    records = json.loads(Path("tests/data/ror-slice.json").read_bytes())
    yield from texts([[name["value"] for name in record["names"]] for record in records])
    yield from texts(of_cldr("uk"))


def test_our_names_in_cp1251_are_read_as_they_are():
    for names in files_of(our_names()):
        names = [name.replace('"', "") for name in names]
        assert read(written(names, "cp1251")) == names


@pytest.mark.parametrize(("name", "is_read"), [("Казань", True), ("ООО «Миркод»", True), ("КФУ", False)])
def test_one_word_tells_and_a_few_capitals_do_not(name, is_read):
    assert read(written([name], "cp1251")) == ([name] if is_read else None)


@pytest.mark.parametrize("language", FOREIGN)
def test_names_of_another_code_page_are_refused_or_read_right(language):
    for code_page in FOREIGN[language]:
        for names in files_of(of_cldr(language)):
            content = written(names, code_page)
            right = [row[1] for row in csv.reader(content.decode(code_page).splitlines())][1:]
            assert read(content) in (None, right), (code_page, names)


@pytest.mark.django_db
@pytest.mark.parametrize("code_page", ["koi8_r", "mac_cyrillic", "iso8859_5", "cp866"])
def test_another_code_page_is_refused_with_what_to_do(code_page):
    make_institution(slug="a", name="A")
    content = "slug,name\na,Казанский федеральный университет\n".encode(code_page)
    assert refusal(content) == ["line 2: this is not UTF-8: save the file as “CSV UTF-8”"]
    load(content.decode(code_page).encode("cp1251"))
    assert Institution.objects.get().name == "Казанский федеральный университет"
