"""Values that code branches on; values that people only read are rows (Role, Country)."""

from functools import cache

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _


@cache
def words_in(choices, _language):
    """Return {code: words} of choices in the active language, which is to be given."""
    return {code: str(label) for code, label in choices.choices}


def display_of(name, choices):
    """Return the method `get_…_display()` of a field; Django's translates every choice in each call."""

    def display(row):
        code = getattr(row, name)
        return words_in(choices, get_language()).get(code, code)

    return display


class Kind(TextChoices):
    """What an institution is; one value, funding is a role."""

    UNIVERSITY = "university", _("university or school")
    INSTITUTE = "institute", _("research institute")
    HOSPITAL = "hospital", _("hospital")
    COMPANY = "company", _("company")
    GOVERNMENT = "government", _("government")
    FOUNDATION = "foundation", _("foundation")
    NONPROFIT = "nonprofit", _("nonprofit")
    OTHER = "other", _("other")

    @classmethod
    def texts(cls):
        """Return [(code, text, False)] of what each kind is found by: its code, and its words in every language.

        Not a generator: who reads one would do so in the language that it stopped in.
        """
        texts = [(code, code, False) for code in cls.values]
        for language, _name in settings.LANGUAGES:
            with override(language):
                texts += [(code, str(label), False) for code, label in cls.choices]
        return texts


class Standing(TextChoices):
    """Where an institution's agreement is; empty means none."""

    PROSPECT = "prospect", _("prospect")
    EXPECTED = "expected", _("agreement expected")
    SIGNED = "signed", _("agreement signed")
    SUSPENDED = "suspended", _("suspended")
    FORMER = "former", _("former partner")


class RegistryStatus(TextChoices):
    """What the registry says of an organisation."""

    ACTIVE = "active", _("active")
    INACTIVE = "inactive", _("no longer active")
    WITHDRAWN = "withdrawn", _("withdrawn from the registry")


class NameKind(TextChoices):
    """The kinds of an institution's further names."""

    OFFICIAL = "official", _("official name")
    NATIVE = "native", _("native name")
    ALIAS = "alias", _("alias")
    ACRONYM = "acronym", _("acronym")
    FORMER = "former", _("former name")
    TRANSLITERATION = "transliteration", _("transliteration")


class RoleGroup(TextChoices):
    """The three groups of roles; coverage is counted for the chain."""

    GOVERNANCE = "governance", _("Governance")
    CHAIN = "chain", _("Chain")
    SUPPORT = "support", _("Support")


class State(TextChoices):
    """How far a participation is."""

    OPERATIONAL = "operational", _("operational")
    PLANNED = "planned", _("planned")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")
    NOT_STATED = "not_stated", _("not stated")


class Visibility(TextChoices):
    """Who sees a contact."""

    STAFF = "staff", _("editors only")
    PUBLIC = "public", _("everybody")


class Basis(TextChoices):
    """What allows a person to be shown."""

    CONSENT = "consent", _("the person's own consent")
    PUBLICATION = "publication", _("named in a publication of the institution")
