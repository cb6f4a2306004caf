"""Which institutions changed since a moment, for who copies the directory: those in the lists, and those that left."""

from ...models import Institution
from ...models.log.change_log import changed_since
from ...models.public_records import MODELS, OWNERS
from .timeline import midnight


def institutions_since_day(day):
    """Return the keys of the institutions that have a record of a change on a day or later; three queries.

    Of facts with a history: further names, contacts and the like are not among these.
    """
    keys = set()
    for kind, model in MODELS.items():
        records = model.history.filter(history_date__gte=midnight(day)).order_by()
        keys.update(records.values_list(OWNERS[kind], flat=True).distinct())
    return keys


def institutions_since_position(number):
    """Return (keys, whether also what institutions share changed) of everything that changed after a number of the log.

    Nothing where the log does not reach back so far, or where too much changed. One query.
    """
    changes = changed_since(number)
    return changes and (changes.institutions, changes.shared)


def left(keys):
    """Return [(slug, slug of the institution in whose place it stands now, or nothing)] of those that left the lists.

    By the slug under which everybody could read them last; of what never was public, nothing. Four queries.
    """
    public = Institution.history.filter(id__in=keys, is_published=True).order_by("id", "-history_id")
    slugs = {}
    for key, slug in public.values_list("id", "slug"):
        slugs.setdefault(key, slug)
    heirs = Institution.objects.now_at(list(slugs.values()))
    return [(slugs[key], heirs[slugs[key]].slug if slugs[key] in heirs else None) for key in keys if key in slugs]
