"""How search engines and browsers find the directory: robots.txt, sitemaps, its search and its place in a browser."""

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.translation import get_language, override

from ..addresses import address_of
from ..lists import LISTS
from ..lists.filters import InstitutionFilter
from ..models import Country, Institution, Lab, Role
from .files import consortium, origin
from .public import public

AT_ONCE = 2_000  # entries of a sitemap, each in every language: seven megabytes
BOARDS = ("charts", "coverage", "pipeline", "changes", "about", "about-api")
PARTNERS = ["partner"]
EVERYBODY = ["partner", "registry"]


@public()
def robots(request):
    """Say what crawlers may read: pages and entries, in every language, and no combination of filters."""
    lines = [
        "User-agent: *",
        "Disallow: /*?",  # filters: every combination is a page, and the entries stand in the sitemap
        *(f"Disallow: {address}admin/" for address in _in_every_language("")),
        *(
            f"Disallow: {address}{path}/"
            for path in ("suggest", "print", "embed")
            for address in _in_every_language("")
        ),
        f"Disallow: {get_script_prefix()}api/",
        f"Sitemap: {origin(request)}{address_of('partners:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public("partner")
def sitemap_index(request):
    """Name the sitemaps: of the pages, and of partners and their labs; of everybody where `partner` asks for it."""
    who = _asked(request)
    sections = {"pages": _pages(), "institutions": _institutions(who).results.keys(), "labs": _labs(who)}
    parts = [(name, number + 1) for name, found in sections.items() for number in range(-(-len(found) // AT_ONCE))]
    query = "" if who == PARTNERS else "?partner=partner&partner=registry"
    addresses = [
        origin(request) + address_of("partners:sitemap-part", section=name, number=number) + query
        for name, number in parts
    ]
    return _xml(request, "sitemap_index", addresses=addresses)


@public("partner")
def sitemap(request, section, number):
    """Send a sitemap: each address in every language with the others beside it.

    :raises Http404: past the last one.
    """
    who, part = _asked(request), slice((int(number) - 1) * AT_ONCE, int(number) * AT_ONCE)
    if section == "institutions":
        keys = _institutions(who).results.keys(part.start, part.stop)
        slugs = Institution.objects.filter(pk__among=keys).order_by("pk").values_list("slug", flat=True)
        paths = [f"institutions/{slug}/" for slug in slugs]
    elif section == "labs":
        labs = Lab.objects.filter(pk__among=_labs(who)[part]).order_by("pk")
        paths = [f"institutions/{of}/labs/{slug}/" for of, slug in labs.values_list("institution__slug", "slug")]
    else:
        paths = _pages()[part]
    if not paths:
        raise Http404
    start, languages = origin(request), [code for code, _name in settings.LANGUAGES]
    entries = [
        [(code, start + address) for code, address in zip(languages, _in_every_language(path), strict=True)]
        for path in paths
    ]
    return _xml(request, "sitemap", entries=entries)


@public()
def opensearch(request):
    """Describe the search of the lists to a browser, which then offers it, in the language of the address."""
    search = origin(request) + address_of("partners:institution-list")
    return _xml(request, "opensearch", "opensearchdescription+xml", search=search, origin=origin(request))


@public()
def manifest(_request):
    """Describe the directory to a phone that puts it on its first screen, in the language of the address."""
    icons = [
        {"src": static(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (32, 192, 512)
    ]
    said = {
        "name": consortium().name,
        "short_name": consortium().short_name,
        "lang": get_language(),
        "start_url": address_of("partners:home"),
        "display": "browser",
        "background_color": "#ffffff",
        "theme_color": "#07525a",
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json")


def _asked(request):
    return EVERYBODY if request.GET.getlist("partner") == EVERYBODY else PARTNERS


def _institutions(who):
    return InstitutionFilter.asking(partner=who)


def _labs(who):
    owners = Institution.objects.published() if who == EVERYBODY else Institution.objects.published().partners()
    return list(Lab.objects.filter(institution__in=owners).order_by("pk").values_list("pk", flat=True))


def _pages():
    """Return the paths of all pages but those of entries, without the prefix of a language."""
    with override(settings.LANGUAGE_CODE):
        of_lists = [f"{one.thing}-list" for one in LISTS] + [one.map_name for one in LISTS if one.has_map]
        names = ["home", *of_lists, "country-list", "role-list", *BOARDS]
        counted = {*InstitutionFilter.asking(partner=PARTNERS).counts("country")}
        countries = Country.objects.order_by("pk").values_list("pk", "is_target")
        addresses = [
            *(address_of(f"partners:{name}") for name in names),
            *(address_of("partners:country-detail", code) for code, target in countries if target or code in counted),
            *(address_of("partners:role-detail", code) for code in Role.objects.values_list("pk", flat=True)),
        ]
    return [address.removeprefix(get_script_prefix()) for address in addresses]


def _in_every_language(path):
    start = get_script_prefix()
    prefixes = ("" if code == settings.LANGUAGE_CODE else f"{code}/" for code, _name in settings.LANGUAGES)
    return [f"{start}{prefix}{path}" for prefix in prefixes]


def _xml(request, template, kind="xml", **context):
    return render(request, f"partners/{template}.xml", context, content_type=f"application/{kind}")
