"""What an editor sees before two entries become one: what they have differently, what moves."""

from dataclasses import dataclass

from django.contrib.admin.utils import display_for_value
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..models import Contact, Institution, Lab, Logo, Participation

# What is chosen together, because one rule or one sense binds it.
FIELDS = [
    ("name",),
    ("kind",),
    ("country", "city"),
    ("latitude", "longitude"),
    ("website",),
    ("founded",),
    ("summary",),
    ("standing", "expected_on", "signed_on", "valid_until"),
    ("ror_id",),
    ("funds_research",),
    ("status",),
    ("is_published",),
    ("source_note",),
    ("verified_on",),
]
KEPT, OTHER = "kept", "other"


@dataclass(frozen=True)
class Choice:
    """Something that the two entries have differently, or alike: then there is nothing to choose."""

    key: str
    label: str
    kept: str  # in words
    other: str
    differs: bool
    proposed: str  # KEPT or OTHER


def field_choices(kept, other):
    """Return a Choice for each of `FIELDS`; proposed is what the kept entry has, unless it has nothing."""
    return [_field_choice(names, kept, other) for names in FIELDS]


def _field_choice(names, kept, other):
    values = [[getattr(entry, name) for name in names] for entry in (kept, other)]
    is_empty = all(value in (None, "") for value in values[0])
    if names == ("is_published",):  # nothing is unpublished by an edit
        is_empty = not kept.is_published
    return Choice(
        key=names[0],
        label=" · ".join(str(capfirst(Institution._meta.get_field(name).verbose_name)) for name in names),
        kept=_in_words(kept, names),
        other=_in_words(other, names),
        differs=values[0] != values[1],
        proposed=OTHER if is_empty and values[0] != values[1] else KEPT,
    )


def _in_words(entry, names):
    words = []
    for name in names:
        field, value = entry._meta.get_field(name), getattr(entry, name)
        if field.choices:
            value = getattr(entry, f"get_{name}_display")()
        elif isinstance(value, bool):
            value = _("yes") if value else _("no")
        elif value is not None:
            value = display_for_value(value, "") if not isinstance(value, float) else str(value)
        if value not in (None, ""):
            words.append(str(value))
    return " · ".join(words)


def role_choices(kept, other):
    """Return a Choice for each role that both institutions have as a whole; two queries."""
    mine, theirs = (
        {part.role_id: part for part in entry.participations.filter(lab=None).select_related("role")}
        for entry in (kept, other)
    )
    return [
        Choice(
            key=code,
            label=str(part.role),
            kept=_state(part),
            other=_state(theirs[code]),
            differs=_state(part) != _state(theirs[code]),
            proposed=KEPT,
        )
        for code, part in mine.items()
        if code in theirs
    ]


def _state(part):
    parts = [part.get_state_display(), part.since, part.until, part.note]
    return " · ".join(str(value) for value in parts if value)


def moving(kept, other):
    """Return [(what, [in words])] of everything that the other entry brings along; a logo only where none is."""
    labs = Lab.objects.filter(institution=other)
    parts = Participation.objects.filter(institution=other).select_related("role", "lab")
    contacts = Contact.objects.filter(institution=other).count()
    is_free = not Logo.objects.filter(institution=kept).exists()
    logos = Logo.objects.filter(institution=other).defer("picture") if is_free else []
    names = [other.name, *other.names.values_list("value", flat=True)]
    sections = [
        (_("Labs"), [str(lab) for lab in labs]),
        (
            _("Roles"),
            [" · ".join(filter(None, [str(part.role), _state(part), part.lab and str(part.lab)])) for part in parts],
        ),
        (_("Names"), list(dict.fromkeys(names))),
        (_("Contacts"), [_("contacts: %(count)d") % {"count": contacts}] if contacts else []),
        (capfirst(Logo._meta.verbose_name), [f"{logo.width} × {logo.height}" for logo in logos]),
        (_("Parent organisations"), [str(parent) for parent in other.parents.all()]),
        (_("Belonging to it"), [str(child) for child in other.children.all()]),
        (
            _("Addresses that lead on"),
            [other.slug, *other.former_slugs.filter(lab=None).values_list("slug", flat=True)],
        ),
    ]
    return [(title, words) for title, words in sections if words]
