"""What must be true after everything that was killed: nothing acknowledged is lost, and no answer was wrong."""

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils import timezone

from partners.views.page_cache import Moment
from partners.views.public import tag_of

LOG = "SELECT number, institution FROM partners_loggedchange ORDER BY number"
EPOCH = "SELECT value FROM partners_logepoch"
HISTORY = """
SELECT id, slug, name FROM partners_historicalinstitution WHERE name LIKE 'Writer %%' ORDER BY history_id
"""


class Verdict(NamedTuple):
    """The figures of a run, as `docs/performance.md` has them."""

    writes: int  # that were acknowledged
    lost: list  # of these, those that the history does not hold
    answers: int
    judged: int  # answers whose position in the log is known, each compared with the names at that position
    wrong: list
    read_back: int
    stale: list  # pages that did not show their editor what was just saved
    statuses: dict
    visitors_503: int
    editors_503: int
    broken: int  # connections that ended without an answer


class Past:
    """What each institution was called at each position of the log since the first edit of the load."""

    def __init__(self, server, begins):
        self.epoch = server.ask(EPOCH)[0][0]
        log = server.ask(LOG)
        self.numbers = [number for number, _institution in log]
        self._names = {}  # slug -> ([last number of each edit], [its name])
        written = defaultdict(list)
        for number, institution in log:
            if number > begins:
                written[institution].append(number)
        history = defaultdict(list)
        for key, slug, name in server.ask(HISTORY):
            history[key].append((slug, name))
        self.saved = {(slug, name) for names in history.values() for slug, name in names}
        for key, names in history.items():
            each, rest = divmod(len(written[key]), len(names))
            if rest:
                raise ValueError(f"{len(written[key])} entries of the log for {len(names)} edits")
            self._names[names[0][0]] = (written[key][each - 1 :: each], [name for _slug, name in names])

    def names_at(self, number):
        """Return {slug: name} of the institutions that an editor had renamed by then."""
        found = {}
        for slug, (numbers, names) in self._names.items():
            if place := bisect_right(numbers, number):
                found[slug] = names[place - 1]
        return found

    def names_until(self, number):
        """Return every name that an editor had saved by then; pages with a history show former ones, too."""
        return {
            name
            for numbers, names in self._names.values()
            for last, name in zip(numbers, names, strict=True)
            if last <= number
        }


def judged(record, server, front, days):
    """Return the Verdict on a Record, by what the surviving server holds.

    :param days: the days on which answers were given, because tags depend on them.
    """
    past = Past(server, record.begins)
    visits = [answer for answer in record.answers if not answer.address.startswith("/admin/")]
    positions = _positions(past, {answer.address for answer in visits}, front, days)
    at_position = {}
    known, wrong = 0, []
    for answer in visits:
        number = positions.get(answer.tag)
        if answer.status != 200 or number is None:
            continue
        known += 1
        now, former = at_position.setdefault(number, (past.names_at(number), past.names_until(number)))
        shown = {"Writer {} of {} edition {}".format(*edition) for edition in answer.editions}
        slug = answer.address.removeprefix("/institutions/").rstrip("/")
        if _shows_all(answer.address):
            is_right = shown == set(now.values())
        else:
            is_right = shown <= former and (slug not in now or now[slug] in shown)
        if not is_right:
            wrong.append((answer.address, number, sorted(shown), sorted(now.values())))
    acknowledged = [(slug, name) for _at, slug, name, status in record.writes if status == 302]
    statuses = Counter(answer.status for answer in visits)
    return Verdict(
        writes=len(acknowledged),
        lost=[write for write in acknowledged if write not in past.saved],
        answers=len(visits),
        judged=known,
        wrong=wrong,
        read_back=sum(status == 200 for _at, status, _is_there in record.read_back),
        stale=[entry for entry in record.read_back if entry[1] == 200 and not entry[2]],
        statuses=dict(statuses + Counter(status for _at, _slug, _name, status in record.writes)),
        visitors_503=statuses[503],
        editors_503=sum(status == 503 for _at, _slug, _name, status in record.writes)
        + sum(answer.status == 503 for answer in record.answers if answer.address.startswith("/admin/")),
        broken=len(record.broken),
    )


def _shows_all(address):
    """Say whether an answer shows every institution that an editor renames."""
    return address in (
        "/institutions/?q=writer",
        "/ru/institutions/?q=writer",
        "/institutions.json?q=writer",
        "/institutions.csv",
    )


def _positions(past, addresses, front, days):
    """Return {tag: number of the log} of every answer that there could be."""
    found = {}
    for address in addresses:
        parts = urlsplit(address)
        asked = ("https", f"localhost:{front.tls}", parts.path, parts.query)
        for day in days:
            for number in past.numbers:
                found[tag_of(asked, Moment(past.epoch, number, day))] = number
    return found


def today_and_tomorrow():
    today = timezone.localdate()
    return [today, today + timedelta(days=1)]
