"""Addresses of the directory: each names its view, and the view its template."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from .lists import LISTS
from .views import boards, changes, compare, coverage, details, home, lists, map, pipeline, qr, suggest

app_name = "partners"

pages = [
    path("", home.home, name="home"),
    *(path(f"{one.plural}/", lists.list_page, {"listing": one}, name=f"{one.thing}-list") for one in LISTS),
    path("institutions/<slug:slug>/", details.institution_detail, name="institution-detail"),
    path("institutions/<slug:slug>/labs/<slug:lab_slug>/", details.lab_detail, name="lab-detail"),
    path("countries/", boards.country_list, name="country-list"),
    path("countries/<slug:code>/", boards.country_detail, name="country-detail"),
    path("roles/", boards.role_list, name="role-list"),
    path("roles/<slug:code>/", boards.role_detail, name="role-detail"),
    path("charts/", boards.charts, name="charts"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("pipeline/", pipeline.pipeline, name="pipeline"),
    path("compare/", compare.compare, name="compare"),
    *(
        path(f"map/{one.plural}/" if place else "map/", map.list_map, {"listing": one}, name=one.map_name)
        for place, one in enumerate(LISTS)
        if one.has_map
    ),
    *(path(f"print/{one.plural}/", lists.list_print, {"listing": one}, name=f"{one.thing}-print") for one in LISTS),
    path("changes/", changes.changes, name="changes"),
    path("suggest/", suggest.suggest, name="suggest"),
    path("about/", boards.about, name="about"),
]

# Without a language: a file has one content, in English.
files = [
    *(
        path(f"{one.plural}.<format:format_name>", lists.list_file, {"listing": one}, name=f"{one.thing}-file")
        for one in LISTS
    ),
    path("coverage.<format:format_name>", coverage.coverage_file, name="coverage-file"),
    path("pipeline.ics", pipeline.pipeline_calendar, name="pipeline-calendar"),
    path("compare.<format:format_name>", compare.compare_file, name="compare-file"),
    path("qr.svg", qr.qr_code, name="qr-code"),
    path("changes.atom", changes.changes_feed, name="changes-feed"),
    path("changes.<format:format_name>", changes.changes_file, name="changes-file"),
]

urlpatterns = [*i18n_patterns(*pages, prefix_default_language=False), *files]
