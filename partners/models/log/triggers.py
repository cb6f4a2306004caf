"""The triggers that write the change log, whoever changes a row: the admin, an import, a bulk update or plain SQL.

They cost an update 0.9 ms, and 0.014 ms for each further row: see “Tricks” in docs/performance.md.
"""

from typing import NamedTuple

from django.db import connections, transaction

from ..consortium import Consortium, ConsortiumText
from ..contact import Contact
from ..former_slug import FormerSlug
from ..institution import Institution
from ..lab import Lab
from ..link import InstitutionParent, InstitutionSuccessor
from ..logo import Logo
from ..name import InstitutionName
from ..participation import Participation
from ..place import City, CityName, Country
from ..role import Role, RoleText
from .change_log import CHANGES_AT_MOST

# The table that says which rows concern which institutions: for each of these the field with its key, and the one with
# a lab's; where the first one is empty, it concerns none. A row that institutions share has no such field. What is not
# here is shown on no public page and in no file: answers are sent again as long as the log stands still.
CONCERNED = {
    Institution: [["id"], ["replaced_by"]],  # what replaced it is found by its names
    InstitutionParent: [["from_institution"], ["to_institution"]],
    InstitutionName: [["institution"]],
    Lab: [["institution"]],
    Participation: [["institution", "lab"]],
    City: [],
    CityName: [],
    Country: [],
    Role: [],
    RoleText: [],
    Consortium: [],  # stands in the head of every page
    ConsortiumText: [],
    Logo: [],
    # Pages of entries alone show the rest, not the lists; but a record of the history may be written after its row.
    Contact: [["institution", "lab"]],
    FormerSlug: [["institution", "lab"]],
    InstitutionSuccessor: [["from_institution"]],
    Institution.history.model: [["id"]],
    Lab.history.model: [["institution", "id"]],
    Participation.history.model: [["institution", "lab"]],
    City.history.model: [],
    Role.history.model: [],
}
# What the lists order and filter their rows by, of rows that institutions share: where it changes every institution may
# be concerned; where anything else does, none is.
OF_LISTS = {City: ["slug", "country"], Country: ["sort_key"]}
EVENTS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}  # which rows each brings to its trigger
NO_KEY = "CAST(NULL AS bigint)"

RETAINED = 50_000  # newest rows; numbers may have gaps, where a sequence lost some or a transaction was taken back
PRUNED_EVERY = 1_000  # numbers
PRUNE = f"""DELETE FROM partners_loggedchange WHERE number BETWEEN 1 AND
(SELECT number FROM partners_loggedchange WHERE number > 0 ORDER BY number DESC LIMIT 1 OFFSET {RETAINED})"""
# The low bits of a number are chance, those above count. A server that forgot its last edits (a standby that took over,
# a backup put back) counts on from where it stands, and never comes to a number that somebody met before.
CHANCE_BITS = 26
LOCK = 7_026_361_854_913  # any number that no other advisory lock of this database has


class Definition(NamedTuple):
    """How to make a trigger or a function, and the text by which the database knows it."""

    create: str
    text: str


def is_followed(model, field):
    """Say whether the log tells which rows of the lists concerns what changes in a field."""
    return bool(CONCERNED.get(model)) or field in [model._meta.pk.name, *OF_LISTS.get(model, ())]


def _notes(model, event, row, is_same):
    """Return the SQL of each note on a row: keys of institution and lab, and whether no row of a list differs.

    A condition goes with it, where there may be nothing to note. `is_same` is the SQL that says of an updated row that
    lists go by the same as before.
    """
    by_event = {"INSERT": "TRUE", "UPDATE": is_same, "DELETE": "FALSE"}
    shared = by_event[event] if model in OF_LISTS else "TRUE"
    notes = []
    for names in CONCERNED[model]:
        first, *_rest = columns = [row + column for column in _columns(model, names)]
        note = ", ".join([*columns, *[NO_KEY] * (2 - len(columns)), "FALSE"])
        notes.append((note, f" WHERE {first} IS NOT NULL" if model._meta.get_field(names[0]).null else ""))
    return notes or [(f"{NO_KEY}, {NO_KEY}, {shared}", "")]


