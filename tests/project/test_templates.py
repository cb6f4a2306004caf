"""What templates write of a value: text as text, markup as markup, each escaped once."""

import pytest
from django.template import engines
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, override
from markupsafe import Markup

HOSTILE = """<b title='x'>"&</b>"""
AS_TEXT = "&lt;b title=&#39;x&#39;&gt;&#34;&amp;&lt;/b&gt;"


class Word(str):
    """A text of a class of its own."""

    __slots__ = ()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (HOSTILE, AS_TEXT),
        (Word("<b>"), "&lt;b&gt;"),
        (["<b>"], "[&#39;&lt;b&gt;&#39;]"),
        (gettext_lazy("<b>"), "&lt;b&gt;"),
        (Markup("<b>"), "<b>"),
        (format_html("<b>{}</b>", "<"), "<b>&lt;</b>"),
        (1234, "1234"),
    ],
)
def test_value_is_escaped_once_wherever_it_stands(value, written):
    places = [
        "{{ value }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(value) }}",
        "{% set kept %}{{ value }}{% endset %}{{ kept }}",
        "{% for one in [value] %}{{ one }}{% endfor %}",
        "{% if true %}{{ value or 0 }}{% endif %}",
    ]
    for place in places:
        assert engines["jinja2"].from_string(place).render({"value": value}) == written, place


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{% macro m(x, y=2) %}{{ x }}{{ y }}{% endmacro %}{{ m(1) }}{{ m(*[3], **{'y': 4}) }}", "1234"),
        ("{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}a{% endcall %}", "<a>"),
        ("{% set b = 'a' %}{{ ngettext('%(num)s', '%(num)s %(b)s', 2, b=b) }}", "2 a"),  # it wants the context
    ],
)
def test_call_passes_what_is_given_and_the_context_where_it_is_wanted(template, written):
    assert engines["jinja2"].from_string(template).render({}) == written


def test_text_is_in_the_language_in_which_its_page_is_rendered_each_time():
    texts = [
        "{{ _('Country') }}",
        "{% macro m() %}{{ _('Country') }}{% endmacro %}{{ m() }}",
        "{% trans %}Country{% endtrans %}",
    ]
    for template in map(engines["jinja2"].from_string, texts):
        for language, word in [("ru", "Страна"), ("en", "Country"), ("zh-hans", "国家"), ("ru", "Страна")]:
            with override(language):
                assert template.render({}) == word
