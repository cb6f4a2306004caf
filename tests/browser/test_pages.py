"""Every page passes every judge."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from tests.browser import axe
from tests.browser.pages import PAGES, Page

OWN_FAILURES = ("500.html", "503.html")
# Select2, which Django's admin uses for relations, wants its first option empty.
EMPTY_OPTION = "Element “option” without attribute “label” must not be empty."

BETWEEN = (320, 768, 960, 1199, 1200)  # px, where the layouts change

every_page = pytest.mark.parametrize("page", PAGES, ids=str)


def require_own_site_under_the_policy(seen, directory):
    """Fail where a page has loaded anything from elsewhere or without the policy, or where the console complains."""
    seen.tab.wait_for_load_state("networkidle")
    assert seen.complaints == []
    for response in seen.responses:
        assert response.url.startswith((directory.address, "data:"))
        assert "unsafe" not in response.headers.get("content-security-policy", "unsafe"), response.url


@every_page
def test_page_keeps_the_policy_fits_phone_and_desk_and_passes_axe_by_day_and_night(look, directory, page):
    seen = look(page)
    assert seen.response.status == page.status
    assert seen.tab.locator("h1").count() == 1
    for width in axe.WIDTHS:
        seen.tab.set_viewport_size({"width": width, "height": 900})
        assert seen.tab.evaluate("document.documentElement.scrollWidth") <= width
    require_own_site_under_the_policy(seen, directory)
    assert axe.violations(seen.tab) == []  # at the end: what axe does itself the policy refuses


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize(
    "path", ["/institutions/?size=100", "/labs/", "/countries/KZ/", "/roles/vector/", "/coverage/", "/"]
)
def test_pages_of_long_words_never_scroll_sideways(look, demonstration, language, path):
    start = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    tab = look(Page(f"{demonstration.address}{start}{path}")).tab
    for width in (*axe.WIDTHS, *BETWEEN):
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, width


@every_page
def test_page_works_without_javascript(look, page):
    seen = look(page, java_script_enabled=False)
    assert seen.response.status == page.status
    assert seen.tab.locator("h1").is_visible()
    assert seen.tab.locator("main").inner_text() != ""


def test_html_has_no_errors(chromium, directory, editor_state, nu_errors, tmp_path):
    anybody = chromium.new_context(base_url=directory.address)
    editor = chromium.new_context(base_url=directory.address, storage_state=editor_state)
    for number, page in enumerate(PAGES):
        name, reader = (f"admin-{number}.html", editor) if page.for_editors else (f"{number}.html", anybody)
        response = reader.request.get(page.address, headers={"Accept": "text/html"})
        assert response.status == page.status
        (tmp_path / name).write_text(response.text())
    anybody.close()
    editor.close()
    for name in OWN_FAILURES:
        (tmp_path / name).write_text(render_to_string(name))
    errors = [
        error for error in nu_errors(tmp_path) if not (error.startswith("admin-") and error.endswith(EMPTY_OPTION))
    ]
    assert errors == []


@pytest.mark.parametrize("template", OWN_FAILURES)
def test_page_of_our_own_failure_passes_axe(look, template):
    tab = look(Page("/admin/login/")).tab
    tab.set_content(render_to_string(template))
    assert axe.violations(tab) == []


# A judge is trusted after it was seen to fail.


def test_axe_sees_a_planted_fault(look):
    tab = look(Page("/admin/login/")).tab
    tab.set_content(
        '<html lang="en"><title>x</title><main><h1>night</h1><img src="/x.png"><p><font color="#ccc">day</font></p>'
    )
    tab.evaluate("""() => {
        const night = new CSSStyleSheet();
        night.replaceSync("@media (prefers-color-scheme: dark) {body {background: #111}}");
        document.adoptedStyleSheets = [night];
    }""")
    assert axe.violations(tab) == [
        (width, scheme, rule, element)
        for width in axe.WIDTHS
        for scheme, rule, element in [
            ("light", "color-contrast", '<font color="#ccc">day</font>'),
            ("light", "image-alt", '<img src="/x.png">'),
            ("dark", "color-contrast", "<h1>night</h1>"),
        ]
    ]


def test_nu_sees_a_planted_fault(nu_errors, tmp_path):
    (tmp_path / "page.html").write_text('<!DOCTYPE html>\n<html lang="en"><title>x</title>\n<p id="a"><p id="a">')
    assert nu_errors(tmp_path) == ["page.html:3: Duplicate ID “a”."]


def test_console_reports_a_planted_inline_script(visit, directory):
    seen = visit(Page("/admin/login/"))
    policy = seen.response.headers["content-security-policy"]
    seen.tab.route(
        "**/planted/",
        lambda route: route.fulfill(
            content_type="text/html", headers={"content-security-policy": policy}, body="<script>1</script>"
        ),
    )
    seen.tab.goto("/planted/")
    assert len(seen.complaints) == 1
    assert "inline script" in seen.complaints[0]