def _of_lists(model):
    """Return the columns by which a shared row stands in the lists."""
    return _columns(model, ["pk", *OF_LISTS.get(model, ())])


def _columns(model, names):
    return [(model._meta.pk if name == "pk" else model._meta.get_field(name)).column for name in names]


def _triggers(texts):
    return {name: Definition(text, text) for name, text in texts.items()}


class SQLite:
    """A trigger for each table and event writes the log row at once: there is one writer at a time."""

    setup, teardown = (), ()
    existing = (
        "SELECT name, sql, 'DROP TRIGGER ' || name FROM sqlite_master "
        "WHERE type = 'trigger' AND name LIKE 'changelog!_%' ESCAPE '!'"
    )

    def definitions(self):
        """Return the expected definitions by name, in the order to make them."""
        rest = {}
        for model in CONCERNED:
            table = model._meta.db_table
            for event, rows in EVENTS.items():
                is_same = " AND ".join(f"OLD.{column} IS NEW.{column}" for column in _of_lists(model))
                notes = " UNION ".join(
                    f"SELECT {note}{where}" for row in rows for note, where in _notes(model, event, f"{row}.", is_same)
                )
                rest[f"changelog_{event.lower()}_{table}"] = (
                    f"AFTER {event} ON {table} "
                    f"BEGIN INSERT INTO partners_loggedchange (institution, lab, shared) {notes}; END"
                )
        count, chance = f"(NEW.number >> {CHANCE_BITS}) + 1", f"(random() & {2**CHANCE_BITS - 1})"
        rest["changelog_number"] = (  # a row comes in with one more than the last number
            "AFTER INSERT ON partners_loggedchange BEGIN UPDATE partners_loggedchange "
            f"SET number = (({count}) << {CHANCE_BITS}) + {chance} WHERE number = NEW.number; END"
        )
        rest["changelog_prune"] = (
            f"AFTER INSERT ON partners_loggedchange WHEN ({count}) % {PRUNED_EVERY} = 0 BEGIN {PRUNE}; END"
        )
        return _triggers({name: f"CREATE TRIGGER {name} {text}" for name, text in rest.items()})


