"""Countries and cities."""

import tomllib
from collections import defaultdict
from functools import cache
from itertools import chain
from operator import attrgetter
from pathlib import Path

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, Value
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .collation import in_reading_order
from .history import PublicHistory
from .languages import text_of
from .text import SORT_KEY_LENGTH, ComposedCharField, sort_key, validate_line

validate_language = RegexValidator(
    r"\A[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", _("Write a BCP 47 language tag, for example ru, kk or zh-Hans.")
)


ALPHA_3 = 3  # letters
# Codes of Unicode CLDR that are no countries of ISO 3166-1: parts, unions and test values. XK is its own, and kept.
NOT_ISO = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])


@cache
def _territories(language):
    return dict(Locale.parse(language, sep="-").territories)


@cache
def _further_names():
    """Read {language: {code: names}} that people look for, and that CLDR does not have."""
    return tomllib.loads(Path(__file__).with_name("country_names.toml").read_text())


@cache
def _codes_of_three():
    """Return {code: those of three letters}, former ones among them: ISO 3166-1 alpha-3, as CLDR replaces them."""
    codes = defaultdict(list)
    for alias, replacements in get_global("territory_aliases").items():
        if len(alias) == ALPHA_3 and alias.isalpha() and len(replacements) == 1:
            codes[replacements[0]].append(alias)
    return codes


def validate_country_code(code):
    """Accept a code of ISO 3166-1, or XK.

    :raises ValidationError: for any other.
    """
    if code in NOT_ISO or code not in _territories("en"):
        raise ValidationError(_("ISO 3166-1 has no such code."), code="unknown_country")


def point_constraints(model):
    """Return the two rules of a point: both coordinates or none, and both in range (degrees, WGS 84)."""
    latitude_in_range = Q(latitude__gte=-90, latitude__lte=90)
    longitude_in_range = Q(longitude__gte=-180, longitude__lte=180)
    nowhere = Q(latitude__isnull=True, longitude__isnull=True)
    somewhere = Q(latitude__isnull=False, longitude__isnull=False)
    return [
        models.CheckConstraint(
            condition=nowhere | somewhere,
            name=f"{model}_point_is_whole",
            violation_error_message=_("A point needs both latitude and longitude, or neither."),
        ),
        models.CheckConstraint(
            condition=nowhere | (latitude_in_range & longitude_in_range),
            name=f"{model}_point_in_range",
            violation_error_message=_("Latitude lies between -90 and 90 degrees, longitude between -180 and 180."),
        ),
    ]


