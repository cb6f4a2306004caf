"""Entries that may be one organisation, each with the reasons: names that fold alike, ROR id, web host, place."""

import re
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from ..models import DistinctPair, Institution, InstitutionName, NameKind, changed_since, position_now
from ..models.deadline import unhurried
from ..search import fold
from ..search.fold import folded, lines_of

ROR_ID, NAME, HOST, NEAR = "ror_id", "name", "host", "near"
REASONS = {  # the strongest first
    ROR_ID: _("same ROR id"),
    NAME: _("same name"),
    HOST: _("same web host"),
    NEAR: _("similar name in the same city"),
}
JOINING = frozenset(["the", "of", "and", "for", "de", "la", "les", "du", "des", "der", "die", "das", "fur", "и"])
NEAR_ENOUGH = 92  # of 100, as RapidFuzz counts letters that two names share
SHORT = 6  # letters; what is shorter may be an acronym, which many organisations share
HOSTS_AT_MOST = 5  # entries of one host; more live on a portal
NAMES_AT_MOST = 12  # entries of one name, as ministries of health are
DIGITS = re.compile(r"\d+")
HOST_OF = re.compile(r"https?://(?:www\.)?([^/?#:]+)", re.IGNORECASE)  # a tenth of the time of `urlsplit()`


@dataclass(frozen=True)
class Known:
    """What tells an entry's twins: its names as sorted words, its ROR id, host, city and country."""

    names: frozenset
    line: str  # the name shown first
    ror_id: str
    host: str
    city: int | None
    country: str | None


@dataclass
class Directory:
    """All entries that are not replaced, by what they may share."""

    entries: dict = field(default_factory=dict)  # key -> Known
    by_name: dict = field(default_factory=lambda: defaultdict(set))
    by_host: dict = field(default_factory=lambda: defaultdict(set))
    by_ror_id: dict = field(default_factory=lambda: defaultdict(set))
    by_city: dict = field(default_factory=lambda: defaultdict(dict))  # city -> {key: line}
    pairs: list | None = None

    def put(self, key, known):
        self.entries[key] = known
        for name in known.names:
            self.by_name[name].add(key)
        if known.host:
            self.by_host[known.host].add(key)
        if known.ror_id:
            self.by_ror_id[known.ror_id].add(key)
        if known.city:
            self.by_city[known.city][key] = known.line

    def drop(self, key):
        known = self.entries.pop(key, None)
        if known is None:
            return
        for name in known.names:
            self.by_name[name].discard(key)
        self.by_host[known.host].discard(key)
        self.by_ror_id[known.ror_id].discard(key)
        self.by_city[known.city].pop(key, None)

    def like(self, known, key=None):
        """Return {key: reasons} of the entries that may be the known one, itself left out."""
        found = defaultdict(set)
        for other in self.by_ror_id[known.ror_id] if known.ror_id else ():
            found[other].add(ROR_ID)
        for name in known.names:
            for other in self.by_name.get(name, ()):
                found[other].add(NAME)
        for other in self.by_host.get(known.host, ()) if known.host else ():
            found[other].add(HOST)
        if known.city and known.line:
            for other in _near(known.line, self.by_city.get(known.city, {})):
                found[other].add(NEAR)
        found.pop(key, None)
        return {other: _in_order(reasons) for other, reasons in found.items()}


def _near(line, lines):
    numbers = DIGITS.findall(line)
    for other, _score, key in process.extract(line, lines, scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH, limit=None):
        if DIGITS.findall(other) == numbers:
            yield key


def _in_order(reasons):
    return tuple(reason for reason in REASONS if reason in reasons)


def known_by(names, ror_id="", website="", city=None, country=None):
    """Return what tells the twins of an entry; the name shown first comes first."""
    lines = [_sorted(line) for name in names for line in lines_of(fold(name))]
    return _known(lines, ror_id, website, city, country)


def _known(lines, ror_id, website, city, country):
    names = frozenset(line for line in lines if len(line) - line.count(" ") >= SHORT)
    return Known(names, lines[0] if lines else "", ror_id, _host(website), city, country)