class PostgreSQL:
    """Three steps from a changed row to a number, because a number drawn early may be committed late.

    1. At the end of each statement its trigger notes the keys in a table whose rows never outlive a transaction.
    2. At commit they move, once, to the log, under provisional numbers below zero.
    3. That queues the last trigger behind every other check of the commit, so that nothing is left to wait for. All
       rows get their numbers under a lock, which PostgreSQL lets go when everybody sees the transaction: who sees a
       number sees every lower one.

    The last two do their work for the first row, and see by the key of each further one that it is done. They never
    look through the table, though that was the quickest when it was planned, without a row.

    What is more than a reader takes one by one (`CHANGES_AT_MOST`) is left out: the reader builds anew all the same.
    """

    setup = (
        "CREATE UNLOGGED TABLE changelog_noted "
        "(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, institution bigint, lab bigint, shared boolean)",
    )
    teardown = ("DROP TABLE IF EXISTS changelog_noted",)
    functions = {
        "changelog_note": f"""
BEGIN
    EXECUTE format('INSERT INTO changelog_noted (institution, lab, shared)
                    SELECT DISTINCT * FROM (%s) AS noted LIMIT {CHANGES_AT_MOST + 1}', TG_ARGV[0]);
    RETURN NULL;
END
""",
        "changelog_collect": f"""
BEGIN
    IF EXISTS (SELECT FROM changelog_noted WHERE id = NEW.id) THEN
        WITH noted AS (DELETE FROM changelog_noted RETURNING *)
        INSERT INTO partners_loggedchange (number, institution, lab, shared)
        SELECT -min(id), institution, lab, shared FROM noted GROUP BY institution, lab, shared
        LIMIT {CHANGES_AT_MOST + 1};
    END IF;
    RETURN NULL;
END
""",
        "changelog_number": f"""
DECLARE
    sequence regclass;
    numbered bigint;
BEGIN
    IF EXISTS (SELECT FROM partners_loggedchange WHERE number = NEW.number) THEN
        PERFORM pg_advisory_xact_lock({LOCK});
        sequence := pg_get_serial_sequence('partners_loggedchange', 'number');
        UPDATE partners_loggedchange
        SET number = (nextval(sequence) << {CHANCE_BITS}) + floor(random() * {2**CHANCE_BITS})::bigint
        WHERE number < 0 OR number = NEW.number;
        GET DIAGNOSTICS numbered = ROW_COUNT;
        IF currval(sequence) / {PRUNED_EVERY} > (currval(sequence) - numbered) / {PRUNED_EVERY} THEN
            {PRUNE};
        END IF;
    END IF;
    RETURN NULL;
END
""",
    }
    # Triggers come before the functions that they call; one that is switched off has no text.
    existing = r"""
SELECT tgname, CASE tgenabled WHEN 'O' THEN pg_get_triggerdef(pg_trigger.oid, true) END,
       format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relnamespace = quote_ident(current_schema())::regnamespace AND tgname LIKE 'changelog\_%' AND NOT tgisinternal
UNION ALL
SELECT proname, prosrc, format('DROP FUNCTION %s', oid::regprocedure) FROM pg_proc
WHERE pronamespace = quote_ident(current_schema())::regnamespace AND proname LIKE 'changelog\_%'
"""

    def definitions(self):
        """Return the expected definitions by name, in the order to make them."""
        rest = {}
        for model in CONCERNED:
            table = model._meta.db_table
            for event, rows in EVENTS.items():
                seen = " ".join(f"{row} TABLE AS {row.lower()}_rows" for row in rows)
                columns = ", ".join(_of_lists(model))
                is_same = f"NOT EXISTS (SELECT {columns} FROM new_rows EXCEPT SELECT {columns} FROM old_rows)"
                notes = " UNION ALL ".join(
                    f"SELECT {note} FROM {row.lower()}_rows{where}"
                    for row in rows
                    for note, where in _notes(model, event, "", is_same)
                )
                rest[f"changelog_{event.lower()}_{table}"] = self._note(f"{event} ON {table} REFERENCING {seen}", notes)
            everybody = f"SELECT {NO_KEY}, {NO_KEY}, FALSE"
            rest[f"changelog_truncate_{table}"] = self._note(f"TRUNCATE ON {table}", everybody)
        statements = {name: f"CREATE TRIGGER {name} AFTER {text}" for name, text in rest.items()}
        return self._functions() | _triggers(statements | self._at_commit())

    def _functions(self):
        return {
            name: Definition(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $${body}$$",
                body,
            )
            for name, body in self.functions.items()
        }

    def _note(self, event, notes):
        return f"{event} FOR EACH STATEMENT EXECUTE FUNCTION changelog_note('{notes}')"

    def _at_commit(self):
        steps = {"changelog_collect": "changelog_noted", "changelog_number": "partners_loggedchange"}
        return {
            f"{function}_at_commit": (
                f"CREATE CONSTRAINT TRIGGER {function}_at_commit AFTER INSERT ON {table} "
                f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}()"
            )
            for function, table in steps.items()
        }


ENGINES = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def missing_triggers(using="default"):
    """Return the names of triggers and functions that are missing, altered, switched off or unknown; one query."""
    engine = ENGINES[connections[using].vendor]
    existing = {name: text for name, text, _drop in _existing(engine, using)}
    expected = {name: definition.text for name, definition in engine.definitions().items()}
    return sorted(name for name in existing | expected if existing.get(name) != expected.get(name))


def create_triggers(using="default"):
    """Make the triggers as they are expected; where they are so already, nothing is touched."""
    if not missing_triggers(using):
        return
    engine = ENGINES[connections[using].vendor]
    with transaction.atomic(using=using):
        drop_triggers(using)
        creates = [definition.create for definition in engine.definitions().values()]
        _execute([*engine.setup, *creates], using)


def drop_triggers(using="default"):
    """Remove every trigger of the change log and what belongs to it."""
    engine = ENGINES[connections[using].vendor]
    drops = [drop for _name, _text, drop in _existing(engine, using)]
    _execute([*drops, *engine.teardown], using)


def _existing(engine, using):
    with connections[using].cursor() as cursor:
        cursor.execute(engine.existing)
        return cursor.fetchall()


def _execute(statements, using):
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
