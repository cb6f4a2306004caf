"""Addresses of the directory: each names its view, and the view its template."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path, re_path

from .lists import LISTS
from .views import (
    api_page,
    boards,
    card,
    changes,
    compare,
    coverage,
    details,
    dump,
    embed,
    feeds,
    found,
    home,
    lists,
    logo,
    map,
    pipeline,
    qr,
    suggest,
)
from .views.api import boards as api_boards
from .views.api import changes as api_changes
from .views.api import description, endpoint, entries, vocabularies
from .views.api import lists as api_lists

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
    path("about/api/", api_page.about_api, name="about-api"),
    path("embed/board/", embed.embed_board, name="embed-board"),
    path("embed/map/", embed.embed_map, name="embed-map"),
    path("embed/list/", embed.embed_list, name="embed-list"),
    path("opensearch.xml", found.opensearch, name="opensearch"),
    path("card.png", card.card, name="card"),
    path("site.webmanifest", found.manifest, name="manifest"),
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
    re_path(r"^logos/(?P<digest>[0-9a-f]{32})\.webp$", logo.logo, name="logo"),
    path("qr.svg", qr.qr_code, name="qr-code"),
    path("changes.atom", changes.changes_feed, name="changes-feed"),
    path("institutions/<slug:slug>.json", entries.institution, name="institution-json"),
    path("institutions/<slug:slug>.jsonld", entries.institution, {"as_linked_data": True}, name="institution-jsonld"),
    path("institutions/<slug:slug>/labs/<slug:lab_slug>.json", entries.lab, name="lab-json"),
    path(
        "institutions/<slug:slug>/labs/<slug:lab_slug>.jsonld",
        entries.lab,
        {"as_linked_data": True},
        name="lab-jsonld",
    ),
    path("dump.zip", dump.dump, name="dump"),
    path("robots.txt", found.robots, name="robots"),
    path("sitemap.xml", found.sitemap_index, name="sitemap"),
    re_path(
        r"^sitemap-(?P<section>pages|institutions|labs)-(?P<number>[1-9]\d{0,4})\.xml$",
        found.sitemap,
        name="sitemap-part",
    ),
    path("institutions.atom", feeds.list_feed, name="institution-feed"),
    path("changes.<format:format_name>", changes.changes_file, name="changes-file"),
]

# For programs: without a language too, which is a parameter there.
api = [
    *(
        path(f"api/v1/{one.plural}", api_lists.list_rows, {"listing": one}, name=f"api-{one.thing}-list")
        for one in LISTS
    ),
    path("api/v1/institutions/<slug:slug>", entries.institution, name="api-institution"),
    path("api/v1/institutions/<slug:slug>/labs/<slug:lab_slug>", entries.lab, name="api-lab"),
    path("api/v1/labs/<slug:lab_slug>", entries.lab_by_slug, name="api-lab-by-slug"),
    path("api/v1/roles", vocabularies.roles, name="api-roles"),
    path("api/v1/countries", vocabularies.countries, name="api-countries"),
    path("api/v1/cities", vocabularies.cities, name="api-cities"),
    path("api/v1/coverage", api_boards.coverage, name="api-coverage"),
    path("api/v1/changes", api_changes.changes, name="api-changes"),
    path("api/v1/openapi.json", description.openapi, name="api-description"),
    re_path("^api/", endpoint.nothing, name="api-nothing"),  # whatever follows, a line break too
]

urlpatterns = [*api, *i18n_patterns(*pages, prefix_default_language=False), *files]
