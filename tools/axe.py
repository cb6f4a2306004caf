"""``make axe``: axe on every public page of the demonstration, in each language, width and colour scheme.

One server and one tab serve all of them, so that the walk takes minutes and not hours.
"""

import os
import sys
import tempfile
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "consortium.settings")

import django

PATHS = (
    "/",
    "/institutions/",
    "/institutions/?country=KZ&role=vector&state=planned&per=10",
    "/institutions/?q=hosptal",
    "/institutions/?country=ZZ",
    "/institutions/zilant-university/",
    "/institutions/busel-centre/",
    "/institutions/zilant-university/labs/receptor-design/",
    "/labs/",
    "/countries/",
    "/countries/KZ/",
    "/roles/",
    "/roles/vector/",
    "/charts/",
    "/coverage/?without=zilant-university",
    "/coverage/#present",
    "/pipeline/?window=180",
    "/compare/",
    "/compare/?i=zilant-university&i=firebird-vector&i=baihe-logistics",
    "/map/",
    "/map/?country=ZZ",
    "/map/labs/",
    "/print/institutions/",
    "/print/labs/",
    "/changes/",
    "/about/",
    "/about/api/",
    "/embed/board/",
    "/embed/map/",
    "/embed/list/",
    "/no-such-page/",
)
NO_HTML = {"suggest", "opensearch", "card", "manifest"}


def main(languages):
    """Print what axe finds in some languages, or in all; 0 where it finds nothing."""
    django.setup()
    from django.conf import settings
    from playwright.sync_api import sync_playwright

    from tests.browser import axe, site
    from tests.browser.conftest import CHROMIUM, FLAGS

    require_every_page()
    found = runs = 0
    with (
        tempfile.TemporaryDirectory(prefix="axe-") as folder,
        site.serve(Path(folder), seed=site.DEMONSTRATION) as running,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page(base_url=running.address, reduced_motion="reduce")
        for language in languages or dict(settings.LANGUAGES):
            prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
            for path in PATHS:
                if (status := tab.goto(prefix + path).status) >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    found += 1
                    print(f"{prefix}{path}: {status}", flush=True)
                for width, scheme, rule, element in axe.violations(tab):
                    found += 1
                    print(f"{prefix}{path} at {width}, {scheme}: {rule}: {element}", flush=True)
                runs += len(axe.WIDTHS) * len(axe.SCHEMES)
            print(f"{language}: {runs} runs so far, {found} findings", flush=True)
        browser.close()
    return int(found > 0)


def require_every_page():
    """Fail where an address of the public pages has no path in this walk."""
    from django.urls import Resolver404, resolve

    from partners.urls import pages

    walked = set()
    for path in PATHS:
        try:
            walked.add(resolve(urlsplit(path).path).url_name)
        except Resolver404:
            continue
    assert {page.name for page in pages} - walked <= NO_HTML, {page.name for page in pages} - walked - NO_HTML


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