class Country(models.Model):
    """A country or territory of ISO 3166-1, or the user-assigned code XK."""

    code = models.CharField(
        _("code"),
        primary_key=True,
        max_length=2,
        validators=[
            RegexValidator(r"\A[A-Z]{2}\Z", _("Write the two capital letters of ISO 3166-1.")),
            validate_country_code,
        ],
        help_text=_("ISO 3166-1 alpha-2. Stands in addresses and files."),
    )
    label = ComposedCharField(
        _("label"),
        max_length=100,
        blank=True,
        validators=[validate_line],
        help_text=_("Only where another name than the usual one (Unicode CLDR) is wanted. Everybody sees it."),
    )
    is_target = models.BooleanField(
        _("target country"), default=False, help_text=_("The consortium wants partners here; gaps are shown.")
    )
    sort_key = models.CharField(_("sort key"), max_length=SORT_KEY_LENGTH, editable=False)

    class Meta:
        ordering = ["sort_key", "code"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        constraints = [
            models.CheckConstraint(
                condition=~Q(code=""), name="country_has_code", violation_error_message=_("A country needs its code.")
            )
        ]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        self.sort_key = sort_key(self.label or self.cldr_name("en"))
        super().save(**kwargs)

    def get_absolute_url(self):
        return reverse("partners:country-detail", args=[self.code])

    @property
    def name(self):
        """Return the editor's label, else the name in the page's language."""
        return self.label or self.cldr_name_of(self.code)

    @staticmethod
    def cldr_name_of(code):
        """Return the name that Unicode CLDR gives a code in the page's language, or the code where it has none."""
        return _territories(get_language() or "en").get(code, code)

    def cldr_name(self, language):
        """Return the name that Unicode CLDR gives, or the code where it has none."""
        return _territories(language).get(self.code, self.code)

    def texts(self):
        """Return every name that finds it: the editor's label, and those in each language of the interface."""
        languages = [language for language, _name in settings.LANGUAGES]
        further = [_further_names().get(language, {}).get(self.code, []) for language in languages]
        return [self.label, *map(self.cldr_name, languages), *chain.from_iterable(further)]

    def codes(self):
        """Return its codes of two and of three letters."""
        return [self.code, *_codes_of_three().get(self.code, ())]


class City(models.Model):
    """A city, distinguished from others of its name by its slug (`ru-kazan`)."""

    country = models.ForeignKey(Country, models.PROTECT, verbose_name=_("country"), related_name="cities")
    slug = models.SlugField(
        _("code"),
        max_length=120,
        unique=True,
        help_text=_("Country code and name, for example ru-kazan. Stands in addresses."),
    )
    name = ComposedCharField(
        _("name"), max_length=200, validators=[validate_line], help_text=_("In English. Everybody sees it.")
    )
    sort_key = models.CharField(_("sort key"), max_length=SORT_KEY_LENGTH, editable=False)
    # As the last import wrote it, so that the next one can tell an editor's name from its own. Empty: it wrote none.
    registry_name = ComposedCharField(_("name in the registry"), max_length=200, blank=True, editable=False)
    geonames_id = models.PositiveIntegerField(
        _("GeoNames id"), unique=True, null=True, blank=True, help_text=_("The number in the GeoNames address.")
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("Degrees north, for example 55.79."))
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, help_text=_("Degrees east, for example 49.12.")
    )

    history = PublicHistory(  # whoever was there names it when it is gone
        verbose_name=_("historical city"),
        verbose_name_plural=_("historical cities"),
        excluded_fields=["country", "slug", "sort_key", "registry_name", "geonames_id", "latitude", "longitude"],
    )

    class Meta:
        ordering = ["sort_key", "slug"]
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""), name="city_has_name", violation_error_message=_("A city needs a name.")
            ),
            models.CheckConstraint(
                condition=~Q(slug="") & ~Q(slug="none"),
                name="city_has_slug",
                violation_error_message=_("A city needs an address of its own; “none” is taken."),
            ),
            *point_constraints("city"),
        ]

    def __str__(self):
        return f"{self.spoken_name} ({self.country_id})"

    def save(self, **kwargs):
        self.sort_key = sort_key(self.name)
        super().save(**kwargs)

    @property
    def spoken_name(self):
        """Return the name in the page's language, else in English."""
        return text_of(self, CityName, "value", instead_of="name")


class CityName(models.Model):
    """A city's name in another language."""

    owner = "city"

    city = models.ForeignKey(City, models.CASCADE, verbose_name=_("city"), related_name="names")
    value = ComposedCharField(_("name"), max_length=200, validators=[validate_line])
    language = models.CharField(
        _("language"), max_length=35, validators=[validate_language], help_text=_("BCP 47, for example kk.")
    )

    class Meta:
        ordering = ["language", "value"]
        verbose_name = _("name of the city")
        verbose_name_plural = _("names of the city")
        constraints = [
            models.CheckConstraint(
                condition=~Q(value=""), name="city_name_not_empty", violation_error_message=_("Write the name.")
            ),
            models.UniqueConstraint(
                fields=["city", "language", "value"],
                name="city_name_once",
                violation_error_message=_("The city has this name in this language already."),
            ),
        ]

    def __str__(self):
        return self.value


def targets_first(countries):
    """Return countries in the order in which a page names them: the targets first, each by the name that is read."""
    return sorted(in_reading_order(countries, attrgetter("name")), key=lambda country: not country.is_target)


def city_texts():
    """Yield (slug, name, True) for every name of every city. Two queries."""
    cities, is_name = City.objects.order_by(), Value(value=True)
    yield from cities.values_list("slug", "name", is_name).iterator()
    yield from cities.filter(names__isnull=False).values_list("slug", "names__value", is_name).iterator()


def country_texts():
    """Yield (code, text, whether it is a name) for every name of a country, and its codes. One query."""
    for country in Country.objects.all():
        for code in country.codes():
            yield country.code, code, False
        for text in country.texts():
            yield country.code, text, True
