"""Which institutions are read, and in which order."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from .choices import RegistryStatus, Standing
from .former_slug import FormerSlug
from .heir import Heir, Replaced
from .orders import Rank, order_terms
from .participation import Participation
from .text import TextOfRow


class SqlLiteral(Value):
    """A word of ours that stands in the SQL itself.

    SQLite answers from a partial index alone only where it sees that all rows of the index pass; a parameter might
    change, so that it looks at each row once more, in fifteen times the time.
    """

    def as_sql(self, compiler, connection):
        """Return the word between quotes, and no parameters."""
        return f"'{self.value!s}'", []


# As indexes say it; queries say it by `IS_PUBLISHED`.
PUBLISHED = Q(is_published=True, status=RegistryStatus.ACTIVE, replaced_by__isnull=True)
IS_PUBLISHED = Q(
    *((name, SqlLiteral(value) if isinstance(value, str) else value) for name, value in PUBLISHED.children)
)
NOT_YET = (Standing.PROSPECT, Standing.EXPECTED)


def due_on():
    """Return the expression of the awaited day: `expected_on` before the signature, else `valid_until`."""
    return Case(When(standing__in=NOT_YET, then="expected_on"), default="valid_until")


ORDERS = {
    "name": None,
    "country": Rank(F("country__sort_key")),
    "verified": Rank(F("verified_on"), descending=True),
    "newest": Rank(F("created_at"), descending=True, nullable=False),
    "valid_until": Rank(F("valid_until")),
    "expected_on": Rank(F("expected_on")),
    "due": Rank(due_on()),
}


def is_partner():
    """Return the condition that separates partners from organisations that only a registry knows.

    Not `pk__in`: PostgreSQL reads keys that do not fit into its `work_mem` again for each row.
    """
    return ~Q(standing="") | Exists(Participation.objects.filter(institution=OuterRef("pk")))


class InstitutionQuerySet(models.QuerySet):
    """Institutions, by the purpose for which they are read."""

    def with_page(self):
        """Keep institutions with a page: all but drafts. The page of a closed or replaced one says so."""
        return self.filter(is_published=True)

    def published(self):
        """Keep what everybody may see in lists: published, active and not replaced."""
        return self.filter(IS_PUBLISHED)

    def partners(self):
        """Keep institutions with a standing or a participation; the others come from a registry only."""
        return self.filter(is_partner())

    def now_at(self, slugs):
        """Return {slug: listed institution} for every slug that leads to one now, or did before.

        A former slug and a replaced entry lead to what took their place, where that is in the lists. Two queries, and
        one for each step of a replacement.
        """
        with_page = self.with_page()
        found = {institution.slug: institution for institution in with_page.filter(slug__in=slugs)}
        former = FormerSlug.objects.filter(slug__in=slugs, lab=None, institution__in=with_page)
        for entry in former.select_related("institution"):
            found.setdefault(entry.slug, entry.institution)
        heirs = {slug: institution.replacements()[-1] for slug, institution in found.items()}
        return {slug: heir for slug, heir in heirs.items() if heir.is_listed}

    def on_own_point(self):
        """Keep institutions with a point of their own that no city of a known point stands for, with their places."""
        alone = Q(city=None) | Q(city__latitude=None)
        return self.filter(alone, latitude__isnull=False).select_related("country", "city")

    def replaced(self):
        """Return the entries with a page that these replaced, each with the key of the last one as its `heir`."""
        leading_here = Replaced(self.order_by().values("pk"))
        return self.model.objects.with_page().filter(pk__in=leading_here).annotate(heir=Heir("replaced_by")).order_by()

    def texts(self):
        """Return (pk, text, `TextOfRow`) for every text that finds an institution.

        Its names, those of its labs, and those of the entries that it replaced.
        """
        listed, replaced = self.order_by(), self.replaced()
        is_japanese = When(names__language__startswith="ja", then=Value(TextOfRow.JAPANESE_NAME))
        further = Case(is_japanese, default=Value(TextOfRow.FURTHER_NAME))
        return listed.values_list("pk", "name", Value(TextOfRow.NAME)).union(
            listed.filter(names__isnull=False).values_list("pk", "names__value", further),
            listed.filter(labs__isnull=False).values_list("pk", "labs__name", Value(TextOfRow.OTHER)),
            replaced.values_list("heir", "name", Value(TextOfRow.FURTHER_NAME)),
            replaced.filter(names__isnull=False).values_list("heir", "names__value", further),
            all=True,
        )

    def in_order(self, order):
        """Order by one of `ORDERS`; ties by name, then primary key, so that pages never overlap."""
        return self.order_by(*order_terms(ORDERS[order]))
