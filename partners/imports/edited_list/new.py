"""Rows of a file that are new entries."""

from collections import defaultdict
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ...entries.twins import known_by
from ...lists.cells import Codes, WrongCellError
from ...models import City, FormerSlug, Institution, InstitutionName, Lab, NameKind, Participation
from ...models.history import in_trash
from ...models.registry import validate_ror_id
from ...models.text import sort_key
from ..ror.names import is_native
from ..ror.slugs import Slugs
from .cells import is_same, read_role
from .compare import in_words
from .kinds import NAME_IN
from .twins import lab_twins

ROLES = "roles"
NAMES = {"native_name": NameKind.NATIVE, "acronym": NameKind.ACRONYM}


def kind_of_name(value, language, country):
    """Return whether a name in a language is the one at home or another official one."""
    return NameKind.NATIVE if is_native(value, language, "en", country) else NameKind.OFFICIAL


def _is_name(column):
    return column.startswith(NAME_IN)


class _New:
    """Collects new entries; what they must not repeat is read when the first one comes."""

    def __init__(self, kind, mistakes, is_right, writes):
        self._kind = kind
        self._mistakes = mistakes
        self._is_right = is_right
        self._writes = writes
        self._codes = Codes()

    def look_up(self, rows):
        """Read what some new rows refer to."""

    @cached_property
    def _cities(self):
        cities: dict[tuple[str, str], list[City]] = {}
        for city in City.objects.prefetch_related("names"):
            for name in {city.name, *(name.value for name in city.names.all())}:
                cities.setdefault((city.country_id, sort_key(name)), []).append(city)
        return cities

    def _city(self, name, country, expected=None):
        """Return the city of a name in a country; of several, the expected one.

        :raises WrongCellError: where there is none, or more than one.
        """
        found = self._cities.get((country, sort_key(name)), [])
        if expected in found:
            return expected
        if (count := len({city.pk for city in found})) != 1:
            advice = _("%(count)d cities of this country have this name: leave it empty, or add the city first")
            raise WrongCellError(advice % {"count": count}, ("country", "city"))
        return found[0]

    def _mistake(self, row, error):
        cells = {name: row.cells.get(name, "") for name in error.columns or ("name",)}
        self._mistakes.add(row.line, cells, str(error))

    def _fill(self, row, entry, columns):
        """Give a new entry its plain fields, and return those that it has from the row."""
        filled = [column for column in columns if column in row.new]
        for column in filled:
            field = entry._meta.get_field(column)
            setattr(entry, field.attname, row.new[column])
        entry.sort_key = sort_key(entry.name)
        row.title = entry.name
        return filled

    def _add_roles(self, row, **owner):
        seen = set()
        for text in row.new.get(ROLES) or []:
            role, state, lab = read_role(text)
            if lab or role in seen:
                advice = _("one role, one state, and labs come with the file of labs: correct “%(role)s”")
                raise WrongCellError(advice % {"role": text}, (ROLES,))
            seen.add(role)
            self._writes.add(Participation(**owner, role_id=role, state=state))


