"""What other processes do while `test_index_concurrency` looks on: `main()` does the work that the command line names.

A process speaks a line of JSON at a time, and waits by reading a line.
"""

import json
import random
import select
import sys
from collections import Counter
from itertools import count

from django.db import DatabaseError, connection, transaction
from django.test import Client

from partners.facets import FacetFilter
from partners.index import current
from partners.lists.filters import InstitutionFilter, LabFilter
from partners.lists.sql_results import SqlResults
from partners.models import City, CityName, Country, Institution, InstitutionName, Lab, Role, State, position
from tests.support.directory import CITIES, COUNTRIES, ROLES, WORDS
from tests.support.factories import make_city, make_city_name, make_institution, make_lab, make_name, make_participation

LISTS = [InstitutionFilter, LabFilter]
MOMENTS = 12  # numbers of the log at which a reader has compared before it ends
SHARED = 0.1  # of all edits; half of them make every index build anew
INSTITUTIONS, LABS = 40, 20  # where there are more, an edit deletes one, else it writes one
PAGES = ["/institutions/?size=100", "/institutions/?q=kazan&size=100", "/labs/?size=100"]
FILES = ["/institutions.csv", "/institutions.json"]
MIDDLE = 2  # queries of a process that then stands in the middle of reading


def say(thing):
    """Tell the parent something."""
    print(json.dumps(thing), flush=True)


def wait():
    """Wait for a line of the parent."""
    sys.stdin.readline()


@current.in_snapshot()
def look(question):
    """Return who answers a question about institutions, and the slugs that it finds."""
    filterset = InstitutionFilter.asking(**question)
    slugs = Institution.objects.filter(pk__in=filterset.results.keys()).values_list("slug", flat=True)
    return [compared(filterset), sorted(slugs)]


def compared(filterset):
    """Return who answers a list's question, once everything that a page shows of it is what SQL says."""
    given, true = (_everything(answer) for answer in (filterset.results, SqlResults(filterset)))
    assert given == true, f"{filterset.form.cleaned_data} at {position()}: {given}, but SQL: {true}"
    return type(filterset.results).__name__


def _everything(answer):
    facets = [name for name, filter_ in answer.filterset.filters.items() if isinstance(filter_, FacetFilter)]
    counts = {name: dict(+Counter(answer.counts(name))) for name in facets}  # without zeros
    return {"count": answer.count(), "keys": answer.keys(), "some": answer.keys(3, 8), "counts": counts}


def answer_questions():
    """Answer each question of the parent."""
    for question in sys.stdin:
        say(look(json.loads(question)))


def compare(seed):
    """Compare at random until the log has moved often enough; say how many answers came from whom."""
    choose = random.Random(seed)
    moments, done = set(), Counter()
    while len(moments) < MOMENTS:
        with current.in_snapshot():
            moments.add(position())
            done += _compared_at_random(choose, LISTS)
    say(done)


def edit(seed):
    """Write at random, comparing after each transaction, until the input ends; say what was done how often."""
    choose = random.Random(seed)
    done = Counter()
    for turn in count():
        if select.select([sys.stdin], [], [], 0)[0]:
            break
        done[_write(choose, is_committed=turn % 3 > 0)] += 1
        with current.in_snapshot():
            done += _compared_at_random(choose, [choose.choice(LISTS)])
    say(done)


def _compared_at_random(choose, filterset_classes):
    filtersets = [filterset_class.asking(**_question(choose)) for filterset_class in filterset_classes]
    return Counter(compared(filterset) for filterset in filtersets)


def _question(choose):
    """Return a question that asks for each thing half of the time."""
    question = {
        "q": [choose.choice(WORDS)],
        "partner": ["partner"],
        "country": choose.sample([*COUNTRIES, "none"], 2),
        "city": choose.sample([*CITIES, "none"], 2),
        "role": choose.sample([*ROLES, "none"], 2),
        "role_match": [choose.choice(["any", "all"])],
        "state": choose.sample(State.values, 2),
        "sort": [choose.choice(["name", "country", "verified", "newest", "relevance"])],
    }
    return {name: codes for name, codes in question.items() if choose.random() < 0.5}


def _write(choose, is_committed):
    """Commit or roll back a transaction of random length; return which."""
    try:
        with transaction.atomic():
            for _number in range(choose.choice([1, 1, 2, 4])):
                _edit_shared(choose) if choose.random() < SHARED else choose.choice([_edit, _edit_by_sql])(choose)
            transaction.set_rollback(not is_committed)
    except DatabaseError:  # another writer was there first
        is_committed = False
    return "committed" if is_committed else "rolled back"