def _sorted(line):
    """Return a folded name with its words sorted, those that only join left out."""
    return " ".join(sorted(set(line.split()) - JOINING) or line.split())


def _host(website):
    found = HOST_OF.match(website)
    return found[1].lower() if found else ""


_kept = (None, None)  # the position and the directory as it was read there
_reading = threading.Lock()


@contextmanager
def directory():
    """Hold the Directory as it is now: read whole once, then brought up to date by the log. Three queries at most.

    One thread at a time, because another would change it under its hands. A request's deadline waits meanwhile: all
    names are more than it has time for, and one that spent it would keep every other from the database.
    """
    global _kept
    with unhurried(), _reading:
        now = position_now()
        before, held = _kept
        if now is None:  # inside a transaction, whose own changes have no position
            held = _read(Directory())
        elif before != now:
            changes = changed_since(before[1]) if before and before[0] == now[0] else None
            held = _read(Directory()) if changes is None else _read(held, changes.institutions)
            _kept = (now, held)
        yield held


def _read(held, keys=None):
    """Read entries into a directory: all, or some anew."""
    rows = Institution.objects.filter(replaced_by=None, status="active").order_by()
    further = InstitutionName.objects.exclude(kind=NameKind.ACRONYM).order_by("pk")
    if keys is not None:
        rows, further = rows.filter(pk__among=keys), further.filter(institution__among=keys)
        for key in keys:
            held.drop(key)
        held.pairs = None if keys else held.pairs
    rows = list(rows.values_list("pk", "name", "ror_id", "website", "city", "country"))
    lines = defaultdict(list)
    for names in ([row[:2] for row in rows], further.values_list("institution", "value")):
        for key, line in folded(names):  # many at once: a third of the time
            lines[key].append(_sorted(line))
    for key, _name, *facts in rows:
        held.put(key, _known(lines[key], *facts))
    return held


def among(keys):
    """Return a Directory of some entries alone, of which nobody else knows; two queries."""
    return _read(Directory(), keys)


def like(names, key=None, **facts):
    """Return [(institution, reasons)] of entries that may be the one an editor writes, the likeliest first.

    Pairs that an editor said are different are left out. Two queries beside the directory.
    """
    with directory() as held:
        found = held.like(known_by(names, **facts), key)
    different = DistinctPair.objects.filter(Q(first=key) | Q(second=key)) if key else DistinctPair.objects.none()
    for pair in different.values_list("first", "second"):
        for dismissed in pair:
            found.pop(dismissed, None)
    entries = Institution.objects.select_related("country", "city").in_bulk(list(found)[:100])
    pairs = [(entries[other], reasons) for other, reasons in found.items() if other in entries]
    return sorted(pairs, key=lambda pair: (-len(pair[1]), pair[0].sort_key, pair[0].pk))


def pairs():
    """Return [(key, key, reasons)] of all pairs of the directory but those that were dismissed, the likeliest first."""
    with directory() as held:
        if held.pairs is None:
            held.pairs = _pairs(held)
        found = held.pairs
    dismissed = set(DistinctPair.objects.values_list("first", "second"))
    return [pair for pair in found if pair[:2] not in dismissed]


def _pairs(held):
    found = defaultdict(set)
    for reason, groups, most in [(NAME, held.by_name, NAMES_AT_MOST), (HOST, held.by_host, HOSTS_AT_MOST)]:
        for keys in groups.values():
            if 1 < len(keys) <= most:
                for pair in combinations(sorted(keys), 2):
                    found[pair].add(reason)
    for lines in held.by_city.values():
        for key, line in lines.items():
            for other in _near(line, lines):
                if key < other:
                    found[key, other].add(NEAR)
    ranked = sorted(found.items(), key=lambda item: (_unlikely(held, *item), item[0]))
    return [(*pair, _in_order(reasons)) for pair, reasons in ranked]


def _unlikely(held, pair, reasons):
    """Rank a pair: many reasons and one city make it likely, two countries do not."""
    first, second = (held.entries[key] for key in pair)
    is_abroad = None not in (first.country, second.country) and first.country != second.country
    is_near = first.city is not None and first.city == second.city
    return (is_abroad, -len(reasons) - is_near)
