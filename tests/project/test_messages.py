"""The catalogues say all that the code says, in every language, and are compiled as they stand."""

import io
import re

import pytest
from babel.messages.mofile import write_mo
from django.utils.translation import ngettext, override

from tools import messages

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-zA-Z0-9]+")


def forms(message):
    """Return the texts of a message, of each plural form."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string,)


def texts(catalogue):
    """Return {(context, message): its forms} of all but the header."""
    return {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): forms(message)
        for message in catalogue
        if message.id
    }


@pytest.fixture(scope="module")
def code():
    return messages.in_code()


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_catalogue_has_the_messages_of_the_code_and_no_others(code, language):
    catalogue = texts(messages.read(language)).keys()
    assert texts(code).keys() - catalogue == set(), "run `make messages`, then translate what it names"
    assert catalogue - texts(code).keys() == set(), "run `make messages`: nothing says it any more"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_catalogue_has_no_empty_and_no_fuzzy_message(language):
    catalogue = messages.read(language)
    unfinished = [message.id for message in catalogue if message.id and (message.fuzzy or not all(forms(message)))]
    assert unfinished == []
    assert not catalogue.obsolete


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_form_of_a_message_keeps_its_placeholders(language):
    for message in messages.read(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        for form in forms(message) if message.id else ():
            assert sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(ids[-1])), message.id


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_message_has_the_plural_forms_of_its_language(language):
    assert [(message.id, errors) for message, errors in messages.read(language).check()] == []


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_compiled_catalogue_is_the_present_one(language):
    compiled = io.BytesIO()
    write_mo(compiled, messages.read(language))
    assert messages.path_of(language, ".mo").read_bytes() == compiled.getvalue()


@pytest.mark.parametrize(
    ("language", "numbers"),
    [
        ("ru", ["1 учреждение", "2 учреждения", "5 учреждений", "11 учреждений", "21 учреждение"]),
        ("kk", ["1 мекеме", "2 мекеме", "5 мекеме", "11 мекеме", "21 мекеме"]),
        ("be", ["1 установа", "2 установы", "5 устаноў", "11 устаноў", "21 установа"]),
        ("zh-hans", ["1 个机构", "2 个机构", "5 个机构", "11 个机构", "21 个机构"]),
    ],
)
def test_number_takes_the_plural_form_of_its_language(language, numbers):
    with override(language):
        counted = [
            ngettext("%(number)d institution", "%(number)d institutions", number) % {"number": number}
            for number in (1, 2, 5, 11, 21)
        ]
    assert counted == numbers