def _edit(choose):
    """Change something of one institution through the ORM."""
    institution, lab = choose.choice(Institution.objects.all()), choose.choice(Lab.objects.all())
    match choose.randrange(8):
        case 0:
            institution.name = choose.choice(WORDS)
            institution.save()
        case 1:
            institution.city = choose.choice([None, *City.objects.all()])
            institution.country = institution.city and institution.city.country
            institution.save()
        case 2:
            institution.is_published = not institution.is_published
            institution.save()
        case 3:
            role, state = choose.choice(Role.objects.all()), choose.choice(State.values)
            make_participation(lab.institution, role, choose.choice([None, lab]), state=state)
        case 4:
            institution.participations.all().delete()
        case 5:
            make_name(institution, value=choose.choice(WORDS))
        case 6:
            if Lab.objects.count() > LABS:
                lab.delete()
            else:
                city = choose.choice([None, *City.objects.all()])
                make_lab(institution, slug=_new_slug(choose), name=choose.choice(WORDS), city=city)
        case 7:
            if Institution.objects.count() > INSTITUTIONS:
                institution.delete()
            else:
                make_institution(slug=_new_slug(choose), name=choose.choice(WORDS))


def _edit_by_sql(choose):
    """Change something of one institution, or of many, behind the back of the ORM."""
    institution, other = choose.sample(list(Institution.objects.values_list("pk", flat=True)), 2)
    statement, *values = choose.choice(
        [
            ("UPDATE partners_institution SET is_published = NOT is_published WHERE id = %s", institution),
            ("UPDATE partners_institution SET name = %s, sort_key = 'zz' WHERE id = %s", "Zz Kazan", institution),
            ("UPDATE partners_institution SET country_id = 'BY', city_id = NULL WHERE id = %s", institution),
            ("UPDATE partners_participation SET state = 'planned' WHERE institution_id <> %s", institution),
            ("UPDATE partners_participation SET institution_id = %s WHERE institution_id = %s", institution, other),
            ("DELETE FROM partners_participation WHERE institution_id = %s", institution),
            ("UPDATE partners_lab SET institution_id = %s WHERE institution_id = %s", institution, other),
            ("UPDATE partners_lab SET name = %s WHERE institution_id = %s", choose.choice(WORDS), institution),
            ("UPDATE partners_institutionname SET institution_id = %s WHERE institution_id = %s", institution, other),
            ("DELETE FROM partners_institutionname WHERE institution_id = %s", institution),
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _edit_shared(choose):
    """Change a row that many institutions share."""
    city, other = choose.sample(list(City.objects.all()), 2)
    match choose.randrange(7):
        case 0:
            Role.objects.filter(code=choose.choice(ROLES)).update(name=choose.choice(WORDS))
        case 1:
            city.name = choose.choice(WORDS)
            city.save()
        case 2:
            CityName.objects.all().delete()
            make_city_name(city, value=choose.choice(WORDS))
        case 3:
            make_institution(name=choose.choice(WORDS), slug=_new_slug(choose), city=make_city(slug=_new_slug(choose)))
        case 4:
            City.objects.filter(pk=city.pk).update(country=choose.choice(COUNTRIES))
        case 5:
            Country.objects.filter(code=choose.choice(COUNTRIES)).update(sort_key=choose.choice(WORDS))
        case 6:
            City.objects.filter(pk=city.pk).update(slug="between")
            City.objects.filter(pk=other.pk).update(slug=city.slug)
            City.objects.filter(pk=city.pk).update(slug=other.slug)


def _new_slug(choose):
    return f"new-{choose.getrandbits(60)}"


def visit():
    """Ask every page and file until none shows an institution; say after each round how many were shown."""
    client = Client(SERVER_NAME="localhost")
    shown = None
    while shown != set():
        for address in PAGES + FILES:
            hidden = _slugs(is_published=False)
            content = client.get(address).getvalue().decode()
            shown = {slug for slug in _slugs() if slug in content}
            assert not shown & hidden, f"{address} shows {shown & hidden}"
            assert shown >= _slugs(is_published=True), f"{address} shows {shown} only"
        say(len(shown))


def _slugs(**conditions):
    return set(Institution.objects.filter(**conditions).values_list("slug", flat=True))


def hold(prefix, is_numbered):
    """Rename the institutions whose slugs begin so; commit when the parent says a word."""
    with transaction.atomic():
        # Many of them are more than SQLite's page cache holds: a part is in its write-ahead log before the commit.
        Institution.objects.filter(slug__startswith=prefix).update(name="Held", summary="held " * 10_000)
        InstitutionName.objects.filter(institution__slug__startswith=prefix).delete()
        if is_numbered == "numbered":
            connection.check_constraints()  # draws PostgreSQL's numbers, as the commit would
        say("written")
        wait()
    say("committed")


def stall(looks):
    """Look so many times, then stop for good in the middle of a look."""
    for _number in range(int(looks)):
        look({})
    say("ready")
    wait()
    queries = []

    def stop(execute, *arguments):
        result = execute(*arguments)
        queries.append(arguments)
        if len(queries) == MIDDLE:
            say("reading")
            wait()
        return result

    with current.in_snapshot(), connection.execute_wrapper(stop):
        InstitutionFilter.asking().results.count()


def main():
    """Do the work that the command line names, with its arguments."""
    current.PATIENCE = 600  # seconds; the machine may be busy
    works = [answer_questions, compare, edit, visit, hold, stall]
    name, *arguments = sys.argv[1:]
    {work.__name__: work for work in works}[name](*arguments)