class NewInstitutions(_New):
    """New institutions: a name and a kind are enough; the address follows from the name."""

    plain = (
        *("name", "kind", "country", "latitude", "longitude", "standing", "expected_on", "signed_on", "valid_until"),
        *("website", "founded", "verified_on", "ror_id"),
    )
    needed = ("name", "kind")

    @cached_property
    def _slugs(self):
        former = FormerSlug.objects.filter(lab=None).values_list("slug", flat=True)
        trashed = in_trash(Institution).values_list("slug", flat=True)
        return Slugs([*Institution.objects.values_list("slug", flat=True), *former, *trashed])

    @cached_property
    def _ror_ids(self):
        return dict(Institution.objects.exclude(ror_id="").values_list("ror_id", "slug"))

    def add(self, row):
        """Collect the institution of a row with its names and roles."""
        entry = Institution()
        try:
            self._place(row, entry)
            self._refuse_known(row)
            columns = self._fill(row, entry, self.plain)
            if missing := [name for name in self.needed if name not in row.new and name not in row.unread]:
                raise WrongCellError(_("a new institution needs “name” and “kind”"), tuple(missing))
            self._refuse_rest(row)
        except WrongCellError as error:
            self._mistake(row, error)
            return
        if row.unread or not self._is_right(row, entry, columns):
            return
        place = entry.city.slug if entry.city else (entry.country_id or "2").lower()
        entry.slug = row.slug = self._slugs.take(entry.name, [place])
        names = [entry.name, *(row.new[column] for column in row.new if column == "native_name" or _is_name(column))]
        row.known = known_by(filter(None, names), entry.ror_id, entry.website, entry.city_id)
        self._writes.add(entry)
        try:
            self._add_names(row, entry)
            self._add_roles(row, institution=entry)
        except WrongCellError as error:
            self._mistake(row, error)

    def _place(self, row, entry):
        if row.cells.get("country_name") and "country" not in row.new and "country" not in row.unread:
            raise WrongCellError(_("one is empty and the other is not: write the code"), ("country", "country_name"))
        if name := row.new.get("city"):
            entry.city = self._city(name, row.new.get("country"))

    def _refuse_known(self, row):
        if not (ror_id := row.new.get("ror_id")):
            return
        try:
            validate_ror_id(ror_id)
        except ValidationError as error:
            raise WrongCellError(error.messages[0], ("ror_id",)) from error
        if ror_id in self._ror_ids:
            advice = _("“%(slug)s” has this ROR id: write its address into the row, or delete the row")
            raise WrongCellError(advice % {"slug": self._ror_ids[ror_id]}, ("ror_id",))
        self._ror_ids[ror_id] = _("line %(line)d") % {"line": row.line}

    def _refuse_rest(self, row):
        if row.new.get("labs"):
            raise WrongCellError(_("labs come with the file of labs, once the institution is there"), ("labs",))

    def _add_names(self, row, entry):
        names = [(column, kind, "") for column, kind in NAMES.items()]
        names += [(column, None, column.removeprefix(NAME_IN)) for column in row.new if _is_name(column)]
        seen = set()
        for column, kind, language in sorted(names, key=lambda name: not name[2]):
            value = row.new.get(column)
            if not value or (value in seen and not language):
                continue
            seen.add(value)
            name = InstitutionName(institution=entry, value=value, language=language)
            name.kind = kind or kind_of_name(value, language, entry.country_id)
            if self._is_right(row, name, [column], fields=["value"]):
                self._writes.add(name)


class NewLabs(_New):
    """New labs: an institution and a name are enough; a city counts where it is another one than the institution's."""

    plain = ("name", "native_name", "website", "verified_on")

    def look_up(self, rows):
        """Read the institutions of some new labs; one query."""
        keys = sorted({self._kind.owner(row.cells) for row in rows})
        self._owners = Institution.objects.select_related("city").filter(pk__among=keys).in_bulk()

    @cached_property
    def _labs(self):
        """Return {institution: its labs}, and the addresses that are taken; two queries."""
        labs, taken = defaultdict(list), defaultdict(list)
        for lab in Lab.objects.order_by("pk"):
            labs[lab.institution_id].append(lab)
            taken[lab.institution_id].append(lab.slug)
        for institution, slug in FormerSlug.objects.exclude(lab=None).values_list("institution", "slug"):
            taken[institution].append(slug)
        for institution, slug in in_trash(Lab).values_list("institution", "slug"):
            taken[institution].append(slug)
        return labs, defaultdict(lambda: Slugs([]), {key: Slugs(slugs) for key, slugs in taken.items()})

    def add(self, row):
        """Collect the lab of a row with its roles."""
        owner = self._kind.owner(row.cells)
        entry = Lab(institution=self._owners[owner])
        columns = self._fill(row, entry, self.plain)
        if not row.new.get("name"):
            self._mistakes.add(row.line, {"name": row.cells.get("name", "")}, _("a new lab needs a name"))
            return
        try:
            self._place(row, entry, entry.institution)
        except WrongCellError as error:
            self._mistake(row, error)
            return
        labs, slugs = self._labs
        entry.slug = row.slug = slugs[owner].take(entry.name, ["2"])
        if row.unread or not self._is_right(row, entry, columns):
            return
        row.twins = lab_twins(entry.name, labs[owner])
        labs[owner].append(entry)
        self._writes.add(entry)
        try:
            self._add_roles(row, institution_id=owner, lab=entry)
        except WrongCellError as error:
            self._mistakes.add(row.line, {ROLES: row.cells[ROLES]}, str(error))

    def _place(self, row, entry, owner):
        """Give a lab its own city, and refuse what its row says of its place otherwise than its page will."""
        if name := row.new.get("city"):
            city = self._city(name, row.new.get("country") or owner.country_id, expected=owner.city)
            entry.city = None if city == owner.city else city
        country = (entry.city or owner).country_id
        latitude, longitude = entry.point or (None, None)
        follows = {"institution": owner.name, "country": country, "country_name": self._codes.countries.get(country)}
        follows |= {"latitude": latitude, "longitude": longitude}
        for column, value in follows.items():
            if column in row.new and not is_same(value, row.new[column]):
                advice = self._kind.columns[column].elsewhere
                raise WrongCellError(advice % {"old": in_words(value)}, (column,))
